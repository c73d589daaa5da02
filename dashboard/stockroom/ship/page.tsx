import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { Choices } from '../parts/choices.tsx'
import { countedIn } from '../parts/packs.ts'
import { PickStock, useChosenRow } from '../parts/pick-stock.tsx'
import { type Answered, Refused, useAnswers } from '../parts/refused.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useNode, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { type ShipLine, unitsTaken, withPack } from './basket.ts'
import { Shipped, type ShippedNote, SitePick } from './site.tsx'

/** Sending goods to another site: whom to, the boxes, one booking; its document number is shown large, to be written on the boxes. */
export const ShipPage = () => {
  const say = useSay()
  const [shipped, setShipped] = useState<ShippedNote | null>(null)
  return (
    <div className="work">
      <h1>{say('screen.ship')}</h1>
      {shipped ? <Shipped note={shipped} onNext={() => setShipped(null)} /> : <ShipForm onShipped={setShipped} />}
    </div>
  )
}

const ShipForm = ({ onShipped }: { readonly onShipped: (note: ShippedNote) => void }) => {
  const say = useSay()
  const basket = useBasket()
  const [site, setSite] = useState<string | null>(null)
  const [doc, setDoc] = useState('')
  const shipping = useShipping(basket.lines, site, doc.trim(), onShipped)
  const ready = site !== null && basket.lines.length > 0
  const room = basket.lines[0] && placeOf(basket.lines[0].row.place)?.room
  const mayShip = (row: StockRow): boolean => {
    const place = placeOf(row.place)
    return place?.state === 'available' && row.units > 0 && (room === undefined || place.room === room)
  }
  return (
    <>
      <section className="card" data-testid="ship-card">
        <SitePick value={site} onPick={setSite} />
        <h3>{say('ship.lines')}</h3>
        {basket.lines.length === 0 && <p className="soft">{say('ship.empty')}</p>}
        {basket.flash && (
          <p className="flash" role="status">
            {basket.flash}
          </p>
        )}
        <ul className="basket">
          {basket.lines.map((line) => (
            <BasketLine key={`${line.row.lot} ${line.pack}`} line={line} basket={basket} />
          ))}
        </ul>
        {basket.lines.length > 0 && (
          <label>
            {say('ship.doc')}
            <input value={doc} onChange={(event) => setDoc(event.target.value)} maxLength={96} autoComplete="off" data-testid="ship-doc" />
          </label>
        )}
        {shipping.refused ?? (
          <button
            type="button"
            className="wide-button way"
            onClick={shipping.send}
            disabled={shipping.sending || !ready}
            data-testid="ship-send"
          >
            <Icon name="upload" size={28} />
            {shipping.sending && say('page.sending')}
            {!shipping.sending && (ready ? say('ship.book', { n: basket.lines.length, site: shipping.siteName }) : say('ship.not-yet'))}
          </button>
        )}
      </section>
      <PickStock hint={say('ship.scan-hint')} may={mayShip} onPick={basket.add} />
    </>
  )
}

const BasketLine = ({ line, basket }: { readonly line: ShipLine; readonly basket: Basket }) => {
  const say = useSay()
  const { language } = useLanguage()
  const short = basket.taken(line.row) > line.row.units
  return (
    <li data-testid="ship-line">
      <span className="basket-what">
        <b>{nameIn(line.row.itemName, language)}</b>
        <small className="soft">
          <span className="mono">{line.row.lotNumber}</span>
          {line.tags.length > 0 && ` · ${say('ship.tags', { n: line.tags.length })}`}
        </small>
        {short && (
          <span className="mark mark-near">
            <Icon name="warn" size={20} />
            {say('ship.more-than', { n: numberText(line.row.units), unit: nameIn(line.row.unit, language) })}
          </span>
        )}
      </span>
      <Stepper value={line.quantity} onChange={(quantity) => basket.change(line, { quantity })} label={say('quantity.label')} />
      <Choices
        label={`${say('quantity.pack')} ${line.row.lot} ${line.pack}`}
        value={line.pack}
        onChange={(pack) => basket.change(line, { pack })}
        options={basket.packsOf(line).map((way) => ({ value: way.pack, words: way.words }))}
      />
      <button type="button" className="round-button" onClick={() => basket.remove(line)} aria-label={say('basket.remove')}>
        <Icon name="close" size={24} />
      </button>
    </li>
  )
}

