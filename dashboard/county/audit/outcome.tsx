import type { AuditRow } from '@lotkeeper/protocol/api/hub-audit.ts'
import { useSay } from '../words.ts'

/** A word says how it ended; its code says why. */
export const Outcome = ({ row }: { readonly row: AuditRow }) => {
  const say = useSay()
  if (row.outcome === 'ok') return <span className="mark mark-good mark-plain">{say('audit.ok')}</span>
  return (
    <span className="two-lines">
      <span className="mark mark-bad mark-plain">{say('audit.refused')}</span>
      <small className="mono faint audit-code">{row.outcome}</small>
    </span>
  )
}
