import type { Database } from '../../database.ts'
import {
  DISCREPANCIES,
  type DiscrepancyDraft,
  type DiscrepancyKind,
  discrepancyName,
  discrepancyTitle,
} from '../../ledger/discrepancies.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'

/** The rows of discrepancies, written inside whatever transaction is open. */
export interface DiscrepancyRows {
  readonly open: (draft: DiscrepancyDraft) => void
  readonly close: (kind: DiscrepancyKind, subject: string, atMs: number) => void
  /** Keys of the rows that changed since the last call. */
  readonly changed: () => { readonly names: readonly string[]; readonly sites: readonly string[] }
}

/** `source` tells rows that follow from the log from rows that were seen once. */
export const openDiscrepancyRows = (db: Database, source: 'log' | 'event', schema: SchemaName = 'main'): DiscrepancyRows => {
  const put = db.prepare(
    `insert into ${schema}.discrepancy values (@name, @kind, @severity, @site, @subject, @title, @entry, @atMs, null, @source)
     on conflict do update set title = excluded.title, entry = excluded.entry, opened_at = excluded.opened_at, closed_at = null
     where closed_at is not null`,
  )
  const shut = db.prepare<[number, string], { readonly site: string | null }>(
    `update ${schema}.discrepancy set closed_at = ? where discrepancy = ? and closed_at is null returning site`,
  )
  const names = new Set<string>()
  const sites = new Set<string>()
  const note = (name: string, site: string | null) => {
    names.add(name)
    if (site !== null) sites.add(site)
  }
  return {
    open: ({ kind, site, subject, entry, atMs, facts }) => {
      const name = discrepancyName(kind, subject)
      const title = JSON.stringify(discrepancyTitle({ kind, site, facts }))
      const row = { name, kind, severity: DISCREPANCIES[kind].severity, site, subject: subject.slice(0, 200), title, entry, atMs, source }
      if (put.run(row).changes > 0) note(name, site)
    },
    close: (kind, subject, atMs) => {
      const name = discrepancyName(kind, subject)
      const closed = shut.get(atMs, name)
      if (closed) note(name, closed.site)
    },
    changed: () => {
      const change = { names: [...names], sites: [...sites] }
      names.clear()
      sites.clear()
      return change
    },
  }
}
