import type { Line, PassageBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { type PlaceId, placeOf, type ROOM_STATES, roomPlace, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { type CrossingOutcome, type CrossingPlan, type Door, planCrossing, SAME_BOX_MS } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book, Draft } from './contract.ts'
import { type PaperedBook, paperedTag } from './papered.ts'
import { PLAIN } from './writer.ts'

/** A passage on its way into the book: what the door saw, when by the node's clock, and where the raw reads lie in the ring. */
export interface Crossed {
  readonly direction: 'in' | 'out' | 'uncertain'
  readonly epc: string
  readonly atMs: number
  readonly certainty: number
  readonly algorithm: string
  readonly evidence: Readonly<Record<string, unknown>>
  readonly ring: string | null
}

/** What of the book a crossing looks at. */
export type CrossingBook = PaperedBook & Pick<Book, 'recentReceipts' | 'units'>

/**
 * What a crossing books [ledger-and-sync 1.8]: a movement, or an observation that may be a task. A strange tag that an open shipment announces comes in
 * under its paper; it never leaves by one. Runs inside the ledger's transaction.
 */
export const draftsOfCrossing = (book: CrossingBook, door: Door, crossed: Crossed): readonly Draft[] => {
  const papered = crossed.direction === 'in' ? paperedTag(book, door.node, crossed.epc) : null
  const standing = papered?.standing ?? book.standing(crossed.epc)
  const receipts = standing ? book.recentReceipts(standing.lot, crossed.atMs - SAME_BOX_MS) : []
  const plan = planCrossing(door, crossed, standing, receipts)
  const passage = passageOf(door, crossed)
  if (plan.is === 'observe') return [observed(door, crossed, plan.outcome, plan.confirms)]
  return [
    {
      ...PLAIN,
      kind: plan.kind,
      device: door.door,
      occurredAtMs: crossed.atMs,
      doc: plan.doc,
      lines: linesOf(book, door, plan, crossed.epc),
      body: { passage },
    },
    ...(papered ? [{ ...PLAIN, kind: 'provisional' as const, device: door.door, occurredAtMs: crossed.atMs, body: papered.tag }] : []),
  ]
}

/** A crossing that moves nothing: a confirmation, or a task for the keeper. */
export const observed = (door: Door, crossed: Crossed, outcome: CrossingOutcome, confirms: string | null = null): Draft<'passage'> => ({
  ...PLAIN,
  kind: 'passage',
  device: door.door,
  occurredAtMs: crossed.atMs,
  refs: confirms === null ? [] : [confirms],
  body: { passage: passageOf(door, crossed), outcome },
})

const passageOf = (door: Door, { atMs, ...seen }: Crossed): PassageBody => ({ door: door.door, at: new Date(atMs).toISOString(), ...seen })

/**
 * The units of the pack, each out of the state of the room it stands in: acceptance by lot does not say which carton was accepted. What the
 * room lacks is found first, for a wrong book never blocks work [1.4].
 */
const linesOf = (book: CrossingBook, door: Door, plan: CrossingPlan & { readonly is: 'book' }, epc: string): readonly Line[] => {
  const { lot, units, from, to } = plan
  const plain = { lot, entered: null, tags: [epc] }
  if (placeOf(from)?.room == null) return [{ ...plain, from, to, units }]
  const lines: Line[] = []
  let missing = units
  for (const place of statesOf(from)) {
    const taken = Math.min(missing, Math.max(0, book.units(lot, place)))
    if (taken === 0) continue
    lines.push({ ...plain, from: place, to: inState(to, place), units: taken })
    missing -= taken
  }
  if (missing === 0) return lines
  const found = { lot, from: virtualPlace(door.node, 'unexplained'), to: from, units: missing, entered: null, tags: [] }
  return [found, ...lines, { ...plain, from, to, units: missing }]
}

/** The tag's own state first, then what is fit for use, then what waits, then what is held. */
const statesOf = (place: PlaceId): readonly PlaceId[] => {
  const name = placeOf(place)
  if (name?.room == null) return [place]
  const states = (['available', 'pending', 'held'] satisfies readonly (typeof ROOM_STATES)[number][]).map((state) =>
    roomPlace(name.owner, name.room, state),
  )
  return [place, ...states.filter((one) => one !== place)]
}

/** Units keep their state: nothing is inspected by being carried. */
const inState = (to: PlaceId, from: PlaceId): PlaceId => {
  const target = placeOf(to)
  const source = placeOf(from)
  return target?.room != null && source?.state != null ? roomPlace(target.owner, target.room, source.state) : to
}
