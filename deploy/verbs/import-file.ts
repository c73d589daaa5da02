import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase as openNodeDatabase } from '@lotkeeper/edge/database.ts'
import { openLog as openNodeLog } from '@lotkeeper/edge/ledger/log.ts'
import { openFolding, refold as refoldNode } from '@lotkeeper/edge/ledger/rebuild.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { type Database, openDatabase as openHubDatabase } from '@lotkeeper/hub/database.ts'
import { refoldAsItLies as refoldHub } from '@lotkeeper/hub/ledger/sqlite/audit.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { openLog as openHubLog } from '@lotkeeper/hub/ledger/sqlite/log.ts'
import { openFold } from '@lotkeeper/hub/projections/apply.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { told } from './ledger-file.ts'
import { columnsOf, FORMAT, openDigest, PORTABLE, type PortableColumns, type PortableHeader } from './portable.ts'
import { openProgress } from './progress.ts'
import { type FileVerdict, verifyFile } from './verify-file.ts'

/** What came of an import: the file stands only when its ledger is right. */
export interface Imported {
  readonly file: string
  readonly verdict: FileVerdict
}

/**
 * Makes a ledger from exported lines: written in a folder of its own, folded, verified, and only then put in place; whatever kills it leaves at most
 * that folder, which the next import clears away. Throws what `sentenceOf` has words for.
 */
export const importLedger = async (lines: AsyncIterable<string>, home: string): Promise<Imported> => {
  mkdirSync(home, { recursive: true })
  clearAway(home)
  const folder = join(home, `${FOLDER}${process.pid}`)
  const reading = openReading(lines)
  try {
    const header = await readHeader(reading)
    const name = header.kind === 'hub' ? 'hub.sqlite' : 'node.sqlite'
    const file = join(home, name)
    if (existsSync(file)) throw told({ zh: `${file} 已有账本，不覆盖`, en: `${file} is a ledger already; it is left alone` })
    mkdirSync(folder)
    await build(join(folder, name), header, reading)
    const verdict = { ...verifyFile(join(folder, name), { keysBeside: file }), file }
    if ('unreadable' in verdict || verdict.verdict.findings.length > 0) return { file, verdict }
    settle(join(folder, name), file)
    return { file, verdict }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const FOLDER = '.import-'

/** Folders of imports that were killed; one whose process lives is left alone. After a power cut its number may be ours: in a container it is. */
const clearAway = (home: string): void => {
  for (const name of readdirSync(home)) {
    const pid = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length)) : Number.NaN
    if (Number.isInteger(pid) && (pid === process.pid || !isAlive(pid))) rmSync(join(home, name), { recursive: true, force: true })
  }
}
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Flushed before it is named: a power cut leaves the whole file or none. */
const settle = (made: string, file: string): void => {
  for (const path of [made, join(made, '..')]) {
    const handle = openSync(path, 'r')
    fsyncSync(handle)
    closeSync(handle)
  }
  if (existsSync(file)) throw told({ zh: `${file} 已有账本，不覆盖`, en: `${file} is a ledger already; it is left alone` })
  renameSync(made, file)
}

/** The lines one after another; the digest is made on the way, and the last line must say it. */
const openReading = (lines: AsyncIterable<string>) => {
  const digest = openDigest()
  const next = lines[Symbol.asyncIterator]()
  let at = 0
  const wrong = (why: { readonly zh: string; readonly en: string }) => told({ zh: `第 ${at} 行：${why.zh}`, en: `line ${at}: ${why.en}` })
  return {
    wrong,
    /** The next line that is no end; `null` when the end came and was right. */
    line: async (): Promise<unknown> => {
      const { done, value } = await next.next()
      at += 1
      if (done === true) throw wrong({ zh: '文件被截断', en: 'the file was cut off' })
      if (value.startsWith('{"sha256":')) {
        if (value !== digest.end())
          throw wrong({ zh: '内容与末行的 SHA-256 不符', en: 'the file is not what its last line says [SHA-256]' })
        if ((await next.next()).done !== true) throw wrong({ zh: '末行之后还有内容', en: 'something follows the last line' })
        return null
      }
      digest.add(value)
      try {
        return JSON.parse(value)
      } catch {
        throw wrong({ zh: '不是 JSON', en: 'no JSON' })
      }
    },
  }
}
type Reading = ReturnType<typeof openReading>

