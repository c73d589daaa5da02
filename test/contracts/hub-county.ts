import { createPrivateKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import { type OpenedDatabase, openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger, Outcome, Parcel } from '@lotkeeper/hub/ledger/contract.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import type { Entry, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { keyId, type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { type TestWriter, testWriter } from '../writer.ts'

/** What a builder is told: where the file is and which keys rule; everything can cross to a thread or another process. */
export interface LedgerOrder {
  readonly file: string
  readonly countyKey: Uint8Array
  readonly signingKey: KeyObject
  readonly epoch: string
  readonly mbMax: number | null
  readonly secondCopy: string | null
}
export type OpenHubLedger = (order: LedgerOrder) => Promise<HubLedger>

/** A county on paper around one real ledger: keys, certified nodes that write real streams, and the ledger opened as often as a test likes. */
export interface LedgerCounty {
  /** Opens the ledger, or opens it anew under the next epoch after closing it. */
  readonly open: (mbMax?: number, secondCopy?: string) => Promise<HubLedger>
  readonly close: () => Promise<void>
  /** Another hub of the same county and the same keys, on an empty file. */
  readonly another: () => LedgerCounty
  readonly file: string
  /** Changes a closed file behind the ledger's back. */
  readonly tamper: (sql: string) => void
  /** Rows of a closed file. */
  readonly look: (sql: string) => readonly unknown[]
  readonly countyKey: Uint8Array
  readonly signerOf: (node: string) => Signer & { readonly publicKey: Uint8Array }
  readonly certificateOf: (node: string, serial?: number, publicKey?: Uint8Array) => SignedCertificate
  readonly writer: (node: string, epoch?: string, parent?: EpochTip['parent']) => TestWriter
  readonly drop: () => Promise<void>
}

export const openCounty = (build: OpenHubLedger): LedgerCounty => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-ledger-'))
  const file = join(home, 'hub.sqlite')
  const county = keyOf(1)
  const hub = keyOf(2)
  let ledger: HubLedger | null = null
  let opened = 0
  const close = async () => {
    await ledger?.close()
    ledger = null
  }
  const signer = (node: string) => {
    const key = keyOf(seedOf(node))
    return { ...signerOf(crypto, key), publicKey: rawPublicKey(key) }
  }
  const certificateOf = (node: string, serial = 1, publicKey = node === 'hub' ? rawPublicKey(hub) : signer(node).publicKey) =>
    signCertificate(crypto, signerOf(crypto, county), {
      v: 1,
      subject: node,
      role: node === 'hub' ? 'hub' : 'node',
      alg: 'Ed25519',
      signingKey: base64urlOf(publicKey),
      tlsKey: 'A'.repeat(64),
      from: '2026-01-01T00:00:00.000Z',
      serial,
      incarnation: node === 'hub' ? 1 : 0,
      issuer: keyId(crypto, rawPublicKey(county)),
    })
  return {
    file,
    close,
    another: () => openCounty(build),
    countyKey: rawPublicKey(county),
    tamper: (sql) => closed(file, (opened) => opened.db.exec(sql)),
    look: (sql) => closed(file, (opened) => opened.db.prepare(sql).all()),
    open: async (mbMax, secondCopy) => {
      await close()
      opened += 1
      const epoch = opened.toString(16).padStart(16, 'e')
      ledger = await build({
        file,
        countyKey: rawPublicKey(county),
        signingKey: hub,
        epoch,
        mbMax: mbMax ?? null,
        secondCopy: secondCopy ?? null,
      })
      await ledger.keepCertificate('hub', certificateOf('hub'))
      return ledger
    },
    signerOf: signer,
    certificateOf,
    writer: (node, epoch = '00000000000000aa', parent = null) => testWriter(`${node}>*`, epoch, signer(node), parent),
    drop: async () => {
      await close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A parcel with the writer's entries `from`..`upto` as its node would send it. */
export const parcelOf = (node: string, writer: TestWriter, from: number, upto: number = writer.texts.length): Parcel => ({
  node,
  payload: Buffer.from(writeBatch(writer.batch(from, upto), { source: `/nodes/${node}`, time: '2026-11-22T01:02:04.000Z' })),
  receivedAtMs: Date.parse('2026-11-22T01:02:05.000Z'),
})

/** Offers parcels and fails when the disk is full. */
export const taken = async (ledger: HubLedger, ...parcels: readonly Parcel[]): Promise<readonly Outcome[]> => {
  const outcomes = await ledger.take(parcels)
  if (isRefusal(outcomes)) throw new Error(outcomes.en)
  return outcomes
}

export const line = (lot: string, from: string, to: string, units: number): Line => ({ lot, from, to, units, entered: null, tags: [] })

/** Books one line in a node's stream. */
export const book = (writer: TestWriter, kind: Entry['kind'], moved: Line, more: Partial<Entry> = {}): Entry =>
  writer.add({ kind, lines: [moved], ...more })

/** Units of a lot at a place, as the county sees it. */
export const unitsAt = async (ledger: HubLedger, lot: string, place: string): Promise<number> => {
  const found = await ledger.ask.lot({ lot })
  return isRefusal(found) ? 0 : (found.whereIs.find((row) => row.place === place)?.units ?? 0)
}

/** Kinds of the open discrepancies, sorted. */
export const openKinds = async (ledger: HubLedger): Promise<readonly string[]> => {
  const page = await ledger.ask.discrepancies({})
  if (isRefusal(page)) throw new Error(page.en)
  return page.rows
    .filter(({ closedAt }) => closedAt === null)
    .map(({ kind }) => kind)
    .sort()
}

export const LOT = 'gauze/B2509'
export const STREAM = 'qinglong>*'
export const EPOCH = '00000000000000aa'
export const ROOM = 'qinglong/main/pending'
export const TRANSIT = 'qinglong/~transit'
export const RECEIVED_MS = Date.parse('2026-11-22T01:02:05.000Z')
export const DAY_MS = 86_400_000

/** A county's ledger with these nodes certified. */
export const ready = async (county: LedgerCounty, nodes: readonly string[] = ['qinglong'], mbMax?: number): Promise<HubLedger> => {
  const ledger = await county.open(mbMax)
  for (const node of nodes) await ledger.keepCertificate(node, county.certificateOf(node))
  return ledger
}

/** A node's stream with its epoch entry and one receipt per number. */
export const received = (county: LedgerCounty, ...units: readonly number[]): TestWriter => {
  const writer = county.writer('qinglong')
  for (const count of units) book(writer, 'receive', line(LOT, TRANSIT, ROOM, count))
  return writer
}

/** Opens a file that nobody has open, for one look. */
const closed = <Answer>(file: string, look: (opened: OpenedDatabase) => Answer): Answer => {
  const opened = openDatabase(file, { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const answer = look(opened)
  opened.close()
  return answer
}

const crypto = openCrypto()
const seedOf = (node: string): number => 10 + [...node].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 200, 0)
const keyOf = (seed: number): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]),
    format: 'der',
    type: 'pkcs8',
  })
