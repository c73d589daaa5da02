import type { ItemView, StockRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { newAction } from '../../parts/action.ts'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { SearchField } from '../parts/pick-item.tsx'
import { Done, type DoneLine } from '../receive/page.tsx'
import { type Card, cardOf, changeCard } from '../scan/cards.ts'
import { ScanFacts } from '../scan/facts.tsx'
import { PairNote } from '../scan/pair-note.tsx'
import { ScanStrip } from '../scan/strip.tsx'
import { handView, useCards } from '../scan/use-cards.ts'
import { useNode, useNodePages, useRooms, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { IssueCard } from './card.tsx'
import { issuable } from './issuable.ts'

/** Issuing: scan what is taken from the shelf, or pick it from the list, the lot that ends first on top. */
export const IssuePage = () => {
  const say = useSay()
  const { cards, setCards, unknown, clearUnknown, flash, paired, parted } = useCards()
  const [done, setDone] = useState<readonly DoneLine[]>([])
  const [search, setSearch] = useState('')
  const stock = useNodePages('stock', { limit: 500 })
  const items = useNode('items', { limit: 500 }).value?.rows ?? []
  const { stores } = useRooms()
  const shelves = issuable(stock.rows ?? [], (room) => stores.length === 0 || stores.some((store) => store.room === room))
  const pick = (item: ItemView): void => {
    setCards((now) => [cardOf(handView(item), newAction()), ...now])
    window.scrollTo({ top: 0, behavior: 'smooth' })
  }
  const drop = (card: Card, words?: string): void => {
    setCards((now) => now.filter((one) => one.id !== card.id))
    if (words) setDone((now) => [{ id: card.id, words }, ...now].slice(0, DONE_SHOWN))
  }
  return (
    <div className="work">
      <h1>{say('screen.issue')}</h1>
      <ScanStrip hint={say('issue.scan-hint')} />
      {paired && <PairNote key={paired.pair?.pair} view={paired} onParted={parted} />}
      {flash && (
        <p className="flash" role="status">
          {flash}
        </p>
      )}
      {unknown && (
        <section className="card card-unknown">
          <ScanFacts view={unknown} />
          <button type="button" className="wide-button quiet" onClick={clearUnknown}>
            {say('page.close')}
          </button>
        </section>
      )}
      {cards.map((card) => (
        <IssueCard
          key={card.id}
          card={card}
          rows={shelves.get(card.view.item?.item ?? '') ?? []}
          onChange={(change) => setCards((now) => changeCard(now, card.id, change))}
          onDone={(words) => drop(card, words)}
        />
      ))}
      <Done lines={done} title={say('issue.done')} />
      <section className="sheet">
        <h2>{say('issue.from-list')}</h2>
        <SearchField value={search} onChange={setSearch} label={say('pick.search')} />
        {stock.trouble && <TroubleNote trouble={stock.trouble} again={stock.renew} />}
        {!stock.rows && !stock.trouble && <Waiting rows={6} />}
        {stock.rows && shelves.size === 0 && <EmptyNote title={say('issue.nothing')} hint={say('issue.nothing-hint')} />}
        <Shelves shelves={shelves} items={items} search={search} onPick={pick} />
      </section>
    </div>
  )
}

interface ShelvesLine {
  readonly shelves: ReadonlyMap<string, readonly StockRow[]>
  readonly items: readonly ItemView[]
  readonly search: string
  readonly onPick: (item: ItemView) => void
}

/** Items that can be issued, each with the lot that goes out first; the most used on this tablet come first. */
const Shelves = ({ shelves, items, search, onPick }: ShelvesLine) => {
  const { language } = useLanguage()
  const { memory } = useStockroom()
  const used = usedOf(memory.read('used'))
  const shown = items
    .filter((item) => shelves.has(item.item) && matches(item, search))
    .toSorted((one, other) => (used[other.item] ?? 0) - (used[one.item] ?? 0) || (one.name.zh < other.name.zh ? -1 : 1))
  const take = (item: ItemView): void => {
    memory.write('used', JSON.stringify({ ...used, [item.item]: (used[item.item] ?? 0) + 1 }))
    onPick(item)
  }
  return (
    <ul className="shelves">
      {shown.map((item) => {
        const rows = shelves.get(item.item) ?? []
        const [first] = rows
        return (
          <li key={item.item}>
            <button type="button" onClick={() => take(item)} data-testid={`issue-${item.item}`}>
              <span className="shelf-name">
                <b>{nameIn(item.name, language)}</b>
                <small>{item.model}</small>
              </span>
              <span className="shelf-first">
                <span className="mono">{first?.lotNumber}</span>
                {first && <ExpiryMark row={first} />}
              </span>
              <span className="shelf-units">
                <b>{numberText(rows.reduce((sum, row) => sum + row.units, 0))}</b> {nameIn(item.unit, language)}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

const matches = (item: ItemView, search: string): boolean => {
  const text = [item.item, item.name.zh, item.name.en, item.model].join(' ').toLowerCase()
  return search
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

const usedOf = (text: string | null): Readonly<Record<string, number>> => {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, number>) : {}
  } catch {
    return {}
  }
}

const DONE_SHOWN = 20
