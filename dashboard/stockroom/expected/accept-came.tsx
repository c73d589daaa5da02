import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { type Answered, Refused } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import type { Waiting } from './arrivals.ts'

/** What of a paper has come through the door and waits: one touch accepts it lot by lot; what is refused is said, and the touch goes on from there. */
export const AcceptCame = ({ waiting }: { readonly waiting: readonly Waiting[] }) => {
  const say = useSay()
  const { language } = useLanguage()
  const accept = useAcceptAll()
  const boxes = waiting.reduce((sum, row) => sum + row.boxes, 0)
  return (
    <div className="came" data-testid="came">
      <ul>
        {waiting.map((row) => (
          <li key={`${row.lot} ${row.room}`}>
            <Icon name="ok" size={22} />
            <span>
              {nameIn(row.itemName, language)} <span className="mono">{row.lotNumber}</span>
            </span>
            <b>{say('expected.came', { boxes: row.boxes, n: numberText(row.units), unit: nameIn(row.unit, language) })}</b>
          </li>
        ))}
      </ul>
      {accept.trouble ? (
        <Refused trouble={accept.trouble} onAnswer={(answered) => void accept.all(waiting, answered)} onGiveUp={accept.clear} />
      ) : (
        <button
          type="button"
          className="wide-button good"
          onClick={() => void accept.all(waiting)}
          disabled={accept.isSending}
          data-testid="came-accept"
        >
          <Icon name="accept" size={28} />
          {accept.isSending ? say('page.sending') : say('expected.accept-came', { n: boxes })}
        </button>
      )}
    </div>
  )
}

/** Accepts one lot after the other, each in an act of its own; what a person answers to a refusal is meant for the lot that was refused. */
const useAcceptAll = () => {
  const say = useSay()
  const { booked } = useStockroom()
  const accept = useBooking('accept')
  const [isSending, setSending] = useState(false)
  const all = async (waiting: readonly Waiting[], answered: Answered = {}): Promise<void> => {
    const entries: string[] = []
    let boxes = 0
    setSending(true)
    for (const [at, { lot, room, units, boxes: some }] of waiting.entries()) {
      const override = at === 0 ? answered.override : undefined
      const answer = await accept.send({ lot, room, units, ...(override ? { override } : {}) })
      if (!answer?.ok) break
      entries.push(...answer.value.entries)
      boxes += some
    }
    setSending(false)
    if (boxes > 0) booked({ words: say('expected.accepted', { n: boxes }), entries })
  }
  return { all, isSending, trouble: accept.trouble, clear: accept.clear }
}
