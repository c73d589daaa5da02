import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../database.ts'
import { openLog } from './log.ts'
import { openFolding, refold } from './rebuild.ts'
import { LEDGER_SHAPE } from './schema.ts'

/**
 * Brings the file of an older version to today's tables, inside the caller's transaction: the log stays as it is, every projection is made anew and
 * folded from it. What an older version had parked takes effect by the same fold.
 */
export const upgradeLedger =
  (crypto: Parts) =>
  (db: Database): void => {
    const names = db.prepare<[], string>(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`).pluck()
    for (const name of names.all()) if (!TRUTH.includes(name)) db.exec(`drop table ${name}`)
    const made = new Set(names.all())
    for (const statement of LEDGER_SHAPE.schema.split(/;\s*\n/)) {
      const [, table, index] = /create (?:table (\w+)|index \w+ on (\w+))/.exec(statement) ?? []
      const name = table ?? index
      // An index is made with its table; those of the truth stand.
      if (name !== undefined && !made.has(name)) db.exec(statement)
    }
    const node = db.prepare<[], string>(`select value from ledger where key = 'node'`).pluck().get()
    if (node !== undefined) refold(db, openLog(db), openFolding(db, node, crypto))
  }

/** What no projection can give back. */
const TRUTH: readonly string[] = ['ledger', 'epoch', 'log', 'batch_signature', 'action', 'certificate', 'revoked']
