import { DELTA, type Delta, LIVE_FLUSH_MS, LIVE_PATH, SNAPSHOT, type Snapshot } from '@lotkeeper/protocol/api/live.ts'
import { io, type Socket } from 'socket.io-client'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HUB_EXAMPLES } from '../api/examples.ts'
import { type ServedHub, serveHub } from '../api/fixtures/served.ts'
import { openLive } from './live.ts'

let hub: ServedHub
const open = new Set<Socket>()
beforeAll(async () => {
  hub = await serveHub({ openLive })
  await hub.ask('POST', '/api/sites', { body: HUB_EXAMPLES.createSite.body })
  await hub.ask('POST', '/api/items', { body: HUB_EXAMPLES.createItem.body })
})
afterAll(async () => {
  for (const socket of open) socket.disconnect()
  await hub.close()
})

interface Client {
  readonly socket: Socket
  readonly deltas: Delta[]
  readonly snapshots: Snapshot[]
  readonly join: (cursor: unknown) => void
}
/** A plain Socket.io client. */
const connect = async (options: Parameters<typeof io>[1] = {}, url = hub.url): Promise<Client> => {
  const socket = io(url, { path: LIVE_PATH, auth: { token: hub.adminToken }, reconnection: false, forceNew: true, ...options })
  open.add(socket)
  const client = {
    socket,
    deltas: [] as Delta[],
    snapshots: [] as Snapshot[],
    join: (cursor: unknown) => void socket.emit('join', { cursor }),
  }
  socket.on('delta', (delta: Delta) => void client.deltas.push(delta))
  socket.on('snapshot', (snapshot: Snapshot) => void client.snapshots.push(snapshot))
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve)
    socket.on('connect_error', reject)
  })
  return client
}
const until = async (isSo: () => boolean) => {
  for (const end = Date.now() + 15_000; !isSo(); ) {
    if (Date.now() > end) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
let acts = 0
/** Registers so many new tags: each is one movement into xinghe's transit. */
const register = async (count = 1) => {
  acts += 1
  const tags = Array.from({ length: count }, (_, at) => ({
    ...{ item: 'gauze-10x10-ex', lotNumber: 'B2611', expiry: '2028-10-31', pack: 'case' },
    epc: `3074${acts.toString(16).padStart(8, '0')}${at.toString(16).padStart(4, '0')}`,
  }))
  const told = await hub.ask('POST', '/api/tags', { body: { action: `live-action-${acts}`, site: 'xinghe', doc: null, tags } })
  expect(told.status).toBe(200)
}
/** Every `seq` a client was told, in order. */
const seqs = ({ deltas }: Client) => deltas.map(({ after, cursor }) => [after.seq, cursor.seq])
const latest = ({ deltas, snapshots }: Client) => deltas.at(-1)?.cursor ?? snapshots.at(-1)?.cursor ?? null

describe('a client', () => {
  it('joins with a snapshot, then hears what changes', async () => {
    const client = await connect()
    client.join(null)
    await until(() => client.snapshots.length === 1)
    expect(Compile(SNAPSHOT).Errors(client.snapshots[0])).toEqual([])
    await register()
    await until(() => client.deltas.length >= 1)
    const [delta] = client.deltas
    expect(Compile(DELTA).Errors(delta)).toEqual([])
    expect(delta).toMatchObject({
      after: client.snapshots[0]?.cursor,
      sites: [{ site: 'xinghe', inTransit: 50 }],
      movements: [{ kind: 'tag', units: 50 }],
    })
  })

  it('hears a node come and go', async () => {
    const client = await connect()
    client.join(hub.live.cursor())
    const birth = { node: 'xinghe', epoch: '00112233445566aa', software: '0.1.0', boot: 'b', at: new Date().toISOString(), devices: [] }
    await hub.ledger.noteBirth('xinghe', birth, Date.now())
    await until(() => client.deltas.at(-1)?.sites[0]?.node.state === 'online')
    await hub.ledger.noteDeath('xinghe', 'lost', Date.now())
    await until(() => client.deltas.at(-1)?.sites[0]?.node.state === 'offline')
  })

  it('goes on from the cursor of the overview it asked for over HTTP', async () => {
    await connect().then((other) => other.join(null))
    const { cursor } = (await hub.ask('GET', '/api/overview')).body as { cursor: { epoch: string; seq: number } }
    await register()
    const client = await connect()
    client.join({ epoch: cursor.epoch, seq: cursor.seq })
    await until(() => client.deltas.some(({ movements }) => movements.length > 0))
    expect(client.snapshots).toEqual([])
  })

  it('comes back after a broken link without a gap and without a snapshot', async () => {
    const watcher = await connect()
    watcher.join(hub.live.cursor())
    await until(() => watcher.deltas.length === 1)
    const client = await connect()
    client.join(hub.live.cursor())
    await register()
    await until(() => client.deltas.some(({ movements }) => movements.length === 1))
    client.socket.disconnect()
    for (let n = 0; n < 3; n += 1) {
      await register()
      await until(() => watcher.deltas.flatMap(({ movements }) => movements).length === n + 2)
    }
    const again = await connect()
    again.join(latest(client))
    await until(() => latest(again)?.seq === hub.live.cursor().seq)
    expect(again.snapshots).toEqual([])
    const numbers = [...seqs(client).filter(([after, seq]) => after !== seq), ...seqs(again)]
    for (const [at, [after]] of numbers.entries()) if (at > 0) expect(after).toBe(numbers[at - 1]?.[1])
    expect(again.deltas.flatMap(({ movements }) => movements)).toHaveLength(3)
  })

  it.each([
    ['of another hub', { epoch: 'ffffffffffffffff', seq: 1 }],
    ['from the future', { epoch: '8f3a1c5e7b9d2046', seq: 9_999_999 }],
  ])('with a cursor %s takes a snapshot', async (_, cursor) => {
    const client = await connect()
    client.join(cursor)
    await until(() => client.snapshots.length === 1)
    expect(client.snapshots[0]?.cursor.epoch).toBe('8f3a1c5e7b9d2046')
  })

  it('takes a snapshot instead of 300 rows of one act, and misses nothing after it', async () => {
    const client = await connect()
    client.join(hub.live.cursor())
    await register(300)
    await until(() => client.snapshots.length >= 1)
    await register()
    await until(() => client.deltas.some(({ movements }) => movements.length === 1))
    const before = (await hub.ask('GET', '/api/overview')).body as { sites: { inTransit: number }[] }
    expect(client.deltas.at(-1)?.sites[0]?.inTransit).toBe(before.sites.find((site) => site.inTransit > 0)?.inTransit)
  })

  it('hears many changes as few words, each movement once', async () => {
    const client = await connect()
    client.join(hub.live.cursor())
    await until(() => client.deltas.length === 1)
    const began = performance.now()
    await Promise.all(Array.from({ length: 40 }, () => register()))
    await until(() => client.deltas.flatMap(({ movements }) => movements).length === 40)
    const flushes = (performance.now() - began) / LIVE_FLUSH_MS
    expect(client.deltas.length - 1).toBeLessThanOrEqual(flushes + 2)
    const entries = client.deltas.flatMap(({ movements }) => movements.map(({ entry }) => entry))
    expect(new Set(entries).size).toBe(40)
  })
})

describe('who may listen', () => {
  const refused = async (options: Parameters<typeof io>[1]) => {
    const error = (await connect(options).catch((why: unknown) => why)) as { readonly message: string; readonly data?: unknown }
    expect(error).toBeInstanceOf(Error)
    return error
  }

  it.each([
    ['nobody', {}],
    ['a forger', { token: 'forged' }],
    ['a number', { token: 7 }],
  ])('not %s', async (_, auth) => {
    expect((await refused({ auth })).data).toMatchObject({ code: 'access.not-signed-in', status: 401 })
  })

  it('a browser by its cookie, over HTTPS too', async () => {
    const told = await hub.ask('POST', '/api/session', { body: HUB_EXAMPLES.signIn.body, token: null })
    const cookie = (told.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    for (const transports of [['websocket'], ['polling']]) await connect({ auth: {}, extraHeaders: { cookie }, transports })
    await refused({ auth: {}, extraHeaders: { cookie: cookie.replace('=', '=x') } })
    const secure = await connect({ ca: hub.authority, transports: ['websocket'] }, hub.secureUrl)
    secure.join(null)
    await until(() => secure.snapshots.length === 1)
  })

  it('not the page of another site', async () => {
    await refused({ extraHeaders: { origin: 'https://evil.example' }, transports: ['websocket'] })
    await connect({ extraHeaders: { origin: hub.url }, transports: ['websocket'] })
  })

  it.each([[{}], [{ cursor: 7 }], [{ cursor: null, more: 1 }], ['x'], [null]])('nobody who says %j', async (word) => {
    const { socket } = await connect()
    const gone = new Promise((resolve) => socket.on('disconnect', resolve))
    socket.emit('join', word)
    await gone
  })
})
