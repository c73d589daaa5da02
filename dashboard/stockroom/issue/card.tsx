import type { ItemView, StockRow } from '@lotkeeper/protocol/api/views.ts'
import { lotKey, placeOf } from '@lotkeeper/protocol/names.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { Choices } from '../parts/choices.tsx'
import { LotLine } from '../parts/lot-line.tsx'
import { type CountedIn, countedIn } from '../parts/packs.ts'
import { type Answered, Refused, useAnswers } from '../parts/refused.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import type { Card } from '../scan/cards.ts'
import { usePlaceWords, useRooms, useStockroom } from '../stockroom.ts'
import { type StockroomSay, useSay } from '../words.ts'

interface CardLine {
  readonly card: Card
  /** Rows of the item that may be issued, first expiry first out. */
  readonly rows: readonly StockRow[]
  readonly onChange: (change: Partial<Card>) => void
  readonly onDone: (words?: string) => void
}

/** One thing to issue: which lot, how many, to whom; booked by one button. */
export const IssueCard = (line: CardLine) => {
  const { card, rows, onChange, onDone } = line
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const issue = useBooking('issue')
  const answers = useAnswers()
  const target = useTarget()
  const from = useFrom(card, rows)
  const item = card.view.item
  if (!item) return null
  const counted = countedOf(card, item, countedIn(item, language))
  const giveUp = () => {
    answers.clear()
    issue.clear()
  }
  const book = async (answered: Answered = {}): Promise<void> => {
    const { anotherBox: _unasked, overrides: _one, ...said } = answered
    const asked = {
      lot: from.lot,
      room: from.room,
      quantity: card.quantity,
      pack: counted.pack,
      ...target.body,
      ...scanOf(card, from.lot),
      ...said,
    }
    const answer = await issue.send(asked)
    if (!answer?.ok) return
    const words = say('issue.booked', { n: card.quantity, pack: counted.words, item: nameIn(item.name, language), to: target.words })
    const found = answer.value.unexplained
    booked({ words: found > 0 ? `${words} ${say('issue.unexplained', { n: numberText(found) })}` : words, entries: answer.value.entries })
    onDone(words)
  }
  return (
    <section className="card" data-testid="issue-card">
      <header className="card-head">
        <span>
          <b>{nameIn(item.name, language)}</b>
          <small>{item.model}</small>
        </span>
        <button type="button" className="round-button" onClick={() => onDone()} aria-label={say('card.give-up')}>
          <Icon name="close" size={24} />
        </button>
      </header>
      <Lots card={card} rows={rows} chosen={from} />
      <div className="quantity">
        <Stepper value={card.quantity} onChange={(quantity) => onChange({ quantity })} label={say('quantity.label')} />
        <Choices
          label={say('quantity.pack')}
          value={counted.pack}
          onChange={(pack) => onChange({ view: { ...card.view, pack } })}
          options={countedIn(item, language).map((way) => ({
            value: way.pack,
            words: way.words,
            ...packNote(way, nameIn(item.unit, language)),
          }))}
        />
      </div>
      <Choices label={say('issue.to')} value={target.value} onChange={target.choose} options={target.options} />
      {issue.trouble ? (
        <Refused trouble={issue.trouble} onAnswer={(answered) => void book(answers.add(answered))} onGiveUp={giveUp} />
      ) : (
        <button
          type="button"
          className="wide-button way"
          onClick={() => void book()}
          disabled={issue.state === 'sending'}
          data-testid="issue-book"
        >
          <Icon name="out" size={28} />
          {issue.state === 'sending' ? say('page.sending') : bookWords(say, card, counted, nameIn(item.unit, language))}
        </button>
      )}
    </section>
  )
}

