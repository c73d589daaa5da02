import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { closeDatabase, readDatabase } from '../database.ts'
import {
  announce,
  type Bench,
  crypto,
  draft,
  line,
  NODE,
  NOON_MS,
  openBench,
  openClock,
  openRandom,
  openTestHub,
} from './fixtures/bench.ts'
import { openEdgeLedger } from './ledger.ts'
import { openLedgerFile } from './salvage.ts'
import { LEDGER_SHAPE } from './schema.ts'
import { upgradeLedger } from './upgrade.ts'

const OWN = streamOfNode(NODE)
const OPTIONS = { synchronous: 'FULL', walPages: 0, upgrade: upgradeLedger(crypto) } as const
/** Where the power went: entries up to here lie in the file, later ones in its WAL. */
const IN_FILE = 60
const IN_WAL = 30
/** Hundreds of commits, each flushed, on a busy disk. */
const PATIENCE_MS = 120_000

const keep = mkdtempSync(join(tmpdir(), 'lotkeeper-salvage-'))
const source = join(keep, 'source.sqlite')
/** The same with its WAL taken in, so that damage of the file is damage of the entries. */
const folded = join(keep, 'folded.sqlite')
const truth = new Map<string, string>()
let signer: Bench['signer']

const book = ({ ledger }: Bench, count: number): void => {
  for (let at = 0; at < count; at += 1) {
    const { epoch, seq } = ledger.head()
    const lines = [line(`gauze/L${seq % 7}`, `${NODE}/~transit`, `${NODE}/main/pending`, 1)]
    ledger.book({ action: `a-${epoch}-${seq}`, act: 'a' }, () => [draft('receive', { reason: 'r'.repeat(150) }, { lines })])
  }
}

/** Two epochs, words of the hub, signatures; the last entries only in the WAL, as a power cut leaves them. */
beforeAll(() => {
  const path = join(keep, 'made.sqlite')
  const first = openBench({ path })
  const hub = openTestHub()
  for (let at = 0; at < 20; at += 1) announce(hub, { epc: `3034AA${String(at).padStart(2, '0')}`, lot: 'gauze/L1', units: 10 })
  hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key: '0011', reason: 'lost' })
  hub.tell(first.ledger)
  book(first, IN_FILE)
  first.ledger.close()
  const second = openBench({ path })
  signer = second.signer
  const { epoch } = second.ledger.head()
  // All of one lot is used: with a part of its receipts lost, the room stands below zero.
  const used = [line('gauze/L2', `${NODE}/main/pending`, `${NODE}/~consumed`, second.ledger.read.units('gauze/L2', `${NODE}/main/pending`))]
  second.ledger.book({ action: 'use', act: 'use' }, () => [draft('issue', {}, { lines: used })])
  book(second, IN_WAL)
  second.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: IN_WAL })
  book(second, 1)
  for (const row of second.db
    .prepare<[], { id: string; body: string }>(`select stream || '/' || epoch || '/' || seq as id, body from log`)
    .iterate())
    truth.set(row.id, row.body)
  for (const tail of ['', '-wal', '.pid']) copyFileSync(`${path}${tail}`, `${source}${tail}`)
  second.ledger.close()
  // Behind the last frame the WAL is only room that was made beforehand.
  truncateSync(`${source}-wal`, readFileSync(`${source}-wal`).findLastIndex((byte) => byte !== 0) + 1)
  for (const tail of ['', '-wal']) copyFileSync(`${source}${tail}`, `${folded}${tail}`)
  closeDatabase(openLedgerFile(folded, OPTIONS, crypto, NOON_MS).db)
}, PATIENCE_MS)
afterAll(() => rmSync(keep, { recursive: true }))

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const freshPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-salvage-'))
  folders.push(folder)
  return join(folder, 'node.sqlite')
}
const copyOf = (): string => {
  const path = freshPath()
  for (const tail of ['', '-wal', '.pid']) copyFileSync(`${source}${tail}`, `${path}${tail}`)
  return path
}
const foldedCopy = (): string => {
  const path = freshPath()
  copyFileSync(folded, path)
  copyFileSync(`${source}.pid`, `${path}.pid`)
  return path
}

