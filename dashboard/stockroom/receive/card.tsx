import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { type Language, nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { Choices } from '../parts/choices.tsx'
import { type CountedIn, countedIn } from '../parts/packs.ts'
import { type Answered, Refused, useAnswers } from '../parts/refused.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import type { Card } from '../scan/cards.ts'
import { ExpiryOf, ScanFacts } from '../scan/facts.tsx'
import { useRooms, useStockroom } from '../stockroom.ts'
import { type StockroomSay, useSay } from '../words.ts'

interface CardLine {
  readonly card: Card
  readonly onChange: (change: Partial<Card>) => void
  /** Booked (with what to remember of it), or given up. */
  readonly onDone: (words?: string) => void
}

/** One thing to receive: what the code says, what is missing, how many, and the button that books it. */
export const ReceiveCard = ({ card, onChange, onDone }: CardLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const { memory, booked } = useStockroom()
  const rooms = useRooms()
  const receive = useBooking('receive')
  const answers = useAnswers()
  const [accept, setAccept] = useState(memory.read('accept') === 'yes')
  const [room, setRoom] = useState<string | null>(null)
  const item = card.view.item
  if (!item) return null
  const counted = countedOf(card, language)
  const giveUp = () => {
    answers.clear()
    receive.clear()
  }
  const book = async (answered: Answered = {}): Promise<void> => {
    const { moreThanBook: _unasked, override: _last, ...said } = answered
    const asked = { ...bodyOf(card, counted), room: room ?? rooms.first, ...(accept ? { accept } : {}), ...said }
    const answer = await receive.send(asked)
    if (!answer?.ok) return
    const words = say('receive.booked', {
      n: card.quantity,
      pack: counted.words,
      item: nameIn(item.name, language),
      lot: card.lotNumber || '-',
    })
    booked({
      words: answer.value.confirms === null ? words : say('receive.confirmed', { item: nameIn(item.name, language) }),
      entries: answer.value.confirms === null ? answer.value.entries : [],
    })
    onDone(words)
  }
  return (
    <section className="card" data-testid="receive-card">
      <CardHead card={card} onGiveUp={() => onDone()} />
      <LotFields card={card} onChange={onChange} />
      {item.promises?.produced && <MadeOn card={card} onChange={onChange} />}
      <Quantity card={card} counted={counted} onChange={onChange} />
      {rooms.stores.length > 1 && (
        <Choices
          label={say('receive.room')}
          value={room ?? rooms.first}
          onChange={setRoom}
          options={rooms.stores.map((one) => ({ value: one.room, words: nameIn(one.name, language) }))}
        />
      )}
      <label className="switch">
        <input
          type="checkbox"
          checked={accept}
          onChange={(event) => {
            setAccept(event.target.checked)
            memory.write('accept', event.target.checked ? 'yes' : 'no')
          }}
          data-testid="accept-now"
        />
        <span>
          {say('receive.accept-now')}
          <small>{say(accept ? 'receive.into-available' : 'receive.into-pending')}</small>
        </span>
      </label>
      {receive.trouble ? (
        <Refused trouble={receive.trouble} onAnswer={(answered) => void book(answers.add(answered))} onGiveUp={giveUp} />
      ) : (
        <button
          type="button"
          className="wide-button good"
          onClick={() => void book()}
          disabled={receive.state === 'sending'}
          data-testid="receive-book"
        >
          <Icon name="in" size={28} />
          {receive.state === 'sending' ? say('page.sending') : bookWords(say, card, counted, nameIn(item.unit, language))}
        </button>
      )}
    </section>
  )
}

/** Name and standing of the thing, and a way to leave it. */
const CardHead = ({ card, onGiveUp }: { readonly card: Card; readonly onGiveUp: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { item, expected, rows } = card.view
  return (
    <header className="card-head">
      <span>
        <b>{item && nameIn(item.name, language)}</b>
        <small>{item?.model}</small>
      </span>
      <button type="button" className="round-button" onClick={onGiveUp} aria-label={say('card.give-up')}>
        <Icon name="close" size={24} />
      </button>
      {expected > 0 && item && (
        <p className="expected">
          <Icon name="truck" size={24} />
          {say('receive.expected', { n: numberText(expected), unit: nameIn(item.unit, language) })}
        </p>
      )}
      {rows.length > 0 && (
        <details>
          <summary>{say('scan.says')}</summary>
          <ScanFacts view={{ ...card.view, item: null, refused: null }} />
        </details>
      )}
    </header>
  )
}

/** Lot and last day: from the code where it says them, else from the keeper's eyes. */
const LotFields = ({ card, onChange }: Omit<CardLine, 'onDone'>) => {
  const say = useSay()
  const told = card.view.lotNumber !== null && card.view.expiry !== null
  if (told && card.lotNumber === card.view.lotNumber) {
    return (
      <p className="lot-told">
        <span>
          {say('lot.number')} <b className="mono">{card.lotNumber}</b>
        </span>
        <span>
          {say('lot.expiry')} <b>{card.expiry}</b> <ExpiryOf view={card.view} />
        </span>
      </p>
    )
  }
  return (
    <div className="fields">
      <label>
        {say('lot.number')}
        <input
          value={card.lotNumber ?? ''}
          onChange={(event) => onChange({ lotNumber: event.target.value })}
          placeholder={say('lot.number-hint')}
          maxLength={40}
          autoComplete="off"
          data-testid="lot-number"
        />
      </label>
      <label>
        {say('lot.expiry')}
        <input
          type="date"
          value={card.expiry ?? ''}
          onChange={(event) => onChange({ expiry: event.target.value || null })}
          data-testid="lot-expiry"
        />
        <small>{say('lot.expiry-hint')}</small>
      </label>
    </div>
  )
}

/** Asked for where the label promises it: the item's certificate is judged by that day. */
const MadeOn = ({ card, onChange }: Omit<CardLine, 'onDone'>) => {
  const say = useSay()
  return (
    <div className="fields">
      <label>
        {say('lot.produced')}
        <input
          type="date"
          value={card.produced ?? ''}
          onChange={(event) => onChange({ produced: event.target.value || null })}
          data-testid="lot-produced"
        />
        <small>{say('lot.produced-hint')}</small>
      </label>
    </div>
  )
}

const Quantity = ({ card, counted, onChange }: Omit<CardLine, 'onDone'> & { readonly counted: CountedIn }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { item } = card.view
  if (!item) return null
  const ways = countedIn(item, language)
  return (
    <div className="quantity">
      <Stepper value={card.quantity} onChange={(quantity) => onChange({ quantity })} label={say('quantity.label')} />
      <Choices
        label={say('quantity.pack')}
        value={counted.pack}
        onChange={(pack) => onChange({ view: { ...card.view, pack } })}
        options={ways.map((way) => ({
          value: way.pack,
          words: way.words,
          ...(way.units === 1 ? {} : { note: `${numberText(way.units)} ${nameIn(item.unit, language)}` }),
        }))}
      />
    </div>
  )
}

/** The pack the code names; by hand the largest but one, for cartons are rare and pieces rarer. */
const countedOf = (card: Card, language: Language): CountedIn => {
  const ways = card.view.item ? countedIn(card.view.item, language) : []
  const usual = ways.length > 2 ? ways[1] : ways[0]
  return ways.find((way) => way.pack === card.view.pack) ?? usual ?? { pack: '', units: 1, words: '' }
}

const bodyOf = (card: Card, counted: CountedIn) => ({
  item: card.view.item?.item ?? '',
  lotNumber: (card.lotNumber ?? '').trim(),
  expiry: card.expiry,
  ...(card.produced === null ? {} : { produced: card.produced }),
  quantity: card.quantity,
  pack: counted.pack,
  ...(card.view.scan === '' ? {} : { scan: card.view.scan }),
  ...(card.view.epc === null ? {} : { tags: [card.view.epc] }),
})

const bookWords = (say: StockroomSay, card: Card, counted: CountedIn, unit: string): string =>
  counted.units === 1
    ? say('receive.book-units', { n: card.quantity, unit })
    : say('receive.book', { n: card.quantity, pack: counted.words, units: numberText(card.quantity * counted.units), unit })
