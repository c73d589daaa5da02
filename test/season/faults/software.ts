import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, type Line, writeEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId, roomPlace, streamOfNode, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { testParts } from '../../parts.ts'
import type { NodeRun } from '../node.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Faulty software under a true key: what it says is authentic, so it is booked, and every rule it breaks is named. */
export const SOFTWARE = {
  'faulty-software': {
    rate: 0.004,
    most: 1,
    strike: async (world) => {
      const { pick, nodes, hub, network, records, time, gone } = world
      const victim = pick(nodes.filter((run) => run.isUp()))
      // Places of a node that is gone may be the victim's by now.
      const other = nodes.find((run) => run !== victim && !gone.has(run.node))
      if (!victim || !other || !hub.isUp() || (await hub.ledger().storage()).state === 'full' || !(await hub.knows(victim))) return false
      network.intrude(victim.node, topicOf('upLog', victim.node), epochOf(world, victim, other))
      // The node hears of an epoch of its own that it never wrote.
      for (const kind of ['place-foreign', 'reversal-differs', 'reversed-twice', 'lost-tail', 'clone', 'room-negative'])
        records.allow(kind, victim.node)
      records.allow('room-negative', other.node)
      await time.runFor(1_100)
      if (!hub.isUp() || (await hub.ledger().storage()).state === 'full') return true
      for (const kind of ['place-foreign', 'reversal-differs', 'reversed-twice']) records.expect(kind, victim.node)
      return true
    },
  },
} as const satisfies Record<string, Fault>

/** A whole epoch of one batch: a receipt, a loan from another's room and back, a reversal of too little, and the same line reversed again. */
const epochOf = ({ time, draw, seed }: World, { node, key }: NodeRun, other: NodeRun): string => {
  const stream = streamOfNode(node)
  const epoch = hexOf(testParts.sha256(testParts.utf8(`software ${seed} ${draw()}`)).subarray(0, 8)).toLowerCase()
  const [room, theirs, supplier] = [roomPlace(node, 'main', 'held'), roomPlace(other.node, 'main', 'held'), virtualPlace(node, 'supplier')]
  const line = (from: string, to: string, units: number): Line => ({ lot: 'gauze/A1', from, to, units, entered: null, tags: [] })
  const reverses = { entry: entryId(stream, epoch, 2), lines: [0] }
  const acts: readonly Pick<Entry, 'kind' | 'lines' | 'reverses' | 'body'>[] = [
    { kind: 'epoch', lines: [], reverses: null, body: { parent: null, software: 'faulty' } },
    { kind: 'receive', lines: [line(supplier, room, 5)], reverses: null, body: {} },
    { kind: 'move', lines: [line(theirs, room, 1), line(room, theirs, 1)], reverses: null, body: {} },
    { kind: 'reverse', lines: [line(room, supplier, 2)], reverses, body: {} },
    { kind: 'reverse', lines: [line(room, supplier, 1)], reverses, body: {} },
  ]
  const texts = acts.map((act, at) =>
    writeEntry({
      ...{ v: 1, stream, epoch, seq: at + 1, action: `faulty:${epoch}:${at}`, part: 0, actor: null, device: null },
      ...{ occurredAt: new Date(time.clock.now()).toISOString(), zone: 'Asia/Shanghai', boot: 'faulty', upMs: at, doc: null, refs: [] },
      ...act,
    }),
  )
  const head = texts.reduce<Uint8Array>((previous, text) => hashAfter(testParts, previous, text), CHAIN_START)
  const sealed = { stream, epoch, upto: texts.length, headHash: hexOf(head) }
  const batch = { ...sealed, from: 1, key: key().id, signature: key().sign(signedHead(testParts, sealed)), entries: texts }
  return writeBatch(batch, { source: `lotkeeper/${node}`, time: '2026-11-22T00:00:00.000Z' })
}
