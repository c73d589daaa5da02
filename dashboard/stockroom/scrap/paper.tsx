import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { LotLine } from '../parts/lot-line.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonField } from '../parts/reason-field.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** How many of a lot are scrapped, and why: without a reason nothing is. */
export const ScrapPaper = ({ row, onClose }: { readonly row: StockRow; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const expired = row.expiryState === 'expired'
  // What is past its day goes whole, as a rule; of the rest a piece breaks.
  const [units, setUnits] = useState(expired ? row.units : 1)
  const [reason, setReason] = useState(expired ? say('scrap.why-expired') : '')
  const scrap = useBooking('scrap')
  const unit = nameIn(row.unit, language)
  const item = nameIn(row.itemName, language)
  const send = async (): Promise<void> => {
    const answer = await scrap.send({ place: row.place, lot: row.lot, units, reason: reason.trim() })
    if (!answer?.ok) return
    booked({ words: say('scrap.booked', { n: numberText(units), unit, item }), entries: answer.value.entries })
    onClose()
  }
  return (
    <Paper title={say('scrap.title', { item })} onClose={onClose} testId="scrap-paper">
      <p className="lot-told">
        <LotLine row={row} />
      </p>
      <div className="quantity">
        <Stepper value={units} onChange={(next) => setUnits(Math.min(row.units, next))} label={say('quantity.label')} />
        <span className="quantity-of">{say('move.of', { n: numberText(row.units), unit })}</span>
      </div>
      <ReasonField
        label={say('scrap.why')}
        value={reason}
        onChange={setReason}
        common={[say('scrap.why-expired'), say('scrap.why-broken'), say('scrap.why-wet'), say('scrap.why-recall')]}
      />
      {scrap.trouble && <TroubleNote trouble={scrap.trouble} />}
      <button
        type="button"
        className="wide-button warn"
        onClick={() => void send()}
        disabled={scrap.state === 'sending' || reason.trim() === ''}
        data-testid="scrap-send"
      >
        <Icon name="erase" size={28} />
        {scrap.state === 'sending' ? say('page.sending') : say('scrap.book', { n: numberText(units), unit })}
      </button>
    </Paper>
  )
}
