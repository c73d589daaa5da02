import { actOf } from '@lotkeeper/protocol/ledger/act.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'

/** Which of the hub's own acts moved what they move: one that stands in two of its epochs moves once. */
export interface Acts {
  /** Whether another entry was folded that is the same act; asked once for each entry. */
  readonly isAgain: (entry: Entry) => boolean
}

export const openActs = (db: Database, schema: SchemaName): Acts => {
  const put = db.prepare<[string]>(`insert or ignore into ${schema}.hub_act values (?)`)
  return {
    isAgain: (entry) => {
      const act = actOf(entry)
      return act !== null && put.run(act).changes === 0
    },
  }
}
