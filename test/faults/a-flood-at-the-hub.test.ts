import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import { io } from 'socket.io-client'
import { describe, expect } from 'vitest'
import { until } from '../county.ts'
import { type LoneHub, openWire, hubTest as test, type Wire } from './lone-hub.ts'

const MB = 1_048_576

/** How long a signed-in person waits for an answer, from a connection of their own. */
const askedOnce = async ({ http }: LoneHub, token: string): Promise<number> => {
  const since = performance.now()
  const answer = await fetch(`${http}/api/sites`, { headers: { authorization: `Bearer ${token}`, connection: 'close' } })
  expect(answer.status).toBe(200)
  await answer.arrayBuffer()
  return performance.now() - since
}
/** As people wait: a machine that stood still for a moment holds up one of them, a hub that is held up all. */
const middleOf = (waits: readonly number[]): number => waits.toSorted((one, other) => one - other)[waits.length >> 1] ?? Number.NaN
const asked = async (hub: LoneHub, token: string): Promise<number> => {
  const waits: number[] = []
  for (let times = 0; times < 5; times += 1) waits.push(await askedOnce(hub, token))
  return middleOf(waits)
}
/** Sooner than the first of those who say nothing is ended: nobody waits for them. */
const HELD_UP_MS = 10_000

/** Pushes a body of a gigabyte until the hub has enough; the bytes that were taken, and what was said. */
const push = async (hub: LoneHub, head: string, chunked: boolean): Promise<{ readonly sent: number; readonly wire: Wire }> => {
  const wire = openWire(hub)
  const { socket } = wire
  socket.write(head, 'latin1')
  const piece = Buffer.alloc(MB, 'a')
  const framed = chunked ? Buffer.concat([Buffer.from(`${MB.toString(16)}\r\n`), piece, Buffer.from('\r\n')]) : piece
  let sent = 0
  const over = wire.gone.then(() => undefined)
  while (sent < 1_000 * MB && !socket.destroyed) {
    if (!socket.write(framed)) await Promise.race([once(socket, 'drain').catch(() => undefined), over])
    sent += MB
  }
  socket.destroy()
  return { sent, wire }
}

describe('a gigabyte', () => {
  test('sent to any route ends early, in flat memory', async ({ hub }) => {
    const { token } = await hub.signIn()
    const before = hub.memory()
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, hub.memory())
    }, 20)
    const json = 'content-type: application/json\r\n'
    const admin = `authorization: Bearer ${token}\r\n`
    const cases = [
      ['/api/session', json, 413, 1_000],
      ['/api/items', `${json}${admin}`, 413, 1_000],
      ['/api/items', json, 401, 1_000],
      ['/api/files', `content-type: application/pdf\r\n${admin}`, 413, 1_000],
      ['/api/table-imports?kind=items', `content-type: text/csv\r\n${admin}`, 413, 1_000],
      ['/api/nowhere', json, '4(?:04|13)', 1_000],
    ] as const
    for (const [path, headers, status, mbMax] of cases)
      for (const framing of ['content-length: 1048576000', 'transfer-encoding: chunked']) {
        const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${framing}\r\n\r\n`
        const { sent, wire } = await push(hub, head, framing.startsWith('t'))
        // Cut while it still sends, a sender may not come to read the answer.
        expect(wire.heard().slice(0, 12), `${path} ${framing}`).toMatch(new RegExp(`^(?:HTTP/1.1 ${status}|$)`))
        expect({ path, framing, early: sent < mbMax * MB, sent }).toMatchObject({ early: true })
      }
    clearInterval(watch)
    expect((most - before) / MB).toBeLessThan(200)
    expect(await asked(hub, token)).toBeLessThan(2_000)
  })
})

describe('slow senders', () => {
  test('are ended in time, and others are answered meanwhile', async ({ hub }) => {
    const { token } = await hub.signIn()
    const drip = (start: string, at: number) => {
      const wire = openWire(hub, `127.0.3.${1 + at}`)
      wire.socket.write(start)
      const timer = setInterval(() => wire.socket.write('a'), 1_000)
      return wire.gone.finally(() => clearInterval(timer))
    }
    const silent = Array.from({ length: 50 }, () => openWire(hub).gone)
    const headers = Array.from({ length: 150 }, (_, at) => drip('POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ', at))
    const head = 'POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{'
    const bodies = Array.from({ length: 100 }, (_, at) => drip(head, at))
    await wait(1_000)
    expect(await asked(hub, token)).toBeLessThan(2_000)
    expect(Math.max(...(await Promise.all([...silent, ...headers])))).toBeLessThan(20_000)
    expect(Math.max(...(await Promise.all(bodies)))).toBeLessThan(36_000)
  })
})

/** As many as this process may hold, with the hub's own beside them. */
const MANY = 10_000

describe('ten thousand sockets', () => {
  test('that say nothing leave the hub to whoever has something to say', async ({ hub }) => {
    const { token } = await hub.signIn()
    const before = hub.memory()
    const wires: Wire[] = []
    const waits: number[] = []
    for (let at = 0; at < MANY; at += 1) {
      wires.push(openWire(hub, `127.0.0.${2 + (at % 50)}`))
      if (at % 500 === 499) {
        await wait(30)
        waits.push(await askedOnce(hub, token))
      }
    }
    expect(middleOf(waits)).toBeLessThan(3_000)
    expect(Math.max(...waits)).toBeLessThan(HELD_UP_MS)
    expect(await asked(hub, token)).toBeLessThan(3_000)
    await until(
      'most of them to be ended',
      () => wires.filter(({ socket }) => !socket.destroyed).length,
      (left) => left < 3_000,
      { withinMs: HELD_UP_MS },
    )
    expect((hub.memory() - before) / MB).toBeLessThan(200)
    for (const { socket } of wires) socket.destroy()
    await until(
      'the memory to be given back',
      () => (hub.memory() - before) / MB,
      (mb) => mb < 100,
    )
  })

  test('of the live view: strangers are few, one name has its share, and who is signed in comes in beside them', async ({ hub }) => {
    const { token, cookie } = await hub.signIn()
    const strange = await Promise.all(
      Array.from({ length: 800 }, () => fetch(`${hub.http}${LIVE_PATH}/?EIO=4&transport=polling`).then((answer) => answer.status)),
    )
    expect(strange.filter((status) => status === 200).length).toBeLessThanOrEqual(500)
    const open = (extraHeaders: Readonly<Record<string, string>>) => {
      const how = { transports: ['websocket'], forceNew: true, reconnection: false, timeout: 60_000 }
      const socket = io(hub.http, { path: LIVE_PATH, extraHeaders, ...how })
      const code = new Promise<string>((resolve) => {
        socket.once('connect', () => resolve('in'))
        socket.once('connect_error', (error: Error) => resolve(error.message))
      })
      return { socket, code }
    }
    const own = open({ cookie })
    expect(await own.code).toBe('in')
    const others = Array.from({ length: 700 }, () => open({ cookie }))
    const codes = await Promise.all(others.map(({ code }) => code))
    expect(codes.filter((code) => code === 'in').length).toBe(599)
    expect(new Set(codes)).toEqual(new Set(['in', 'access.too-many-requests']))
    expect(await asked(hub, token)).toBeLessThan(3_000)
    for (const { socket } of [own, ...others]) socket.disconnect()
    // Who answers no ping is gone twenty seconds later.
    await until(
      'the strangers to be gone',
      () => fetch(`${hub.http}${LIVE_PATH}/?EIO=4&transport=polling`).then((answer) => answer.status),
      (status) => status === 200,
      { withinMs: 60_000 },
    )
  })
})
