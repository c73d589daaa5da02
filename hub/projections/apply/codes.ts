import type { CodeBoundBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import { writerOf } from '@lotkeeper/protocol/names.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Placed } from './placed.ts'

/** Codes that a site said stand for a pack while the catalogue does not have them: named until the catalogue does. */
export interface BoundCodeRows {
  readonly bound: (placed: Placed) => void
  /** The hub's own records are written: whatever codes they bring are no question any more. */
  readonly heard: (placed: Placed) => void
}

export const openBoundCodes = (db: Database, discrepancies: DiscrepancyRows, schema: SchemaName): BoundCodeRows => {
  const isKnown = db.prepare<[string], number>(`select exists (select 1 from ${schema}.item_code where code = ?)`).pluck()
  return {
    bound: ({ id, entry, receivedAtMs }) => {
      const { code, item, pack } = entry.body as CodeBoundBody
      const key = codeKey(code)
      if (isKnown.get(key) === 1) return
      const facts = { code: code.code, item, pack }
      discrepancies.open({ kind: 'code-bound', site: writerOf(entry.stream), subject: key, entry: id, atMs: receivedAtMs, facts })
    },
    heard: ({ entry: { kind, body }, receivedAtMs }) => {
      if (kind !== 'master') return
      for (const record of (body as BodyOf<'master'>).records) {
        if (record.is !== 'item') continue
        for (const level of record.packs) for (const code of codesOf(level)) discrepancies.close('code-bound', codeKey(code), receivedAtMs)
      }
    },
  }
}
