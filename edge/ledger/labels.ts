import { entryId, type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'
import type { Read, Scenario, Truth, TruthSource } from '../portal/scenario.ts'
import type { Side } from '../portal/thresholds.ts'
import { type LabelledEntry, openSaid, type Said } from './labels-said.ts'
import { entryIn } from './log.ts'

/** Passages of which people have said, or shown, what truly happened, with the raw reads behind them. */
export interface Labels {
  readonly scenarios: readonly Scenario[]
  readonly found: Readonly<Record<TruthSource, number>>
  /** Labels whose raw reads have run out, or never came to the disk. */
  readonly expired: number
  /** Labels whose reads name no antenna that stands at the door now. */
  readonly unplaced: number
  /** Passages of the door at all, by the version that decided them. */
  readonly versions: Readonly<Record<string, number>>
}

export interface LabelParts {
  readonly node: NodeId
  /** Raw reads by the key a passage names; `null` when they have run out. */
  readonly ring: (key: string) => readonly unknown[] | null
  /** Side of each antenna of a door, `reader:port`. */
  readonly antennas: (door: string) => Readonly<Record<string, Side>>
}

/**
 * Reads the truth about passages out of a node's entries, in the order they were committed: a person's answer to a task, a booking of the door that was
 * taken back, one that a scan or a count within a day agreed with. Passages of one walk are one scenario, those beside them without a truth included.
 */
export const labelsOf = (entries: Iterable<LabelledEntry>, parts: LabelParts): ReadonlyMap<string, Labels> => {
  const said = openSaid(streamOfNode(parts.node))
  for (const one of entries) said.see(one)
  const doors = Map.groupBy(said.passages(), ({ door }) => door)
  return new Map([...doors].map(([door, passages]) => [door, labelsOfDoor(door, passages, parts)]))
}

/** All entries of a node's file in the order they were committed; what this version cannot read is left out. */
export function* entriesOf(db: Database): Generator<LabelledEntry> {
  const rows = db.prepare<[], { readonly stream: string; readonly epoch: string; readonly seq: number; readonly body: string }>(
    'select stream, epoch, seq, body from log order by at',
  )
  for (const { stream, epoch, seq, body } of rows.iterate()) {
    const entry = entryIn(body)
    if (entry) yield { id: entryId(stream, epoch, seq), entry }
  }
}

const labelsOfDoor = (door: string, passages: readonly Said[], { ring, antennas }: LabelParts): Labels => {
  const sides = antennas(door)
  const lost = { expired: 0, unplaced: 0 }
  const found = { settled: 0, reversed: 0, confirmed: 0 }
  const scenarios = walksOf(passages).flatMap((walk) => {
    if (walk.every(({ truth }) => truth === null)) return []
    const tags = walk.flatMap((one) => {
      const reads = readsOf(one, ring, sides)
      if (typeof reads !== 'string') return [{ one, reads }]
      if (one.truth !== null) lost[reads] += 1
      return []
    })
    const truth = tags.flatMap(({ one }) => (one.truth === null ? [] : [truthOf(one, one.truth)]))
    for (const { source } of truth) if (source) found[source] += 1
    return truth.length === 0 ? [] : [scenarioOf({ door, sides, truth, name: `${door} ${walk[0]?.at ?? ''}` }, tags)]
  })
  const versions = Object.fromEntries([...Map.groupBy(passages, ({ algorithm }) => algorithm)].map(([name, some]) => [name, some.length]))
  return { scenarios, found, ...lost, versions }
}

/** Passages one after another within seconds are one person's walk; a tag that passes twice begins another. */
const walksOf = (passages: readonly Said[]): readonly (readonly Said[])[] => {
  const walks: Said[][] = []
  for (const one of passages.toSorted((first, second) =>
    first.boot < second.boot ? -1 : first.boot > second.boot ? 1 : first.atMs - second.atMs,
  )) {
    const walk = walks.at(-1)
    const before = walk?.at(-1)
    const goesOn =
      before?.boot === one.boot &&
      one.atMs - before.atMs <= WALK_GAP_MS &&
      (walk?.length ?? 0) < CART_MAX &&
      !walk?.some(({ epc }) => epc === one.epc)
    if (walk && goesOn) walk.push(one)
    else walks.push([one])
  }
  return walks
}

/** Tags of one cart are in the door plane within this time of each other. */
const WALK_GAP_MS = 3_000
/** More tags than a cart holds. */
const CART_MAX = 200

interface Heard {
  readonly at: number
  readonly antenna: string
  readonly rssiDbm: number | null
  readonly phaseDeg: number | null
}

const readsOf = (
  { ring: key }: Said,
  ring: LabelParts['ring'],
  sides: Readonly<Record<string, Side>>,
): readonly Heard[] | 'expired' | 'unplaced' => {
  const kept = key === null ? null : ring(key)
  if (kept === null) return 'expired'
  const heard = kept.flatMap((one) => heardOf(one) ?? []).filter(({ antenna }) => sides[antenna] !== undefined)
  return heard.length === 0 ? 'unplaced' : heard
}

/** The ring keeps what a door was told; what an older version kept otherwise is left out. */
const heardOf = (value: unknown): Heard | null => {
  if (typeof value !== 'object' || value === null) return null
  const { at, antenna, rssiDbm, phaseDeg } = value as Readonly<Record<string, unknown>>
  if (typeof at !== 'number' || typeof antenna !== 'string') return null
  return { at, antenna, rssiDbm: typeof rssiDbm === 'number' ? rssiDbm : null, phaseDeg: typeof phaseDeg === 'number' ? phaseDeg : null }
}

const truthOf = ({ epc }: Said, { direction, source }: NonNullable<Said['truth']>): Truth => ({ epc, direction, source })

const scenarioOf = (
  walk: Pick<Scenario, 'name' | 'door' | 'truth'> & { readonly sides: Readonly<Record<string, Side>> },
  tags: readonly { readonly one: Said; readonly reads: readonly Heard[] }[],
): Scenario => {
  const all = tags.flatMap(({ one, reads }) => reads.map((read) => ({ ...read, epc: one.epc }))).toSorted((one, other) => one.at - other.at)
  const startMs = all[0]?.at ?? 0
  const { name, door, sides, truth } = walk
  const reads = all.map(({ at, epc, antenna, rssiDbm, phaseDeg }): Read => [Math.round(at - startMs), epc, antenna, rssiDbm, phaseDeg])
  return { name, door, antennas: sides, reads, truth }
}
