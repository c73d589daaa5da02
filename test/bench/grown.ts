import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_ITEMS } from '@lotkeeper/deploy/demo/stock.ts'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { refold } from '@lotkeeper/hub/ledger/sqlite/audit.ts'
import { openCertificates } from '@lotkeeper/hub/ledger/sqlite/certificates.ts'
import { openLog } from '@lotkeeper/hub/ledger/sqlite/log.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { openTree } from '@lotkeeper/hub/ledger/sqlite/tree.ts'
import { openFold } from '@lotkeeper/hub/projections/apply.ts'
import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashAfter, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import type { NoteSigner } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { line } from '../contracts/hub-county.ts'
import { ENTRY_DEFAULTS } from '../writer.ts'

/** A hub's file as years of use leave it, written straight into its tables: to be read, not to measure how it is written. */
export interface GrownFile {
  readonly file: string
  readonly entries: number
  /** What only a machine without any of our checks must do as well: the texts, and the seals over them. */
  readonly texts: readonly string[]
  readonly seals: readonly { readonly publicKey: Uint8Array; readonly message: Uint8Array; readonly signature: Uint8Array }[]
}

export const growFile = (home: string, entries: number, { tables }: { readonly tables: boolean }): GrownFile => {
  const file = join(home, 'hub.sqlite')
  const county = signerWithKey()
  mkdirSync(join(home, 'keys'), { recursive: true })
  writeFileSync(join(home, 'keys/county.key'), county.pem)
  const { db, close } = openDatabase(file, { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const certificates = openCertificates(db, crypto, county.signer.publicKey)
  const hub = signerWithKey().signer
  const certify = (subject: string, signer: NoteSigner) => {
    const fixed = {
      v: 1,
      alg: 'Ed25519',
      tlsKey: 'A'.repeat(64),
      from: '2026-01-01T00:00:00.000Z',
      serial: 1,
      issuer: county.signer.key,
    } as const
    const role = subject === 'hub' ? 'hub' : 'node'
    const named = { ...fixed, subject, role, signingKey: base64urlOf(signer.publicKey), incarnation: role === 'hub' ? 1 : 0 } as const
    certificates.keep(signCertificate(crypto, county.signer, named))
  }
  certify('hub', hub)
  const log = openLog(db)
  const tree = openTree(db, crypto, { epoch: 'ee00000000000001', countyKey: county.signer.key, signer: () => hub, now: Date.now })
  const seal = db.prepare('insert into batch_signature values (?, ?, ?, ?, ?, ?)')
  const texts: string[] = []
  const seals: GrownFile['seals'][number][] = []
  const writers = NODES.map((node): Writer => {
    const { signer } = signerWithKey()
    certify(node, signer)
    return { node, signer, stream: streamOfNode(node), seq: 0, hash: CHAIN_START }
  })
  const commit = db.transaction((writer: Writer) => {
    const taken = Array.from({ length: 64 }, () => {
      writer.seq += 1
      const entry = entryAt(writer, writer.seq)
      const text = canonicalText(entry)
      writer.hash = hashAfter(crypto, writer.hash, text)
      texts.push(text)
      return { seq: writer.seq, hash: writer.hash, text, entry }
    })
    const { stream } = writer
    tree.take({ stream, epoch: EPOCH }, taken, RECEIVED)
    for (const one of taken) log.add({ stream, epoch: EPOCH, parent: null }, one, { receivedAtMs: RECEIVED, applied: true })
    const message = signedHead(crypto, { stream, epoch: EPOCH, upto: writer.seq, headHash: hexOf(writer.hash) })
    const signature = writer.signer.sign(message)
    seal.run(stream, EPOCH, writer.seq, writer.hash, writer.signer.key, signature)
    seals.push({ publicKey: writer.signer.publicKey, message, signature })
    log.flush()
    tree.flush()
  })
  db.pragma('synchronous = off')
  while (texts.length < entries) for (const writer of writers) commit(writer)
  db.transaction(() => {
    tree.sign()
    if (tables) refold(db, log, openFold(db))
    else db.exec(POSITIONS)
  })()
  close()
  return { file, entries: texts.length, texts, seals }
}

interface Writer {
  readonly node: string
  readonly signer: NoteSigner
  readonly stream: string
  seq: number
  hash: Uint8Array
}

const crypto = openCrypto()
const NODES = ['baisha', 'heishi', 'hongqi', 'liushu', 'lvshui', 'qinglong', 'shuanghe', 'xiaohe']
const EPOCH = '00000000000000aa'
const RECEIVED = Date.parse('2026-11-22T01:02:04.000Z')

const signerWithKey = () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { pem, signer: { ...signerOf(crypto, privateKey), publicKey: rawPublicKey(privateKey) } }
}

/** As `makeLoad`: two receipts and an issue, through the door, over a few hundred lots. */
const entryAt = ({ node, stream }: { readonly node: string; readonly stream: string }, seq: number): Entry => {
  const fixed = { ...ENTRY_DEFAULTS, refs: [], stream, epoch: EPOCH, seq }
  if (seq === 1) return { ...fixed, kind: 'epoch', lines: [], body: { parent: null, software: 'bench' } }
  const lot = `${DEMO_ITEMS[seq % DEMO_ITEMS.length]?.item}/B${(seq * 7_919) % 250}`
  const [from, to] = seq % 3 === 0 ? ['main/available', '~consumed'] : ['~transit', 'main/available']
  const moved = line(lot, `${node}/${from}`, `${node}/${to}`, seq % 3 === 0 ? 2 : 5)
  return {
    ...fixed,
    kind: seq % 3 === 0 ? 'issue' : 'receive',
    lines: [moved],
    body: {},
    action: `door:door-1-${seq}`,
    actor: 'keeper-1',
    device: 'door-1',
  }
}

/** Positions as the fold would leave them. */
const POSITIONS = `insert into position select lot, place, sum(units) from (
  select json_extract(body, '$.lines[0].lot') as lot, json_extract(body, '$.lines[0].to') as place, json_extract(body, '$.lines[0].units') as units from log
  union all select json_extract(body, '$.lines[0].lot'), json_extract(body, '$.lines[0].from'), -json_extract(body, '$.lines[0].units') from log)
  where lot is not null group by lot, place`