const change = (path: string, alter: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(path)
  alter(bytes)
  writeFileSync(path, bytes)
}

/** Opens what is left, and checks that it is an exact part of what was: whole entries, or holes, in unbroken order, with true projections. */
const judge = (path: string) => {
  const { db, salvaged } = openLedgerFile(path, OPTIONS, crypto, NOON_MS)
  const parts = { crypto, clock: openClock(), random: openRandom(), signer, boot: { id: 'boot-2', upMs: () => 1 } }
  const ledger = openEdgeLedger(db, parts, { node: NODE, zone: 'Asia/Shanghai', software: 'test' })
  ledger.exchange.inspect(1_000)
  const holes = ledger.exchange.holes().length
  const rows = db
    .prepare<[], { id: string; body: string; kind: string }>(
      `select stream || '/' || epoch || '/' || seq as id, body, kind from log order by at`,
    )
    .all()
    .filter(({ id }) => truth.has(id))
  const foreign = rows.filter(({ id, body, kind }) => kind !== '?' && body !== truth.get(id))
  const gaps = ledger.exchange
    .tips([OWN, `hub>${NODE}`, STREAM_TO_ALL])
    .filter(
      ({ stream, epoch, held }) =>
        db.prepare('select count(*) from log where stream = ? and epoch = ?').pluck().get(stream, epoch) !== held,
    )
  const differing = holes === 0 ? ledger.rebuild() : []
  const negative = ledger.read.positions().filter(({ place, units }) => place.includes('/main/') && units < 0)
  const answer = ledger.book({ action: 'goes-on', act: 'a' }, () => [])
  ledger.close()
  return {
    salvaged,
    holes,
    kept: rows.length,
    foreign: foreign.length,
    gaps: gaps.length,
    differing,
    goesOn: 'fresh' in answer && negative.length === 0,
  }
}
const SOUND = { foreign: 0, gaps: 0, differing: [], goesOn: true }

test('a file that nothing happened to but a power cut is not salvaged', () => {
  expect(judge(copyOf())).toEqual({ ...SOUND, salvaged: null, holes: 0, kept: truth.size })
})

test('flipped bytes and zeroed sectors anywhere: an exact part of what was, nothing of it silently', { timeout: PATIENCE_MS }, () => {
  const outcomes: string[] = []
  for (let seed = 1; seed <= 36; seed += 1) {
    const path = foldedCopy()
    change(path, (bytes) => {
      // Beyond the first page, whose loss is told of below.
      const at = 4_096 + ((seed * 7_919 * 131) % (bytes.length - 4_096 - 512))
      if (seed % 2 === 0) bytes.fill(0, at & ~511, (at & ~511) + 512)
      else for (let byte = at; byte < at + 24; byte += 1) bytes[byte] = (bytes[byte] ?? 0) ^ 0x55
    })
    const { salvaged, holes, kept, ...sound } = judge(path)
    expect([seed, sound]).toEqual([seed, SOUND])
    const missing = truth.size - kept
    expect([seed, missing > 0 && !salvaged]).toEqual([seed, false])
    outcomes.push(salvaged ? (missing > 0 ? 'salvaged with loss' : 'salvaged whole') : holes > 0 ? 'holes' : 'untouched')
    if (salvaged) expect(existsSync(salvaged.aside)).toBe(true)
  }
  // The draw must really reach all of it.
  expect([...new Set(outcomes)].toSorted()).toEqual(['holes', 'salvaged whole', 'salvaged with loss', 'untouched'])
})

test('what was lost of the own history is named with its span', () => {
  const path = foldedCopy()
  const first = [...truth.keys()].find((id) => id.startsWith(OWN))?.split('/')[1]
  change(path, (bytes) => {
    // A leaf of the log goes [SQLite file format 1.6: 0x0a], with entries of the middle of the first epoch.
    for (let page = 1; page * 4_096 < bytes.length; page += 1) {
      const leaf = bytes.subarray(page * 4_096, page * 4_096 + 4_096)
      if (leaf[0] !== 0x0a || !leaf.includes('"seq":30,"stream":"qinglong>*"') || !leaf.includes(`"epoch":"${first}"`)) continue
      leaf.fill(0xee)
      return
    }
    throw new Error('no such leaf')
  })
  const { salvaged, kept, ...sound } = judge(path)
  expect(sound).toEqual({ ...SOUND, holes: 0 })
  expect(salvaged?.entries).toBe(kept)
  const [span] = salvaged?.lost ?? []
  expect(span?.from).toBeLessThanOrEqual(30)
  expect(span?.upto).toBe(IN_FILE + 1)
  // The second epoch lies behind the break and is kept: nobody else may have it.
  expect(kept).toBeGreaterThan(IN_WAL)
})