/** The lots to choose from; taking a later one than the first is allowed and said. */
const Lots = ({ card, rows, chosen }: { readonly card: Card; readonly rows: readonly StockRow[]; readonly chosen: From }) => {
  const say = useSay()
  const words = usePlaceWords()
  const [all, setAll] = useState(false)
  const [first] = rows
  const here = rows.find((row) => row.lot === chosen.lot && row.place === chosen.place)
  const shown = all ? rows : rows.filter((row, place) => place < LOTS_SHOWN || row === here)
  return (
    <fieldset className="lots">
      <legend>{say('issue.which-lot')}</legend>
      {shown.map((row) => (
        <label key={`${row.place} ${row.lot}`} className={row === here ? 'chosen' : ''}>
          <input type="radio" name={`lot ${card.id}`} checked={row === here} onChange={() => chosen.choose(row)} />
          <LotLine row={row} first={row === first && row.expiryState !== 'expired'} />
          <small className="soft">{words(row.place).room}</small>
        </label>
      ))}
      {rows.length > shown.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          {say('issue.more-lots', { n: rows.length - shown.length })}
        </button>
      )}
      {!here && (
        <p className="notice">
          <Icon name="warn" size={24} />
          {say('issue.not-on-book', { lot: chosen.lot.slice(chosen.lot.indexOf('/') + 1) })}
        </p>
      )}
      {here && first && here !== first && first.expiryState !== 'expired' && here.lot !== first.lot && (
        <p className="notice">
          <Icon name="near" size={24} />
          {say('issue.earlier-lot', { lot: first.lotNumber, expiry: first.expiry ?? '-' })}
        </p>
      )}
    </fieldset>
  )
}

interface From {
  readonly lot: string
  readonly place: string | null
  readonly room: string
  readonly choose: (row: StockRow) => void
}

/** Where it is taken from: the lot that was scanned, else the one that goes out first; a person may choose another. */
const useFrom = (card: Card, rows: readonly StockRow[]): From => {
  const rooms = useRooms()
  const [picked, setPicked] = useState<Pick<StockRow, 'lot' | 'place'> | null>(null)
  const item = card.view.item?.item ?? ''
  const scanned = card.view.lot ?? (card.lotNumber === null ? null : lotKey(item, card.lotNumber))
  const row =
    rows.find((one) => picked && one.lot === picked.lot && one.place === picked.place) ??
    (scanned === null ? rows[0] : rows.find((one) => one.lot === scanned))
  const lot = row?.lot ?? scanned ?? picked?.lot ?? lotKey(item, null)
  return { lot, place: row?.place ?? null, room: (row && placeOf(row.place)?.room) ?? rooms.first, choose: setPicked }
}

/** Whom it is for; remembered, for most of a morning goes to one ward. */
const useTarget = () => {
  const say = useSay()
  const { language } = useLanguage()
  const { memory } = useStockroom()
  const { departments } = useRooms()
  const [to, setTo] = useState(() => memory.read('issue-to') ?? USED)
  const known = departments.find((room) => room.room === to)
  return {
    value: known ? to : USED,
    words: known ? nameIn(known.name, language) : say('issue.used'),
    body: known ? { to: known.room } : {},
    options: [
      { value: USED, words: say('issue.used') },
      ...departments.map((room) => ({ value: room.room, words: nameIn(room.name, language) })),
    ],
    choose: (next: string) => {
      memory.write('issue-to', next)
      setTo(next)
    },
  }
}

/** The pack the code names; else the smallest: what leaves a stockroom leaves by the piece. */
const countedOf = (card: Card, item: ItemView, ways: readonly CountedIn[]): CountedIn => {
  const smallest = ways.at(-1) ?? { pack: item.unit.zh, units: 1, words: item.unit.zh }
  return ways.find((way) => way.pack === card.view.pack) ?? smallest
}

/** The code goes along only while it is the lot it named. */
const scanOf = (card: Card, lot: string) =>
  card.view.scan !== '' && (card.view.lot === null || card.view.lot === lot) ? { scan: card.view.scan } : {}

const packNote = (way: CountedIn, unit: string) => (way.units === 1 ? {} : { note: `${numberText(way.units)} ${unit}` })

const bookWords = (say: StockroomSay, card: Card, counted: CountedIn, unit: string): string =>
  counted.units === 1
    ? say('issue.book-units', { n: card.quantity, unit })
    : say('issue.book', { n: card.quantity, pack: counted.words, units: numberText(card.quantity * counted.units), unit })

const USED = '~used'
const LOTS_SHOWN = 3
