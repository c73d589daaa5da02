import 'reflect-metadata'
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { type Certificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { authorityFingerprint, writeEnrolmentCode } from '@lotkeeper/protocol/wire/enrolment.ts'
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { afterEach, expect, test } from 'vitest'
import { makeSigningKey, openCrypto, openSigner } from '../crypto.ts'
import { isFault } from '../faults.ts'
import { type JoinWish, joinCounty } from './join.ts'
import { nextFolder, openKeys } from './keys.ts'
import { rotateKeys } from './rotate.ts'

const parts = openCrypto()
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const valid = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) })
const makePair = () => webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])

const makeAuthority = async (name: string) => {
  const keys = await makePair()
  const extensions = [new BasicConstraintsExtension(true, 0, true)]
  const made = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: ECDSA,
    extensions,
    ...valid(),
  })
  const certify = async (commonName: string, publicKey: webcrypto.CryptoKey, names: readonly string[] = []) => {
    const alternative = new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'ip' as const, value })))
    const certificate = await X509CertificateGenerator.create({
      ...{ subject: [{ CN: [commonName] }], issuer: made.subjectName, publicKey, signingKey: keys.privateKey, signingAlgorithm: ECDSA },
      ...{ extensions: names.length > 0 ? [alternative] : [], ...valid() },
    })
    return certificate.toString('pem')
  }
  return { pem: made.toString('pem'), der: new Uint8Array(made.rawData), certify }
}
type Authority = Awaited<ReturnType<typeof makeAuthority>>

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const makeHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-join-'))
  closing.push(() => rmSync(home, { recursive: true }))
  return join(home, 'keys')
}

interface HubTwist {
  readonly chain?: boolean
  /** What the county certified as the hub's TLS key, if not the one that answers. */
  readonly tlsKey?: string
  readonly answer?: (answer: HubAnswer<'enrol'>) => object
  readonly cut?: () => boolean
}

