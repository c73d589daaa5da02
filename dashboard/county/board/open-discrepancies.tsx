import { hrefOf } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useLive } from '../county.ts'
import { DiscrepancyLine, gravest } from '../discrepancies/line.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'

/** What does not agree and waits for a person, the gravest first. */
export const OpenDiscrepancies = () => {
  const say = useSay()
  const known = useLive((state) => state.view.discrepancies)
  const count = useLive((state) => state.view.openDiscrepancies)
  const open = [...known.values()].filter((one) => one.closedAt === null).sort(gravest)
  return (
    <Sheet
      title={say('board.open-discrepancies')}
      className="board-discrepancies"
      aside={
        <a className="sheet-link" href={hrefOf('discrepancies')}>
          {say('board.all-discrepancies', { n: count })}
        </a>
      }
    >
      {open.length === 0 ? (
        <EmptyNote title={say('discrepancies.none')} hint={say('discrepancies.none-hint')} />
      ) : (
        <ul className="discrepancy-lines">
          {open.slice(0, SHOWN).map((one) => (
            <DiscrepancyLine key={one.discrepancy} one={one} />
          ))}
        </ul>
      )}
    </Sheet>
  )
}

const SHOWN = 12
