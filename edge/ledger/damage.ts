import { CHAIN_START, holeText } from '@lotkeeper/protocol/ledger/chain.ts'
import type { EpochTip, Stretch, TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, entryId, entryOf, type StreamId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import { brokenIn } from './broken.ts'
import type { Found } from './contract.ts'
import type { Log, LogText } from './log.ts'
import type { Commit } from './writer.ts'

/** Entries whose text is no longer what its hash says: found, kept as holes, asked back from the hub, and mended by the very same text only. */
export interface Damage {
  /** Checks the texts of a stretch against their chain. What is damaged becomes a hole; a damaged hash whose text is whole is written anew. `false` when that could not be written. */
  readonly look: (stretch: Stretch) => boolean
  /** Checks so many rows of the log more, in turns over all of it. */
  readonly inspect: (rows: number) => void
  /** Checks the newest entries of a stream. */
  readonly inspectTail: (stream: StreamId) => void
  /** Numbers held as holes. */
  readonly holes: (stream: StreamId, epoch: string, from: number, upto: number) => readonly number[]
  readonly all: () => readonly { readonly stream: StreamId; readonly epoch: string; readonly seq: number }[]
  /** The tip to tell instead of the true one: held up to the first hole the peer may be able to fill, applied up to its end (P-013). */
  readonly told: <Known extends EpochTip>(tip: Known, isVain: IsVain) => Known
  /** Inside the caller's transaction: a hole that came over the wire, and the true text of one; `true` when it has yet to take effect. */
  readonly keepHole: (stream: StreamId, epoch: string, seq: number) => void
  readonly mend: (stream: StreamId, epoch: string, taken: TakenEntry) => boolean
  /** What was found since it was last asked; at a start all that this card damaged, for it may have died before anybody was told. */
  readonly found: () => readonly Found[]
  /** Reads the holes again: after a rollback memory is ahead of the file, after a refold the file ahead of memory. */
  readonly reload: () => void
}

/** Whether a peer is known to have nothing better than a hole there either. */
export type IsVain = (stream: StreamId, epoch: string, seq: number) => boolean

export const openDamage = (db: Database, parts: Parts, log: Log, commit: Commit): Damage => {
  const sql = statementsOf(db)
  let holes = new Map<string, Map<number, boolean>>()
  let found: Found[] = []
  const cursor = { epoch: 0, seq: 0 }

  const put = (stream: StreamId, epoch: string, seq: number, applied: boolean) => {
    const name = nameOf(stream, epoch)
    holes.set(name, (holes.get(name) ?? new Map<number, boolean>()).set(seq, applied))
  }
  const reload = () => {
    const before = holes
    holes = new Map()
    for (const { key, value, damaged } of sql.holes.iterate()) {
      const place = entryOf(key.slice(HOLE.length))
      if (!place) continue
      const { stream, epoch, seq } = place
      put(stream, epoch, seq, value === APPLIED)
      if (damaged && !before.get(nameOf(stream, epoch))?.has(seq)) found.push({ is: 'hole', stream, epoch, seq })
    }
  }
  const keep = (stream: StreamId, epoch: string, row: LogText) => {
    const known = holes.get(nameOf(stream, epoch))?.has(row.seq)
    if (!known) found.push({ is: 'hole', stream, epoch, seq: row.seq })
    return commit(() => {
      keepRow(sql, { stream, epoch }, row)
      // Nothing of it can be read by any version: mended it takes effect at once, and must not do so again after an upgrade.
      log.unpark(stream, epoch, row.seq)
      if (!known) put(stream, epoch, row.seq, row.kind !== NO_KIND)
    })
  }
  const look = (stretch: Stretch): boolean => {
    const { stream, epoch } = stretch
    let written = true
    for (const { row, hash } of brokenIn(parts, log, stretch)) {
      const done = hash ? commit(() => sql.hash.run(hash, stream, epoch, row.seq)) : keep(stream, epoch, row)
      written = written && !isRefusal(done)
    }
    return written
  }
  reload()

  return {
    look,
    inspect: (rows) => {
      const tips = log.tips()
      let left = rows
      for (let turns = 0; left > 0 && turns <= tips.length; turns += 1) {
        const tip = tips[cursor.epoch % Math.max(1, tips.length)]
        if (!tip) return
        const upto = Math.min(tip.held, cursor.seq + left)
        if (upto > cursor.seq) look({ stream: tip.stream, epoch: tip.epoch, from: cursor.seq + 1, upto })
        left -= upto - cursor.seq
        cursor.seq = upto
        if (upto === tip.held) Object.assign(cursor, { epoch: (cursor.epoch + 1) % tips.length, seq: 0 })
      }
    },
    inspectTail: (stream) => {
      let tip = log.lastOwn(stream)
      for (let left = TAIL_ROWS; tip && left > 0; tip = tip.parent && log.tip(stream, tip.parent.epoch)) {
        const rows = Math.min(left, tip.held)
        if (rows > 0) look({ stream, epoch: tip.epoch, from: tip.held - rows + 1, upto: tip.held })
        left -= Math.max(1, rows)
      }
    },
    holes: (stream, epoch, from, upto) =>
      [...(holes.get(nameOf(stream, epoch))?.keys() ?? [])]
        .filter((seq) => seq >= from && seq <= upto)
        .toSorted((one, other) => one - other),
    all: () =>
      [...holes].flatMap(([name, seqs]) => {
        const [stream = '', epoch = ''] = name.split('\n')
        return [...seqs.keys()].map((seq) => ({ stream, epoch, seq }))
      }),
    told: (tip, isVain) => {
      const hoped = [...(holes.get(nameOf(tip.stream, tip.epoch))?.keys() ?? [])].filter((seq) => !isVain(tip.stream, tip.epoch, seq))
      if (hoped.length === 0) return tip
      const held = Math.min(...hoped) - 1
      return { ...tip, held, headHash: hexAt(log, tip, held), applied: tip.held }
    },
    keepHole: (stream, epoch, seq) => {
      sql.keep.run(`${HOLE}${entryId(stream, epoch, seq)}`, OPEN)
      put(stream, epoch, seq, false)
    },
    mend: (stream, epoch, { seq, text, entry }) => {
      const seqs = holes.get(nameOf(stream, epoch))
      const applied = seqs?.get(seq) === true
      const id = entryId(stream, epoch, seq)
      sql.text.run(text, entry?.kind ?? NO_KIND, stream, epoch, seq)
      sql.gone.run(`${HOLE}${id}`, `${DAMAGED}${id}`)
      seqs?.delete(seq)
      return !applied
    },
    found: () => {
      const news = found
      found = []
      return news
    },
    reload,
  }
}

/** Inside the caller's transaction, before what is read takes effect: damaged texts of a stretch become holes, damaged hashes are written anew. */
export const keepDamage = (db: Database, parts: Parts, log: Log, stretch: Stretch): void => {
  const sql = statementsOf(db)
  const { stream, epoch } = stretch
  for (const { row, hash } of brokenIn(parts, log, stretch)) {
    if (hash) sql.hash.run(hash, stream, epoch, row.seq)
    else keepRow(sql, stretch, row)
  }
}

/**
 * After a refold, inside the caller's transaction: what stands in the log as a hole is marked so, for nothing of it is in the projections any more,
 * and nothing else is. A file that was salvaged has marks of rows it lost, which would be taken for damaged when they are given back, and may lack
 * the marks of others, which nobody would ask for.
 */
export const markHoles = (db: Database, holes: readonly EntryId[]): void => {
  const sql = statementsOf(db)
  sql.unmark.run()
  for (const id of holes) sql.keep.run(`${HOLE}${id}`, OPEN)
  sql.forget.run()
}

/** No kind is named so: the entry is of a later version, or a hole. */
export const NO_KIND = '?'

/** What is checked at every start: a day of a busy site. */
const TAIL_ROWS = 256
const HOLE = 'hole '
/** The damaged text itself, for whoever wants to know what became of it. */
const DAMAGED = 'damaged '
const APPLIED = 'applied'
const OPEN = 'open'

/** Puts a damaged text aside. A hole that was spoiled in its turn is the same hole: what is known of it stands, above all whether it took effect. */
const keepRow = (sql: Statements, { stream, epoch }: Pick<EpochTip, 'stream' | 'epoch'>, row: LogText): void => {
  const id = entryId(stream, epoch, row.seq)
  if (sql.marked.get(`${HOLE}${id}`) === undefined) {
    sql.keep.run(`${DAMAGED}${id}`, row.text)
    sql.keep.run(`${HOLE}${id}`, row.kind === NO_KIND ? OPEN : APPLIED)
  }
  sql.text.run(holeText(row.hash), NO_KIND, stream, epoch, row.seq)
}
const hexAt = (log: Log, { stream, epoch }: EpochTip, seq: number): string =>
  Buffer.from(log.hashAt(stream, epoch, seq) ?? CHAIN_START)
    .toString('hex')
    .toUpperCase()
const nameOf = (stream: string, epoch: string): string => `${stream}\n${epoch}`

type Statements = ReturnType<typeof statementsOf>

const statementsOf = (db: Database) => ({
  holes: db.prepare<[], { readonly key: string; readonly value: string; readonly damaged: number }>(
    `select key, value, exists (select 1 from ledger d where d.key = '${DAMAGED}' || substr(h.key, ${HOLE.length + 1})) as damaged
     from ledger h where key >= 'hole ' and key < 'hole!'`,
  ),
  marked: db.prepare<[string], number>('select 1 from ledger where key = ?').pluck(),
  unmark: db.prepare(`delete from ledger where key >= 'hole ' and key < 'hole!'`),
  forget: db.prepare(
    `delete from ledger where key >= 'damaged ' and key < 'damaged!'
     and not exists (select 1 from ledger h where h.key = '${HOLE}' || substr(ledger.key, ${DAMAGED.length + 1}))`,
  ),
  keep: db.prepare<[string, string]>('insert or replace into ledger (key, value) values (?, ?)'),
  gone: db.prepare<[string, string]>('delete from ledger where key in (?, ?)'),
  text: db.prepare<[string, string, string, string, number]>(
    'update log set body = ?, kind = ? where stream = ? and epoch = ? and seq = ?',
  ),
  hash: db.prepare<[Uint8Array, string, string, number]>('update log set hash = ? where stream = ? and epoch = ? and seq = ?'),
})
