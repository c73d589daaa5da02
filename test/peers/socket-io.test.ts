import type { Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import { expect } from 'vitest'
import { inDays, newBox } from '../acts.ts'
import { countyTest, until } from '../county.ts'
import { openProgram } from './program.ts'

const test = countyTest({ nodes: ['qinglong'] })

/** A whole program of somebody who knows Socket.io and nothing of this house; it prints what it is told. */
const CLIENT = `import { io } from 'socket.io-client'
const [url, token, cursor] = process.argv.slice(1)
const socket = io(url, { path: '/api/live', auth: { token } })
const say = (event) => (told) => console.log(JSON.stringify({ event, told }))
socket.on('connect', () => socket.emit('join', { cursor: JSON.parse(cursor) }))
socket.on('snapshot', say('snapshot'))
socket.on('delta', say('delta'))
socket.on('connect_error', (error) => say('error')({ message: error.message, code: error.data?.code }))`

type Told =
  | { readonly event: 'snapshot'; readonly told: Snapshot }
  | { readonly event: 'delta'; readonly told: Delta }
  | { readonly event: 'error'; readonly told: { readonly message: string; readonly code?: string } }

const openClient = (url: string, token: string, cursor: unknown = null) => {
  // A script without a file finds packages from the folder it is started in: the root, as every test.
  const program = openProgram(process.execPath, ['--input-type=module', '-e', CLIENT, url, token, JSON.stringify(cursor)])
  const told = (): readonly Told[] =>
    program
      .out()
      .split('\n')
      // Of the last line the rest may still be on its way.
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  return { told, [Symbol.asyncDispose]: program[Symbol.asyncDispose] }
}

const tokenOf = async (base: string): Promise<string> => {
  const response = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'county', password: 'lotkeeper' }),
  })
  return ((await response.json()) as { readonly token: string }).token
}

test('a plain Socket.io client joins, is told a snapshot, then what changes; from its cursor on it is told the rest', async ({
  county,
}) => {
  const [first, second] = [newBox('gauze-10x10', 'S1', inDays(600)), newBox('gauze-10x10', 'S2', inDays(600))]
  const token = await tokenOf(county.dashboard())
  await using client = openClient(county.dashboard(), token)
  const [snapshot] = await until('a snapshot', client.told, ({ length }) => length > 0)
  expect(snapshot).toMatchObject({ event: 'snapshot', told: { sites: [{ site: 'qinglong' }], movements: [] } })

  await county.announce('qinglong', [first], 'ASN-9')
  const delta = await until(
    'a delta with the movement',
    () => client.told().find((one) => one.event === 'delta' && one.told.movements.length > 0),
    (found) => found !== undefined,
  )
  if (delta?.event !== 'delta') throw new Error('no delta')
  expect(delta.told.movements).toMatchObject([{ kind: 'tag', lotNumber: 'S1', to: 'qinglong/~transit', units: 100 }])
  expect(delta.told.sites).toMatchObject([{ site: 'qinglong', inTransit: 100 }])

  await county.announce('qinglong', [second], 'ASN-10')
  await using later = openClient(county.dashboard(), token, delta.told.cursor)
  const rest = await until(
    'what came after the cursor',
    () => later.told().flatMap((one) => (one.event === 'delta' ? one.told.movements : [])),
    ({ length }) => length > 0,
  )
  expect(rest).toMatchObject([{ lotNumber: 'S2' }])
  expect(later.told().filter(({ event }) => event === 'snapshot')).toEqual([])
})

test('who is not signed in is told so, and nothing else', async ({ county }) => {
  await using client = openClient(county.dashboard(), 'no-such-token')
  const [told] = await until('an answer', client.told, ({ length }) => length > 0)
  expect(told).toEqual({ event: 'error', told: { message: 'access.not-signed-in', code: 'access.not-signed-in' } })
})
