import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { useRef, useState } from 'react'
import { EvidenceMark, kindWord } from '../../parts/evidence.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { wayWords } from '../../parts/places.ts'
import { hrefOf } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useLive, useMoments, usePlaceWords } from '../county.ts'
import { movementKey } from '../live/view.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'

/** What moves in the county, newest on top. Once the reader has scrolled, new rows wait behind a button: nothing ever jumps. */
export const Feed = () => {
  const say = useSay()
  const feed = useWaitingRows()
  return (
    <Sheet
      title={say('board.feed')}
      className="board-feed"
      aside={
        <a className="sheet-link" href={hrefOf('movements')}>
          {say('board.all-movements')}
        </a>
      }
    >
      <div className="feed-frame">
        {feed.waiting > 0 && (
          <button type="button" className="feed-new" onClick={feed.show} data-testid="feed-new">
            {say('board.new-rows', { n: feed.waiting })}
          </button>
        )}
        <ol className="feed" ref={feed.list} onScroll={feed.onScroll} data-testid="feed" aria-label={say('board.feed')}>
          {feed.rows.map((row) => (
            <FeedRow key={movementKey(row)} row={row} fresh={feed.isFresh(row)} />
          ))}
        </ol>
        {feed.rows.length === 0 && <EmptyNote title={say('board.no-movements')} hint={say('board.no-movements-hint')} />}
      </div>
    </Sheet>
  )
}

const FeedRow = ({ row, fresh }: { readonly row: MovementRow; readonly fresh: boolean }) => {
  const { language } = useLanguage()
  const say = useSay()
  const place = usePlaceWords()
  const moments = useMoments()
  const nowMs = useMinuteMs()
  return (
    <li className={`feed-row${fresh ? ' feed-row-fresh' : ''}${row.reversedBy ? ' feed-row-reversed' : ''}`} data-testid="feed-row">
      <a href={hrefOf('lot', { lot: row.lot })}>
        <time dateTime={row.occurredAt} title={moments.full(row.occurredAt)}>
          {moments.exact(row.occurredAt, nowMs)}
        </time>
        <span className={`kind kind-${row.kind}`}>{kindWord(row.kind, say)}</span>
        <span className="feed-what">
          <b>{nameIn(row.itemName, language)}</b>
          <span className="mono soft">{row.lotNumber}</span>
        </span>
        <span className="feed-units">
          <b>{numberText(row.units)}</b> {nameIn(row.unit, language)}
        </span>
        <span className="feed-way">{wayWords(place(row.from), place(row.to))}</span>
        <EvidenceMark row={row} />
      </a>
    </li>
  )
}

const useWaitingRows = () => {
  const movements = useLive((state) => state.view.movements)
  const list = useRef<HTMLOListElement>(null)
  const [held, setHeld] = useState<readonly MovementRow[] | null>(null)
  const seen = useRef<ReadonlySet<string> | null>(null)
  // What stood there when the page opened is not news.
  seen.current ??= new Set(movements.map(movementKey))
  const current = new Map(movements.map((row) => [movementKey(row), row]))
  const rows = held ? held.map((row) => current.get(movementKey(row)) ?? row) : movements
  const first = held?.[0]
  const waiting = first
    ? Math.max(
        0,
        movements.findIndex((row) => movementKey(row) === movementKey(first)),
      )
    : 0
  return {
    list,
    rows: rows.slice(0, FEED_ROWS),
    waiting,
    isFresh: (row: MovementRow) => !seen.current?.has(movementKey(row)),
    onScroll: () => {
      const scrolled = (list.current?.scrollTop ?? 0) > SCROLLED_PX
      if (scrolled && !held) setHeld(movements)
      if (!scrolled && held) setHeld(null)
    },
    show: () => {
      list.current?.scrollTo({ top: 0 })
      setHeld(null)
    },
  }
}

const FEED_ROWS = 120
/** A wheel that only trembled is not reading. */
const SCROLLED_PX = 12
