import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LedgerVerdict, verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { announce, type Bench, draft, line, NODE, openBench, openTestHub } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase as openHubFile } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { type Certificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { testSigner } from './parts.ts'
import { ENTRY_DEFAULTS, testWriter } from './writer.ts'

export const crypto = openCrypto()
const countyKey = generateKeyPairSync('ed25519').privateKey
const hubKey = generateKeyPairSync('ed25519').privateKey
export const FORM = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }
export const LOT = 'gauze/B1'
export const OWN = `${NODE}>*`
export const FIRST = '00000000000000aa'
export const NEXT = '00000000000000bb'
const RECEIVED = Date.parse('2026-11-22T01:02:04.000Z')

const certificateFor = (subject: string, publicKey: Uint8Array, issuer: string): Certificate => ({
  v: 1,
  subject,
  role: subject === 'hub' ? 'hub' : 'node',
  alg: 'Ed25519',
  signingKey: base64urlOf(publicKey),
  tlsKey: 'A'.repeat(64),
  from: '2026-01-01T00:00:00.000Z',
  serial: 1,
  incarnation: subject === 'hub' ? 1 : 0,
  issuer,
})

/** A hub's ledger with keys beside it, holding two epochs of one node: received 10, took 4; after a restart of the node took 1. */
export const writeHub = async (home: string, epoch = 'ee00000000000001') => {
  const file = join(home, 'hub.sqlite')
  const county = signerOf(crypto, countyKey)
  mkdirSync(join(home, 'keys'), { recursive: true })
  writeFileSync(join(home, 'keys/county.key'), countyKey.export({ type: 'pkcs8', format: 'pem' }))
  const clock = { now: Date.now, upMs: () => performance.now() }
  const facts = { zone: 'Asia/Shanghai', software: 'test', transitDueMs: 3_600_000 }
  const order = {
    crypto,
    signer: signerOf(crypto, hubKey),
    countyKey: rawPublicKey(countyKey),
    epoch,
    ...clock,
    ...facts,
  }
  const ledger = openLedgerHere(openHubFile(file, FORM), order)
  const signer = testSigner(new Uint8Array(32).fill(7))
  const certify = (name: string, publicKey: Uint8Array) =>
    ledger.keepCertificate(name, signCertificate(crypto, county, certificateFor(name, publicKey, county.key)))
  await certify('hub', rawPublicKey(hubKey))
  await certify(NODE, signer.publicKey)
  const give = async (writer: ReturnType<typeof testWriter>, from: number, upto: number) => {
    const payload = Buffer.from(writeBatch(writer.batch(from, upto), { source: '/test', time: '2026-11-22T01:02:04.000Z' }))
    const outcomes = await ledger.take([{ node: NODE, payload, receivedAtMs: RECEIVED + from }])
    if (isRefusal(outcomes) || outcomes[0]?.judgement !== 'taken') throw new Error(JSON.stringify(outcomes))
  }
  const first = testWriter(OWN, FIRST, signer)
  first.add({ kind: 'receive', lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/available`, 10)] })
  await give(first, 1, 2)
  first.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 4)] })
  await give(first, 3, 3)
  const next = testWriter(OWN, NEXT, signer, { epoch: FIRST, seq: 3, hash: first.tip().headHash })
  next.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 1)] })
  await give(next, 1, 2)
  return { file, ledger, give, next, hub: signerOf(crypto, hubKey), county: county.key }
}

/** An entry of a kind that only a later version knows. */
export const addLater = (writer: ReturnType<typeof testWriter>): void => {
  const { texts, hashes } = writer as unknown as { texts: string[]; hashes: Uint8Array[] }
  const { stream, epoch } = writer.tip()
  texts.push(canonicalText({ ...ENTRY_DEFAULTS, kind: 'teleport', stream, epoch, seq: texts.length + 1 }))
  hashes.push(hashAfter(crypto, hashes.at(-1) ?? CHAIN_START, texts.at(-1) ?? ''))
}

export const writeClosedHub = async (home: string) => {
  const written = await writeHub(home)
  await written.ledger.keepCheckpoint()
  await written.ledger.close()
  return written
}

/** A node's ledger, enrolled, told of one tag by the hub; it received the tagged pack and sent everything. */
export const writeNode = (home: string) => {
  const file = join(home, 'node.sqlite')
  const hub = openTestHub()
  const bench = openBench({ path: file })
  const county = testSigner()
  const certificates = [bench.signer, { publicKey: hub.publicKey }].map(({ publicKey }, at) =>
    signCertificate(crypto, county, certificateFor(at === 0 ? NODE : 'hub', publicKey, county.key)),
  )
  mkdirSync(join(home, 'keys'))
  writeFileSync(join(home, 'keys/enrolment.json'), JSON.stringify({ countyKey: base64urlOf(county.publicKey), certificates }))
  announce(hub, { epc: '30340000000000000000E001', lot: LOT, units: 10 })
  hub.tell(bench.ledger)
  receiveTen(bench, 'a-1')
  send(bench)
  return { file, bench }
}

export const receiveTen = ({ ledger }: Bench, action: string) =>
  ledger.book({ action, act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/pending`, 10)] })])
const send = ({ ledger }: Bench) => {
  const { epoch, seq } = ledger.head()
  ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: seq })
}

export const writeClosedNode = (home: string): string => {
  const { file, bench } = writeNode(home)
  bench.ledger.close()
  return file
}

export const verdictOf = (file: string): LedgerVerdict => {
  const told = verifyFile(file)
  if ('unreadable' in told) throw new Error(told.unreadable.en)
  return told
}
