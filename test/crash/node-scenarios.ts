import type { Draft } from '@lotkeeper/edge/ledger/contract.ts'
import { PLAIN } from '@lotkeeper/edge/ledger/writer.ts'
import type { EntryKind, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { roomPlace, transitTo, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { testWriter } from '../writer.ts'
import type { Scenario } from './exhaustive.ts'
import { epochOf, type Head, HUB_SIGNER, NODE, NODE_SIGNER, type NodeHouse, openNodeHouse, START_MS } from './houses.ts'

/** One act of a keeper; a repeat answers the first booking. */
export const bookAct =
  (action: string, kind: EntryKind, ...lines: readonly Line[]) =>
  async ({ ledger }: NodeHouse): Promise<Head> => {
    const booked = ledger.book({ action, act: kind }, () => [draftOf(kind, lines)])
    if (isRefusal(booked)) throw new Error(`${action}: ${booked.en}`)
    const entry = booked.entries[0]
    return { stream: OWN, epoch: entry?.entry?.epoch ?? '', seq: entry?.seq ?? 0, hash: entry?.hash ?? '' }
  }

export const lineOf = (from: string, to: string, units: number): Line => ({ lot: LOT, from, to, units, entered: null, tags: [] })
export const OWN = `${NODE}>*`
export const LOT = 'gauze/B1'
export const PENDING = roomPlace(NODE, 'main', 'pending')
export const AVAILABLE = roomPlace(NODE, 'main', 'available')
export const TRANSIT = transitTo(NODE)
export const CONSUMED = virtualPlace(NODE, 'consumed')

/** Everything a node does with its file, each to be cut short at every call. */
export const NODE_SCENARIOS: readonly Scenario<NodeHouse>[] = [
  {
    name: 'a node begins',
    kind: 'node',
    prepare: async () => {},
    open: async (folder, life, meter) => openNodeHouse(folder, life, meter.signer(NODE_SIGNER)),
    acts: [],
  },
  {
    name: 'a node books one act after another',
    kind: 'node',
    prepare: async (folder) => openNodeHouse(folder, 0).close(),
    open: async (folder, life, meter) => openNodeHouse(folder, life, meter.signer(NODE_SIGNER)),
    acts: [
      bookAct('take-in', 'receive', lineOf(TRANSIT, PENDING, 20)),
      bookAct('accept', 'accept', lineOf(PENDING, AVAILABLE, 20)),
      bookAct('use-more-than-there-is', 'issue', lineOf(virtualPlace(NODE, 'unexplained'), AVAILABLE, 5), lineOf(AVAILABLE, CONSUMED, 25)),
      async ({ ledger }) => {
        const { epoch, seq, hash } = ledger.head()
        ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: seq })
        return { stream: OWN, epoch, seq, hash }
      },
      bookAct('take-in-again', 'receive', lineOf(TRANSIT, PENDING, 7)),
    ],
  },
  {
    name: 'a node books a group of crossings',
    kind: 'node',
    prepare: async (folder) => openNodeHouse(folder, 0).close(),
    open: async (folder, life, meter) => openNodeHouse(folder, life, meter.signer(NODE_SIGNER)),
    acts: [
      async ({ ledger }) => {
        const acts = ['box-1', 'box-2', 'box-3'].map((action) => ({
          ...{ action, act: 'crossing' },
          decide: () => [draftOf('receive', [lineOf(TRANSIT, PENDING, 20)])],
        }))
        const last = ledger.bookGroup(acts).at(-1)
        if (!last || isRefusal(last)) throw new Error('a group was refused')
        const entry = last.entries[0]
        return { stream: OWN, epoch: entry?.entry?.epoch ?? '', seq: entry?.seq ?? 0, hash: entry?.hash ?? '' }
      },
    ],
  },
  {
    name: 'a node takes what the hub tells',
    kind: 'node',
    prepare: async (folder) => openNodeHouse(folder, 0).close(),
    open: async (folder, life, meter) => openNodeHouse(folder, life, meter.signer(NODE_SIGNER)),
    acts: [
      async (house) => told(house, 1, 2),
      async (house) => told(house, 1, 5),
      bookAct('take-in', 'receive', lineOf(TRANSIT, PENDING, 20)),
      async (house) => {
        // The hub's time is another: the node writes down how wrong its clock was.
        house.ledger.exchange.note({ hubAtMs: START_MS, heldByHub: { epoch: epochOf(0), seq: 1 } })
        return null
      },
      async (house) => told(house, 6, 6),
    ],
  },
  {
    name: 'a new card pulls its own history back',
    kind: 'node',
    prepare: async (folder) => openNodeHouse(folder, 0).close(),
    open: async (folder, life, meter) => openNodeHouse(folder, life, meter.signer(NODE_SIGNER)),
    acts: [async (house) => pulledBack(house, 1, 3), async (house) => pulledBack(house, 1, 5)],
  },
]

const draftOf = (kind: EntryKind, lines: readonly Line[]): Draft => ({
  ...PLAIN,
  kind,
  occurredAtMs: START_MS,
  lines: [...lines],
  body: {},
})

/** A hub's stream to this node: items and goods on their way. */
const fromHub = (() => {
  const writer = testWriter(`hub>${NODE}`, epochOf(99), HUB_SIGNER)
  for (let at = 1; at <= 5; at += 1) {
    const epc = `30${at.toString(16).toUpperCase().padStart(22, '0')}`
    const body = { epc, lot: LOT, printed: 'B1', expiry: '2028-01-31', pack: 'box', units: 20, site: NODE }
    const lines = [{ ...lineOf('hub/~supplier', TRANSIT, 20), tags: [epc] }]
    writer.add({ kind: 'tag', action: `tag-${at}`, doc: `ASN-${at}`, lines, body })
  }
  return writer
})()

const told = async ({ ledger }: NodeHouse, from: number, upto: number): Promise<Head> => {
  const judged = ledger.exchange.take(fromHub.batch(from, upto), HUB_SIGNER.publicKey)
  if (judged.is !== 'taken' && judged.is !== 'duplicate') throw new Error(`the hub's words were judged ${judged.is}`)
  const { stream, epoch, headHash } = fromHub.batch(from, upto)
  return { stream, epoch, seq: upto, hash: headHash }
}

/** What this node wrote before its card was lost; the last use is more than the rest gives. */
const before = (() => {
  const writer = testWriter(OWN, epochOf(98), NODE_SIGNER)
  const add = (action: string, kind: EntryKind, line: Line) => void writer.add({ kind, action, lines: [line], body: {} })
  add('old-1', 'receive', lineOf(TRANSIT, PENDING, 20))
  add('old-2', 'accept', lineOf(PENDING, AVAILABLE, 20))
  add('old-3', 'issue', lineOf(AVAILABLE, CONSUMED, 20))
  add('old-4', 'issue', lineOf(AVAILABLE, CONSUMED, 4))
  return writer
})()

const pulledBack = async ({ ledger }: NodeHouse, from: number, upto: number): Promise<Head> => {
  const judged = ledger.exchange.take(before.batch(from, upto), NODE_SIGNER.publicKey)
  if (judged.is !== 'taken' && judged.is !== 'duplicate') throw new Error(`own history was judged ${judged.is}`)
  const { stream, epoch, headHash } = before.batch(from, upto)
  return { stream, epoch, seq: upto, hash: headHash }
}
