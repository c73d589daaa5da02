import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages, useLive, useSites } from '../county.ts'
import { stockKey, withChanges } from '../live/view.ts'
import { AskButton, AskDrawer, type AskSubject } from '../parts/ask.tsx'
import { ItemCell, LotLink, PlaceCell, UnitsCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { type CountySay, useSay } from '../words.ts'

/** Stock of the whole county by site, item and lot; figures follow the live view, rows stay where they are. */
export const StockPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const within = choice['within']
  const query = {
    limit: PAGE_ROWS,
    ...(choice['site'] ? { site: choice['site'] } : {}),
    ...(choice['item'] ? { item: choice['item'] } : {}),
    ...(choice['search'] ? { search: choice['search'] } : {}),
    ...(within ? { expiring: Number(within) } : {}),
  }
  const pages = useHubPages('stock', query)
  const changed = useLive((state) => state.view.stock)
  useRenewAfterSnapshot(pages.renew)
  const { rows, fresh } = withChanges(pages.rows ?? [], changed, (row) => belongs(row, choice))
  const [asking, setAsking] = useState<AskSubject | null>(null)
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('stock', { ...choice, ...next })
  return (
    <Sheet title={say('stock.title')} hint={say('stock.hint')} className="list-sheet">
      <div className="filters">
        <SearchBox value={choice['search'] ?? ''} onSearch={(search) => choose({ search })} placeholder={say('stock.search')} />
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
        <Select
          value={within ?? ''}
          onChange={(next) => choose({ within: next })}
          aria-label={say('stock.within')}
          options={[
            { value: '', label: say('stock.any-expiry') },
            ...WITHIN_DAYS.map((n) => ({ value: String(n), label: say('stock.within-days', { n }) })),
          ]}
        />
      </div>
      {fresh > 0 && (
        <button type="button" className="new-rows" onClick={pages.renew} data-testid="stock-new">
          {say('stock.new-rows', { n: fresh })}
        </button>
      )}
      <Rows
        name="stock"
        label={say('stock.title')}
        columns={stockColumns(say, setAsking)}
        rows={pages.rows && rows}
        keyOf={stockKey}
        pages={pages}
        toneOf={(row) => `row-${row.expiryState}`}
        empty={<EmptyNote title={say('stock.none')} hint={say('stock.none-hint')} />}
      />
      <AskDrawer subject={asking} onClose={() => setAsking(null)} />
    </Sheet>
  )
}

/** The site to look at, or all. */
export const SitePick = ({
  value,
  onPick,
}: {
  readonly value: string | undefined
  readonly onPick: (site: string | undefined) => void
}) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  return (
    <Select
      value={value ?? ''}
      showSearch={{ optionFilterProp: 'label' }}
      onChange={(site) => onPick(site === '' ? undefined : site)}
      aria-label={say('stock.site')}
      data-testid="site-pick"
      options={[
        { value: '', label: say('stock.all-sites') },
        ...[...sites.values()].map((site) => ({ value: site.site, label: nameIn(site.name, language) })),
      ]}
    />
  )
}

/** After a snapshot what changed meanwhile is unknown, so the list is read again. */
const useRenewAfterSnapshot = (renew: () => void): void => {
  const snapshots = useLive((state) => state.snapshots)
  const known = useRef(snapshots)
  useEffect(() => {
    if (known.current !== snapshots && known.current > 0) renew()
    known.current = snapshots
  }, [snapshots, renew])
}

const stockColumns = (say: CountySay, onAsk: (subject: AskSubject) => void): readonly Column<StockRow>[] => [
  { id: 'item', title: say('column.item'), width: 'minmax(180px, 2.2fr)', cell: (row) => <ItemCell name={row.itemName} code={row.item} /> },
  { id: 'lot', title: say('column.lot'), width: 'minmax(172px, 1.3fr)', cell: (row) => <AskedLot row={row} onAsk={onAsk} /> },
  { id: 'expiry', title: say('column.expiry'), width: '110px', cell: (row) => row.expiry ?? say('page.nothing') },
  { id: 'state', title: say('column.expiry-state'), width: '178px', cell: (row) => <ExpiryMark row={row} /> },
  { id: 'place', title: say('column.place'), width: 'minmax(180px, 2fr)', cell: (row) => <PlaceCell place={row.place} withSite /> },
  { id: 'units', title: say('column.units'), width: '130px', right: true, cell: (row) => <UnitsCell units={row.units} unit={row.unit} /> },
]

/** The lot, and the way to ask the owner of its place to count it or to correct. */
const AskedLot = ({ row, onAsk }: { readonly row: StockRow; readonly onAsk: (subject: AskSubject) => void }) => (
  <span className="asked-lot">
    <LotLink lot={row.lot} number={row.lotNumber} />
    {placeOf(row.place)?.room != null && <AskButton onAsk={() => onAsk(row)} />}
  </span>
)

const belongs = (row: StockRow, choice: Readonly<Record<string, string>>): boolean =>
  (!choice['site'] || row.site === choice['site']) &&
  (!choice['item'] || row.item === choice['item']) &&
  !choice['search'] &&
  !choice['within']

const WITHIN_DAYS = [0, 30, 90, 180, 365]
const PAGE_ROWS = 100
