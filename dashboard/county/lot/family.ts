import type { GenealogyEdge } from '@lotkeeper/protocol/api/views.ts'
import type { LotKey } from '@lotkeeper/protocol/names.ts'

/** One line of the drawn tree: an edge, how deep it stands, and whether what hangs below it was drawn already further up. */
export interface FamilyLine {
  readonly edge: GenealogyEdge
  /** The lot this line leads to: the parent upwards, the child downwards. */
  readonly lot: LotKey
  readonly depth: number
  readonly again: boolean
}

/**
 * The edges as a tree read from the top, starting at the lot asked about. A lot that several ways lead to is opened at the first; edges that no
 * way leads to (their middle was cut off) come at the end, so that nothing told is hidden.
 */
export const familyOf = (edges: readonly GenealogyEdge[], lot: LotKey, way: 'up' | 'down'): readonly FamilyLine[] => {
  const near = (edge: GenealogyEdge): LotKey => (way === 'up' ? edge.child : edge.parent)
  const far = (edge: GenealogyEdge): LotKey => (way === 'up' ? edge.parent : edge.child)
  const byNear = Map.groupBy(edges, near)
  const opened = new Set<LotKey>([lot])
  const drawn = new Set<GenealogyEdge>()
  const lines: FamilyLine[] = []
  const draw = (from: LotKey, depth: number): void => {
    for (const edge of (byNear.get(from) ?? []).toSorted(byMoment)) {
      const leads = far(edge)
      const again = opened.has(leads)
      drawn.add(edge)
      lines.push({ edge, lot: leads, depth, again: again && byNear.has(leads) })
      if (again) continue
      opened.add(leads)
      draw(leads, depth + 1)
    }
  }
  draw(lot, 1)
  for (const edge of edges) if (!drawn.has(edge)) lines.push({ edge, lot: far(edge), depth: edge.depth, again: false })
  return lines
}

const byMoment = (one: GenealogyEdge, other: GenealogyEdge): number =>
  one.occurredAt === other.occurredAt ? (one.entry < other.entry ? -1 : 1) : one.occurredAt < other.occurredAt ? -1 : 1
