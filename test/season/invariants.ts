import { type CountyKeys, rowsIn } from '@lotkeeper/deploy/verbs/verify-rows.ts'
import type { Database } from '@lotkeeper/hub/database.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { verifyLedger } from '@lotkeeper/protocol/ledger/verify.ts'
import { type NodeId, STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { asksStand } from './asks.ts'
import { copyStands } from './copied.ts'
import { seasonCrypto } from './crypto.ts'
import type { NodeRun } from './node.ts'
import { openingsStand } from './openings.ts'
import { registeredOnce } from './registrations.ts'
import { actsStandOnce } from './twice.ts'
import type { World } from './world.ts'

/** Everything that must hold when a season has healed; each breach is one sentence. */
export const invariantsOf = async (world: World): Promise<readonly string[]> => [
  ...world.records.breaches(),
  ...(await hubStands(world)),
  ...world.nodes.flatMap((node) => [
    ...logsAgree(world, node),
    ...answersStand(world, node),
    ...actsStandOnce(world, node),
    ...booksAgree(world, node),
    ...asksStand(world, node),
    ...openingsStand(world, node),
  ]),
  ...registeredOnce(world),
  ...hubKept(world),
  ...(await copyStands(world)),
  ...world.nodes.flatMap((node) => verified(`${node.node}`, node.db(), 'node', keysOf(world, node))),
  ...verified('hub', world.hub.db(), 'hub', keysOf(world, null)),
  ...named(world),
  ...paced(world),
]

/** Time passes until goods on their way are late; what the tables say of it and all else must be what the log gives. */
const hubStands = async ({ hub, time }: World): Promise<readonly string[]> => {
  await hub.ledger().sweep(time.clock.now() + LATE_MS)
  return (await hub.ledger().audit()).map((finding) => `hub audit: ${finding}`)
}
const LATE_MS = 7 * 86_400_000

interface Tip {
  readonly stream: string
  readonly epoch: string
  readonly held: number
  readonly head: string
}
const tipsIn = (db: Database, streams: readonly string[]): readonly Tip[] =>
  db
    .prepare<[], { stream: string; epoch: string; held_seq: number; head_hash: Uint8Array }>('select * from epoch order by stream, epoch')
    .all()
    .filter(({ stream, held_seq }) => streams.includes(stream) && held_seq > 0)
    .map((row) => ({ stream: row.stream, epoch: row.epoch, held: row.held_seq, head: hexOf(row.head_hash) }))

/** Every stream both sides may hold is the same on both: same epochs, same lengths, same heads. */
const logsAgree = ({ hub }: World, node: NodeRun): readonly string[] => {
  const streams = [streamOfNode(node.node), STREAM_TO_ALL, streamToNode(node.node)]
  const text = ({ stream, epoch, held, head }: Tip) => `${stream}/${epoch} ${held} ${head.slice(0, 8)}`
  const here = tipsIn(node.db(), streams).map(text)
  const there = tipsIn(hub.db(), streams).map(text)
  return [
    ...here.filter((tip) => !there.includes(tip)).map((tip) => `${node.node}: the hub lacks ${tip}`),
    ...there.filter((tip) => !here.includes(tip)).map((tip) => `${node.node}: it lacks ${tip}`),
  ]
}

/** Answered bookings are in both logs with the very hash the person was told. */
const answersStand = ({ hub, records }: World, node: NodeRun): readonly string[] => {
  const broken: string[] = []
  for (const db of [node.db(), hub.db()]) {
    const where = db === hub.db() ? 'the hub' : node.node
    const hashAt = db
      .prepare<[string, string, number], Uint8Array>('select hash from log where stream = ? and epoch = ? and seq = ?')
      .pluck()
    for (const one of records.bookings()) {
      if (one.node !== node.node || one.lost) continue
      const hash = hashAt.get(streamOfNode(node.node), one.epoch, one.seq)
      if (!hash || hexOf(hash) !== one.hash) broken.push(`${where}: answered ${one.action} is ${hash ? 'another' : 'gone'}`)
    }
  }
  return broken
}

/** What both keep of the node's own places agrees, and the node's tables are what its log gives. */
const booksAgree = ({ hub, gone, records }: World, node: NodeRun): readonly string[] => {
  // What an entry did whose text is lost for good only the node's own tables still say; of a place that passed on nobody has the whole story.
  const holes = node.ledger().exchange.holes()
  if (holes.some(({ stream }) => stream === streamOfNode(node.node))) records.expect('hole', node.node)
  if (holes.length > 0 || gone.has(node.node)) return []
  const differing = node.ledger().rebuild()
  const here = booksOf(node.db(), node.node)
  const there = booksOf(hub.db(), node.node)
  const places = new Set([...here.keys(), ...there.keys()])
  return [
    ...differing.map((table) => `${node.node}: ${table} differs from a refold`),
    ...[...places].flatMap((place) => {
      const [mine, theirs] = [here.get(place) ?? 0, there.get(place) ?? 0]
      if (mine !== theirs) return [`${node.node}: ${place} is ${mine} here, ${theirs} at the hub`]
      return mine < 0 && !place.includes('~') ? [`${node.node}: ${place} is ${mine}`] : []
    }),
  ]
}

const booksOf = (db: Database, node: NodeId): ReadonlyMap<string, number> =>
  new Map(
    db
      .prepare<[string, string], { lot: string; place: string; units: number }>(
        `select lot, place, units from position where units <> 0 and place like ? || '/%' and place <> ?`,
      )
      .all(node, `${node}/~transit`)
      .map(({ lot, place, units }) => [`${lot} at ${place}`, units]),
  )

/** What the hub answered is there, unless it went back to a copy and nobody else had it. */
const hubKept = ({ hub, nodes, records }: World): readonly string[] => {
  const actionsIn = (db: Database) =>
    new Set(db.prepare<[], string>(`select body ->> '$.action' from log where stream like 'hub>%' and json_valid(body)`).pluck().all())
  const here = actionsIn(hub.db())
  const elsewhere = nodes.map((node) => actionsIn(node.db()))
  return records.toldActions().flatMap((action) => {
    if (here.has(action)) return []
    if (elsewhere.some((held) => held.has(action))) return [`hub: ${action} is gone, and a node has it`]
    return records.mayBeForgotten(action) ? [] : [`hub: answered ${action} is gone`]
  })
}

const keysOf = ({ hub }: World, node: NodeRun | null): CountyKeys => ({
  key: hub.countyKey,
  certificates: [...hub.certificates(), ...(node?.credentials() ?? [])],
})

const verified = (name: string, db: Database, kind: 'hub' | 'node', keys: CountyKeys): readonly string[] => {
  const { findings, unproved } = verifyLedger(seasonCrypto, rowsIn(db, kind, seasonCrypto, keys))
  return [
    ...findings.slice(0, 5).map(({ code, where, detail }) => `${name} verify: ${code} at ${where} (${detail})`),
    ...(unproved > 0 ? [`${name} verify: ${unproved} seals without a certificate`] : []),
  ]
}

interface DiscrepancyRow {
  readonly kind: string
  readonly site: string | null
  readonly subject: string
  readonly title: string
  readonly closed_at: number | null
}

/** Every discrepancy has a fault or an act that justifies it, and everything that had to be named is. */
const named = ({ hub, nodes, gone, oldKeys, records, note }: World): readonly string[] => {
  const rows = hub.db().prepare<[], DiscrepancyRow>('select * from discrepancy').all()
  for (const kind of new Set(rows.map((row) => row.kind))) note(`discrepancy ${kind}`)
  // What an entry did whose text is lost for good stands in one book only.
  const holed = (row: DiscrepancyRow) =>
    row.kind === 'balance-differs' && rows.some(({ kind, site }) => kind === 'hole' && site === row.site)
  // A restored hub hears what the heir of places booked there before it hears again that they passed; then it takes back what it said.
  const takenBack = (row: DiscrepancyRow) =>
    row.kind === 'place-foreign' && row.closed_at !== null && records.allowed('hub-restored', row.site)
  // Taken over twice is booked twice only by who lost his memory, or works beside a copy of himself.
  const twice = (row: DiscrepancyRow) => row.kind === 'opening-twice' && records.allowed('reversed-twice', row.site)
  // What a node that is gone wrote, only the heir of its places has for a restored hub, under the seals of then: of a key revoked since, a person is
  // asked, until the machine is found and brings it under its present key. A batch with a changed letter is nothing it could bring.
  const passed = (from: string, to: string | null) => nodes.some(({ node, ledger }) => node === to && ledger().read.passed().includes(from))
  const inherited = ({ kind, site, subject, closed_at }: DiscrepancyRow) =>
    kind === 'key-revoked' &&
    (closed_at !== null || records.allowed('tamper', site)) &&
    records.allowed('hub-restored', site) &&
    oldKeys.some(({ node, key }) => gone.has(node) && passed(node, site) && subject === `${site} ${key.id}`)
  const justified = (row: DiscrepancyRow) =>
    records.allowed(row.kind, row.site) || holed(row) || takenBack(row) || twice(row) || inherited(row)
  const wrong = rows.filter((row) => !BUSINESS.includes(row.kind) && !justified(row))
  const missed = records.expected().filter(({ kind, site }) => !rows.some((row) => row.kind === kind && row.site === site))
  return [
    ...wrong.slice(0, 5).map(({ kind, site, title }) => `no fault of ${site ?? 'the hub'} justifies ${kind}: ${title}`),
    ...missed.map(({ kind, site }) => `nobody named ${kind} of ${site ?? 'the hub'}`),
  ]
}
/** What people's acts alone make different. */
const BUSINESS: readonly string[] = ['units-unexplained', 'count-differs', 'transit-residue', 'lot-expiry', 'opening-late']

/** A storm of messages is a fault of ours: what is said of holding has its heartbeats and answers, and entries travel once but for what was lost. */
const paced = ({ network, nodes, hub, time, counts }: World): readonly string[] => {
  const { haves, batches, connected, lost, doubled, tampered } = network.counts()
  const entries = hub.db().prepare<[], number>('select count(*) from log').pluck().get() ?? 0
  // Nodes bring each of two hubs what the other wrote, and one that is not obeyed offers what it writes as long as it lives.
  const hubs = counts['fault two-hubs'] ? 2 : 1
  const toAll = hub.db().prepare<[string], number>('select count(*) from log where stream = ?').pluck().get(STREAM_TO_ALL) ?? 0
  const beats = (hubs * nodes.length * time.clock.monotonic()) / 4_000
  const havesMost = Math.round(beats + 1.5 * batches + 4 * connected + 20)
  // Where an answer takes longer than the time to send again, most go twice.
  const often = counts['fault delay'] ? 2.5 : 1.3
  const batchesMost = Math.round(hubs * often * (entries + (nodes.length - 1) * toAll) + 2 * (connected + lost + doubled + tampered) + 20)
  return [
    ...(haves > havesMost ? [`${haves} times somebody said what it holds, ${havesMost} would do`] : []),
    ...(hubs === 1 && batches > batchesMost ? [`${batches} batches, ${batchesMost} would do`] : []),
  ]
}
