import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { afterEach, expect, test } from 'vitest'
import { closeDatabase, type Database, openDatabase, type Shape } from '../database.ts'
import { announce, type Bench, crypto, draft, line, NODE, openBench, openTestHub } from './fixtures/bench.ts'
import { LEDGER_SHAPE } from './schema.ts'
import { upgradeLedger } from './upgrade.ts'

const LOT = 'gauze/B1'
const PENDING = `${NODE}/main/pending`
const GAUZE = {
  ...{ item: 'gauze', version: 3, name: { zh: '纱布', en: '' }, model: '', unit: { zh: '片', en: '' }, nearDays: [90] },
  packs: [{ gtin: '16901234567899', pack: 'carton', units: 100 }],
}
const OPTIONS = { synchronous: 'FULL', walPages: 0 } as const
const shapeOf = (version: number): Shape => ({
  application: LEDGER_SHAPE.application,
  version,
  schema: readFileSync(new URL(`fixtures/schema-${version}.sql`, import.meta.url), 'utf8'),
})
const FIRST = shapeOf(1)
const TRUTH = ['ledger', 'epoch', 'log', 'batch_signature', 'action', 'certificate', 'revoked']

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A file as an older version left it: its own tables, the same log, projections that knew less. */
const writeOld = (bench: Bench, shape: Shape = FIRST): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-upgrade-'))
  folders.push(folder)
  const path = join(folder, 'node.sqlite')
  const db = openDatabase(path, shape, OPTIONS)
  for (const table of TRUTH) {
    const rows = bench.db.prepare<[], Record<string, unknown>>(`select * from ${table}`).all()
    for (const row of rows) {
      const names = Object.keys(row)
      db.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`).run(...Object.values(row))
    }
  }
  db.exec(`insert into position values ('gauze/B1', '${PENDING}', 999, 1); update log set kind = '?' where kind = 'correct'`)
  db.exec(`insert into parked select stream, epoch, seq from log where kind = '?'`)
  closeDatabase(db)
  return path
}

const openSource = (): Bench => {
  const bench = openBench()
  const hub = openTestHub()
  announce(hub, { epc: '3034AA', lot: LOT, units: 10 })
  hub.write(STREAM_TO_ALL, 'item', GAUZE)
  hub.tell(bench.ledger)
  const { book, exchange } = bench.ledger
  const lines = [line(LOT, `${NODE}/~transit`, PENDING, 10)]
  book({ action: 'in', act: 'in' }, () => [draft('receive', {}, { lines })])
  const { epoch, seq } = bench.ledger.head()
  exchange.batch({ stream: `${NODE}>*`, epoch, from: 1, upto: seq })
  // A kind the first version did not know: it came down as own history and was parked.
  const ask = `${streamToNode(NODE)}/${exchange.tips([streamToNode(NODE)])[0]?.epoch}/2`
  book({ action: 'mend', act: 'mend' }, () => [draft('correct', { ask }, { lines: [line(LOT, PENDING, `${NODE}/~adjusted`, 1)] })])
  return bench
}

const versionOf = (db: Database) => db.pragma('user_version', { simple: true })

test.each([1, 3, 4, 5, 6, 7, 8, 9])(
  'a file of version %i is opened, its projections are folded anew, and nothing of its log is changed',
  (version) => {
    const source = openSource()
    const path = writeOld(source, shapeOf(version))
    const before = source.db.prepare('select stream, epoch, seq, at, hash, body from log order by at').all()
    const raised = openBench({ path })
    expect(versionOf(raised.db)).toBe(LEDGER_SHAPE.version)
    expect(raised.ledger.read.units(LOT, PENDING)).toBe(9)
    expect(raised.ledger.read.item('gauze')).toEqual(GAUZE)
    expect(raised.ledger.read.itemByCode({ scheme: 'gtin', code: '16901234567899' })).toMatchObject({ pack: 'carton', units: 100 })
    expect(raised.ledger.read.tag('3034AA')?.registration.lot).toBe(LOT)
    expect(raised.db.prepare('select stream, epoch, seq, at, hash, body from log order by at').all().slice(0, before.length)).toEqual(
      before,
    )
    expect(raised.ledger.exchange.tips([`${NODE}>*`]).map(({ held, applied }) => [held, applied])).toEqual([
      [3, 3],
      [1, 1],
    ])
    expect(raised.ledger.book({ action: 'in', act: 'in' }, () => [])).toMatchObject({ fresh: false })
    expect(raised.ledger.rebuild()).toEqual([])
    const made = (db: Database) => db.prepare(`select name, sql from sqlite_schema where name not like 'sqlite_%' order by name`).all()
    expect(made(raised.db)).toEqual(made(source.db))
    raised.ledger.close()
    const again = openBench({ path })
    expect(again.ledger.read.units(LOT, PENDING)).toBe(9)
    again.ledger.close()
  },
)

test('an upgrade that fails leaves the old file as it was, and says so', () => {
  const path = writeOld(openSource())
  const broken = (db: Database) => {
    upgradeLedger(crypto)(db)
    throw new Error('power of the pen')
  }
  const failed = expect.objectContaining({
    code: 'database.upgrade-failed',
    facts: expect.objectContaining({ found: 1, known: LEDGER_SHAPE.version }),
  })
  expect(() => openDatabase(path, LEDGER_SHAPE, { ...OPTIONS, upgrade: broken })).toThrow(failed)
  expect(() => openDatabase(path, LEDGER_SHAPE, OPTIONS)).toThrow(failed)
  const old = openDatabase(path, FIRST, OPTIONS)
  expect(versionOf(old)).toBe(1)
  expect(old.prepare('select units from position').pluck().all()).toEqual([999])
  closeDatabase(old)
})

test('an older program leaves a file of today alone', () => {
  const path = writeOld(openSource())
  openBench({ path }).ledger.close()
  expect(() => openDatabase(path, FIRST, OPTIONS)).toThrow(expect.objectContaining({ code: 'database.schema-newer' }))
})
