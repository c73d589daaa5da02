import type { TransformBody } from '@lotkeeper/protocol/ledger/bodies.ts'

/** Units of a lot that went into a transformation, or came out of it. */
export interface Part {
  readonly lot: string
  readonly units: number
}
export type Edges = TransformBody['edges']

/**
 * What came of what. Units of one item are laid side by side, so that the edges of every lot add up to its line. Units of different items cannot be
 * compared: all of a kit holds some of each of its parts, and each edge carries the whole of both.
 */
export const edgesOf = (parents: readonly Part[], children: readonly Part[], alike: boolean): Edges =>
  alike
    ? sideBySide(parents, children)
    : parents.flatMap((parent) =>
        children.map((child) => ({ parent: parent.lot, child: child.lot, parentUnits: parent.units, childUnits: child.units })),
      )

const sideBySide = (parents: readonly Part[], children: readonly Part[]): Edges => {
  const edges: Edges = []
  const left = children.map((child) => ({ ...child }))
  for (const parent of parents) {
    let rest = parent.units
    for (const child of left) {
      const units = Math.min(rest, child.units)
      if (units === 0) continue
      edges.push({ parent: parent.lot, child: child.lot, parentUnits: units, childUnits: units })
      child.units -= units
      rest -= units
    }
  }
  return edges
}