test.each([
  ['the header is zeroed', (path: string) => change(path, (bytes) => bytes.fill(0, 0, 100))],
  ['the first page is noise', (path: string) => change(path, (bytes) => bytes.fill(0xa5, 0, 4_096))],
  ['the file is cut in half', (path: string) => truncateSync(path, Math.floor(readFileSync(path).length / 2 / 4_096) * 4_096)],
  ['the file is cut inside its first page', (path: string) => truncateSync(path, 1_000)],
  ['the file is empty', (path: string) => truncateSync(path, 0)],
])('%s: the node starts all the same, with what could be read, and the old file stands aside', (_story, alter) => {
  const path = foldedCopy()
  alter(path)
  const before = readFileSync(path)
  const { salvaged, kept, ...sound } = judge(path)
  expect(sound).toEqual({ ...SOUND, holes: 0 })
  expect(kept).toBeLessThan(truth.size)
  expect(readFileSync(salvaged?.aside ?? '')).toEqual(before)
  expect(readdirSync(join(path, '..')).filter((name) => /salvag/.test(name))).toEqual([])
})

test('a WAL cut or garbled anywhere: an exact prefix, which the file itself cannot tell from a whole one', { timeout: PATIENCE_MS }, () => {
  const kept: number[] = []
  for (let seed = 1; seed <= 18; seed += 1) {
    const path = copyOf()
    const at = 32 + ((seed * 104_729) % 400_000)
    if (seed % 3 === 0) truncateSync(`${path}-wal`, at)
    else change(`${path}-wal`, (bytes) => void bytes.fill(seed % 3 === 1 ? 0 : 0x5a, at, at + 700))
    const { salvaged, ...sound } = judge(path)
    expect([seed, salvaged, { ...sound, kept: 0 }]).toEqual([seed, null, { ...SOUND, holes: 0, kept: 0 }])
    kept.push(sound.kept)
  }
  expect(Math.min(...kept)).toBeLessThan(truth.size - 5)
  expect(new Set(kept).size).toBeGreaterThan(5)
})

test('a salvage that was broken off is taken up again at the next start, and the old WAL never comes into the new file', () => {
  const path = foldedCopy()
  change(path, (bytes) => bytes.fill(0, 0, 4_096))
  const twin = copyOf()
  // As after the new file was whole and before it had its name: the damaged one and a WAL of its own still lie there.
  closeDatabase(openLedgerFile(twin, OPTIONS, crypto, NOON_MS).db)
  copyFileSync(twin, `${path}.salvaged`)
  copyFileSync(`${source}-wal`, `${path}-wal`)
  expect(judge(path)).toMatchObject({ ...SOUND, salvaged: null, kept: truth.size })
  // As after it began to write: the half-written file is thrown away.
  const other = foldedCopy()
  change(other, (bytes) => bytes.fill(0, 0, 4_096))
  writeFileSync(`${other}.salvaging`, 'half of a file')
  expect(judge(other)).toMatchObject({ ...SOUND, kept: 0 })
})

test('an end that differs from its record is salvaged too, and a foreign file is left alone', () => {
  const path = copyOf()
  const { db } = openLedgerFile(path, OPTIONS, crypto, NOON_MS)
  db.exec(`update epoch set head_hash = zeroblob(32) where ord = (select max(ord) from epoch where stream = '${OWN}')`)
  closeDatabase(db)
  const { salvaged, ...rest } = judge(path)
  expect([salvaged?.lost, rest]).toEqual([[], { ...SOUND, holes: 0, kept: truth.size }])
  change(path, (bytes) => bytes.writeUInt32BE(0x12345678, 68))
  expect(() => openLedgerFile(path, OPTIONS, crypto, NOON_MS)).toThrow(expect.objectContaining({ code: 'database.foreign-file' }))
  expect(readdirSync(join(path, '..')).filter((name) => name.includes('damaged-'))).toHaveLength(2)
})

