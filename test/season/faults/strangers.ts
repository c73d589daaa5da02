import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashAfter, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, writeEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type StreamId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { testParts, testSigner } from '../../parts.ts'
import type { NodeRun } from '../node.ts'
import type { World } from '../world.ts'
import { ranFull } from './disks.ts'
import { type Fault, weatherOf } from './fault.ts'

/** People in the middle and people with stolen names: changed letters, keys nobody knows or that were revoked, other people's streams and topics. */
export const STRANGERS = {
  tamper: {
    ...weatherOf((strength) => ({ tampered: strength * 0.1 })),
    strike: ({ nodes, records }) => {
      for (const { node } of nodes)
        for (const kind of ['tamper', 'key-unknown', 'message-unreadable', 'stream-foreign', 'entry-refused']) records.allow(kind, node)
      return true
    },
  },
  'unknown-key': {
    rate: 0.006,
    strike: (world) => say(world, 'key-unknown', (victim) => forged(world, victim, streamOfNode(victim.node), testSigner(seedOf(world)))),
  },
  'revoked-key': {
    rate: 0.02,
    most: 3,
    needs: ['new-card'],
    strike: async (world) => {
      if (!(await ready(world))) return false
      const heard = await revocationsAt(world.hub)
      const copied = world.counts['fault hub-restored'] || world.counts['fault two-hubs']
      const old = world.pick(world.oldKeys.filter(({ key }) => !copied || heard(key)))
      if (!old) return false
      return say(world, 'key-revoked', (victim) => forged(world, victim, streamOfNode(old.node), { ...old.key, key: old.key.id }), old.node)
    },
  },
  'foreign-stream': {
    rate: 0.006,
    strike: (world) =>
      say(world, 'stream-foreign', (victim) => {
        // Whoever got the places of a node that is gone may bring what that one wrote.
        const other = world.nodes.find(({ node }) => node !== victim.node && !world.gone.has(node))?.node ?? 'nowhere'
        return forged(world, victim, streamOfNode(other), { ...victim.key(), key: victim.key().id })
      }),
  },
  /** Signed by the right key, and no entry at all. */
  'malformed-entry': {
    rate: 0.005,
    most: 2,
    strike: async (world) => {
      const victim = world.pick(world.nodes)
      if (!victim || !(await ready(world)) || !(await world.hub.knows(victim))) return false
      const malformed = (entry: Entry) => canonicalText({ ...entry, body: {} })
      const payload = () => forged(world, victim, streamOfNode(victim.node), { ...victim.key(), key: victim.key().id }, malformed)
      return say(world, 'entry-refused', payload, victim.node)
    },
  },
  unreadable: { rate: 0.006, strike: (world) => say(world, 'message-unreadable', () => '{"specversion":"1.0"}') },
  'forged-topic': {
    rate: 0.006,
    strike: async (world) => {
      const { nodes, hub, network, time } = world
      const [victim, other] = nodes
      if (!victim || !other || !(await ready(world))) return false
      const sinceMs = time.clock.now()
      network.intrude(victim.node, topicOf('upLog', other.node), '{}')
      await time.runFor(WAITED_MS)
      return toBeNamed(world, 'topic-forged', victim.node, hub.isUp() && !(await ranFull(hub, sinceMs)))
    },
  },
  /** The node's own key signs another entry in a place that is taken: a copy with the same memory. */
  fork: {
    rate: 0.006,
    most: 1,
    strike: async (world) => {
      const machine = world.pick(world.nodes.filter((run) => run.isUp()))
      if (!machine || !(await ready(world))) return false
      const { epoch, seq } = machine.ledger().head()
      if (seq < 2 || ((await world.hub.heldOf(machine.node)).get(epoch) ?? 0) < seq) return false
      return say(world, 'fork', () => otherBranch(world, machine, epoch, seq), machine.node)
    },
  },
} as const satisfies Record<string, Fault>

/** What waited for room is taken a second later, if there is room by then. */
const WAITED_MS = 1_100

type Key = Parameters<typeof sealed>[1]

const ready = async ({ hub }: World): Promise<boolean> => hub.isUp() && (await hub.ledger().storage()).state === 'ok'

/**
 * What a hub can know of revoked keys. One that was started from a copy, alone or beside another, may not have heard of a revocation or of the key
 * itself yet; from when it holds the word it must heed it, also where that is parked.
 */
