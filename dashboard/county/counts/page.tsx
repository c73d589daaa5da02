import type { CountRow } from '@lotkeeper/protocol/api/views.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages } from '../county.ts'
import { LotLink, MomentCell, PlaceCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { Who } from '../parts/who.tsx'
import { SitePick } from '../stock/page.tsx'
import { type CountySay, useSay } from '../words.ts'

/** Every count, newest first: what lay there, what the books said, the difference and who counted. */
export const CountsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  // A new minute is soon enough for what people count by hand.
  useMinuteMs()
  const pages = useHubPages('counts', { limit: 100, ...(choice['site'] ? { site: choice['site'] } : {}) })
  return (
    <Sheet title={say('counts.title')} hint={say('counts.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => replaceChoice('counts', { site })} />
      </div>
      <Rows
        name="counts"
        label={say('counts.title')}
        columns={columnsOf(say)}
        rows={pages.rows}
        keyOf={(row) => `${row.entry} ${row.lot}`}
        pages={pages}
        empty={<EmptyNote title={say('counts.none')} hint={say('counts.none-hint')} />}
      />
    </Sheet>
  )
}

const columnsOf = (say: CountySay): readonly Column<CountRow>[] => [
  { id: 'at', title: say('column.at'), width: '130px', cell: (row) => <MomentCell at={row.at} /> },
  { id: 'item', title: say('column.item'), width: 'minmax(150px, 1.6fr)', cell: (row) => <CountedItem row={row} /> },
  { id: 'lot', title: say('column.lot'), width: 'minmax(100px, .9fr)', cell: (row) => <LotLink lot={row.lot} number={row.lotNumber} /> },
  { id: 'place', title: say('column.place'), width: 'minmax(180px, 1.8fr)', cell: (row) => <PlaceCell place={row.place} withSite /> },
  { id: 'book', title: say('column.book'), width: '80px', right: true, cell: (row) => numberText(row.book) },
  { id: 'counted', title: say('column.counted'), width: '80px', right: true, cell: (row) => <b>{numberText(row.counted)}</b> },
  { id: 'difference', title: say('column.difference'), width: '90px', right: true, cell: (row) => <DifferenceCell row={row} /> },
  { id: 'who', title: say('column.who'), width: 'minmax(110px, 1.2fr)', cell: (row) => <WhoCell row={row} /> },
]

const CountedItem = ({ row }: { readonly row: CountRow }) => {
  const { language } = useLanguage()
  return <b className="counted-item">{nameIn(row.itemName, language)}</b>
}

/** Its sign says which way, its word that it agrees: the colour only repeats it. */
const DifferenceCell = ({ row }: { readonly row: CountRow }) => {
  const say = useSay()
  if (row.difference === 0) return <span className="mark mark-good mark-plain">{say('counts.same')}</span>
  const sign = row.difference > 0 ? '+' : ''
  return (
    <span className="mark mark-near mark-plain">
      {sign}
      {numberText(row.difference)}
    </span>
  )
}

const WhoCell = ({ row }: { readonly row: CountRow }) => (
  <span className="two-lines">
    <span>
      <Who id={row.actor ?? ''} />
    </span>
    {row.reason && <small className="soft">{row.reason}</small>}
  </span>
)
