import { statSync } from 'node:fs'
import { join } from 'node:path'
import { makeSigningKey, openCrypto, openSigner } from '@lotkeeper/edge/crypto.ts'
import { openDatabase, WAL_PAGES } from '@lotkeeper/edge/database.ts'
import type { EdgeLedger } from '@lotkeeper/edge/ledger/contract.ts'
import { openEdgeLedger } from '@lotkeeper/edge/ledger/ledger.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { ENTRY_BYTES_MAX } from '@lotkeeper/protocol/ledger/entry.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { BATCH_BYTES_MAX, readBatch, writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { testWriter } from '../writer.ts'
import { type Bench, type Figure, median, p95 } from './figures.ts'
import { insertBare } from './limit.ts'
import { openFolder } from './machine.ts'
import type { Load } from './workload.ts'

/** The county's catalogue comes down to a fresh node: from the first batch read to the last item usable, and what it costs on the card. */
export const catalogue: Bench = {
  name: 'catalogue',
  what: { zh: '目录下到新站点', en: 'the catalogue reaches a fresh node' },
  run: async (scope, say) => {
    const load = makeCatalogue()
    const rounds = Array.from({ length: ROUNDS }, (_, at) => {
      const round = { ...takeAll(openFolder(scope), load), bare: bareOf(openFolder(scope), load) }
      say(`${at + 1}/${ROUNDS}: ${Math.round(round.ms)} ms, ${round.mb.toFixed(1)} MB`)
      return round
    })
    return figuresOf(rounds)
  },
}

const ROUNDS = 3
const ITEMS = 20_000
const EPOCH = '00000000000000ca'
/** What an entry says besides its records. */
const HEAD_BYTES = 600
/** A batch message escapes every quotation mark of its entries. */
const BATCH_TEXT_BYTES = BATCH_BYTES_MAX - 8_192

/** An item as a county fills it in: three packs, five codes, everything a receipt is judged by. */
const itemAt = (at: number): RecordOf<'item'> => {
  const gtin = (level: number) => {
    const digits = `${level}69${String(at).padStart(10, '0')}`
    return `${digits}${checkDigitOf(digits)}`
  }
  return {
    ...{
      is: 'item',
      id: `item-${at}`,
      version: 1,
      name: { zh: `一次性使用无菌导管 ${at}`, en: `Sterile catheter ${at}` },
      model: `DG-${at % 97}`,
    },
    ...{ specification: `${at % 20}Fr×${at % 50}cm`, unit: { zh: '支', en: 'piece' }, nearDays: [180, 90, 30], class: 'III' },
    packs: [
      { pack: '支', units: 1, gtin: gtin(0), codes: [{ scheme: 'ma', code: `MA.156.M0.100221.${at}` }] },
      { pack: '盒', units: 50, gtin: gtin(1), of: { pack: '支', quantity: 50 } },
      { pack: '箱', units: 500, gtin: gtin(2), of: { pack: '盒', quantity: 10 }, codes: [{ scheme: 'local', code: `L${at}` }] },
    ],
    ...{ certificate: `cert-${at % 4_000}`, manufacturer: `maker-${at % 500}`, nhsa: `C${String(at).padStart(19, '0')}` },
    ...{ singleUse: true, sterile: true, promises: { lot: true, serial: false, produced: true, expiry: true } },
    storage: [{ what: '温度', min: '2', max: '30', unit: '℃' }],
  }
}

interface Catalogue {
  readonly load: Load
  readonly publicKey: Uint8Array
}

/** As many records to an entry, and entries to a message, as fit. */
const makeCatalogue = (): Catalogue => {
  const signer = openSigner(openCrypto(), makeSigningKey())
  const writer = testWriter(STREAM_TO_ALL, EPOCH, signer)
  let records: RecordOf<'item'>[] = []
  let bytes = HEAD_BYTES
  const write = () => {
    writer.add({ kind: 'master', body: { records }, action: `import-${writer.texts.length}` })
    records = []
    bytes = HEAD_BYTES
  }
  for (let at = 0; at < ITEMS; at += 1) {
    const item = itemAt(at)
    const size = Buffer.byteLength(canonicalText(item)) + 1
    if (bytes + size > ENTRY_BYTES_MAX) write()
    records.push(item)
    bytes += size
  }
  write()
  const payloads: string[] = []
  for (let from = 1; from <= writer.texts.length; ) {
    let upto = from
    let sent = textBytes(writer.texts[from - 1])
    while (upto < writer.texts.length && sent + textBytes(writer.texts[upto]) <= BATCH_TEXT_BYTES) {
      sent += textBytes(writer.texts[upto])
      upto += 1
    }
    payloads.push(writeBatch(writer.batch(from, upto), { source: 'lotkeeper/hub', time: '2026-11-22T01:02:04.000Z' }))
    from = upto + 1
  }
  const rows = writer.texts.map((body, at) => ({ seq: at + 1, hash: writer.hashes[at] ?? new Uint8Array(), body }))
  const load = { node: 'hub', epoch: EPOCH, payloads, entries: rows.length, rows, tip: writer.tip() }
  return { load, publicKey: signer.publicKey }
}

const textBytes = (text = ''): number => Buffer.byteLength(JSON.stringify(text))

interface Round {
  readonly ms: number
  readonly mb: number
  readonly searchMs: readonly number[]
  readonly codeMs: readonly number[]
}

/** Every message is read, judged and applied, flushed one by one as they come over the line; then items are looked for. */
const takeAll = (folder: string, { load, publicKey }: Catalogue): Round => {
  const file = join(folder, 'node.sqlite')
  const ledger = openNode(file)
  const from = performance.now()
  for (const payload of load.payloads) {
    const batch = readBatch(payload)
    const judgement = batch && ledger.exchange.take(batch, publicKey)
    if (judgement?.is !== 'taken') throw new Error(`the node answered ${judgement?.is}`)
  }
  const ms = performance.now() - from
  const last = ledger.read.item(`item-${ITEMS - 1}`)
  if (last?.version !== 1) throw new Error('the last item did not come')
  const searchMs = timed(40, (at) => ledger.read.items({ search: `导管 ${(at * 499) % ITEMS}`, limit: 100 }).length)
  const codeMs = timed(400, (at) => ledger.read.itemByCode({ scheme: 'ma', code: `MA.156.M0.100221.${(at * 41) % ITEMS}` })?.units ?? 0)
  ledger.close()
  return { ms, mb: statSync(file).size / 1e6, searchMs, codeMs }
}

const openNode = (file: string): EdgeLedger => {
  const crypto = openCrypto()
  const db = openDatabase(file, LEDGER_SHAPE, { synchronous: 'FULL', walPages: WAL_PAGES })
  const clock = { now: Date.now, monotonic: () => performance.now() }
  const random = { bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: Math.random }
  const boot = { id: 'bench', upMs: clock.monotonic }
  const parts = { crypto, clock, random, boot, signer: openSigner(crypto, makeSigningKey()) }
  return openEdgeLedger(db, parts, { node: 'qinglong', zone: 'Asia/Shanghai', software: 'bench' })
}

const timed = (tries: number, ask: (at: number) => number): readonly number[] =>
  Array.from({ length: tries }, (_, at) => {
    const from = performance.now()
    if (ask(at) === 0) throw new Error(`question ${at} found nothing`)
    return performance.now() - from
  })

/** The same texts in the same order by the bare driver, as many to a commit as come in one message. */
const bareOf = (folder: string, { load }: Catalogue): { readonly ms: number; readonly mb: number } => {
  const perCommit = Math.max(1, Math.round(load.entries / load.payloads.length))
  const { perSecond } = insertBare(folder, [load], perCommit)
  const mb = statSync(join(folder, `limit-${perCommit}-${EPOCH}.sqlite`)).size / 1e6
  return { ms: (load.entries / perSecond) * 1_000, mb }
}

const figuresOf = (rounds: readonly (Round & { readonly bare: { readonly ms: number; readonly mb: number } })[]): readonly Figure[] => {
  const bare = { zh: '裸插入', en: 'bare inserts' }
  const of = (unit: 'ms' | 'MB', pick: (round: (typeof rounds)[number]) => number) => median(unit, rounds.map(pick))
  return [
    {
      what: { zh: '2 万个品种下到新站点', en: '20,000 items reach a fresh node' },
      ours: of('ms', ({ ms }) => ms),
      goal: { is: '<', value: 10_000 },
      beside: [{ name: bare, measured: of('ms', (round) => round.bare.ms) }],
    },
    {
      what: { zh: '在站点占用（含日志）', en: 'what they cost there, log and all' },
      ours: of('MB', ({ mb }) => mb),
      goal: { is: '<', value: 30 },
      beside: [{ name: bare, measured: of('MB', (round) => round.bare.mb) }],
    },
    {
      what: { zh: '站点上按字查品种', en: 'an item found there by its words' },
      ours: p95(
        'ms',
        rounds.flatMap(({ searchMs }) => searchMs),
      ),
    },
    {
      what: { zh: '站点上按码查品种', en: 'an item found there by its code' },
      ours: p95(
        'ms',
        rounds.flatMap(({ codeMs }) => codeMs),
      ),
    },
  ]
}
