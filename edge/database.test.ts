import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { closeDatabase, openDatabase, type Shape, troubleOf, WAL_PAGES } from './database.ts'

const SHAPE: Shape = { application: 0x4c4b5454, version: 2, schema: 'create table thing (name text primary key) strict' }
const OPTIONS = { synchronous: 'FULL', walPages: WAL_PAGES } as const

/** Hundreds of commits, each flushed, on a busy disk. */
const PATIENCE_MS = 120_000

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-database-'))
  folders.push(folder)
  return join(folder, 'node.sqlite')
}
const fault = (code: string, facts: object = {}) => expect.objectContaining({ code, facts: expect.objectContaining(facts) })

test('a commit is synced in full, and the WAL stands at its size from the start', { timeout: PATIENCE_MS }, () => {
  const path = file()
  const db = openDatabase(path, SHAPE, OPTIONS)
  expect(db.pragma('synchronous', { simple: true })).toBe(2)
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(WAL_PAGES * 4_096)
  const before = statSync(`${path}-wal`).size
  for (let at = 0; at < 300; at += 1) db.prepare('insert into thing values (?)').run(`n${at}`)
  expect(statSync(`${path}-wal`).size).toBe(before)
  closeDatabase(db)
  const again = openDatabase(path, SHAPE, OPTIONS)
  expect(again.prepare('select count(*) from thing').pluck().get()).toBe(300)
  // The index of the WAL is in memory only: a file for it (`-shm`) would need room on a full disk only to be read.
  expect(existsSync(`${path}-shm`)).toBe(false)
  closeDatabase(again)
})

test('a second process is refused at once with the pid of the first, and kill -9 frees the file with all that was committed', async () => {
  const path = file()
  const script = `
    import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'database.ts'))}
    const db = openDatabase(${JSON.stringify(path)}, ${JSON.stringify(SHAPE)}, ${JSON.stringify(OPTIONS)})
    db.prepare('insert into thing values (?)').run('answered')
    console.log('open')
    // What nobody refers to any more may be collected, and a collected database is a closed one.
    setInterval(() => db.open, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  expect(() => openDatabase(path, SHAPE, OPTIONS)).toThrow(fault('database.in-use', { pid: other.pid }))
  other.kill('SIGKILL')
  await once(other, 'exit')
  const db = openDatabase(path, SHAPE, OPTIONS)
  expect(db.prepare('select name from thing').pluck().all()).toEqual(['answered'])
  closeDatabase(db)
  expect(existsSync(`${path}.pid`)).toBe(false)
})

test('what is no database of ours is left alone', () => {
  const path = file()
  closeDatabase(openDatabase(path, SHAPE, OPTIONS))
  expect(() => openDatabase(path, { ...SHAPE, application: 1 }, OPTIONS)).toThrow(fault('database.foreign-file'))
  expect(() => openDatabase(path, { ...SHAPE, version: 1 }, OPTIONS)).toThrow(fault('database.schema-newer', { found: 2, known: 1 }))
  const text = file()
  writeFileSync(text, 'not a database, but a text long enough to be taken for one; '.repeat(40))
  expect(() => openDatabase(text, SHAPE, OPTIONS)).toThrow(fault('database.foreign-file'))
})

test('a damaged file says so', () => {
  const path = file()
  const db = openDatabase(path, SHAPE, OPTIONS)
  db.exec(`insert into thing with recursive n(x) as (select 1 union all select x + 1 from n where x < 5000) select 'name ' || x from n`)
  closeDatabase(db)
  const bytes = new Uint8Array(statSync(path).size).fill(0xff, 100)
  bytes.set(new TextEncoder().encode('SQLite format 3\0'))
  bytes.set([0x10, 0x00, 2, 2, 0, 64, 32, 32], 16)
  writeFileSync(path, bytes)
  expect(() => openDatabase(path, SHAPE, OPTIONS)).toThrow(fault('database.damaged'))
})

test('a folder that is not there, and a SQLite that is too old', () => {
  expect(() => openDatabase(join(file(), 'x', 'node.sqlite'), SHAPE, OPTIONS)).toThrow(fault('database.open-failed'))
  expect(() => openDatabase(':memory:', SHAPE, { ...OPTIONS, sqliteMin: '99.0.0' })).toThrow(fault('database.sqlite-too-old'))
})

test('only the disk is trouble of the disk', () => {
  const db = openDatabase(':memory:', SHAPE, OPTIONS)
  const thrown = (run: () => unknown): unknown => {
    try {
      run()
      return null
    } catch (error) {
      return error
    }
  }
  const insert = (name: string) => thrown(() => db.prepare('insert into thing values (?)').run(name))
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`)
  expect(troubleOf(insert('x'.repeat(50_000)))).toBe('full')
  expect(troubleOf(insert('a') ?? insert('a'))).toBeNull()
  db.pragma('query_only = on')
  expect(troubleOf(insert('b'))).toBe('failed')
  expect(troubleOf(new Error('a bug'))).toBeNull()
})
