import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeRequest, makeTlsKey } from '@lotkeeper/edge/join/requests.ts'
import { type Enrolment, openEnrolment } from '@lotkeeper/hub/access/enrolment.ts'
import { type HubKeys, openKeys, tlsKeyDigest } from '@lotkeeper/hub/access/keys.ts'
import { openRevoked } from '@lotkeeper/hub/access/revoked.ts'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { keyId, readCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { authorityFingerprint, readEnrolmentCode } from '@lotkeeper/protocol/wire/enrolment.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testSigner } from '../parts.ts'

const NOW = Date.parse('2026-11-22T00:00:00.000Z')
const DAY_MS = 86_400_000
const crypto = openCrypto()
let home = ''
let now = NOW
let keys: HubKeys
let ledger: HubLedger
let enrolment: Enrolment

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-enrolment-'))
  now = NOW
  keys = await openKeys(home, crypto, [], NOW)
  const clock = { now: () => now, monotonic: () => now }
  const opened = openDatabase(':memory:', { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const facts = { epoch: '00000000000000ee', zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: DAY_MS }
  const own = { crypto, signer: keys.identity.now().signer, countyKey: keys.county.publicKey }
  ledger = openLedgerHere(opened, { ...own, now: clock.now, upMs: clock.monotonic, ...facts })
  const random = { bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: Math.random }
  const siteOf = async (site: string) => (await ledger.ask.known({ items: [], sites: [site], lots: [], epcs: [] })).sites[0] ?? null
  enrolment = openEnrolment({
    parts: { crypto, clock, random },
    keys,
    ledger,
    papers: { note: () => {} },
    siteOf,
    broker: () => 'mqtts://hub:8883',
  })
  const body = { site: 'qinglong', version: 1, name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms: [] }
  await ledger.write([{ stream: 'hub>all', kind: 'site', action: 'site-1', part: 0, actor: null, doc: null, lines: [], body }])
})
afterEach(async () => {
  await ledger.close()
  rmSync(home, { recursive: true })
})

/** A machine with keys of its own that wants to be this node. */
const openMachine = async (node = 'qinglong') => {
  const tlsKey = makeTlsKey()
  const signer = testSigner()
  const names = [
    { type: 'ip', value: '192.168.1.7' },
    { type: 'ip', value: '8.8.8.8' },
    { type: 'dns', value: 'qinglong.local' },
    { type: 'dns', value: 'bank.example.com' },
  ] as const
  const requests = {
    tlsRequest: await makeRequest(tlsKey, { commonName: node, names: [] }),
    pageRequest: await makeRequest(makeTlsKey(), { commonName: node, names }),
  }
  return { signer, wish: (code: string): HubBody<'enrol'> => ({ code, node, signingKey: base64urlOf(signer.publicKey), ...requests }) }
}
const codeFor = async (replace = false, node = 'qinglong'): Promise<string> => sure(await enrolment.create({ node, replace })).code
const sure = <Answer extends object>(answer: Answer | Refusal): Answer => {
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer
}
const codeOf = (answer: object): unknown => (isRefusal(answer) ? answer.code : 'answered')

test('a code names the county by its authority, and what it gives is signed by it', async () => {
  const code = await codeFor()
  expect(readEnrolmentCode(code)?.fingerprint).toBe(authorityFingerprint(crypto, new X509Certificate(keys.authority.certificate).raw))
  const machine = await openMachine()
  const answer: HubAnswer<'enrol'> = sure(await enrolment.redeem(machine.wish(code)))
  const certificate = readCertificate(crypto, keys.county.publicKey, answer)
  const tls = new X509Certificate(answer.tlsCertificate)
  const page = new X509Certificate(answer.pageCertificate)
  const authority = new X509Certificate(keys.authority.certificate)
  expect(certificate).toMatchObject({ subject: 'qinglong', role: 'node', serial: 1, tlsKey: tlsKeyDigest(crypto, answer.tlsCertificate) })
  expect([tls, page].every((one) => one.verify(authority.publicKey) && !one.ca && one.subject === 'CN=qinglong')).toBe(true)
  // The authority vouches for local names only.
  expect(['192.168.1.7', '8.8.8.8'].map((address) => page.checkIP(address))).toEqual(['192.168.1.7', undefined])
  expect(['qinglong.local', 'bank.example.com'].map((name) => page.checkHost(name))).toEqual(['qinglong.local', undefined])
  expect(tls.subjectAltName).toBeUndefined()
})

test('a lost answer may be asked for again by the same key, by no other, and not after a day', async () => {
  const code = await codeFor()
  const machine = await openMachine()
  const first = sure(await enrolment.redeem(machine.wish(code)))
  expect(sure(await enrolment.redeem(machine.wish(code))).certificate).toBe(first.certificate)
  expect(codeOf(await enrolment.redeem((await openMachine()).wish(code)))).toBe('enrol.code-wrong')
  now += DAY_MS
  expect(codeOf(await enrolment.redeem(machine.wish(code)))).toBe('enrol.code-wrong')
})

test('whoever is shut out comes in again by no code that was made before, used or not, and with no key that was revoked', async () => {
  const [used, open] = [await codeFor(), await codeFor()]
  const machine = await openMachine()
  const { certificate } = sure(await enrolment.redeem(machine.wish(used)))
  const signedBy = (JSON.parse(certificate) as { readonly signingKey: string }).signingKey
  const key = keyId(crypto, new Uint8Array(Buffer.from(signedBy, 'base64url')))
  expect(await ledger.endEnrolments('qinglong', now)).toBe(null)
  const body = { node: 'qinglong', key, reason: 'stolen' }
  await ledger.write([{ stream: 'hub>all', kind: 'revoke', action: 'revoke-1', part: 0, actor: 'admin', doc: null, lines: [], body }])
  expect(codeOf(await enrolment.redeem(machine.wish(used)))).toBe('enrol.key-revoked')
  const elsewhere = await openMachine()
  expect(codeOf(await enrolment.redeem(elsewhere.wish(open)))).toBe('enrol.code-wrong')
  const fresh = await codeFor()
  expect(codeOf(await enrolment.redeem(machine.wish(fresh)))).toBe('enrol.key-revoked')
  expect(codeOf(await enrolment.redeem(elsewhere.wish(fresh)))).toBe('answered')
})

test('what is no code, no request or another node is refused, and uses up nothing', async () => {
  const code = await codeFor()
  const machine = await openMachine()
  const wish = machine.wish(code)
  const wrong: readonly HubBody<'enrol'>[] = [
    { ...wish, code: 'qinglong' },
    { ...wish, code: code.replace(/\.[A-Z2-7]/, '.A').replace(/\.A(.)/, (_, next) => `.A${next === 'A' ? 'B' : 'A'}`) },
    { ...wish, node: 'baihe' },
    { ...wish, tlsRequest: 'no request' },
    (await openMachine('baihe')).wish(code),
    { ...wish, tlsRequest: (await openMachine('baihe')).wish(code).tlsRequest },
  ]
  for (const one of wrong) expect(codeOf(await enrolment.redeem(one))).toBe('enrol.code-wrong')
  expect(codeOf(await enrolment.redeem(wish))).toBe('answered')
  expect(codeOf(await enrolment.create({ node: 'baihe', replace: false }))).toBe('catalog.site-unknown')
})

test('new hardware takes the place of the old only when asked to, and the keys of the old are worth nothing from then on', async () => {
  const old = sure(await enrolment.redeem((await openMachine()).wish(await codeFor())))
  expect(codeOf(await enrolment.create({ node: 'qinglong', replace: false }))).toBe('enrol.node-taken')
  const dropped: string[] = []
  const revoked = await openRevoked(crypto, ledger, { fresh: () => dropped.push('all'), failed: () => {} })
  expect(revoked.has(tlsKeyDigest(crypto, old.tlsCertificate))).toBe(false)
  const machine = await openMachine()
  const answer = sure(await enrolment.redeem(machine.wish(await codeFor(true))))
  expect(readCertificate(crypto, keys.county.publicKey, answer)).toMatchObject({ serial: 2 })
  await expect.poll(() => revoked.has(tlsKeyDigest(crypto, old.tlsCertificate))).toBe(true)
  expect(revoked.has(tlsKeyDigest(crypto, answer.tlsCertificate))).toBe(false)
  expect(dropped).toEqual(['all'])
  const [tip] = await ledger.tips(['hub>all'])
  const told = await ledger.batch({ stream: 'hub>all', epoch: '00000000000000ee', from: 1, upto: tip?.held ?? 0 })
  expect(told?.entries.map((text) => (JSON.parse(text) as { kind: string }).kind)).toEqual([
    'epoch',
    'site',
    'certificate',
    'certificate',
    'revoke',
  ])
  revoked.close()
})
