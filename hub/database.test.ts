import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { judgeSqlite, openDatabase, SQLITE_FLOOR, sqliteCode, storageTroubleOf } from './database.ts'

const FORM = { applicationId: 77, version: 3, schema: 'create table fact (text text not null) strict' }
const home = mkdtempSync(join(tmpdir(), 'hub-database-'))
let count = 0
let file = ''
beforeEach(() => {
  count += 1
  file = join(home, `${count}.sqlite`)
})
afterAll(() => rmSync(home, { recursive: true }))

describe('a database file', () => {
  test('is made once, flushes every commit, maps no memory, and keeps what it was given', () => {
    const first = openDatabase(file, FORM)
    first.db.prepare('insert into fact values (?)').run('kept')
    const pragmas = ['journal_mode', 'synchronous', 'mmap_size', 'user_version', 'application_id']
    expect(pragmas.map((name) => first.db.pragma(name, { simple: true }))).toEqual(['wal', 2, 0, 3, 77])
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(4_000_000)
    first.close()
    const again = openDatabase(file, FORM)
    expect(again.db.prepare('select text from fact').pluck().all()).toEqual(['kept'])
    again.close()
  })

  test('belongs to one opener; the lock goes with it', () => {
    const first = openDatabase(file, FORM)
    expect(() => openDatabase(file, FORM)).toThrow(expect.objectContaining({ code: 'database.in-use' }))
    first.close()
    openDatabase(file, FORM).close()
    expect(existsSync(`${file}.owner`)).toBe(false)
    // Locking an empty file would write its first page, for which a full disk has no room.
    expect(statSync(`${file}.lock`).size).toBeGreaterThan(0)
  })

  test('whose lock cannot be had for another reason than an owner is a fault of the disk', () => {
    writeFileSync(`${file}.lock`, 'no lock of ours, and long enough to have a header'.repeat(10))
    expect(() => openDatabase(file, FORM)).toThrow(
      expect.objectContaining({ code: 'database.failed', facts: { file, code: 'SQLITE_NOTADB' } }),
    )
  })

  test('belongs to the process that holds it, by its pid, until that process dies, also by kill -9', async () => {
    const holder = await hold(file)
    const facts = { file, pid: expect.stringContaining(String(holder.pid)) }
    expect(() => openDatabase(file, FORM)).toThrow(expect.objectContaining({ code: 'database.in-use', facts }))
    const gone = new Promise((resolve) => holder.once('exit', resolve))
    holder.kill('SIGKILL')
    await gone
    openDatabase(file, FORM).close()
  })

  test('of a newer schema is refused', () => {
    openDatabase(file, { ...FORM, version: 4 }).close()
    const facts = { file, found: 4, known: 3 }
    expect(() => openDatabase(file, FORM)).toThrow(expect.objectContaining({ code: 'database.schema-newer', facts }))
  })

  test.each([
    ['the file of another program', () => openDatabase(file, { ...FORM, applicationId: 78 }).close()],
    ['no database at all', () => writeFileSync(file, 'a letter to the editor, long enough to have a header'.repeat(10))],
  ])('%s is refused and left alone', (_what, make) => {
    make()
    const before = statSync(file).size
    expect(() => openDatabase(file, FORM)).toThrow(expect.objectContaining({ code: 'database.not-ours' }))
    expect(statSync(file).size).toBe(before)
  })

  test('that cannot be opened at all is a fault of the disk', () => {
    const missing = join(home, 'no', 'such', 'folder', 'hub.sqlite')
    expect(() => openDatabase(missing, FORM)).toThrow(expect.objectContaining({ code: 'database.failed' }))
  })

  test('below the floor of sound SQLite is refused', () => {
    const old = expect.objectContaining({ code: 'database.sqlite-old' })
    for (const version of ['3.51.2', '3.7.17', '2.99.99']) expect(() => judgeSqlite(version)).toThrow(old)
    for (const version of [SQLITE_FLOOR, '3.54.1', '4.0.0']) expect(() => judgeSqlite(version)).not.toThrow()
  })
})

describe('a full disk', () => {
  test('refuses what does not fit, and gives a little room for the alarm', () => {
    const opened = openDatabase(file, FORM, 6)
    const write = () => opened.db.prepare('insert into fact values (?)').run('x'.repeat(100_000))
    const trouble = troubleOf(() => {
      for (;;) write()
    })
    expect(trouble).toBe('full')
    expect(troubleOf(write)).toBe('full')
    opened.freeReserve()
    expect(existsSync(`${file}.reserve`)).toBe(false)
    write()
    // The disk has room for the reserve, the file has none: nothing was gained yet.
    expect(opened.keepReserve()).toBe(false)
    expect(troubleOf(write)).toBe('full')
    opened.db.prepare('delete from fact').run()
    expect(opened.keepReserve()).toBe(true)
    expect(existsSync(`${file}.reserve`)).toBe(true)
    write()
    opened.close()
  })

  test('is told from a broken one and from a bug', () => {
    const thrown = (code: string) => Object.assign(new Error(code), { code })
    const rows = [
      ['SQLITE_FULL', 'full'],
      ['SQLITE_IOERR_WRITE', 'full'],
      ['SQLITE_IOERR_FSYNC', 'failing'],
      ['SQLITE_CORRUPT', 'failing'],
      ['SQLITE_CONSTRAINT', null],
      ['ENOENT', null],
    ] as const
    for (const [code, trouble] of rows) expect(storageTroubleOf(thrown(code))).toBe(trouble)
    expect(sqliteCode(new TypeError('x'))).toBeNull()
  })
})

/** A process of its own that opens the file and says so. */
const hold = (held: string): Promise<ChildProcess> =>
  new Promise((resolve) => {
    const door = JSON.stringify(new URL('./database.ts', import.meta.url).href)
    const story = `const { openDatabase } = await import(${door})
      globalThis.kept = openDatabase(${JSON.stringify(held)}, ${JSON.stringify(FORM)})
      process.stdout.write('held'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', story], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.once('data', () => resolve(child))
  })

const troubleOf = (run: () => void): string | null => {
  try {
    run()
    return null
  } catch (error) {
    return storageTroubleOf(error)
  }
}
