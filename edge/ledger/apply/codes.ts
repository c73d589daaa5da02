import type { CodeBoundBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId } from '@lotkeeper/protocol/names.ts'
import { codeKey } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'

/** Codes a person at this node said stand for a pack of a known item; the county's own word on a code comes before them. */
export interface Codes {
  /** The last word rules: a wrong one is said anew. */
  readonly bound: (entry: Entry, body: CodeBoundBody) => void
}

export const openCodes = (db: Database): Codes => {
  const put = db.prepare<[string, string, string, number, string, string]>(
    `insert into bound_code (code, item, pack, units, entry, at) values (?, ?, ?, ?, ?, ?) on conflict (code) do update set item = excluded.item,
     pack = excluded.pack, units = excluded.units, entry = excluded.entry, at = excluded.at where excluded.at >= at`,
  )
  return {
    bound: ({ stream, epoch, seq, occurredAt }, { code, item, pack, units }) =>
      void put.run(codeKey(code), item, pack, units, entryId(stream, epoch, seq), occurredAt),
  }
}
