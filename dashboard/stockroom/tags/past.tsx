import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonForm } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNode, usePlaceWords } from '../stockroom.ts'
import { useSay } from '../words.ts'

type Past = NodeAnswer<'retags'>['rows'][number]

/** Labels changed here, newest first, and the way to take a change back. */
export const PastTags = () => {
  const say = useSay()
  const past = useNode('retags')
  const [undoing, setUndoing] = useState<Past | null>(null)
  return (
    <section className="tag-past">
      <h2>{say('tags.past')}</h2>
      {past.trouble && <TroubleNote trouble={past.trouble} />}
      {!past.value && !past.trouble && <Waiting rows={3} />}
      {past.value?.rows.length === 0 && <EmptyNote title={say('tags.none')} hint={say('tags.none-hint')} />}
      <ul className="movement-lines sheet">
        {past.value?.rows.map((row) => (
          <PastLine key={row.entry} row={row} onUndo={() => setUndoing(row)} />
        ))}
      </ul>
      {undoing && <UndoPaper row={undoing} onClose={() => setUndoing(null)} />}
    </section>
  )
}

const PastLine = ({ row, onUndo }: { readonly row: Past; readonly onUndo?: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moment = useMoments()
  const words = usePlaceWords()
  const nowMs = useMinuteMs()
  return (
    <li className={`movement ${row.undoneBy ? 'movement-reversed' : ''}`} data-testid="retag" data-entry={row.entry}>
      <span className="kind">{say(`tags.${wayOf(row)}`)}</span>
      <span className="movement-what">
        <b>{nameIn(row.itemName, language)}</b>
        <span>
          <span className="mono">{row.lotNumber}</span>
          {row.place ? ` ${words(row.place).whole}` : ''} · {row.why}
        </span>
        <span className="mono tag-numbers">{[row.from, row.to].map((epc) => epc ?? say('tags.no-tag')).join(' → ')}</span>
        <small className="soft">
          <time dateTime={row.at}>{moment(row.at, nowMs)}</time>
          {row.actor ? ` · ${row.actor}` : ''}
          {row.undoneBy ? ` · ${say('tags.undone')}` : ''}
        </small>
      </span>
      {onUndo && row.undoneBy === null && (
        <button type="button" className="plain-button" onClick={onUndo} data-testid="retag-undo">
          <Icon name="undo" size={22} />
          {say('tags.undo-book')}
        </button>
      )}
    </li>
  )
}

const UndoPaper = ({ row, onClose }: { readonly row: Past; readonly onClose: () => void }) => {
  const say = useSay()
  const reverse = useBooking('reverse')
  const send = async (reason: string): Promise<void> => {
    const answer = await reverse.send({ entry: row.entry, reason })
    if (answer?.ok) onClose()
  }
  return (
    <Paper title={say('tags.undo-title')} onClose={onClose} testId="retag-undo-paper">
      <ul className="movement-lines">
        <PastLine row={row} />
      </ul>
      <p className="soft">{say('tags.undo-hint')}</p>
      {reverse.trouble && <TroubleNote trouble={reverse.trouble} />}
      <ReasonForm onReason={(reason) => void send(reason)} label={say('tags.undo-book')} />
    </Paper>
  )
}

const wayOf = ({ from, to }: Past) => (from === null ? 'first' : to === null ? 'retire' : 'replace')
