import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRenewal, type RenewalParts } from '@lotkeeper/edge/join/renewal.ts'
import { makeRequest, makeTlsKey } from '@lotkeeper/edge/join/requests.ts'
import { openMqtt } from '@lotkeeper/edge/uplink/mqtt.ts'
import { tlsKeyDigest } from '@lotkeeper/hub/access/keys.ts'
import { openPapers, type Papers } from '@lotkeeper/hub/access/papers.ts'
import { openRenewals, type Renewals } from '@lotkeeper/hub/access/renewals.ts'
import { certify, publicKeyOf } from '@lotkeeper/hub/access/x509.ts'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { CERTIFICATE_LIFE_MS, RENEW_LEFT_MS } from '@lotkeeper/protocol/rules/renewal.ts'
import { keyId } from '@lotkeeper/protocol/wire/certificate.ts'
import { RENEWAL, RENEWAL_ASK } from '@lotkeeper/protocol/wire/renewal.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HubLine, type Member, openLine } from './hub-line.ts'

const DAY_MS = 86_400_000
const PATIENCE = { timeout: 30_000 }
const crypto = openCrypto()
const random = { bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: () => 0.5 }
const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
/** Both clocks of the county may be shifted; the machine's own is what TLS goes by. */
let shiftMs = 0
const clock = { now: () => Date.now() + shiftMs, monotonic: () => performance.now() }
let home = ''
let hub: HubLine
let renewals: Renewals
let papers: Papers
let member: Member
const noted: unknown[] = []
const ends: (() => unknown)[] = []

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-renewal-'))
  shiftMs = 0
  papers = openPapers(join(home, 'certificates.json'), (why) => noted.push(why))
  hub = await openLine(
    (ledger) => ledger,
    undefined,
    ({ ledger, keys, broker }) => {
      const note = (why: unknown) => void noted.push(why)
      renewals = openRenewals({ parts: { crypto, clock, random }, authority: keys.authority, papers, ledger, broker, note })
      return renewals.events
    },
  )
  const body = { site: 'qinglong', version: 1, name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms: [] }
  await hub.ledger.write([{ stream: 'hub>all', kind: 'site', action: 'site-1', part: 0, actor: null, doc: null, lines: [], body }])
  member = await hub.member('qinglong')
})
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
  await hub.close()
  rmSync(home, { recursive: true })
  expect(noted.splice(0)).toEqual([])
})

const signed = (age: number, use: 'client' | 'server', key = member.tls) =>
  certify(hub.keys.authority, {
    ...{ commonName: 'qinglong', names: [], publicKey: publicKeyOf(key.certificate), use },
    ...{ fromMs: Date.now() - age * DAY_MS, serial: random.bytes(16) },
  })

/** The node's line as it is in a node, its certificates being so many days old. */
const openNode = async (age: number, parts: Partial<RenewalParts> = {}) => {
  const told: string[] = []
  const line = { key: member.tls.key, certificate: await signed(age, 'client') }
  const page = { key: member.tls.key, certificate: await signed(age, 'server') }
  const renewal = openRenewal({
    ...{ clock, timers, random, node: 'qinglong', folder: join(home, 'keys'), names: ['stockroom.lan'] },
    enrolled: { tls: line, page, authority: hub.keys.authority.certificate },
    told: (is) => void told.push(is),
    ...parts,
  })
  const settings = { url: `mqtts://localhost:${hub.broker.port}`, node: 'qinglong', papers: renewal.tls }
  const hubKeys = () => [tlsKeyDigest(crypto, hub.keys.tls.certificate)]
  const open = renewal.along(openMqtt({ ...settings, authority: hub.keys.authority.certificate, hubKeys }, { clock, timers, random }))
  const link = open(
    { up: () => told.push('up'), down: (why) => void told.push(`down ${why}`), message: (topic) => void told.push(topic) },
    { topic: topicOf('death', 'qinglong'), payload: '{}' },
  )
  ends.push(() => renewal.close(), link.close)
  return { renewal, link, told, line, page }
}
const endOf = (pem: string) => new X509Certificate(pem).validToDate.getTime()
const row = async () => (await renewals.rows({}, 'all')).rows[0]

