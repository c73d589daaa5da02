import type { AsOfRow } from '@lotkeeper/protocol/api/views.ts'
import { isCalendarDate } from '@lotkeeper/protocol/names.ts'
import { Input, Segmented } from 'antd'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useHubPages } from '../county.ts'
import { ItemCell, LotLink, PlaceCell, UnitsCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { type CountySay, useSay } from '../words.ts'

/** Stock at the end of a day of the past: as it truly was by all that is known now, or as the county knew it then. */
export const AsOfPage = () => {
  const today = useHub('overview')
  if (!today.value) return today.trouble ? <TroubleNote trouble={today.trouble} /> : <Waiting rows={9} />
  return <AsOf today={today.value.today} />
}

const AsOf = ({ today }: { readonly today: string }) => {
  const say = useSay()
  const { choice } = useRoute()
  const asked = choice['date']
  const date = asked && isCalendarDate(asked) && asked <= today ? asked : today
  const by = choice['by'] === 'known' ? 'known' : 'true'
  const pages = useHubPages('stockAsOf', { limit: 100, date, by, ...(choice['site'] ? { site: choice['site'] } : {}) })
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('as-of', { ...choice, ...next })
  return (
    <Sheet title={say('as-of.title', { day: date })} className="list-sheet">
      <div className="filters">
        <Input
          type="date"
          value={date}
          max={today}
          onChange={(event) => choose({ date: event.target.value })}
          aria-label={say('as-of.day')}
          className="day-field"
          data-testid="as-of-date"
        />
        <Segmented
          value={by}
          onChange={(next) => choose({ by: next })}
          aria-label={say('as-of.by')}
          options={[
            { value: 'true', label: say('as-of.true') },
            { value: 'known', label: say('as-of.known') },
          ]}
          data-testid="as-of-by"
        />
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
      </div>
      <p className="explains" data-testid="as-of-hint">
        {say(`as-of.${by}-hint`)}
      </p>
      <Rows
        name="as-of"
        label={say('as-of.title', { day: date })}
        columns={columnsOf(say)}
        rows={pages.rows}
        keyOf={(row) => `${row.place}\n${row.lot}`}
        pages={pages}
        empty={<EmptyNote title={say('as-of.none')} hint={say('as-of.none-hint')} />}
      />
    </Sheet>
  )
}

const columnsOf = (say: CountySay): readonly Column<AsOfRow>[] => [
  { id: 'item', title: say('column.item'), width: 'minmax(180px, 2.2fr)', cell: (row) => <ItemCell name={row.itemName} code={row.item} /> },
  { id: 'lot', title: say('column.lot'), width: 'minmax(110px, 1fr)', cell: (row) => <LotLink lot={row.lot} number={row.lotNumber} /> },
  { id: 'expiry', title: say('column.expiry'), width: '110px', cell: (row) => row.expiry ?? say('page.nothing') },
  { id: 'place', title: say('column.place'), width: 'minmax(200px, 2fr)', cell: (row) => <PlaceCell place={row.place} withSite /> },
  { id: 'units', title: say('column.units'), width: '130px', right: true, cell: (row) => <UnitsCell units={row.units} unit={row.unit} /> },
]
