import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { EvidenceMark, kindWord } from '../../parts/evidence.tsx'
import { DatedMark, LevelLegend, LevelMark, momentOf } from '../../parts/level.tsx'
import { wayWords } from '../../parts/places.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages, useLive, useMoments, usePlaceWords } from '../county.ts'
import { movementKey } from '../live/view.ts'
import { ItemCell, LotLink, MomentCell, UnitsCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { type CountySay, useSay } from '../words.ts'

/** Every movement, newest first: who moved what, when, and on what evidence. */
export const MovementsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const pages = useHubPages('movements', { limit: 100, ...(choice['site'] ? { site: choice['site'] } : {}) })
  const live = useLive((state) => state.view.movements)
  const fresh = freshRows(pages.rows, live, choice['site'])
  const current = new Map(live.map((row) => [movementKey(row), row]))
  return (
    <Sheet title={say('movements.title')} hint={say('movements.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => replaceChoice('movements', { site })} />
        <LevelLegend />
      </div>
      {fresh > 0 && (
        <button type="button" className="new-rows" onClick={pages.renew} data-testid="movements-new">
          {say('board.new-rows', { n: fresh })}
        </button>
      )}
      <Rows
        name="movements"
        label={say('movements.title')}
        columns={movementColumns(say)}
        rows={pages.rows?.map((row) => current.get(movementKey(row)) ?? row)}
        keyOf={movementKey}
        pages={pages}
        toneOf={(row) => (row.reversedBy ? 'row-reversed' : '')}
        empty={<EmptyNote title={say('board.no-movements')} hint={say('board.no-movements-hint')} />}
      />
    </Sheet>
  )
}

/** Columns of a list of movements. */
const movementColumns = (say: CountySay): readonly Column<MovementRow>[] => [
  { id: 'at', title: say('column.at'), width: '130px', cell: (row) => <MovedAt row={row} /> },
  {
    id: 'kind',
    title: say('column.kind'),
    width: '92px',
    cell: (row) => <span className={`kind kind-${row.kind}`}>{kindWord(row.kind, say)}</span>,
  },
  { id: 'item', title: say('column.item'), width: 'minmax(150px, 1.6fr)', cell: (row) => <ItemCell name={row.itemName} code={row.item} /> },
  { id: 'lot', title: say('column.lot'), width: 'minmax(100px, .9fr)', cell: (row) => <LotLink lot={row.lot} number={row.lotNumber} /> },
  { id: 'way', title: say('column.way'), width: 'minmax(200px, 2.2fr)', cell: (row) => <WayCell row={row} /> },
  { id: 'units', title: say('column.units'), width: '110px', right: true, cell: (row) => <UnitsCell units={row.units} unit={row.unit} /> },
  { id: 'evidence', title: say('column.evidence'), width: 'minmax(110px, 1.2fr)', cell: (row) => <EvidenceMark row={row} /> },
]

/** When it happened; a moment that was put right says so. */
const MovedAt = ({ row }: { readonly row: MovementRow }) => {
  const { full } = useMoments()
  return (
    <span className="two-lines">
      <span className="kept-at">
        <MomentCell at={momentOf(row)} />
        <LevelMark level={row.level} />
      </span>
      <DatedMark row={row} tell={full} />
    </span>
  )
}

const WayCell = ({ row }: { readonly row: Pick<MovementRow, 'from' | 'to'> }) => {
  const place = usePlaceWords()
  return <span className="way-cell">{wayWords(place(row.from), place(row.to))}</span>
}

/** Live rows that are newer than the newest row of the list. */
const freshRows = (rows: readonly MovementRow[] | undefined, live: readonly MovementRow[], site: string | undefined): number => {
  const first = rows?.[0]
  if (!first) return 0
  const mine = site ? live.filter((row) => row.site === site) : live
  return Math.max(
    0,
    mine.findIndex((row) => movementKey(row) === movementKey(first)),
  )
}
