import type { LotConflictView } from '@lotkeeper/protocol/api/node-lots.ts'
import { useState } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Choices } from '../parts/choices.tsx'
import { ReasonField } from '../parts/reason-field.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNodeState, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { standingOf } from './standing.ts'

/** A lot of which several last days were told: the label in the keeper's hand says which is right. Until then the earliest rules. */
export const LotDaysCard = ({ lot }: { readonly lot: LotConflictView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const settle = useBooking('settleExpiry')
  const [chosen, setChosen] = useState<string | null>(null)
  const [other, setOther] = useState('')
  const [reason, setReason] = useState('')
  const shown = lot.days.map((day) => day.expiry)
  const expiry = chosen === OTHER ? other : chosen
  const needsReason = expiry !== null && expiry !== shown[0]
  const ready = expiry !== null && expiry !== '' && (!needsReason || reason.trim() !== '')
  const item = nameIn(lot.itemName, language)
  const send = async (): Promise<void> => {
    if (expiry === null) return
    const said = reason.trim()
    const answer = await settle.send({ lot: lot.lot, expiry, shown, ...(said === '' ? {} : { reason: said }) })
    if (answer?.ok) booked({ words: say('days.settled', { item, lot: lot.lotNumber, day: expiry }), entries: [] })
  }
  return (
    <section className="card task" data-testid="lot-days" data-lot={lot.lot}>
      <header className="task-head">
        <Icon name="calendar" size={32} />
        <span>
          <b>{say('days.title')}</b>
          <small>{say('days.rules', { day: lot.expiry ?? '-' })}</small>
        </span>
      </header>
      <p className="tagged">
        <b>{item}</b>
        <span>
          {say('lot.number')} <span className="mono">{lot.lotNumber}</span> ·{' '}
          {say('days.here', { n: numberText(lot.units), unit: nameIn(lot.unit, language) })}
        </span>
        <small>{say('days.hint')}</small>
      </p>
      <ToldDays lot={lot} />
      <Choices
        label={say('days.which')}
        value={chosen}
        onChange={setChosen}
        options={[...shown.map((day) => ({ value: day, words: day })), { value: OTHER, words: say('days.other') }]}
      />
      {chosen === OTHER && (
        <div className="fields">
          <label>
            {say('lot.expiry')}
            <input type="date" value={other} onChange={(event) => setOther(event.target.value)} data-testid="days-other" />
          </label>
        </div>
      )}
      {needsReason && (
        <ReasonField label={say('days.why')} common={[say('days.why-label'), say('days.why-maker')]} value={reason} onChange={setReason} />
      )}
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      <button
        type="button"
        className="wide-button good"
        onClick={() => void send()}
        disabled={!ready || settle.state === 'sending'}
        data-testid="days-send"
      >
        <Icon name="ok" size={26} />
        {settle.state === 'sending' ? say('page.sending') : say('days.send')}
      </button>
    </section>
  )
}

/** Who said which day, and how it stands against today. */
const ToldDays = ({ lot }: { readonly lot: LotConflictView }) => {
  const say = useSay()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  const today = useNodeState().value?.today
  return (
    <ul className="told-days">
      {lot.days.map(({ expiry, by, at }) => (
        <li key={expiry}>
          <b>{expiry}</b>
          <ExpiryMark row={standingOf(expiry, today)} brief />
          <small>
            {say(`days.by-${by}`)}
            {at && ` · ${moment(at, nowMs)}`}
          </small>
        </li>
      ))}
    </ul>
  )
}

const OTHER = 'other'
