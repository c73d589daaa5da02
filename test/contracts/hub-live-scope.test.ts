import type { ServedHub } from '@lotkeeper/hub/api/fixtures/served.ts'
import { openLive } from '@lotkeeper/hub/live/live.ts'
import { CHECKED_WITHIN_MS } from '@lotkeeper/hub/live/sockets.ts'
import { DELTA, type Delta, LIVE_PATH, SNAPSHOT, type Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { Grant } from '@lotkeeper/protocol/rules/access.ts'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { marksOf, serveTwoSites } from './hub-two-sites.ts'

const ANLE = marksOf('qxanle')
const BAIMA = marksOf('qxbaima')
const open = new Set<Socket>()
let hub: ServedHub
beforeAll(async () => {
  hub = await serveTwoSites({ openLive })
})
afterAll(async () => {
  for (const socket of open) socket.disconnect()
  await hub.close()
})

interface Client {
  readonly socket: Socket
  readonly events: unknown[]
  readonly deltas: Delta[]
  readonly snapshots: Snapshot[]
}
const connect = async (token: string): Promise<Client> => {
  const socket = io(hub.url, { path: LIVE_PATH, auth: { token }, reconnection: false, forceNew: true, transports: ['websocket'] })
  open.add(socket)
  const client: Client = { socket, events: [], deltas: [], snapshots: [] }
  socket.onAny((...event: unknown[]) => void client.events.push(event))
  socket.on('delta', (delta: Delta) => void client.deltas.push(delta))
  socket.on('snapshot', (snapshot: Snapshot) => void client.snapshots.push(snapshot))
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve)
    socket.on('connect_error', reject)
  })
  return client
}
const listen = async (...grants: readonly Grant[]): Promise<Client> => {
  const client = await connect(hub.sessionFor(grants).token)
  client.socket.emit('join', { cursor: null })
  await until(() => client.snapshots.length > 0)
  return client
}
const until = async (isSo: () => boolean) => {
  for (const end = Date.now() + 20_000; !isSo(); ) {
    if (Date.now() > end) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
let acts = 0
/** Announces one box to a site; answers the paper it came with. */
const register = async (site: string): Promise<string> => {
  acts += 1
  const epc = `${site === ANLE.site ? 'AA11AA11' : 'BB22BB22'}${acts.toString(16).padStart(16, 'F').toUpperCase()}`
  const tag = { epc, item: 'gauze-10x10-ex', lotNumber: `${site.toUpperCase()}1`, expiry: '2028-10-31', pack: 'case' }
  const doc = `LIVE-${site}-${acts}`
  const body = { action: `live-scope-${acts}`, site, doc, tags: [tag] }
  expect((await hub.ask('POST', '/api/tags', { body })).status).toBe(200)
  return doc
}
/**
 * The papers a client heard of that were made here. What stood before it came may be told it again: a change that waits for its flush is in the
 * snapshot already, and follows once more.
 */
const papersTo = ({ deltas }: Client): readonly string[] =>
  deltas.flatMap(({ movements }) => movements.map(({ doc }) => doc ?? '')).filter((doc) => doc.startsWith('LIVE-'))
const fieldsOf = (word: object = {}): readonly string[] => Object.keys(word).sort()
const heard = ({ events }: Client): string => JSON.stringify(events).toLowerCase()
const keeperAt = (...sites: string[]): Grant => ({ role: 'keeper', sites })

it('tells each listener of its own sites, and of no other a byte', async () => {
  const [anle, baima, both, all] = await Promise.all([
    listen(keeperAt(ANLE.site)),
    listen(keeperAt(BAIMA.site)),
    listen(keeperAt(ANLE.site, BAIMA.site)),
    listen({ role: 'keeper', sites: 'all' }),
  ])
  const papers: string[] = []
  for (let n = 0; n < 4; n += 1) for (const site of [ANLE.site, BAIMA.site]) papers.push(await register(site))
  const [ofAnle, ofBaima] = [ANLE, BAIMA].map(({ site }) => papers.filter((doc) => doc.includes(site)))
  const toEach = () => [anle, baima, both, all].map(papersTo)
  await until(() => toEach().flat().length >= 3 * papers.length)
  expect(toEach()).toEqual([ofAnle, ofBaima, papers, papers])
  for (const word of BAIMA.tells) expect(heard(anle)).not.toContain(word)
  for (const word of ANLE.tells) expect(heard(baima)).not.toContain(word)
  for (const { snapshots, deltas } of [anle, baima, both, all]) {
    expect(fieldsOf(snapshots[0])).toEqual(Object.keys(SNAPSHOT.properties).sort())
    for (const delta of deltas) expect(fieldsOf(delta)).toEqual(Object.keys(DELTA.properties).sort())
    // Each delta follows what was told before it, whatever was left out between.
    const cursors = [snapshots[0]?.cursor.seq, ...deltas.map(({ cursor }) => cursor.seq)]
    expect(deltas.map(({ after }) => after.seq)).toEqual(cursors.slice(0, -1))
    expect(
      deltas.every(
        ({ sites, stock, movements, discrepancies }) => sites.length + stock.length + movements.length + discrepancies.length > 0,
      ),
    ).toBe(true)
  }
  expect([anle, both, all].map(({ snapshots }) => snapshots[0]?.sites.length)).toEqual([1, 2, 2])
})

it('counts the open discrepancies of the sites it shows, and none for whoever may see none', async () => {
  const [anle, all, finance] = await Promise.all([
    listen(keeperAt(ANLE.site)),
    listen({ role: 'keeper', sites: 'all' }),
    listen({ role: 'finance', sites: [ANLE.site] }),
  ])
  const [one, whole] = [anle, all].map(({ snapshots }) => snapshots[0]?.openDiscrepancies ?? 0)
  expect([(one ?? 0) > 0, (one ?? 0) * 2]).toEqual([true, whole])
  const shot = finance.snapshots[0]
  expect([shot?.openDiscrepancies, shot?.discrepancies, shot?.sites.map(({ node }) => node.discrepancies)]).toEqual([0, [], [0]])
  await hub.ledger.openDiscrepancy({
    subject: 'qxanle live',
    kind: 'key-revoked',
    site: ANLE.site,
    facts: {},
    entry: null,
    atMs: Date.now(),
  })
  await until(() => anle.deltas.some(({ openDiscrepancies }) => openDiscrepancies === (one ?? 0) + 1))
  const paper = await register(ANLE.site)
  await until(() => papersTo(finance).includes(paper))
  for (const { discrepancies, openDiscrepancies, sites } of finance.deltas)
    expect([discrepancies, openDiscrepancies, sites.every(({ node }) => node.discrepancies === 0)]).toEqual([[], 0, true])
})

it('takes a cursor of another scope, and tells no more by it', async () => {
  const all = await listen({ role: 'keeper', sites: 'all' })
  for (let n = 0; n < 3; n += 1) await register(BAIMA.site)
  await until(() => papersTo(all).length >= 3)
  const client = await connect(hub.sessionFor([keeperAt(ANLE.site)]).token)
  for (const cursor of [all.snapshots[0]?.cursor, all.deltas.at(-1)?.cursor, { epoch: all.deltas[0]?.cursor.epoch, seq: 0 }]) {
    const before = client.events.length
    client.socket.emit('join', { cursor })
    await until(() => client.events.length > before)
  }
  for (const word of BAIMA.tells) expect(heard(client)).not.toContain(word)
})

it.each([
  ['whoever may see no stock', [{ role: 'administrator', sites: 'all' }] as const],
  ['whoever has no role', [] as const],
])('refuses %s', async (_, grants) => {
  const error = (await connect(hub.sessionFor(grants).token).catch((why: unknown) => why)) as { readonly data?: unknown }
  expect(error.data).toMatchObject({ code: 'access.right-missing', status: 403 })
})

it('drops at once whose session is said to have ended, and nobody else', async () => {
  const [one, other] = [hub.sessionFor([keeperAt(ANLE.site)]), hub.sessionFor([keeperAt(ANLE.site)])]
  const [gone, stays] = [await connect(one.token), await connect(other.token)]
  hub.live.dropWhere(({ user }) => user === one.user)
  await until(() => gone.socket.disconnected)
  expect(stays.socket.connected).toBe(true)
})

it('drops whose session has ended though nobody said so', { timeout: CHECKED_WITHIN_MS * 2 }, async () => {
  const session = hub.sessionFor([keeperAt(ANLE.site)])
  const { socket } = await connect(session.token)
  session.end()
  for (const end = Date.now() + CHECKED_WITHIN_MS * 1.5; socket.connected && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(socket.connected).toBe(false)
})
