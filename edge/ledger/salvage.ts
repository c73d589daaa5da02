import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { sameBytes } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { entryOf, type StreamId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { closeDatabase, type Database, type DatabaseOptions, isDamage, isViolation, openDatabase, readDamaged } from '../database.ts'
import { fault, isFault } from '../faults.ts'
import { NO_KIND } from './damage.ts'
import { judgeTail, openLog } from './log.ts'
import { openFolding, refold } from './rebuild.ts'
import { LEDGER_SHAPE } from './schema.ts'

/** What became of a damaged file. */
export interface Salvaged {
  /** Where it lies now; it is never deleted. */
  readonly aside: string
  readonly entries: number
  /** Own entries that the file is known to have held and that could not be read. */
  readonly lost: readonly { readonly epoch: string; readonly from: number; readonly upto: number }[]
}

/**
 * Opens a node's ledger file. A damaged one is set aside, and every epoch's entries up to the first break are carried into a new file, for the node
 * must work on and the hub gives back the rest. Broken off anywhere, the next start goes on with it.
 */
export const openLedgerFile = (
  path: string,
  options: DatabaseOptions,
  parts: Parts,
  nowMs: number,
): { readonly db: Database; readonly salvaged: Salvaged | null } => {
  finish(path)
  try {
    return { db: openWhole(path, options), salvaged: null }
  } catch (error) {
    if (!isSalvageable(error)) throw error
    try {
      const salvaged = salvage(path, parts, nowMs)
      return { db: openWhole(path, options), salvaged }
    } catch (cause) {
      throw fault('database.damaged', { path, why: `${textOf(error)}; ${textOf(cause)}` }, cause)
    }
  }
}

const openWhole = (path: string, options: DatabaseOptions): Database => {
  // An empty file where there was a ledger is no new ledger: what its WAL holds would be thrown away.
  if (existsSync(path) && statSync(path).size === 0 && existsSync(`${path}.pid`)) throw fault('database.damaged', { path, why: 'empty' })
  const wasCutOff = existsSync(`${path}.pid`)
  const db = openDatabase(path, LEDGER_SHAPE, options)
  try {
    judgeTail(openLog(db))
    if (wasCutOff) judgeNames(db)
    return db
  } catch (error) {
    closeDatabase(db)
    throw error
  }
}

/**
 * Every row must stand under the epoch it belongs to: a flipped letter in a row's own name takes the entry away and breaks no order that the file's
 * check would see. Looked for when that check runs, for it reads the log as well. Throws `ledger.log-damaged`.
 */
const judgeNames = (db: Database): void => {
  const odd = db.prepare<[], { readonly stream: StreamId; readonly epoch: string; readonly seq: number }>(
    `select stream, epoch, held_seq as seq from epoch e
     where held_seq <> (select count(*) from log l where l.stream = e.stream and l.epoch = e.epoch) limit 1`,
  )
  const found = odd.get()
  if (found) throw fault('ledger.log-damaged', { ...found })
}

const isSalvageable = (error: unknown): boolean =>
  isDamage(error) || (isFault(error) && (SALVAGEABLE.includes(error.code) || isDamage(error.cause)))
const SALVAGEABLE: readonly string[] = ['database.damaged', 'ledger.log-damaged']

/** The new file takes the old one's name only when it is whole; the old WAL must be gone before, or it would be read into the new file. */
const finish = (path: string): void => {
  if (!existsSync(done(path))) return
  rmSync(`${path}-wal`, { force: true })
  renameSync(done(path), path)
}
const done = (path: string): string => `${path}.salvaged`

const salvage = (path: string, parts: Parts, nowMs: number): Salvaged => {
  const aside = `${path}.damaged-${new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '')}`
  for (const tail of ['', '-wal']) setAside(`${path}${tail}`, `${aside}${tail}`)
  const fresh = `${path}.salvaging`
  for (const tail of ['', '-wal', '.pid']) rmSync(`${fresh}${tail}`, { force: true })
  const into = openDatabase(fresh, LEDGER_SHAPE, { synchronous: 'FULL', walPages: 0 })
  const from = statSync(aside).size > 0 ? readDamaged(aside, LEDGER_SHAPE) : null
  try {
    const kept = from ? carry(from, into, parts) : []
    closeDatabase(into)
    renameSync(fresh, done(path))
    finish(path)
    return { aside, entries: kept.reduce((sum, { held }) => sum + held, 0), lost: kept.flatMap(lostOf) }
  } finally {
    closeDatabase(into)
    from?.close()
    rmSync(`${aside}-shm`, { force: true })
  }
}

/** Both names stand until the new file has the old name, so that no moment is without the old one. */
const setAside = (path: string, aside: string): void => {
  if (!existsSync(path) || existsSync(aside)) return
  try {
    linkSync(path, aside)
  } catch {
    copyFileSync(path, aside)
  }
}

/** An epoch as it was found and as it is kept. */
interface Kept extends Pick<EpochTip, 'stream' | 'epoch' | 'parent' | 'held'> {
  /** As many entries as it is known to have had. */
  readonly had: number
}

const lostOf = ({ stream, epoch, held, had }: Kept): Salvaged['lost'] =>
  stream.endsWith('>*') && had > held ? [{ epoch, from: held + 1, upto: had }] : []

const carry = (from: Database, into: Database, parts: Parts): readonly Kept[] => {
  into.exec('begin immediate')
  const found = epochsIn(from)
  const kept = found.map(({ stream, epoch, here, had }): Kept => {
    const rows = prefixOf(from, parts, stream, epoch)
    const parent = parentOf(rows[0]?.text ?? '')
    keepEpoch(into, { stream, epoch, parent, here }, rows)
    return { stream, epoch, parent, held: rows.length, had }
  })
  for (const table of BESIDE) copy(from, into, table)
  into.exec(`update log set at = ranked.place from (select stream, epoch, seq, row_number() over (order by at, stream, epoch, seq) as place from log) as ranked
    where log.stream = ranked.stream and log.epoch = ranked.epoch and log.seq = ranked.seq`)
  into.exec('update epoch set last_at = (select max(at) from log where log.stream = epoch.stream and log.epoch = epoch.epoch)')
  // Answers and signatures stand only for what is still there.
  into.exec(`delete from action where not exists (select * from epoch where epoch.stream = action.stream and epoch.epoch = action.epoch
      and held_seq >= first_seq + entries - 1)`)
  into.exec(`delete from batch_signature where not exists (select * from log where log.stream = batch_signature.stream
      and log.epoch = batch_signature.epoch and seq = upto_seq and hash = head_hash)`)
  const own = kept.find(({ stream }) => stream.endsWith('>*'))?.stream.slice(0, -2)
  if (own !== undefined) into.prepare(`insert or ignore into ledger (key, value) values ('node', ?)`).run(own)
  if (own !== undefined) refold(into, openLog(into), openFolding(into, own, parts))
  into.exec('commit')
  const childOf = (one: Kept) =>
    kept.flatMap(({ stream, parent }) => (stream === one.stream && parent?.epoch === one.epoch ? [parent.seq] : []))
  return kept.map((one) => ({ ...one, had: Math.max(one.had, ...childOf(one)) }))
}

/** What is kept beside log and epochs. */
const BESIDE = ['ledger', 'action', 'batch_signature', 'certificate', 'revoked'] as const

interface Row {
  readonly seq: number
  readonly at: number
  readonly hash: Uint8Array
  readonly keptAt: number
  readonly text: string
}

const epochsIn = (from: Database): readonly (Pick<Kept, 'stream' | 'epoch' | 'had'> & { readonly here: number })[] => {
  type Found = { readonly stream: string; readonly epoch: string; readonly here: number; readonly had: number }
  const told = untilBroken<Found>(from, 'select stream, epoch, here, held_seq as had from epoch order by ord')
  const seen = untilBroken<Found>(from, `select stream, epoch, stream like '%>*' as here, max(seq) as had from log group by stream, epoch`)
  const known = new Set(told.map(({ stream, epoch }) => `${stream}\n${epoch}`))
  return [...told, ...seen.filter(({ stream, epoch }) => !known.has(`${stream}\n${epoch}`))].filter(
    ({ stream, epoch, had }) => entryOf(`${stream}/${epoch}/${had}`) !== null,
  )
}

/** The entries of an epoch up to the first break; one whose text alone is damaged stands, for the next entry proves its hash. */
const prefixOf = (from: Database, parts: Parts, stream: StreamId, epoch: string): readonly Row[] => {
  const one = 'select seq, at, hash, kept_at as keptAt, body as text from log where stream = ? and epoch = ? and seq = ?'
  const rowAt = (seq: number) => untilBroken<Row>(from, one, [stream, epoch, seq]).find(isRow)
  const follows = (previous: Uint8Array, next: Row | undefined) =>
    next !== undefined && sameBytes(hashAfter(parts, previous, next.text), next.hash)
  const rows: Row[] = []
  let previous: Uint8Array = CHAIN_START
  let at = 0
  for (let next = rowAt(1); next; next = rowAt(next.seq + 1)) {
    if (!follows(previous, next) && !follows(next.hash, rowAt(next.seq + 1))) break
    // No hash covers the order of commits; inside an epoch it never goes back.
    at = Math.max(at, Number.isSafeInteger(next.at) ? next.at : at)
    rows.push({ ...next, at, keptAt: Number.isSafeInteger(next.keptAt) ? next.keptAt : 0 })
    previous = next.hash
  }
  return rows
}

/** A broken page may hold anything. */
const isRow = ({ hash, text }: Row): boolean => hash instanceof Uint8Array && hash.length === CHAIN_START.length && typeof text === 'string'

const keepEpoch = (
  into: Database,
  one: Pick<Kept, 'stream' | 'epoch' | 'parent'> & { readonly here: number },
  rows: readonly Row[],
): void => {
  const last = rows.at(-1)
  if (!last) return
  const { stream, epoch, parent, here } = one
  into
    .prepare(
      `insert into epoch (stream, epoch, parent_epoch, parent_seq, parent_hash, held_seq, head_hash, last_at, here) values (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    )
    .run(
      stream,
      epoch,
      parent?.epoch ?? null,
      parent?.seq ?? null,
      parent && Buffer.from(parent.hash, 'hex'),
      last.seq,
      last.hash,
      here ? 1 : 0,
    )
  const add = into.prepare('insert into log (stream, epoch, seq, at, hash, kept_at, kind, body) values (?, ?, ?, ?, ?, ?, ?, ?)')
  for (const { seq, at, hash, keptAt, text } of rows) {
    const reading = readEntry(text)
    add.run(stream, epoch, seq, at, hash, keptAt, reading.known ? reading.entry.kind : NO_KIND, text)
  }
}

const parentOf = (text: string): EpochTip['parent'] => {
  const reading = readEntry(text)
  return reading.known ? ((reading.entry as Entry).body['parent'] as EpochTip['parent']) : null
}

const copy = (from: Database, into: Database, table: (typeof BESIDE)[number]): void => {
  for (const row of untilBroken<Readonly<Record<string, unknown>>>(from, `select * from ${table}`)) {
    const names = Object.keys(row)
    const add = into.prepare(`insert or ignore into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
    try {
      add.run(...Object.values(row))
    } catch (error) {
      // A value of another type than its column's was never ours.
      if (!isViolation(error)) throw error
    }
  }
}

/** Rows as far as they can be read; of a table whose definition is gone, none. */
const untilBroken = <Found>(from: Database, sql: string, values: readonly unknown[] = []): readonly Found[] => {
  const read: Found[] = []
  try {
    for (const row of from.prepare<unknown[], Found>(sql).iterate(...values)) read.push(row)
  } catch (error) {
    if (!isDamage(error) && !/no such (table|column)/.test(textOf(error))) throw error
  }
  return read
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
