import type { Database, DatabaseForm } from '../../database.ts'
import { openDiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import { openFold } from '../../projections/apply.ts'
import { refold } from './audit.ts'
import { keepDamage } from './damage.ts'
import { openLog } from './log.ts'
import { APPLICATION_ID, LOG_TABLES_2, PROJECTION_INDEXES, PROJECTIONS, projectionTables, SCHEMA, SCHEMA_VERSION } from './schema.ts'

/** What a file of the master ledger must be, and how one of an earlier version becomes it: any backup, however old, can be opened. */
export const LEDGER_FORM: DatabaseForm = {
  applicationId: APPLICATION_ID,
  version: SCHEMA_VERSION,
  schema: SCHEMA,
  upgrade: (db, from) => {
    for (let version = from; version < SCHEMA_VERSION; version += 1) LOG_STEPS[version]?.(db)
    foldAnew(db)
  },
}

/** What must change about the log and the tables beside it to leave a version. */
const LOG_STEPS: Readonly<Record<number, (db: Database) => void>> = {
  1: (db) => db.exec(LOG_TABLES_2),
  // Projections that no later version has.
  2: (db) => db.exec('drop table if exists main.item; drop table if exists main.item_gtin'),
}

/** Projections are never changed, only made again from the log; what was seen once and follows from no entry stays. */
const foldAnew = (db: Database): void => {
  const seen = db.prepare(`select * from main.discrepancy where source = 'event'`).raw().all() as (string | number | null)[][]
  for (const table of [...Object.keys(PROJECTIONS), 'discrepancy']) db.exec(`drop table if exists main.${table}`)
  db.exec(projectionTables('main'))
  const [first = []] = seen
  const keep = first.length > 0 ? db.prepare(`insert into main.discrepancy values (${first.map(() => '?').join(', ')})`) : null
  for (const row of seen) keep?.run(...row)
  // The indexes come last: it is cheaper to build them whole than row by row.
  const log = openLog(db)
  const events = openDiscrepancyRows(db, 'event')
  // Nothing stands in the tables any more, so a damaged text is an open hole from here on; it must not keep the hub from its upgrade.
  for (const { stream, epoch } of log.epochs()) keepDamage(log, events, { stream, epoch, from: 1 })
  refold(db, log, openFold(db))
  db.exec(PROJECTION_INDEXES)
}
