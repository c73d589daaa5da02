import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { byFefo } from '@lotkeeper/protocol/rules/fefo.ts'
import { Segmented } from 'antd'
import { useState } from 'react'
import type { Answer } from '../../parts/door.ts'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import type { Pages } from '../../parts/pages.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { type Kept, useAnswer } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useHub, useLive } from '../county.ts'
import type { Hub } from '../hub.ts'
import { stockKey, withChanges } from '../live/view.ts'
import { ItemCell, LotLink, PlaceCell, UnitsCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { type CountySay, useSay } from '../words.ts'
import { barOf, barsOf, inWindow, WINDOWS, type Window } from './months.ts'
import { Picture } from './picture.tsx'
import './expiring.css'

/** Lots that end soonest, over all sites, with the picture of what ends when. */
export const ExpiringPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const read = useExpiring(choice['site'])
  const today = useHub('overview').value?.today
  const changed = useLive((state) => state.view.stock)
  const [by, setBy] = useState<'lots' | 'units'>('lots')
  const [month, setMonth] = useState<string | null>(null)
  if (!read.value || !today) return read.trouble ? <TroubleNote trouble={read.trouble} /> : <Waiting rows={9} />
  const all = withChanges(read.value.rows, changed, () => false).rows.filter((row) => row.expiry !== null)
  const window = WINDOWS.find((one) => one === choice['within']) ?? null
  const shown = all
    .filter((row) => (window === null || inWindow(row, window)) && (month === null || barOf(row) === month))
    .toSorted(soonestFirst)
  return (
    <>
      <Sheet
        title={say('expiring.picture')}
        hint={read.value.whole ? say('expiring.picture-hint') : say('expiring.cut', { n: read.value.rows.length })}
        aside={
          <Segmented
            value={by}
            onChange={setBy}
            options={[
              { value: 'lots', label: say('expiring.by-lots') },
              { value: 'units', label: say('expiring.by-units') },
            ]}
          />
        }
      >
        <Picture bars={barsOf(all, today, MONTHS)} by={by} chosen={month} onChoose={setMonth} />
      </Sheet>
      <Sheet title={say('expiring.title')} hint={say('expiring.hint')} className="list-sheet">
        <div className="filters">
          <Windows
            rows={all}
            chosen={window}
            onChoose={(within) => replaceChoice('expiring', { ...choice, within: within ?? undefined })}
          />
          <SitePick value={choice['site']} onPick={(site) => replaceChoice('expiring', { ...choice, site })} />
          {month && (
            <button type="button" className="plain-button" onClick={() => setMonth(null)}>
              <Icon name="close" size={16} />
              {month === 'expired' ? say('expiry.expired') : month}
            </button>
          )}
        </div>
        <Rows
          name="stock"
          label={say('expiring.title')}
          columns={expiringColumns(say)}
          rows={shown}
          keyOf={stockKey}
          pages={asPages(read, shown)}
          toneOf={(row) => `row-${row.expiryState}`}
          empty={<EmptyNote title={say('expiring.none')} hint={say('expiring.none-hint')} />}
        />
      </Sheet>
    </>
  )
}

const Windows = ({
  rows,
  chosen,
  onChoose,
}: {
  readonly rows: readonly StockRow[]
  readonly chosen: Window | null
  readonly onChoose: (window: Window | null) => void
}) => {
  const say = useSay()
  return (
    <fieldset className="windows" aria-label={say('stock.within')}>
      {WINDOWS.map((window) => (
        <button
          key={window}
          type="button"
          className={`window window-${window}`}
          aria-pressed={chosen === window}
          onClick={() => onChoose(chosen === window ? null : window)}
          data-testid={`window-${window}`}
        >
          {window === 'expired' ? say('expiry.expired') : say('stock.within-days', { n: Number(window) })}
          <b>{rows.filter((row) => inWindow(row, window)).length}</b>
        </button>
      ))}
    </fieldset>
  )
}

/** All rows that end within a year, in as few questions as the hub allows; a county with more than that is told where the list was cut. */
const useExpiring = (site: string | undefined): Kept<{ readonly rows: readonly StockRow[]; readonly whole: boolean }> => {
  const { hub } = useCounty()
  const snapshots = useLive((state) => state.snapshots)
  return useAnswer(`expiring ${site ?? ''} ${snapshots}`, (signal) => readExpiring(hub, site, signal))
}

const readExpiring = async (
  hub: Hub,
  site: string | undefined,
  signal: AbortSignal,
): Promise<Answer<{ readonly rows: readonly StockRow[]; readonly whole: boolean }>> => {
  const rows: StockRow[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { expiring: 365, limit: 500, ...(site ? { site } : {}), ...(cursor ? { cursor } : {}) }
    const answer = await hub.ask('stock', { query, signal })
    if (!answer.ok) return answer
    rows.push(...answer.value.rows)
    if (answer.value.next === null) return { ok: true, value: { rows, whole: true } }
    cursor = answer.value.next
  }
  return { ok: true, value: { rows, whole: false } }
}

const expiringColumns = (say: CountySay): readonly Column<StockRow>[] => [
  { id: 'expiry', title: say('column.expiry'), width: '110px', cell: (row) => <b>{row.expiry}</b> },
  { id: 'state', title: say('column.expiry-state'), width: '178px', cell: (row) => <ExpiryMark row={row} /> },
  { id: 'item', title: say('column.item'), width: 'minmax(180px, 2fr)', cell: (row) => <ItemCell name={row.itemName} code={row.item} /> },
  { id: 'lot', title: say('column.lot'), width: 'minmax(110px, 1fr)', cell: (row) => <LotLink lot={row.lot} number={row.lotNumber} /> },
  { id: 'place', title: say('column.place'), width: 'minmax(180px, 2fr)', cell: (row) => <PlaceCell place={row.place} withSite /> },
  { id: 'units', title: say('column.units'), width: '120px', right: true, cell: (row) => <UnitsCell units={row.units} unit={row.unit} /> },
]

/** The house's own order of first-expired-first-out; the place settles ties so that rows never swap. */
const soonestFirst = (one: StockRow, other: StockRow): number => byFefo(fefoLot(one), fefoLot(other)) || (one.place < other.place ? -1 : 1)
const fefoLot = (row: StockRow) => ({ id: row.lot, expiry: row.expiry, receivedAt: null, units: row.units })

const asPages = (read: Kept<unknown>, rows: readonly StockRow[]): Pages<StockRow> => ({
  rows,
  trouble: read.trouble,
  asking: read.asking,
  more: null,
  renew: () => undefined,
})

const MONTHS = 13
const PAGES_MAX = 10
