import { HUB, writerOf } from '../names.ts'
import { canonicalText } from './canonical.ts'
import type { Entry } from './entry.ts'

/**
 * What a movement of the hub's own is known by in whatever epoch it stands: its action and part, and what it moves. A hub restored from a backup forgot what
 * it wrote since, and told the same act again writes it again; what it forgot comes back from nodes and the second copy. Both stand in the log for ever,
 * and whoever sums lets the act move once, whichever entry is learnt first. What else the body says may differ by what the hub had forgotten then (a day
 * nobody told again), so it is not asked. `null` for what moves nothing, and for nodes: what their own epochs hold twice they were told twice.
 */
export const actOf = ({ stream, kind, action, part, lines }: Entry): string | null =>
  lines.length > 0 && writerOf(stream) === HUB
    ? canonicalText({ action, part, kind, lines: lines.map(({ lot, from, to, units, tags }) => ({ lot, from, to, units, tags })) })
    : null
