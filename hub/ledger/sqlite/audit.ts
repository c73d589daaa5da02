import { rmSync } from 'node:fs'
import type { EntryId } from '@lotkeeper/protocol/names.ts'
import { type Database, storageTroubleOf } from '../../database.ts'
import { fault } from '../../faults.ts'
import type { Placed } from '../../projections/apply/placed.ts'
import { type Fold, openFold } from '../../projections/apply.ts'
import type { Log } from './log.ts'
import { openReplay } from './replay.ts'
import { PROJECTIONS, projectionTables, type SchemaName } from './schema.ts'

/**
 * Folds the whole log again beside the true projections and compares every row; answers what differs. Yields between stretches so that its
 * host can do other work; what is committed meanwhile is folded too, the last of it without a pause before the comparison.
 */
export function* audit(db: Database, log: Log): Generator<void, readonly string[]> {
  const file = db.name === ':memory:' ? ':memory:' : `${db.name}.refold`
  if (file !== ':memory:') rmSync(file, { force: true })
  db.prepare('attach database ? as refold').run(file)
  try {
    db.exec(`pragma refold.journal_mode = off; pragma refold.synchronous = off; ${projectionTables('refold')}`)
    const lame: Difference[] = []
    const fold = openFold(db, 'refold')
    const again = openReplay(log, (entry) => void lame.push(unreadable(entry)))
    const order = { from: 0, upto: log.ord() }
    try {
      while (order.upto - order.from > CATCH_UP_ENTRIES) {
        const entries = again.upto(order.upto)
        while (foldStretch(db, fold, entries)) yield
        order.from = order.upto
        order.upto = log.ord()
      }
      const rest = again.upto(log.ord())
      while (foldStretch(db, fold, rest));
    } catch (cause) {
      lame.push(unfoldable(cause))
    }
    return [...lame, ...differences(db, 'refold')].map(({ where, detail }) => `${where}: ${detail}`)
  } finally {
    db.exec('detach database refold')
    if (file !== ':memory:') rmSync(file, { force: true })
  }
}

/** The same at one stretch, for a file that is only read: the log is folded into temporary tables. Runs inside the transaction that is open. */
export const auditRead = (db: Database, log: Log): readonly Difference[] => {
  db.exec(projectionTables('temp'))
  const lame: Difference[] = []
  try {
    foldAll(openReplay(log, (entry) => void lame.push(unreadable(entry))).upto(log.ord()), openFold(db, 'temp'))
  } catch (cause) {
    lame.push(unfoldable(cause))
  }
  return [...lame, ...differences(db, 'temp')]
}

/** One place where the tables are not what the log gives. */
export interface Difference {
  readonly where: string
  readonly detail: string
}

const unreadable = (entry: EntryId): Difference => ({ where: entry, detail: 'its text is damaged' })

/** A damaged text may still be readable and no entry: then the fold itself stumbles over it. What the medium cannot give is no finding but a fault. */
const unfoldable = (cause: unknown): Difference => {
  if (storageTroubleOf(cause) !== null) throw cause
  return { where: 'log', detail: `cannot be folded to its end: ${cause instanceof Error ? cause.message : String(cause)}` }
}

/**
 * Throws the projections away and folds the log into them again, inside the transaction that is open. Tables that lack what a damaged text once said
 * would look like the truth: then a fault, and the tables stay as they are.
 */
export const refold = (db: Database, log: Log, fold: Fold): void => foldAnew(db, log, fold, false)

/** The same for a file whose every text is judged afterwards: what can be read is folded as it lies there. */
export const refoldAsItLies = (db: Database, log: Log, fold: Fold): void => foldAnew(db, log, fold, true)

const foldAnew = (db: Database, log: Log, fold: Fold, asItLies: boolean): void => {
  for (const table of Object.keys(PROJECTIONS)) db.exec(`delete from main.${table}`)
  db.exec(`delete from main.discrepancy where source = 'log'`)
  fold.forget()
  const unreadable = (entry: EntryId) => {
    throw fault('database.failed', { file: db.name, code: entry })
  }
  const again = openReplay(log, unreadable, asItLies)
  foldAll(again.upto(log.ord()), fold)
}

const foldAll = (entries: Generator<Placed>, fold: Fold): void => {
  let count = 0
  for (const placed of entries) {
    fold.apply(placed)
    count += 1
    if (count % STRETCH_ENTRIES === 0) fold.flush()
  }
  fold.flush()
}

/** Folds one stretch in one transaction; `false` when there was nothing left. */
const foldStretch = (db: Database, fold: Fold, entries: Generator<Placed>): boolean =>
  db.transaction(() => {
    for (let count = 0; count < STRETCH_ENTRIES; count += 1) {
      const one = entries.next()
      if (one.done === true) {
        fold.flush()
        return false
      }
      fold.apply(one.value)
    }
    fold.flush()
    return true
  })()

const differences = (db: Database, beside: SchemaName): readonly Difference[] => [
  ...Object.keys(PROJECTIONS).flatMap((table) => differing(db, { table, beside, where: '' })),
  ...differing(db, { table: 'discrepancy', beside, where: `one.source = 'log' and` }),
  ...db
    .prepare<[], { readonly lot: string; readonly sum: number }>(
      'select lot, sum(units) as sum from main.position group by lot having sum(units) <> 0 limit 20',
    )
    .all()
    .map(({ lot, sum }) => ({ where: `lot ${lot}`, detail: `the sum over all places is ${sum}` })),
]

/** Rows of either side that the other has not, column for column; looked up by primary key, so the size of a table costs no memory. */
const differing = (
  db: Database,
  { table, beside, where }: { readonly table: string; readonly beside: SchemaName; readonly where: string },
): readonly Difference[] => {
  const columns = db.prepare<[], { readonly name: string }>(`select name from pragma_table_info('${table}', 'main')`).all()
  const same = columns.map(({ name }) => `other.${name} is one.${name}`).join(' and ')
  const lacking = (here: string, there: string) =>
    db
      .prepare<[], Record<string, unknown>>(
        `select * from ${here}.${table} one where ${where} not exists (select 1 from ${there}.${table} other where ${same}) limit ${ROWS_NAMED}`,
      )
      .all()
  return [
    ...lacking('main', beside).map((row) => ({ where: table, detail: `the log does not give ${JSON.stringify(row)}` })),
    ...lacking(beside, 'main').map((row) => ({ where: table, detail: `the log gives ${JSON.stringify(row)}` })),
  ]
}

/** Entries folded between two pauses: some 10 ms. */
const STRETCH_ENTRIES = 500
/** When so few were committed meanwhile, the rest is folded without a pause. */
const CATCH_UP_ENTRIES = 500
/** Differing rows named per table and side. */
const ROWS_NAMED = 5
