import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { TableImport } from '@lotkeeper/protocol/api/hub-imports.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { Column } from './columns.ts'
import { errorRows, type MadeFile, tableFile } from './files.ts'
import { hiddenCells, hiddenChanges, hiddenKeys } from './hidden.ts'
import { columnsOf, tableKinds } from './kinds.ts'
import { LIMITS } from './limits.ts'
import { openLook } from './look.ts'
import { OPENING_COLUMNS } from './opening-table.ts'
import { OUTGOING, type OutgoingKind, outgoingKinds } from './outgoing.ts'
import { rowView, type StagedRow, type Staging } from './staging.ts'
import { stockRows } from './stock-rows.ts'
import { TABLES } from './tables.ts'

/** What is only looked at: imports and their rows. */
export interface RowsAsked {
  readonly kinds: () => HubAnswer<'tableKinds'>
  readonly list: () => HubAnswer<'tableImports'>
  readonly show: (query: HubQuery<'tableImport'>) => TableImport | Refusal
  /** `hidden`: what whoever asks may not see. */
  readonly rows: (query: HubQuery<'tableRows'>, hidden?: readonly Sensitive[]) => HubAnswer<'tableRows'> | Refusal
}
/** Tables that go out: refused rows, empty forms, everything that is known. */
export interface TablesAsked {
  readonly errors: (query: HubQuery<'tableErrors'>, hidden?: readonly Sensitive[]) => Promise<MadeFile | Refusal>
  readonly template: (query: HubQuery<'tableTemplate'>) => Promise<MadeFile>
  readonly exported: (query: HubQuery<'exportTable'>, hidden?: readonly Sensitive[]) => Promise<MadeFile>
}

export const openRowsAsked = (staging: Staging): RowsAsked => ({
  kinds: () => ({ ...tableKinds(), out: outgoingKinds() }),
  list: () => ({ rows: [...staging.newest(SHOWN_RUNS)] }),
  show: ({ import: id }) => staging.show(id) ?? refuse('imports.unknown', { import: id }),
  rows: ({ import: id, outcome, before, cursor, limit = PAGE_ROWS }, hidden = []) => {
    const run = staging.run(id)
    if (!run) return refuse('imports.unknown', { import: id })
    const keys = hiddenKeys(columnsOf(run.kind), hidden)
    const viewed = (row: StagedRow) => hiddenChanges(rowView(row), keys)
    if (before !== undefined) {
      const rows = staging.rowsBefore(id, before, limit, outcome)
      const last = rows.at(-1)
      return { rows: rows.map(viewed), next: last && staging.rows(id, last.row, 1, outcome).length > 0 ? String(last.row) : null }
    }
    const found = staging.rows(id, Number(cursor ?? 0) || 0, limit + 1, outcome)
    const rows = found.slice(0, limit)
    return { rows: rows.map(viewed), next: found.length > limit ? String(rows.at(-1)?.row ?? 0) : null }
  },
})
const SHOWN_RUNS = 50
const PAGE_ROWS = 100

export const openTablesAsked = (staging: Staging, ask: HubLedger['ask']): TablesAsked => ({
  errors: async ({ import: id, form }, hidden = []) => {
    const run = staging.run(id)
    if (!run) return refuse('imports.unknown', { import: id })
    const columns = columnsOf(run.kind).filter(({ key }) => run.columns.includes(key))
    const { rows, ...table } = errorRows(columns, staging.rows(id, 0, LIMITS.rowsMax, 'error'))
    return tableFile(`errors-${id}`, form, { ...table, rows: hiddenCells(rows, hiddenKeys(columns, hidden)) })
  },
  template: ({ kind, form }) => tableFile(`template-${kind}`, form, { columns: columnsOf(kind), rows: [] }),
  exported: async ({ kind, form }, hidden = []) => {
    const made = (name: string, columns: readonly Column[], rows: readonly Readonly<Record<string, string>>[]) =>
      tableFile(name, form, { columns, rows: hiddenCells(rows, hiddenKeys(columns, hidden)) })
    if (kind === 'openings') return made('stock', OPENING_COLUMNS, await stockRows(ask))
    if (isOutgoing(kind)) return made(kind, OUTGOING[kind].columns, await OUTGOING[kind].rows(ask))
    const table = TABLES[kind]
    const look = await openLook(ask, [kind])
    const records = kind === 'items' ? look.items : kind === 'parties' ? look.parties : look.certificates
    return made(
      kind,
      table.columns,
      records.map((record) => table.cellsOf(record, look)),
    )
  },
})

const isOutgoing = (kind: HubQuery<'exportTable'>['kind']): kind is OutgoingKind => kind in OUTGOING
