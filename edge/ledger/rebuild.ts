import { holeOf } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId, type NodeId, type StreamId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../database.ts'
import { type Actions, openActions } from './actions.ts'
import { type Apply, openApply } from './apply.ts'
import { keepDamage, markHoles } from './damage.ts'
import type { Log } from './log.ts'
import { PROJECTIONS } from './schema.ts'

/** What a log is folded into; of own entries, of which stream, the acts are learnt as well. */
export interface Folding {
  /** Hashes what is folded; `null` where the file is judged afterwards, as it lies. */
  readonly crypto: Parts | null
  readonly own: StreamId
  readonly apply: Apply
  readonly actions: Pick<Actions, 'learn'>
}

export const openFolding = (db: Database, node: NodeId, crypto: Parts | null): Folding => ({
  crypto,
  own: streamOfNode(node),
  apply: openApply(db, node),
  actions: openActions(db, node),
})

/** Refolds every projection from the log, inside the caller's transaction; answers the tables that had differed. */
export const rebuild = (db: Database, log: Log, fold: Folding): readonly string[] => {
  for (const table of PROJECTIONS) {
    db.exec(
      `drop table if exists temp.before_${table}; create temp table before_${table} as select * from main.${table}; delete from main.${table}`,
    )
  }
  refold(db, log, fold)
  return PROJECTIONS.filter((table) => {
    const differs = db
      .prepare(
        `select exists (select * from main.${table} except select * from temp.before_${table})
             or exists (select * from temp.before_${table} except select * from main.${table})`,
      )
      .pluck()
      .get()
    db.exec(`drop table temp.before_${table}`)
    return differs === 1
  })
}

/**
 * Folds the whole log into empty projections. What is damaged, found before or not, takes no effect until it is mended, so a room may stand below
 * zero meanwhile; the ledger covers that as soon as it writes.
 */
export const refold = (db: Database, log: Log, { own, apply, actions, crypto }: Folding): void => {
  if (crypto) for (const { stream, epoch, held } of log.tips()) keepDamage(db, crypto, log, { stream, epoch, from: 1, upto: held })
  const holes: EntryId[] = []
  const park = db.prepare('insert into parked (stream, epoch, seq) values (?, ?, ?)')
  const known = db.prepare('update log set kind = ? where stream = ? and epoch = ? and seq = ? and kind <> ?')
  db.pragma('ignore_check_constraints = on')
  for (const row of [...log.all()]) {
    const reading = readEntry(row.text)
    if (row.stream === own && (reading.known || reading.later)) actions.learn(row, row.text, reading.known ? reading.entry : null)
    if (reading.known) {
      const { kind } = reading.entry
      known.run(kind, row.stream, row.epoch, row.seq, kind)
      apply(reading.entry, row.at)
    } else if (reading.later) park.run(row.stream, row.epoch, row.seq)
    else if (holeOf(row.text)) holes.push(entryId(row.stream, row.epoch, row.seq))
  }
  db.pragma('ignore_check_constraints = off')
  markHoles(db, holes)
}

/** After an upgrade: entries held but not understood until now take effect. */
export const applyParked = (db: Database, log: Log, { own, apply, actions, crypto }: Folding): void => {
  const parked = db.prepare<[], ParkedRow>('select stream, epoch, seq from parked').all()
  if (crypto) for (const { stream, epoch, seq } of parked) keepDamage(db, crypto, log, { stream, epoch, from: seq, upto: seq })
  const rows = db.prepare<[], { stream: string; epoch: string; seq: number; at: number; text: string }>(
    `select stream, epoch, seq, at, body as text from parked join log using (stream, epoch, seq) order by at`,
  )
  const gone = db.prepare('delete from parked where stream = ? and epoch = ? and seq = ?')
  const known = db.prepare('update log set kind = ? where stream = ? and epoch = ? and seq = ?')
  for (const row of rows.all()) {
    // What is damaged waits for its text only: mended it takes effect at once, and must not do so again.
    if (holeOf(row.text)) gone.run(row.stream, row.epoch, row.seq)
    const entry = entryOf(row.text)
    if (!entry) continue
    known.run(entry.kind, row.stream, row.epoch, row.seq)
    gone.run(row.stream, row.epoch, row.seq)
    if (row.stream === own) actions.learn(row, row.text, entry)
    apply(entry, row.at)
  }
}

interface ParkedRow {
  readonly stream: StreamId
  readonly epoch: string
  readonly seq: number
}

const entryOf = (text: string): Entry | null => {
  const reading = readEntry(text)
  return reading.known ? reading.entry : null
}
