import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { soonestFirst } from '../issue/issuable.ts'
import { ScanStrip } from '../scan/strip.tsx'
import { useNodePages, usePlaceWords, useScans, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { LotLine } from './lot-line.tsx'
import { SearchField } from './pick-item.tsx'

interface PickStockLine {
  readonly hint: string
  /** Which rows may be chosen here. */
  readonly may: (row: StockRow) => boolean
  /** `scan`: what was read, when a code chose the row. */
  readonly onPick: (row: StockRow, scan: ScanView | null) => void
  /** A code of a known lot that is on no row. */
  readonly onElsewhere?: (scan: ScanView) => void
}

/** Chooses a lot at a place, by scan or from the list; a code that fits several rows narrows the list to them. */
export const PickStock = ({ hint, may, onPick, onElsewhere }: PickStockLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const { sounds } = useStockroom()
  const words = usePlaceWords()
  const [search, setSearch] = useState('')
  const [missed, setMissed] = useState<string | null>(null)
  const pages = useNodePages('stock', { limit: 500, ...(search.trim() ? { search: search.trim() } : {}) })
  const all = useNodePages('stock', { limit: 500 })
  const rows = pages.rows?.filter(may).toSorted(byItem)
  useScans((view) => {
    const fits = (all.rows ?? []).filter((row) => may(row) && (view.lot === null ? row.item === view.item?.item : row.lot === view.lot))
    const [only] = fits
    setMissed(null)
    if (only && fits.length === 1) return onPick(only, view)
    if (fits.length > 1) {
      sounds.ok()
      return setSearch(view.lotNumber ?? view.item?.item ?? '')
    }
    if (view.lot !== null && onElsewhere) return onElsewhere(view)
    sounds.unknown()
    setMissed(view.lotNumber ?? view.scan.slice(0, 40))
  })
  return (
    <>
      <ScanStrip hint={hint} />
      {missed !== null && (
        <p className="notice" role="status">
          {say('pick-stock.not-here', { lot: missed })}
        </p>
      )}
      <section className="sheet pick">
        <SearchField value={search} onChange={setSearch} label={say('pick-stock.search')} />
        {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
        {!rows && !pages.trouble && <Waiting rows={6} />}
        {rows?.length === 0 && <EmptyNote title={say('pick-stock.none')} hint={say('pick-stock.none-hint')} />}
        <ul className="pick-stock">
          {rows?.map((row) => {
            const place = words(row.place)
            return (
              <li key={`${row.place} ${row.lot}`}>
                <button
                  type="button"
                  onClick={() => {
                    onPick(row, null)
                    // What was chosen stands above the list.
                    window.scrollTo({ top: 0, behavior: 'smooth' })
                  }}
                  data-testid={`pick-${row.lot}`}
                  data-place={row.place}
                >
                  <span className="pick-name">
                    <b>{nameIn(row.itemName, language)}</b>
                    <small>
                      {place.whole} · {place.stateWord}
                    </small>
                  </span>
                  <LotLine row={row} />
                </button>
              </li>
            )
          })}
        </ul>
      </section>
    </>
  )
}

/** The row the address names, until another is picked or it is let go. */
export const useChosenRow = () => {
  const { page, choice } = useRoute()
  const [picked, setPicked] = useState<StockRow | null>(null)
  const { rows } = useNodePages('stock', { limit: 500 })
  const { lot, place } = choice
  const named = lot && place ? rows?.find((row) => row.lot === lot && row.place === place) : undefined
  return {
    row: picked ?? named ?? null,
    pick: (row: StockRow) => setPicked(row),
    drop: () => {
      setPicked(null)
      if (lot) replaceChoice(page, {})
    },
  }
}

const byItem = (one: StockRow, other: StockRow): number =>
  one.itemName.zh === other.itemName.zh ? soonestFirst(one, other) : one.itemName.zh < other.itemName.zh ? -1 : 1
