import type { LotView, MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { EvidenceMark, kindWord } from '../../parts/evidence.tsx'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { DatedMark, LevelLegend, LevelMark, momentOf } from '../../parts/level.tsx'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import type { PlaceWords } from '../../parts/places.ts'
import { useMoments, usePlaceWords } from '../county.ts'
import { movementKey } from '../live/view.ts'
import { Sheet } from '../parts/sheet.tsx'
import { Who } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { ProofNote } from './proof-note.tsx'

/** Every movement of the lot in order, with who decided it and how surely; the entry's own name is there for an auditor. */
export const Journey = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const [shown, setShown] = useState(STEPS_SHOWN)
  const rows = lot.journey.toSorted((one, other) => (momentOf(one) < momentOf(other) ? 1 : -1))
  return (
    <Sheet title={say('lot.journey', { n: rows.length })} hint={say('lot.journey-hint')} className="journey-sheet" aside={<LevelLegend />}>
      <ol className="journey" data-testid="journey">
        {rows.slice(0, shown).map((row) => (
          <Step key={movementKey(row)} row={row} />
        ))}
      </ol>
      {rows.length > shown && (
        <div className="rows-foot">
          <button type="button" className="plain-button" onClick={() => setShown(shown + 5 * STEPS_SHOWN)}>
            {say('lot.earlier', { n: rows.length - shown })}
          </button>
        </div>
      )}
    </Sheet>
  )
}

const Step = ({ row }: { readonly row: MovementRow }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const moments = useMoments()
  const nowMs = useMinuteMs()
  const [proving, setProving] = useState(false)
  return (
    <li className={`step step-${row.kind} ${row.reversedBy ? 'step-reversed' : ''}`}>
      <span className="step-dot">
        <Icon name={KIND_ICONS[row.kind] ?? 'movements'} size={18} />
      </span>
      <div className="step-words">
        <span className="step-line">
          <b>{kindWord(row.kind, say)}</b>
          <span className="step-units">
            {numberText(row.units)} {nameIn(row.unit, language)}
          </span>
          <LevelMark level={row.level} />
          <EvidenceMark row={row} />
          <DatedMark row={row} tell={moments.full} />
        </span>
        <span>{wayLine(row, words, say)}</span>
        <small className="faint">
          <time dateTime={momentOf(row)} title={moments.full(momentOf(row))}>
            {moments.exact(momentOf(row), nowMs)}
          </time>
          {row.receivedAt && ` · ${say('lot.received', { at: moments.exact(row.receivedAt, nowMs) })}`}
          {row.doc && ` · ${row.doc}`}
          {row.actor && (
            <>
              {' '}
              · <Who id={row.actor} />
            </>
          )}
        </small>
        <small className="faint mono step-entry" title={say('lot.entry')}>
          {row.entry}{' '}
          <button type="button" className="proof-button" onClick={() => setProving(!proving)} aria-expanded={proving} data-testid="prove">
            {say('proof.open')}
          </button>
        </small>
        {proving && <ProofNote entry={row.entry} />}
      </div>
    </li>
  )
}

/** The way with the states, for an inspection asks in which state units stood; a site is named once where both ends are its own. */
const wayLine = (row: MovementRow, words: ReturnType<typeof usePlaceWords>, say: ReturnType<typeof useSay>): string => {
  const from = words(row.from)
  const to = words(row.to)
  const state = (place: PlaceWords): string => (place.state ? `（${say(`state.${place.state}`)}）` : '')
  return `${from.whole}${state(from)} → ${from.site === to.site && from.site !== '' ? to.room : to.whole}${state(to)}`
}

const STEPS_SHOWN = 12
const KIND_ICONS: Readonly<Record<string, IconName | undefined>> = {
  tag: 'tag',
  receive: 'in',
  accept: 'accept',
  issue: 'out',
  move: 'place',
  ship: 'truck',
  reverse: 'undo',
  scrap: 'erase',
  settle: 'task',
  count: 'count',
  transform: 'transform',
  correct: 'task',
  'take-over': 'in',
}
