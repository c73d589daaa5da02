import type { Grant } from '@lotkeeper/protocol/rules/access.ts'
import { useGrantLines } from './grant-words.ts'

/** Roles and where they hold, a line for each set of sites. */
export const GrantLines = ({ grants }: { readonly grants: readonly Grant[] }) => {
  const lines = useGrantLines()(grants)
  return (
    <span className="role-lines">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </span>
  )
}
