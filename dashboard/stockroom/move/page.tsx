import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { PickStock, useChosenRow } from '../parts/pick-stock.tsx'
import { useSay } from '../words.ts'
import { MovePaper } from './paper.tsx'

/** Moving between own places: another store room, into quarantine and out of it. */
export const MovePage = () => {
  const say = useSay()
  const chosen = useChosenRow()
  return (
    <div className="work">
      <h1>{say('screen.move')}</h1>
      <PickStock hint={say('move.scan-hint')} may={isThere} onPick={chosen.pick} />
      {chosen.row && <MovePaper key={`${chosen.row.place} ${chosen.row.lot}`} row={chosen.row} onClose={chosen.drop} />}
    </div>
  )
}

/** Units in a room that can be taken from it. */
export const isThere = (row: StockRow): boolean => placeOf(row.place)?.room != null && row.units > 0
