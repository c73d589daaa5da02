import { Waiting } from '../../parts/trouble.tsx'
import { useLive } from '../county.ts'
import { Feed } from './feed.tsx'
import { Figures } from './figures.tsx'
import { OpenDiscrepancies } from './open-discrepancies.tsx'
import { Schematic } from './schematic.tsx'
import { Sites } from './sites.tsx'
import './board.css'

/** The county at a glance: figures, sites worst first, the picture of the county, what moves, what does not agree. */
export const BoardPage = () => {
  const known = useLive((state) => state.heardMs !== null)
  if (!known) return <Waiting rows={10} />
  return (
    <div className="board">
      <Figures />
      <div className="board-left">
        <Sites />
        <Feed />
      </div>
      <div className="board-right">
        <Schematic />
        <OpenDiscrepancies />
      </div>
    </div>
  )
}
