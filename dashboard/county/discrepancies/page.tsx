import { useState } from 'react'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages, useLive } from '../county.ts'
import { AskDrawer, type AskSubject } from '../parts/ask.tsx'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import { DiscrepancyLine } from './line.tsx'

/** What does not agree: open ones first, as the hub orders them; the live view closes and opens them in place. */
export const DiscrepanciesPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const [asking, setAsking] = useState<AskSubject | null>(null)
  const pages = useHubPages('discrepancies', { limit: 100, ...(choice['site'] ? { site: choice['site'] } : {}) })
  const live = useLive((state) => state.view.discrepancies)
  const rows = pages.rows?.map((row) => live.get(row.discrepancy) ?? row)
  const known = new Set(rows?.map((row) => row.discrepancy))
  const fresh = [...live.values()].filter(
    (one) => one.closedAt === null && !known.has(one.discrepancy) && (!choice['site'] || one.site === choice['site']),
  )
  return (
    <Sheet title={say('discrepancies.title')} hint={say('discrepancies.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => replaceChoice('discrepancies', { site })} />
      </div>
      {rows && fresh.length > 0 && (
        <button type="button" className="new-rows" onClick={pages.renew}>
          {say('board.new-rows', { n: fresh.length })}
        </button>
      )}
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!rows && !pages.trouble && <Waiting rows={8} />}
      {rows?.length === 0 && <EmptyNote title={say('discrepancies.none')} hint={say('discrepancies.none-hint')} />}
      <ul className="discrepancy-lines">
        {rows?.map((one) => (
          <DiscrepancyLine key={one.discrepancy} one={one} onAsk={setAsking} />
        ))}
      </ul>
      <MoreRows pages={pages} />
      <AskDrawer subject={asking} onClose={() => setAsking(null)} />
    </Sheet>
  )
}