/** A hub's enrolment as it is on the wire: real TLS, a chain with the authority in it, one code. */
const openHub = async (twist: HubTwist = {}) => {
  const authority = await makeAuthority('Lotkeeper county')
  const county = openSigner(parts, makeSigningKey())
  const pair = await makePair()
  const leaf = await authority.certify('hub.example', pair.publicKey, ['127.0.0.1'])
  const pem = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----\n`
  const secret = 'A'.repeat(26)
  const used = new Set<string>()
  const usedAgain = new Set<string>()
  const server: Server = createServer({ key, cert: twist.chain === false ? leaf : `${leaf}\n${authority.pem}` }, async (asked, answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as HubBody<'enrol'>
    const redeemed = body.code === code ? used : usedAgain
    const known = [code, replacing].includes(body.code) && (redeemed.size === 0 || redeemed.has(body.signingKey))
    redeemed.add(body.signingKey)
    if (twist.cut?.()) return void answer.destroy()
    const refused = { title: '登记码不对、已用过或已过期', titleEn: 'The code is wrong, used or expired', code: 'enrol.code-wrong' }
    const given = known ? await answerTo(authority, county, body, twist.tlsKey ?? digestOf(leaf)) : refused
    answer
      .writeHead(known ? 200 : 409, { 'content-type': 'application/json' })
      .end(JSON.stringify(known && twist.answer ? twist.answer(given as HubAnswer<'enrol'>) : given))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => void server.close().closeAllConnections())
  const fingerprint = authorityFingerprint(parts, authority.der)
  const code = writeEnrolmentCode({ node: 'qinglong', secret, fingerprint })
  const replacing = writeEnrolmentCode({ node: 'qinglong', secret: 'B'.repeat(26), fingerprint })
  return { code, replacing, county, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, used }
}

const digestOf = (pem: string): string =>
  createHash('sha256')
    .update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .toUpperCase()

const answerTo = async (
  authority: Authority,
  county: ReturnType<typeof openSigner>,
  body: HubBody<'enrol'>,
  hubTlsKey: string,
): Promise<HubAnswer<'enrol'>> => {
  const tls = new Pkcs10CertificateRequest(body.tlsRequest)
  const page = new Pkcs10CertificateRequest(body.pageRequest)
  expect([await tls.verify(), await page.verify()]).toEqual([true, true])
  const keyOf = (request: Pkcs10CertificateRequest) =>
    webcrypto.subtle.importKey('spki', request.publicKey.rawData, ECDSA, true, ['verify'])
  const tlsCertificate = await authority.certify(body.node, await keyOf(tls))
  const sign = (subject: string, role: Certificate['role'], signingKey: string, tlsKey: string) =>
    signCertificate(parts, county, {
      ...{ v: 1, subject, role, alg: 'Ed25519', signingKey, tlsKey, from: new Date().toISOString(), serial: 1 },
      ...{ incarnation: role === 'hub' ? 1 : 0, issuer: county.key },
    })
  const hub = sign('hub', 'hub', base64urlOf(county.publicKey), hubTlsKey)
  return {
    ...sign(body.node, 'node', body.signingKey, digestOf(tlsCertificate)),
    countyKey: base64urlOf(county.publicKey),
    tlsCertificate,
    pageCertificate: await authority.certify(body.node, await keyOf(page)),
    authority: authority.pem,
    hubCertificate: hub.certificate,
    hubSignature: hub.signature,
    broker: 'mqtts://0.0.0.0:8883',
    site: { site: body.node, version: 1, name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms: [] },
  }
}

const attempt = async (wish: Partial<JoinWish> & Pick<JoinWish, 'hub' | 'code' | 'folder'>): Promise<unknown> => {
  try {
    return await joinCounty(parts, { replace: false, node: null, names: ['stock.lan'], ...wish })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return thrown.code
  }
}

test('a node joins: its keys stay here, what the county certified is kept, the broker is where the hub was reached', async () => {
  const { code, county, url } = await openHub()
  const folder = makeHome()
  const before = openKeys(folder)
  expect(before.enrolled).toBeNull()
  expect(await attempt({ hub: url, code: ` ${code.toLowerCase()}\n`, folder })).toBe('join.refused')
  expect(await attempt({ hub: url, code, folder })).toEqual({ node: 'qinglong', broker: 'mqtts://127.0.0.1:8883', zone: 'Asia/Shanghai' })
  const { signing, sessionSecret, enrolled } = openKeys(folder)
  expect([signing, sessionSecret]).toEqual([before.signing, before.sessionSecret])
  expect(enrolled?.countyKey).toEqual(county.publicKey)
  expect(enrolled?.certificates.map(({ certificate }) => JSON.parse(certificate).subject)).toEqual(['qinglong', 'hub'])
  expect(readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))).toEqual(Array(8).fill('600'))
  expect(await attempt({ hub: url, code, folder })).toBe('join.enrolled-already')
  expect(await attempt({ hub: url, code, folder, replace: true })).toMatchObject({ node: 'qinglong' })
})

test('broken off on the way, it is run again with the same code and the same keys', async () => {
  const cuts = [true]
  const { code, url, used } = await openHub({ cut: () => cuts.pop() ?? false })
  const folder = makeHome()
  expect(await attempt({ hub: url, code, folder })).toBe('join.hub-unreachable')
  expect(openKeys(folder).enrolled).toBeNull()
  expect(await attempt({ hub: url, code, folder })).toMatchObject({ node: 'qinglong' })
  expect(used.size).toBe(1)
  expect(await attempt({ hub: url, code, folder: makeHome() })).toBe('join.refused')
})

test('a hub that the code does not name gets nothing, not even the code', async () => {
  const [meant, other, bare] = [await openHub(), await openHub(), await openHub({ chain: false })]
  expect(await attempt({ hub: other.url, code: meant.code, folder: makeHome() })).toBe('join.authority-wrong')
  expect(await attempt({ hub: bare.url, code: bare.code, folder: makeHome() })).toBe('join.authority-wrong')
  expect(other.used.size + bare.used.size).toBe(0)
})

test.each<[string, (answer: HubAnswer<'enrol'>) => object]>([
  ['no answer at all', () => ({})],
  ['a county key that signed nothing', (answer) => ({ ...answer, countyKey: 'A'.repeat(43) })],
  ['the hub certified as somebody else', (answer) => ({ ...answer, hubCertificate: answer.certificate, hubSignature: answer.signature })],
  ['a TLS certificate of another key', (answer) => ({ ...answer, tlsCertificate: answer.pageCertificate })],
  ['another authority', (answer) => ({ ...answer, authority: answer.pageCertificate })],
])('an answer with %s is not kept', async (_story, answer) => {
  const { code, url } = await openHub({ answer })
  const folder = makeHome()
  expect(await attempt({ hub: url, code, folder })).toBe('join.answer-wrong')
  expect(openKeys(folder).enrolled).toBeNull()
})

test('a member of the county that poses as the hub is found out', async () => {
  const { code, url } = await openHub({ tlsKey: '0'.repeat(64) })
  expect(await attempt({ hub: url, code, folder: makeHome() })).toBe('join.answer-wrong')
})

test('what is no code, no address, or nobody there says so', async () => {
  const { code } = await openHub()
  const folder = makeHome()
  expect(await attempt({ hub: 'https://127.0.0.1:1', code: 'qinglong', folder })).toBe('join.code-malformed')
  expect(await attempt({ hub: 'https://127.0.0.1:1', code, folder })).toBe('join.hub-unreachable')
  expect(await attempt({ hub: 'http://127.0.0.1:1', code, folder })).toBe('join.hub-unreachable')
  expect(await attempt({ hub: 'hub', code, folder })).toBe('join.hub-unreachable')
  expect(await attempt({ hub: 'https://127.0.0.1:1', code, folder, node: 'baihe' })).toBe('join.node-differs')
})

test('keys that cannot be read are named', async () => {
  const { code, url } = await openHub()
  const folder = makeHome()
  await attempt({ hub: url, code, folder })
  const unreadable = expect.objectContaining({ code: 'keys.unreadable' })
  writeFileSync(join(folder, 'enrolment.json'), '{')
  expect(() => openKeys(folder)).toThrow(unreadable)
  writeFileSync(join(folder, 'enrolment.json'), readFileSync(join(folder, 'signing.key')))
  expect(() => openKeys(folder)).toThrow(unreadable)
  writeFileSync(join(folder, 'session.secret'), 'short')
  expect(() => openKeys(folder)).toThrow(unreadable)
  rmSync(join(folder, 'tls.crt'))
  rmSync(join(folder, 'session.secret'))
  rmSync(join(folder, 'enrolment.json'))
  expect(openKeys(folder).enrolled).toBeNull()
})

const rotation = (rest: { readonly hub: string; readonly code: string; readonly folder: string }) => ({ node: null, names: [], ...rest })
/** What a node would start with: its keys must belong together. */
const standing = (folder: string) => {
  const { signing, enrolled } = openKeys(folder)
  if (!enrolled) throw new Error('not enrolled')
  const said = JSON.parse(enrolled.certificates[0]?.certificate ?? '') as Certificate
  const { key, certificate } = enrolled.tls
  return {
    signing,
    belongs:
      said.signingKey === base64urlOf(openSigner(parts, signing).publicKey) &&
      said.tlsKey === digestOf(certificate) &&
      new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)),
  }
}

test('a rotation gives new keys of the same county, and another county or a machine that is not enrolled is refused', async () => {
  const hub = await openHub()
  const [folder, empty] = [makeHome(), makeHome()]
  await attempt({ hub: hub.url, code: hub.code, folder })
  const [before, secret] = [standing(folder), openKeys(folder).sessionSecret]
  expect(await rotateKeys(parts, rotation({ hub: hub.url, code: hub.replacing, folder }))).toMatchObject({ node: 'qinglong' })
  const after = standing(folder)
  expect([before.belongs, after.belongs, after.signing === before.signing]).toEqual([true, true, false])
  expect(openKeys(folder).sessionSecret).toEqual(secret)
  expect(readdirSync(folder)).not.toContain('next')
  const codeOf = (run: Promise<unknown>) => run.then(() => 'rotated').catch((thrown) => (isFault(thrown) ? thrown.code : thrown))
  const other = await openHub()
  expect(await codeOf(rotateKeys(parts, rotation({ hub: other.url, code: other.code, folder })))).toBe('join.answer-wrong')
  expect(standing(folder)).toEqual(after)
  expect(await codeOf(rotateKeys(parts, rotation({ hub: hub.url, code: hub.replacing, folder: empty })))).toBe('join.not-enrolled')
})

test('a rotation that dies anywhere leaves the one set of keys or the other, and the same code ends it', async () => {
  let cut = false
  const hub = await openHub({ cut: () => cut })
  const folder = makeHome()
  await attempt({ hub: hub.url, code: hub.code, folder })
  const old = standing(folder)
  // The hub certified the new key, and its answer was lost.
  cut = true
  await expect(rotateKeys(parts, rotation({ hub: hub.url, code: hub.replacing, folder }))).rejects.toThrow()
  expect(standing(folder)).toEqual(old)
  cut = false
  // All of the new is there, and the process dies before the first, second ... file is in its place.
  const next = nextFolder(folder)
  await attempt({ hub: hub.url, code: hub.replacing, folder: next, replace: true })
  const made = readFileSync(join(next, 'signing.key'), 'utf8')
  const names = ['signing.key', 'tls.key', 'page.key', 'tls.crt', 'page.crt', 'authority.crt', 'enrolment.json']
  for (let moved = 0; moved <= names.length; moved += 1) {
    const copy = makeHome()
    cpSync(folder, copy, { recursive: true })
    for (const name of names.slice(0, moved)) renameSync(join(nextFolder(copy), name), join(copy, name))
    expect([moved, standing(copy)]).toEqual([moved, { signing: made, belongs: true }])
  }
  expect(await rotateKeys(parts, rotation({ hub: hub.url, code: hub.replacing, folder }))).toBeNull()
  expect(standing(folder)).toEqual({ signing: made, belongs: true })
})
