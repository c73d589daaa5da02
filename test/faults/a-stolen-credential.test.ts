import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { openCrypto } from '@lotkeeper/edge/crypto.ts'
import { joinCounty } from '@lotkeeper/edge/join/join.ts'
import { openKeys } from '@lotkeeper/edge/join/keys.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect } from 'vitest'
import { book, inDays } from '../acts.ts'
import { untilHeld } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { holderOfKeys, type Papers } from './stranger.ts'

const TRACE = { hubEnv: { LOTKEEPER_HUB_LOG_LEVEL: 'trace' }, nodeEnv: { LOTKEEPER_EDGE_LOG_LEVEL: 'trace' } }
const test = countyTest({ nodes: ['qinglong'], ...TRACE })
const NODE = 'qinglong'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }

/** A question over the hub's HTTPS by somebody who shows these papers in the handshake; the status, and the TLS that was spoken. */
const askSecurely = (base: string, path: string, papers: Papers & { readonly maxVersion?: 'TLSv1.2' }) =>
  new Promise<{ readonly status: number; readonly protocol: string | null }>((resolve, reject) => {
    const asked = request(`${base}${path}`, { ...papers, agent: false, checkServerIdentity: () => undefined }, (answer) => {
      const { socket } = answer as unknown as { readonly socket: { readonly getProtocol: () => string | null } }
      resolve({ status: answer.statusCode ?? 0, protocol: socket.getProtocol() })
      answer.resume()
    })
    asked.once('error', reject).end()
  })

const rowOf = async (county: TestCounty) => {
  const { rows } = await (await county.hubClient()).get('nodeCertificates', { limit: 10 })
  return rows.find(({ node }) => node === NODE)
}

/** Everything private that stands in a folder of keys, line by line as it would show in a log. */
const secretsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return secretsIn(join(folder, entry.name))
    const text = readFileSync(join(folder, entry.name), 'utf8')
    const blocks = text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]+)-----END/g)
    const pem = [...blocks].flatMap(([, body = '']) => body.split('\n').filter((line) => line.length >= 32))
    return /^(session\.secret|admin\.token)$/.test(entry.name) ? [text.trim(), ...pem] : pem
  })

const open: string[] = []

test('the certificate of a node opens nothing but its own line, and TLS before 1.3 nothing at all', async ({ county }) => {
  const { papers } = holderOfKeys(county, NODE)
  await book(await county.township(NODE).client(), 'receive', BOX)
  await untilHeld(county)
  const hub = String(county.hub().ready['https'])
  for (const path of ['/api/nodes', '/api/overview', '/api/node-certificates', '/api/asides', '/api/session'])
    expect(await askSecurely(hub, path, papers), path).toEqual({ status: 401, protocol: 'TLSv1.3' })
  const page = county.township(NODE).securePage()
  expect(await askSecurely(page, '/api/state', papers)).toEqual({ status: 401, protocol: 'TLSv1.3' })
  for (const base of [hub, page]) await expect(askSecurely(base, '/api/health', { ...papers, maxVersion: 'TLSv1.2' })).rejects.toThrow()
})

test('a node that is asked to renews its certificate on the line it has', async ({ county }) => {
  const town = county.township(NODE)
  const folder = join(town.home, 'keys')
  const [before, since] = [openKeys(folder), (await (await town.client()).get('state')).link.since]
  const hub = await county.hubClient()
  expect(await hub.get('renewNodeCertificate', { action: newAction(), node: NODE })).toMatchObject({ node: NODE, online: true })
  await until(
    'the certificate to be another',
    async () => openKeys(folder).enrolled?.tls.certificate !== before.enrolled?.tls.certificate,
    (renewed) => renewed,
  )
  const after = openKeys(folder)
  expect([after.signing, after.enrolled?.tls.key]).toEqual([before.signing, before.enrolled?.tls.key])
  expect((await (await town.client()).get('state')).link).toMatchObject({ state: 'online', since })
  expect(await rowOf(county)).toMatchObject({ state: 'valid', online: true, wishedAt: null })
  await expect(askSecurely(town.securePage(), '/api/health', { ca: after.enrolled?.authority ?? '' })).resolves.toMatchObject({
    status: 200,
  })
})