test('a certificate of which two thirds are over is renewed on the line it came by, which goes on; the page gets its own', async () => {
  const { renewal, told, line, page } = await openNode(300)
  expect(renewal.standing().state).toBe('due')
  await expect.poll(() => told, PATIENCE).toContain('renewed')
  expect(renewal.standing()).toMatchObject({ state: 'valid' })
  expect(Math.abs(endOf(renewal.tls().certificate) - Date.now() - CERTIFICATE_LIFE_MS)).toBeLessThan(60_000)
  expect(endOf(renewal.page().certificate)).toBeGreaterThan(endOf(page.certificate))
  const shown = new X509Certificate(renewal.page().certificate)
  expect([shown.checkHost('stockroom.lan'), shown.checkIP('127.0.0.1')]).toEqual(['stockroom.lan', '127.0.0.1'])
  expect(renewal.tls().key).toBe(line.key)
  expect(readFileSync(join(home, 'keys', 'tls.crt'), 'utf8')).toBe(renewal.tls().certificate)
  expect(told.filter((one) => one === 'up' || one.startsWith('down'))).toEqual(['up'])
  expect(await row()).toMatchObject({ online: true, wishedAt: null, certificate: { until: renewal.standing().until } })
  // The next line comes with the new one.
  hub.broker.drop('qinglong')
  await expect.poll(() => told.filter((one) => one === 'up').length, PATIENCE).toBe(2)
  expect(papers.of('qinglong').line?.untilMs).toBe(endOf(renewal.tls().certificate))
})

test('a young certificate is left alone, until a person wishes it renewed, also while the node is away', async () => {
  expect(await renewals.want({ action: 'wish-0001', node: 'qinglong' })).toMatchObject({ node: 'qinglong', online: false })
  expect((await row())?.wishedAt).not.toBe(null)
  const { renewal, told } = await openNode(30)
  await expect.poll(() => told, PATIENCE).toContain('renewed')
  expect((await row())?.wishedAt).toBe(null)
  const second = await openNode(29, { folder: join(home, 'second') })
  await expect.poll(() => second.told, PATIENCE).toContain('up')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect([second.told.includes('renewed'), renewal.standing().state]).toEqual([false, 'valid'])
})

test('a node whose clock stands still years ago is asked by the hub, whose clock counts', async () => {
  const old = { now: () => Date.parse('2020-01-01T00:00:00.000Z'), monotonic: clock.monotonic }
  const { renewal, told } = await openNode(300, { clock: old })
  expect(renewal.standing().state).toBe('valid')
  await expect.poll(() => told, PATIENCE).toContain('renewed')
})

test('a certificate that ended while the node was away is refused, and the node says so', async () => {
  const { renewal, told } = await openNode(400)
  await expect.poll(() => told, PATIENCE).toContain('ended')
  expect(renewal.standing().state).toBe('ended')
  expect(told).not.toContain('renewed')
})

test('what the hub gives is taken only for this node, this key, of this county, and never to end sooner', async () => {
  const { renewal, told, link } = await openNode(30)
  // The line is up before it listens for renewals; the hub notes its certificate as soon as it does.
  await expect.poll(() => papers.of('qinglong').line, PATIENCE).not.toBe(null)
  const before = [renewal.tls(), renewal.page()]
  const stranger = await hub.member('baihe')
  const facts = { names: [], use: 'client', serial: random.bytes(16), fromMs: Date.now() } as const
  const wrong = {
    'another key': await signed(0, 'client', stranger.tls),
    'another node': await certify(hub.keys.authority, { ...facts, commonName: 'baihe', publicKey: publicKeyOf(member.tls.certificate) }),
    sooner: await signed(60, 'client'),
    nonsense: 'no certificate',
  }
  for (const tlsCertificate of Object.values(wrong)) {
    const body = { is: 'certified', tlsCertificate, pageCertificate: await signed(0, 'server') } as const
    hub.broker.publish(topicOf('downRenewal', 'qinglong'), RENEWAL.write({ id: 'r', source: '/hub', time: new Date().toISOString() }, body))
  }
  await expect.poll(() => told.filter((one) => one === 'not-taken').length, PATIENCE).toBe(4)
  expect([renewal.tls(), renewal.page()]).toEqual(before)
  await link.close()
})

