import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { LotLine } from '../parts/lot-line.tsx'
import { Paper } from '../parts/paper.tsx'
import { type Answered, Refused } from '../parts/refused.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** Acceptance after inspection: all of what is pending, or the part that was found good. */
export const AcceptPaper = ({ row, onClose }: { readonly row: StockRow; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const [units, setUnits] = useState(row.units)
  const accept = useBooking('accept')
  const unit = nameIn(row.unit, language)
  const book = async ({ override }: Answered = {}): Promise<void> => {
    const answer = await accept.send({ lot: row.lot, room: placeOf(row.place)?.room ?? '', units, ...(override ? { override } : {}) })
    if (!answer?.ok) return
    booked({
      words: say('accept.booked', { n: numberText(units), unit, item: nameIn(row.itemName, language) }),
      entries: answer.value.entries,
    })
    onClose()
  }
  return (
    <Paper title={say('accept.title', { item: nameIn(row.itemName, language) })} onClose={onClose} testId="accept-paper">
      <p className="lot-told">
        <LotLine row={row} />
      </p>
      <p className="soft">{say('accept.hint')}</p>
      <div className="quantity">
        <Stepper value={units} onChange={(next) => setUnits(Math.min(row.units, next))} label={say('quantity.label')} />
        <span className="quantity-of">{say('accept.of', { n: numberText(row.units), unit })}</span>
      </div>
      {accept.trouble ? (
        <Refused trouble={accept.trouble} onAnswer={(answered) => void book(answered)} onGiveUp={accept.clear} />
      ) : (
        <button
          type="button"
          className="wide-button good"
          onClick={() => void book()}
          disabled={accept.state === 'sending'}
          data-testid="accept-book"
        >
          <Icon name="accept" size={28} />
          {accept.state === 'sending' ? say('page.sending') : say('accept.book', { n: numberText(units), unit })}
        </button>
      )}
    </Paper>
  )
}
