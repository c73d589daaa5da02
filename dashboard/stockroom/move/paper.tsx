import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote, TroubleNote } from '../../parts/trouble.tsx'
import { Choices } from '../parts/choices.tsx'
import { LotLine } from '../parts/lot-line.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonField } from '../parts/reason-field.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useNodeState, usePlaceWords, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { type Destination, destinationsOf } from './destinations.ts'

/** One lot at one place: where to, how many, why. */
export const MovePaper = ({ row, onClose }: { readonly row: StockRow; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const words = usePlaceWords()
  const site = useNodeState().value?.site
  const destinations = destinationsOf(row.site, row.place, site?.rooms ?? [])
  const [to, setTo] = useState<string | null>(null)
  const [units, setUnits] = useState(row.units)
  const [reason, setReason] = useState('')
  const move = useBooking('move')
  const unit = nameIn(row.unit, language)
  const item = nameIn(row.itemName, language)
  const chosen = destinations.find((one) => one.place === (to ?? destinations[0]?.place))
  const nameOf = (one: Destination): string => (one.act === 'room' ? words(one.place).room : say(`move.${one.act}`))
  const send = async (): Promise<void> => {
    if (!chosen) return
    const why = reason.trim()
    const answer = await move.send({ lot: row.lot, from: row.place, to: chosen.place, units, ...(why ? { reason: why } : {}) })
    if (!answer?.ok) return
    booked({ words: say('move.booked', { n: numberText(units), unit, item, to: nameOf(chosen) }), entries: answer.value.entries })
    onClose()
  }
  return (
    <Paper title={say('move.title', { item })} onClose={onClose} testId="move-paper">
      <p className="lot-told">
        <LotLine row={row} />
      </p>
      {destinations.length === 0 && <EmptyNote title={say('move.nowhere')} />}
      <h3>{say('move.to')}</h3>
      <Choices
        label={say('move.to')}
        value={chosen?.place ?? null}
        onChange={setTo}
        options={destinations.map((one) => ({
          value: one.place,
          words: nameOf(one),
          ...(one.act === 'room' ? {} : { note: say(`move.${one.act}-note`) }),
        }))}
      />
      <div className="quantity">
        <Stepper value={units} onChange={(next) => setUnits(Math.min(row.units, next))} label={say('quantity.label')} />
        <span className="quantity-of">{say('move.of', { n: numberText(row.units), unit })}</span>
      </div>
      <ReasonField
        label={say('move.why')}
        value={reason}
        onChange={setReason}
        common={
          chosen?.act === 'release'
            ? [say('move.why-cleared')]
            : chosen?.act === 'hold'
              ? [say('move.why-doubt'), say('move.why-recall')]
              : []
        }
      />
      {move.trouble && <TroubleNote trouble={move.trouble} />}
      <button
        type="button"
        className="wide-button"
        onClick={() => void send()}
        disabled={move.state === 'sending' || !chosen}
        data-testid="move-send"
      >
        <Icon name="place" size={28} />
        {move.state === 'sending' ? say('page.sending') : say('move.book', { n: numberText(units), unit })}
      </button>
    </Paper>
  )
}
