import { isThere } from '../move/page.tsx'
import { PickStock, useChosenRow } from '../parts/pick-stock.tsx'
import { useSay } from '../words.ts'
import { ScrapPaper } from './paper.tsx'

/** Scrapping: what is past its day, broken or wet leaves the stock with a reason. */
export const ScrapPage = () => {
  const say = useSay()
  const chosen = useChosenRow()
  return (
    <div className="work">
      <h1>{say('screen.scrap')}</h1>
      <PickStock hint={say('scrap.scan-hint')} may={isThere} onPick={chosen.pick} />
      {chosen.row && <ScrapPaper key={`${chosen.row.place} ${chosen.row.lot}`} row={chosen.row} onClose={chosen.drop} />}
    </div>
  )
}
