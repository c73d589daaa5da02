import { connect as connectTcp } from 'node:net'
import { makeAuthority, makeCertified } from '@lotkeeper/hub/access/x509.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { openDiscrepancies } from './hub-file.ts'
import { enrolStranger, openSocket, type Papers } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] }).extend('stranger', { scope: 'file' }, ({ county }) => enrolStranger(county, 'baisha'))

/** CONNECT of MQTT 3.1.1 as client `qinglong`, clean session [MQTT-3.1]. */
const CONNECT = Buffer.from([0x10, 20, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 60, 0, 8, ...Buffer.from('qinglong')])

/** What the broker answers to a CONNECT over TLS: its bytes, until it hangs up. */
const answerTo = async (county: TestCounty, papers: Papers, more: object = {}): Promise<string> => {
  const socket = await openSocket(county, papers, more)
  const heard: Buffer[] = []
  socket.on('data', (bytes: Buffer) => heard.push(bytes))
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(CONNECT)
  await gone
  return Buffer.concat(heard).toString('hex')
}
/** Papers as good as the county's own, by another county. */
const strangersPapers = async (): Promise<Papers> => {
  const facts = { fromMs: Date.now(), serial: crypto.getRandomValues(new Uint8Array(8)) }
  const authority = await makeAuthority('Lotkeeper county', facts.fromMs, facts.serial)
  const { key, certificate } = await makeCertified(authority, { commonName: 'qinglong', names: [], use: 'client', ...facts })
  return { key, cert: certificate }
}
/** Speaks without TLS at all; answers what came back. */
const plainly = (county: TestCounty, bytes: Buffer): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(county.broker())
    const heard: Buffer[] = []
    const socket = connectTcp(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk: Buffer) => heard.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(heard).toString('hex')))
  })

test('nobody gets an answer without a certificate of this county, or in the name of another', async ({ county, stranger }) => {
  const ca = stranger.papers.ca ?? ''
  expect(await answerTo(county, { ca })).toBe('')
  expect(await answerTo(county, { ...(await strangersPapers()), ca })).toBe('')
  // A member in another's name is told no [MQTT-3.2.2.3] and let go.
  expect(await answerTo(county, stranger.papers)).toMatch(/^(200200..)?$/)
  await expect(openSocket(county, stranger.papers, { maxVersion: 'TLSv1.2' })).rejects.toThrow()
  // An alert of TLS at most, never a word of MQTT (0x20 opens its CONNACK).
  for (const bytes of [CONNECT, Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(3_000, 0xaa)])
    expect(await plainly(county, bytes)).toMatch(/^(15.*)?$/)
  const log = () => county.logOf('hub').flatMap((text) => (text.includes('"offence"') ? [String(JSON.parse(text).offence)] : []))
  await until('the hub to write who was turned away', log, (seen) => seen.includes('handshake-failed') && seen.includes('name-foreign'))
})

test('a crowd that says nothing keeps nobody out', async ({ county, stranger }) => {
  const { hostname, port } = new URL(county.broker())
  const crowd = Array.from({ length: 200 }, () => connectTcp(Number(port), hostname).on('error', () => {}))
  await until(
    'the crowd to be at the door',
    () => crowd.filter(({ connecting }) => !connecting).length,
    (here) => here === crowd.length,
  )
  const present = await stranger.comeOnLine()
  await present.leave()
  for (const socket of crowd) socket.destroy()
})

test('the node whose name was used was not disturbed, and the books are true', async ({ county }) => {
  const client = await county.township('qinglong').client()
  expect((await client.get('state')).link.state).toBe('online')
  expect(county.logOf('qinglong').filter((text) => text.includes('the line to the hub went down'))).toEqual([])
  await book(client, 'receive', { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒' })
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 100 })
  expect(await breachesOf(county)).toEqual([])
  expect(await openDiscrepancies(county)).toEqual([])
})