test('only the key of the line is certified, and no key that was revoked', async () => {
  const client = await hub.connect({ tls: member.tls, clientId: 'qinglong' })
  const topic = topicOf('downRenewal', 'qinglong')
  await client.client.subscribeAsync(topic, { qos: 1 })
  const answers = () => client.heard.filter((one) => one.topic === topic).length
  const ask = async (key: string, commonName = 'qinglong') => {
    const tlsRequest = await makeRequest(key, { commonName, names: [] })
    const body = { tlsRequest, pageRequest: await makeRequest(makeTlsKey(), { commonName, names: [] }) }
    const message = RENEWAL_ASK.write({ id: 'ask', source: 'lotkeeper/qinglong', time: new Date().toISOString() }, body)
    shiftMs += 60_000
    await client.client.publishAsync(topicOf('upRenewal', 'qinglong'), message, { qos: 1 })
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  await ask(makeTlsKey())
  await ask(member.tls.key, 'baihe')
  expect(answers()).toBe(0)
  await client.client.publishAsync(topicOf('upRenewal', 'qinglong'), 'nonsense', { qos: 1 })
  await ask(member.tls.key)
  await expect.poll(answers, PATIENCE).toBe(1)
  const [said] = (await hub.ledger.nodes()).flatMap(({ certificates }) => certificates)
  const { signingKey } = JSON.parse(said?.certificate ?? '{}') as { readonly signingKey: string }
  const key = keyId(crypto, new Uint8Array(Buffer.from(signingKey, 'base64url')))
  const body = { node: 'qinglong', key, reason: 'stolen' }
  await hub.ledger.write([{ stream: 'hub>all', kind: 'revoke', action: 'revoke-1', part: 0, actor: 'a', doc: null, lines: [], body }])
  await ask(member.tls.key)
  expect(answers()).toBe(1)
  expect((await row())?.state).toBe('revoked')
  expect(await renewals.want({ action: 'wish-0002', node: 'qinglong' })).toMatchObject({ code: 'nodes.shut-out' })
})

test('rows name each node once, in pages, and only those of the asker, whose cursor tells of no other', async () => {
  for (const site of ['anle', 'baihe', 'qinglong'])
    await hub.ledger.write([
      {
        ...{ stream: 'hub>all', kind: 'site', action: `site-of-${site}`, part: 0, actor: null, doc: null, lines: [] },
        body: { site, version: 2, name: { zh: site, en: '' }, zone: 'Asia/Shanghai', rooms: [] },
      },
    ])
  const first = await renewals.rows({ limit: 2 }, 'all')
  expect([first.rows.map(({ node }) => node), first.next]).toEqual([['anle', 'baihe'], 'baihe'])
  expect((await renewals.rows({ limit: 2, cursor: 'baihe' }, 'all')).rows.map(({ node }) => node)).toEqual(['qinglong'])
  expect(await renewals.rows({ limit: 1 }, ['qinglong'])).toMatchObject({ rows: [{ node: 'qinglong', state: 'never' }], next: null })
  expect(await renewals.rows({}, [])).toEqual({ rows: [], next: null })
  const refused = await renewals.want({ action: 'wish-0003', node: 'anle' })
  expect(isRefusal(refused) && refused.code).toBe('nodes.no-certificate')
})

test('the states follow the clock: good, due at two thirds, ended', async () => {
  const { told } = await openNode(0)
  await expect.poll(() => told, PATIENCE).toContain('up')
  await expect.poll(() => papers.of('qinglong').line, PATIENCE).not.toBe(null)
  await hub.ledger.noteBirth(
    'qinglong',
    { node: 'qinglong', epoch: '00000000000000aa', software: '1', boot: 'b', at: new Date().toISOString(), devices: [] },
    Date.now(),
  )
  const states: unknown[] = []
  for (const ms of [0, CERTIFICATE_LIFE_MS - RENEW_LEFT_MS + DAY_MS, CERTIFICATE_LIFE_MS + DAY_MS]) {
    shiftMs = ms
    states.push((await row())?.state)
  }
  expect(states).toEqual(['valid', 'due', 'ended'])
  expect(openPapers(join(home, 'certificates.json'), () => {}).of('qinglong')).toEqual(papers.of('qinglong'))
})