const revocationsAt = async (hub: World['hub']): Promise<(key: Pick<ReturnType<NodeRun['key']>, 'id' | 'publicKey'>) => boolean> => {
  const certified = (await hub.ledger().nodes()).flatMap(({ certificates }) => certificates.map(({ certificate }) => certificate))
  const held = hub
    .db()
    .prepare<[], string>(
      `select body ->> '$.body.key' from log
       where stream like 'hub>%' and case when json_valid(body) then body ->> '$.kind' end = 'revoke'`,
    )
    .pluck()
    .all()
  return ({ id, publicKey }) => held.includes(id) && certified.some((text) => text.includes(base64urlOf(publicKey)))
}

const seedOf = ({ seed, draw }: World): Uint8Array => testParts.sha256(testParts.utf8(`stranger ${seed} ${draw()}`))

/**
 * Says something under a node's name, and expects the hub to name it with what it decides of it. What still waits for room ends with its hub, and
 * nobody brings it again; that the disk takes another line meanwhile is no proof of room for this one.
 */
const say = async (world: World, kind: string, payload: (victim: NodeRun) => string, node?: string): Promise<boolean> => {
  const victim = world.nodes.find((run) => run.node === node) ?? world.pick(world.nodes)
  if (!victim || !(await ready(world))) return false
  world.network.intrude(victim.node, topicOf('upLog', victim.node), payload(victim))
  await world.time.runFor(WAITED_MS)
  return toBeNamed(world, kind, victim.node, world.hub.isUp() && !world.undecided(victim.node))
}

const toBeNamed = ({ records }: World, kind: string, node: string, surely: boolean): true => {
  if (surely) records.expect(kind, node)
  else records.allow(kind, node)
  return true
}

const forged = (world: World, { node }: NodeRun, stream: StreamId, key: Key, write = writeEntry): string => {
  const epoch = hexOf(seedOf(world).subarray(0, 8)).toLowerCase()
  const entry: Entry = {
    ...{ v: 1, stream, epoch, seq: 1, kind: 'epoch', action: `epoch:${epoch}`, part: 0, actor: null, device: null },
    ...{ occurredAt: new Date(world.time.clock.now()).toISOString(), zone: 'Asia/Shanghai', boot: 'stranger', upMs: 0, doc: null },
    ...{ refs: [], reverses: null, lines: [], body: { parent: null, software: 'stranger' } },
  }
  return sealed({ node, stream, epoch, seq: 1, previous: CHAIN_START, text: write(entry) }, key)
}

/**
 * Made of what the hub holds: a text that the card forgot is no entry to make another of. What the hub holds may be of a kind that only a newer
 * edge knows; whoever copied that card signs another of it all the same, and the hub tells branches by their hashes.
 */
const otherBranch = ({ hub }: World, machine: NodeRun, epoch: string, seq: number): string => {
  const stream = streamOfNode(machine.node)
  const row = hub
    .db()
    .prepare<[string, string, number], { hash: Uint8Array; body: string }>(
      'select hash, body from log where stream = ? and epoch = ? and seq = ?',
    )
  const previous = row.get(stream, epoch, seq - 1)?.hash ?? CHAIN_START
  const entry = JSON.parse(row.get(stream, epoch, seq)?.body ?? '{}') as Entry
  const text = canonicalText({ ...entry, actor: 'somebody-else' })
  return sealed({ node: machine.node, stream, epoch, seq, previous, text }, { ...machine.key(), key: machine.key().id })
}

const sealed = (
  one: {
    readonly node: string
    readonly stream: StreamId
    readonly epoch: string
    readonly seq: number
    readonly previous: Uint8Array
    readonly text: string
  },
  signer: { readonly key: string; readonly sign: (message: Uint8Array) => Uint8Array },
): string => {
  const head = { stream: one.stream, epoch: one.epoch, upto: one.seq, headHash: hexOf(hashAfter(testParts, one.previous, one.text)) }
  const signature = signer.sign(signedHead(testParts, head))
  const batch = { ...head, from: one.seq, key: signer.key, signature, entries: [one.text] }
  return writeBatch(batch, { source: `lotkeeper/${one.node}`, time: '2026-11-22T00:00:00.000Z' })
}