test('shut out, its line ends, nobody comes in with its key or its codes, and the county sees it', async ({ county }) => {
  const hub = await county.hubClient()
  const name = { zh: '青龙', en: 'Qinglong' }
  const { code } = await hub.get('createEnrolment', { action: newAction(), node: NODE, name, replace: true })
  open.push(code.split('.')[1] ?? code)
  const thief = holderOfKeys(county, NODE)
  const observer = await thief.comeOnLine({ clientId: `${NODE}~look` })
  const { revoked } = await hub.get('revokeKeys', { action: newAction(), node: NODE, reason: '设备丢失或被盗' })
  expect(revoked).toHaveLength(1)
  await observer.gone
  const client = await county.township(NODE).client()
  await until(
    'the node to be off line',
    async () => (await client.get('state')).link.state,
    (state) => state === 'offline',
  )
  await expect(thief.comeOnLine()).rejects.toThrow()
  await expect(thief.comeOnLine({ clientId: `${NODE}~look` })).rejects.toThrow()
  await expect(thief.comeOnLine({ will: { topic: topicOf('death', NODE), payload: Buffer.from('{}') } })).rejects.toThrow()
  const elsewhere = mkdtempSync(join(tmpdir(), 'lotkeeper-thief-'))
  const wish = { hub: String(county.hub().ready['https']), folder: elsewhere, node: null, replace: false, names: [] }
  await expect(joinCounty(openCrypto(), { ...wish, code })).rejects.toMatchObject({ code: 'join.refused' })
  const fresh = (await hub.get('createEnrolment', { action: newAction(), node: NODE, name, replace: true })).code
  open.push(fresh.split('.')[1] ?? fresh)
  const own = { ...wish, code: fresh, folder: join(county.township(NODE).home, 'keys'), replace: true }
  await expect(joinCounty(openCrypto(), own)).rejects.toMatchObject({ code: 'join.refused' })
  expect(await rowOf(county)).toMatchObject({ state: 'revoked', online: false })
  // Whoever it belongs to comes back with new keys; the code works once.
  await joinCounty(openCrypto(), { ...wish, code: fresh })
  const second = mkdtempSync(join(tmpdir(), 'lotkeeper-thief-'))
  await expect(joinCounty(openCrypto(), { ...wish, folder: second, code: fresh })).rejects.toMatchObject({ code: 'join.refused' })
  expect((await rowOf(county))?.keys.map(({ revoked: gone }) => gone)).toEqual([false, true])
  for (const folder of [elsewhere, second]) rmSync(folder, { recursive: true })
})

test('what a backup left open is closed at the next start, and a line of the log says so', async ({ county }) => {
  const town = county.township(NODE)
  const homes = [join(county.home, 'hub'), town.home]
  await town.stop()
  await county.hub().stop()
  for (const home of homes) {
    for (const name of readdirSync(join(home, 'keys'))) chmodSync(join(home, 'keys', name), 0o666)
    chmodSync(join(home, 'keys'), 0o777)
  }
  await county.startHub()
  await town.start()
  for (const home of homes) {
    expect(statSync(join(home, 'keys')).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(join(home, 'keys'))) expect(statSync(join(home, 'keys', name)).mode & 0o777, name).toBe(0o600)
  }
  for (const house of ['hub', NODE])
    await until(
      `${house} to write so`,
      () => county.logOf(house).join('\n'),
      (log) => log.includes('files that others could read were closed to them'),
    )
})

test('nothing secret was ever written to a log, at the most talkative level', async ({ county }) => {
  const homes = [join(county.home, 'hub', 'keys'), join(county.township(NODE).home, 'keys')]
  const { token } = await (await county.hubClient()).get('signIn', county.login)
  const secrets = [...homes.flatMap(secretsIn), ...open, token, '"password"', '"pin"']
  expect(secrets.length).toBeGreaterThan(15)
  const said = ['hub', NODE].flatMap((house) => county.logOf(house)).join('\n')
  expect(said.length).toBeGreaterThan(1_000)
  expect(secrets.filter((secret) => said.includes(secret))).toEqual([])
})