test('a file that was closed and damaged later is found out when the ledger opens on it, and the next start salvages it', () => {
  const path = freshPath()
  copyFileSync(folded, path)
  const whole = readDatabase(path, LEDGER_SHAPE)
  const page = Number(whole.prepare(`select rootpage from sqlite_schema where name = 'tag'`).pluck().get())
  whole.close()
  change(path, (bytes) => void bytes.fill(0xff, (page - 1) * 4_096, page * 4_096))
  const { db, salvaged } = openLedgerFile(path, OPTIONS, crypto, NOON_MS)
  expect(salvaged).toBeNull()
  const parts = { crypto, clock: openClock(), random: openRandom(), signer, boot: { id: 'boot-2', upMs: () => 1 } }
  const open = () => openEdgeLedger(db, parts, { node: NODE, zone: 'Asia/Shanghai', software: 'test' }).rebuild()
  expect(open).toThrow(expect.objectContaining({ code: 'database.damaged' }))
  // A process that ends by a fault leaves its mark beside the file.
  db.close()
  expect(judge(path)).toMatchObject({ ...SOUND, kept: truth.size, salvaged: { lost: [] } })
})

test('what was marked as damaged behind the break is whole when it is given back, and counts once', () => {
  const path = foldedCopy()
  const sound = openLedgerFile(path, OPTIONS, crypto, NOON_MS)
  const parts = { crypto, clock: openClock(), random: openRandom(), signer, boot: { id: 'boot-2', upMs: () => 1 } }
  const open = (db: typeof sound.db) => openEdgeLedger(db, parts, { node: NODE, zone: 'Asia/Shanghai', software: 'test' })
  const before = open(sound.db)
  const [epoch = ''] = [...truth.keys()].filter((id) => id.startsWith(OWN)).map((id) => id.split('/')[1])
  const whole = [1, 33].flatMap((from) => before.exchange.batch({ stream: OWN, epoch, from, upto: from + 31 }) ?? [])
  const units = before.read.positions()
  const upto = whole.at(-1)?.upto ?? 0
  // One entry was found damaged in time; then the pages of the log that hold it went as well.
  sound.db.prepare(`update log set body = replace(body, '"units":1', '"units":9') where epoch = ? and seq = 40`).run(epoch)
  before.exchange.inspect(1_000)
  expect(before.exchange.holes()).toMatchObject([{ seq: 40 }])
  before.close()
  copyFileSync(`${source}.pid`, `${path}.pid`)
  change(path, (bytes) => {
    for (let page = 1; page * 4_096 < bytes.length; page += 1) {
      const leaf = bytes.subarray(page * 4_096, page * 4_096 + 4_096)
      if (leaf[0] === 0x0a && leaf.includes('"seq":30,"stream":"qinglong>*"') && leaf.includes(`"epoch":"${epoch}"`)) leaf.fill(0xee)
    }
  })
  const { db, salvaged } = openLedgerFile(path, OPTIONS, crypto, NOON_MS)
  const ledger = open(db)
  const [{ held = 0 } = {}] = ledger.exchange.tips([OWN]).filter((tip) => tip.epoch === epoch)
  expect([salvaged?.lost[0]?.from, ledger.exchange.holes()]).toEqual([held + 1, []])
  expect(ledger.exchange.toldTips([OWN], () => false).find((tip) => tip.epoch === epoch)?.held).toBe(held)
  for (const round of [1, 2])
    for (const batch of whole) expect([round, ledger.exchange.take(batch, signer.publicKey).is]).not.toContain('refused')
  expect(ledger.exchange.tips([OWN]).find((tip) => tip.epoch === epoch)?.held).toBe(upto)
  const shelf = (rows: typeof units) => rows.filter(({ place }) => place.endsWith('/pending'))
  expect([ledger.exchange.holes(), shelf(ledger.read.positions())]).toEqual([[], shelf(units)])
  ledger.close()
})