const readHeader = async (reading: Reading): Promise<PortableHeader> => {
  const header = (await reading.line()) as PortableHeader | null
  if (header?.lotkeeper !== 'ledger' || (header.kind !== 'hub' && header.kind !== 'node'))
    throw reading.wrong({ zh: '不是导出的账本', en: 'no exported ledger' })
  if (header.format !== FORMAT) throw reading.wrong({ zh: '由更新的软件导出', en: 'exported by later software' })
  return header
}

const build = async (path: string, header: PortableHeader, reading: Reading): Promise<void> => {
  const { db, close } = openNew(path, header.kind)
  try {
    // The file is flushed once, when it is whole.
    db.pragma('synchronous = off')
    db.exec('begin')
    await readTables(db, header, reading)
    if (header.kind === 'hub') {
      refoldHub(db, openHubLog(db), openFold(db))
      db.prepare(`insert or replace into ledger values ('restored', ?)`).run('import')
    } else refoldNode(db, openNodeLog(db), openFolding(db, header.owner, null))
    db.exec('commit')
  } finally {
    close()
  }
}

const openNew = (path: string, kind: 'hub' | 'node'): { readonly db: Database; readonly close: () => void } => {
  if (kind === 'hub') return openHubDatabase(path, LEDGER_FORM)
  const db = openNodeDatabase(path, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  return { db, close: () => db.close() }
}

const readTables = async (db: Database, header: PortableHeader, reading: Reading): Promise<void> => {
  const progress = openProgress(
    { zh: '已读入', en: 'read' },
    Object.values(header.tables).reduce((sum, rows) => sum + rows, 0),
  )
  const counts: Record<string, number> = {}
  let insert: ((row: readonly unknown[]) => void) | null = null
  let table = ''
  for (let line = await reading.line(); line !== null; line = await reading.line()) {
    if (Array.isArray(line) && insert) {
      insert(line)
      counts[table] = (counts[table] ?? 0) + 1
    } else {
      const columns = line as PortableColumns
      table = columns.table
      insert = openInsert(db, header.kind, columns, reading)
    }
    progress.step()
  }
  for (const name of new Set([...Object.keys(counts), ...Object.keys(header.tables)]))
    if (counts[name] !== header.tables[name])
      throw reading.wrong({
        zh: `表 ${name} 的行数不对`,
        en: `table ${name} has ${counts[name] ?? 0} rows, the header says ${header.tables[name]}`,
      })
}

/** Only tables and columns of ours are written, by name. */
const openInsert = (db: Database, kind: 'hub' | 'node', { table, columns, blobs }: PortableColumns, reading: Reading) => {
  const known = PORTABLE[kind].some((one) => one.table === table) ? columnsOf(db, table).map(({ name }) => name) : []
  if (!Array.isArray(columns) || !Array.isArray(blobs) || columns.length === 0 || columns.some((name) => !known.includes(name)))
    throw reading.wrong({ zh: `不认识的表或列：${table}`, en: `a table or column nobody knows: ${table}` })
  const put = db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
  const bytesAt = columns.map((name) => blobs.includes(name))
  return (row: readonly unknown[]): void => {
    const values = row.map((value, at) => (bytesAt[at] === true && typeof value === 'string' ? bytesOfHex(value) : value))
    try {
      put.run(...values)
    } catch (cause) {
      throw reading.wrong({
        zh: `表 ${table} 的一行放不进去（${String(cause)}）`,
        en: `a row of table ${table} does not fit (${String(cause)})`,
      })
    }
  }
}