type Basket = ReturnType<typeof useBasket>

/** What is to be sent: each scan one pack more, the same tag again nothing. */
const useBasket = () => {
  const say = useSay()
  const { language } = useLanguage()
  const { sounds } = useStockroom()
  const [lines, setLines] = useState<readonly ShipLine[]>([])
  const [flash, setFlash] = useState<string | null>(null)
  const items = useNode('items', { limit: 500 }).value?.rows ?? []
  const chosen = useChosenRow()
  const packsOf = (line: Pick<ShipLine, 'row'>) =>
    countedIn(items.find((item) => item.item === line.row.item) ?? { packs: [], unit: line.row.unit }, language)
  const unitsOf = (line: ShipLine): number => packsOf(line).find((way) => way.pack === line.pack)?.units ?? 1
  const add = (row: StockRow, scan: ScanView | null): void => {
    // A tag or a code says its pack; by hand it is the smallest, as for an issue.
    const taken = withPack(lines, row, scan, packsOf({ row }).at(-1)?.pack ?? row.unit.zh)
    if (scan) taken.again ? sounds.unknown() : sounds.ok()
    setLines(taken.lines)
    setFlash(taken.again ? say('ship.same-box') : null)
  }
  const named = chosen.row
  const begun = useRef(false)
  useEffect(() => {
    if (!named || begun.current || items.length === 0) return
    begun.current = true
    add(named, null)
  })
  return {
    lines,
    flash,
    add,
    packsOf,
    taken: (row: StockRow) => unitsTaken(lines, row, unitsOf),
    change: (line: ShipLine, change: Partial<ShipLine>) =>
      setLines((now) => now.map((one) => (one === line ? { ...one, ...change } : one))),
    remove: (line: ShipLine) => setLines((now) => now.filter((one) => one !== line)),
  }
}

/** Books the despatch and finds the number its document got. */
const useShipping = (lines: readonly ShipLine[], site: string | null, doc: string, onShipped: (note: ShippedNote) => void) => {
  const say = useSay()
  const { language } = useLanguage()
  const { node, booked } = useStockroom()
  const sites = useNode('sites').value?.rows ?? []
  const ship = useBooking('ship')
  const answers = useAnswers()
  const name = sites.find((one) => one.site === site)?.name
  const siteName = name ? nameIn(name, language) : '…'
  const send = async ({ moreThanBook }: Answered = {}): Promise<void> => {
    const [first] = lines
    if (!first || site === null) return
    const answer = await ship.send({
      ...{ to: site, room: placeOf(first.row.place)?.room ?? '' },
      lines: lines.map(({ row, quantity, pack, tags }) => ({
        lot: row.lot,
        quantity,
        pack,
        ...(tags.length > 0 ? { tags: [...tags] } : {}),
      })),
      ...(doc === '' ? {} : { doc }),
      ...(moreThanBook ? { moreThanBook } : {}),
    })
    if (!answer?.ok) return
    const { entries } = answer.value
    booked({ words: say('ship.booked', { site: siteName }), entries })
    const moved = await node.ask('movements', { query: { limit: 20 } })
    const made = moved.ok ? moved.value.rows.find((row) => entries.includes(row.entry) && row.doc !== null)?.doc : null
    onShipped({ doc: doc || made || null, site: siteName, lines })
  }
  const giveUp = (): void => {
    answers.clear()
    ship.clear()
  }
  return {
    siteName,
    sending: ship.state === 'sending',
    send: () => void send(),
    refused: ship.trouble && <Refused trouble={ship.trouble} onAnswer={(answered) => void send(answers.add(answered))} onGiveUp={giveUp} />,
  }
}
