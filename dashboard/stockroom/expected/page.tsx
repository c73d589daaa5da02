import { useState } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { type Answered, Refused, useAnswers } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useNode, useNodeState, useRooms, useSiteName, useStockroom } from '../stockroom.ts'
import { standingOf } from '../tasks/standing.ts'
import { useSay } from '../words.ts'
import { AcceptCame } from './accept-came.tsx'
import { type Arrival, arrivalsOf, boxesOf, type Expected, leftOf } from './arrivals.ts'

/** What is on its way to this site, a card a document; what has come is received by one touch. */
export const ExpectedPage = () => {
  const say = useSay()
  const expected = useNode('expected')
  const arrivals = expected.value && arrivalsOf(expected.value.rows, expected.value.waiting)
  return (
    <div className="work">
      <h1>{say('screen.expected')}</h1>
      <p className="lead">{say('expected.lead')}</p>
      {expected.trouble && <TroubleNote trouble={expected.trouble} />}
      {!arrivals && !expected.trouble && <Waiting rows={6} />}
      {arrivals?.length === 0 && <EmptyNote title={say('expected.none')} hint={say('expected.none-hint')} />}
      {arrivals?.map((arrival) => (
        <ArrivalCard key={`${arrival.from} ${arrival.doc}`} arrival={arrival} />
      ))}
    </div>
  )
}

const ArrivalCard = ({ arrival }: { readonly arrival: Arrival }) => {
  const say = useSay()
  const siteName = useSiteName()
  const today = useNodeState().value?.today
  const late = arrival.due !== null && today !== undefined && arrival.due < today
  const receive = useReceive()
  const all = async (): Promise<void> => {
    for (const row of arrival.rows) if (!(await receive.send(row))) return
  }
  return (
    <section className="card arrival" data-testid="arrival" data-doc={arrival.doc ?? ''}>
      <header className="arrival-head">
        <Icon name="truck" size={34} />
        <span>
          <b className={arrival.doc === null ? '' : 'mono'}>{arrival.doc ?? say('expected.no-doc')}</b>
          <small>{arrival.from === null ? say('expected.all-came') : say('expected.from', { site: siteName(arrival.from) })}</small>
        </span>
        {arrival.due !== null && (
          <span className={`mark ${late ? 'mark-near' : ''}`}>
            <Icon name={late ? 'warn' : 'calendar'} size={20} />
            {say(late ? 'expected.overdue' : 'expected.due', { day: arrival.due })}
          </span>
        )}
      </header>
      {arrival.waiting.length > 0 && <AcceptCame waiting={arrival.waiting} />}
      <ul className="arrival-lines">
        {arrival.rows.map((row) => (
          <ArrivalLine key={row.lot} row={row} receive={receive} />
        ))}
      </ul>
      {arrival.rows.length > 1 && (
        <button type="button" className="wide-button good" onClick={() => void all()} disabled={receive.sending} data-testid="receive-all">
          <Icon name="in" size={28} />
          {receive.sending ? say('page.sending') : say('expected.receive-all', { n: arrival.rows.length })}
        </button>
      )}
    </section>
  )
}

const ArrivalLine = ({ row, receive }: { readonly row: Expected; readonly receive: Receive }) => {
  const say = useSay()
  const { language } = useLanguage()
  const today = useNodeState().value?.today
  const unit = nameIn(row.unit, language)
  const left = leftOf(row)
  const refused = receive.at === row.lot ? receive.refused : null
  return (
    <li data-testid={`expected-${row.lot}`}>
      <span className="arrival-what">
        <b>{nameIn(row.itemName, language)}</b>
        <span className="lot-date">
          <span className="mono">{row.lotNumber}</span>
          {row.expiry ?? say('stock.no-expiry')} <ExpiryMark row={standingOf(row.expiry, today)} />
        </span>
        <Boxes row={row} />
        {row.received > 0 && (
          <small className="soft">{say('expected.partly', { n: numberText(row.received), all: numberText(row.announced) })}</small>
        )}
      </span>
      {refused ?? (
        <button
          type="button"
          className="accept-button"
          onClick={() => void receive.send(row)}
          disabled={receive.sending}
          data-testid="expected-receive"
        >
          <Icon name="in" size={24} />
          {say('expected.receive', { n: numberText(left), unit })}
        </button>
      )}
    </li>
  )
}

/** How much of it has crossed the door, and the labels of what has not. */
const Boxes = ({ row }: { readonly row: Expected }) => {
  const say = useSay()
  const { came, all, missing } = boxesOf(row)
  if (all === 0) return null
  return (
    <small className="soft" data-testid="expected-boxes">
      {say('expected.boxes', { n: came, all })}
      {came > 0 && missing.length > 0 && missing.length <= NAMED_MAX && (
        <span className="mono"> {say('expected.missing', { tags: missing.join(' ') })}</span>
      )}
    </small>
  )
}

/** More labels than this are looked for by the box, not by the number. */
const NAMED_MAX = 6

type Receive = ReturnType<typeof useReceive>

/** Receives lines one at a time; a refusal stands on the line it is about. */
const useReceive = () => {
  const say = useSay()
  const { language } = useLanguage()
  const { memory, booked } = useStockroom()
  const rooms = useRooms()
  const receive = useBooking('receive')
  const answers = useAnswers()
  const [at, setAt] = useState<string | null>(null)
  const send = async (row: Expected, answered: Answered = {}): Promise<boolean> => {
    const { moreThanBook: _unasked, override: _last, ...said } = answered
    const left = leftOf(row)
    setAt(row.lot)
    const answer = await receive.send({
      ...{ item: row.item, lotNumber: row.lotNumber === '-' ? '' : row.lotNumber, expiry: row.expiry, room: rooms.first },
      ...{ quantity: left, pack: row.unit.zh },
      ...(row.doc === null ? {} : { doc: row.doc }),
      ...(memory.read('accept') === 'yes' ? { accept: true } : {}),
      ...said,
    })
    if (!answer?.ok) return false
    answers.clear()
    const words = { n: numberText(left), unit: nameIn(row.unit, language), item: nameIn(row.itemName, language) }
    booked({ words: say('expected.received', words), entries: answer.value.entries })
    return true
  }
  const giveUp = (): void => {
    answers.clear()
    receive.clear()
    setAt(null)
  }
  const row = useNode('expected').value?.rows.find((one) => one.lot === at)
  const refused = receive.trouble && row && (
    <Refused trouble={receive.trouble} onAnswer={(answered) => void send(row, answers.add(answered))} onGiveUp={giveUp} />
  )
  return { send: (one: Expected) => send(one), at, refused, sending: receive.state === 'sending' }
}
