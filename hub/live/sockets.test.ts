import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket as NodeSocket } from 'node:net'
import { type Delta, LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { closeServer, connectionsOf } from '../api/listening.ts'
import type { Listener } from './audience.ts'
import { openSockets, type Sockets } from './sockets.ts'

const SESSION = {
  user: 'county',
  name: '',
  token: 'right',
  until: '2999-01-01T00:00:00.000Z',
  roles: [],
  rights: { 'stock.see': 'all' as const },
}
let server: Server
let connections: ReadonlySet<NodeSocket>
let sockets: Sockets
let client: Socket
let listener: Listener
beforeEach(async () => {
  server = createServer()
  connections = connectionsOf(server)
  const seated = Promise.withResolvers<Listener>()
  const seat = (one: Listener) => {
    seated.resolve(one)
    return { join: () => undefined, leave: () => undefined }
  }
  sockets = openSockets({ check: (token) => (token === 'right' ? SESSION : null), seat, after })
  sockets.attach(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = io(`http://127.0.0.1:${port}`, {
    path: LIVE_PATH,
    auth: { token: 'right' },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  })
  listener = await seated.promise
})
afterEach(() => void client.disconnect())

/** A delta of about one megabyte. */
const MEGABYTE = { at: 'x'.repeat(1_000_000) } as Delta
const wireOf = (socket: Socket) => (socket.io.engine.transport as unknown as { readonly ws: { readonly _socket: NodeSocket } }).ws._socket
const beat = () => new Promise((resolve) => setTimeout(resolve, 5))
const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

it('a client that stops reading is ready no more once the network is full, and ready again when it reads on', async () => {
  const heard: string[] = []
  client.on('delta', ({ at }: Delta) => void heard.push(at))
  await new Promise<void>((resolve) => (client.connected ? resolve() : client.once('connect', resolve)))
  wireOf(client).pause()
  let sent = 0
  for (let quiet = 0; quiet < 40; quiet += 1) {
    if (listener.isReady()) {
      listener.tellDelta(MEGABYTE)
      sent += 1
      quiet = 0
    }
    if (sent > 60) throw new Error('a client that reads nothing seems ready for ever')
    await beat()
  }
  expect(listener.isReady()).toBe(false)
  wireOf(client).resume()
  for (let n = 0; n < 2_000 && (heard.length < sent || !listener.isReady()); n += 1) await beat()
  expect(heard).toHaveLength(sent)
  expect(listener.isReady()).toBe(true)
  await close()
}, 60_000)

it('does not keep its server from closing', async () => {
  wireOf(client).pause()
  for (let n = 0; n < 20; n += 1) listener.tellDelta(MEGABYTE)
  const began = performance.now()
  await close()
  expect(performance.now() - began).toBeLessThan(5_000)
  expect([...connections].every((connection) => connection.destroyed)).toBe(true)
})

const close = () => {
  sockets.close()
  return closeServer(server, connections, after)
}

it.each(['?EIO=4&transport=polling', '?EIO=9&transport=polling', '/nothing'])(
  'no browser shows, guesses or keeps an answer: %s',
  async (query) => {
    const { port } = server.address() as AddressInfo
    const { headers } = await fetch(`http://127.0.0.1:${port}${LIVE_PATH}/${query}`)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store'])
  },
)
