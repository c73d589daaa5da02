import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { useState } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { soonestFirst } from '../issue/issuable.ts'
import { SearchField } from '../parts/pick-item.tsx'
import { ScanStrip } from '../scan/strip.tsx'
import { useNodePages, usePlaceWords, useScans, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { AcceptPaper } from './accept.tsx'
import { LotPaper } from './lot-paper.tsx'

/** Stock as the paper cards on the shelf: a card an item, a line a lot, the one that ends first on top. */
export const StockPage = () => {
  const say = useSay()
  const { sounds } = useStockroom()
  const [search, setSearch] = useState('')
  const [accepting, setAccepting] = useState<StockRow | null>(null)
  const [opened, setOpened] = useState<StockRow | null>(null)
  const pages = useNodePages('stock', { limit: 500, ...(search.trim() ? { search: search.trim() } : {}) })
  useScans((view) => {
    if (view.item) sounds.ok()
    else sounds.unknown()
    setSearch(view.item ? (view.lotNumber ?? view.item.item) : view.scan.slice(0, 100))
  })
  const cards = Map.groupBy(pages.rows ?? [], (row) => row.item)
  return (
    <div className="work">
      <h1>{say('screen.stock')}</h1>
      <ScanStrip hint={say('stock.scan-hint')} />
      <SearchField value={search} onChange={setSearch} label={say('stock.search')} />
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={8} />}
      {pages.rows?.length === 0 && (
        <EmptyNote title={say(search ? 'stock.none' : 'stock.empty')} hint={say(search ? 'stock.none-hint' : 'stock.empty-hint')} />
      )}
      <div className="stock-cards">
        {[...cards].map(([item, rows]) => (
          <StockCard key={item} rows={rows} onAccept={setAccepting} onOpen={setOpened} />
        ))}
      </div>
      {pages.more && (
        <button type="button" className="wide-button quiet" onClick={pages.more}>
          {say('page.more')}
        </button>
      )}
      {accepting && <AcceptPaper row={accepting} onClose={() => setAccepting(null)} />}
      {opened && <LotPaper row={opened} onClose={() => setOpened(null)} />}
    </div>
  )
}

interface StockCardLine {
  readonly rows: readonly StockRow[]
  readonly onAccept: (row: StockRow) => void
  readonly onOpen: (row: StockRow) => void
}

const StockCard = ({ rows, onAccept, onOpen }: StockCardLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const [first] = rows
  if (!first) return null
  const total = rows.reduce((sum, row) => sum + row.units, 0)
  return (
    <article className="stock-card" data-testid={`stock-${first.item}`}>
      <header>
        <b>{nameIn(first.itemName, language)}</b>
        <span>
          <b data-testid={`stock-${first.item}-total`}>{numberText(total)}</b> {nameIn(first.unit, language)}
        </span>
      </header>
      <ul>
        {rows.toSorted(soonestFirst).map((row) => {
          const pending = placeOf(row.place)?.state === 'pending'
          const place = words(row.place)
          return (
            <li key={`${row.place} ${row.lot}`} className={`lot-row lot-${row.expiryState}`}>
              <button type="button" className="lot-open" onClick={() => onOpen(row)}>
                <span className="lot-number">{row.lotNumber}</span>
                <span className="lot-date">
                  {row.expiry ?? say('stock.no-expiry')}
                  <ExpiryMark row={row} />
                </span>
                <span className="lot-place">
                  {place.whole}
                  {place.state !== null && place.state !== 'available' && (
                    <span className={`mark mark-state-${place.state}`}>{say(`state.${place.state}`)}</span>
                  )}
                </span>
                <span className="lot-units">
                  <b>{numberText(row.units)}</b> {nameIn(row.unit, language)}
                </span>
              </button>
              {pending && (
                <button type="button" className="accept-button" onClick={() => onAccept(row)} data-testid="accept">
                  <Icon name="accept" size={24} />
                  {say('stock.accept')}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </article>
  )
}
