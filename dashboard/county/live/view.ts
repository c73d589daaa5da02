import type { Cursor, Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { DiscrepancyView, MovementRow, SiteSummary, StockRow } from '@lotkeeper/protocol/api/views.ts'

/** The county as this page knows it, at one cursor. Never changed, only replaced. */
export interface CountyView {
  readonly cursor: Cursor | null
  readonly sites: ReadonlyMap<string, SiteSummary>
  /** Newest first, at most MOVEMENTS_MAX. */
  readonly movements: readonly MovementRow[]
  readonly discrepancies: ReadonlyMap<string, DiscrepancyView>
  readonly openDiscrepancies: number
  /** Stock rows that changed since this page joined, by `stockKey`; absolute, so a list read earlier is brought up to date with them. */
  readonly stock: ReadonlyMap<string, StockRow>
}

export const EMPTY_VIEW: CountyView = {
  cursor: null,
  sites: new Map(),
  movements: [],
  discrepancies: new Map(),
  openDiscrepancies: 0,
  stock: new Map(),
}

/** The whole view anew. Changed stock rows are forgotten: lists must be read again after a snapshot. */
export const applySnapshot = (snapshot: Snapshot): CountyView => ({
  cursor: snapshot.cursor,
  sites: new Map(snapshot.sites.map((site) => [site.site, site])),
  movements: newestFirst([], snapshot.movements),
  discrepancies: new Map(snapshot.discrepancies.map((one) => [one.discrepancy, one])),
  openDiscrepancies: snapshot.openDiscrepancies,
  stock: new Map(),
})

/** What a delta came to: applied, already known (a repeat), or not joined to what we have (a gap: join again). */
export type Applied = { readonly is: 'applied'; readonly view: CountyView } | { readonly is: 'repeat' } | { readonly is: 'gap' }

export const applyDelta = (view: CountyView, delta: Delta): Applied => {
  const { cursor } = view
  if (!cursor || delta.after.epoch !== cursor.epoch || delta.after.seq > cursor.seq) return { is: 'gap' }
  if (delta.cursor.epoch === cursor.epoch && delta.cursor.seq <= cursor.seq) return { is: 'repeat' }
  return {
    is: 'applied',
    view: {
      cursor: delta.cursor,
      sites: laid(view.sites, delta.sites, (site) => site.site),
      movements: newestFirst(view.movements, delta.movements),
      discrepancies: laid(view.discrepancies, delta.discrepancies, (one) => one.discrepancy),
      openDiscrepancies: delta.openDiscrepancies,
      stock: bounded(laid(view.stock, delta.stock, stockKey)),
    },
  }
}

/** What the polled overview says, when no socket brings deltas. The cursor stays: a later join must still find what came between. */
export const applyPoll = (
  view: CountyView,
  poll: { readonly sites: readonly SiteSummary[]; readonly openDiscrepancies: number; readonly movements: readonly MovementRow[] },
): CountyView => ({
  ...view,
  sites: new Map(poll.sites.map((site) => [site.site, site])),
  movements: newestFirst(view.movements, poll.movements),
  openDiscrepancies: poll.openDiscrepancies,
})

/** One lot at one place. */
export const stockKey = (row: Pick<StockRow, 'place' | 'lot'>): string => `${row.place}\n${row.lot}`
export const movementKey = (row: Pick<MovementRow, 'entry' | 'line'>): string => `${row.entry}#${row.line}`

/** Rows read earlier, brought up to date with changed rows; what left its place goes, what is new is counted, not inserted. */
export const withChanges = (
  rows: readonly StockRow[],
  changed: ReadonlyMap<string, StockRow>,
  belongs: (row: StockRow) => boolean,
): { readonly rows: readonly StockRow[]; readonly fresh: number } => {
  if (changed.size === 0) return { rows, fresh: 0 }
  const known = new Set(rows.map(stockKey))
  const fresh = [...changed].filter(([key, row]) => !known.has(key) && row.units !== 0 && belongs(row)).length
  const now = rows.map((row) => changed.get(stockKey(row)) ?? row)
  return { rows: now.filter((row) => row.units !== 0), fresh }
}

/** Rows by the feed: the page holds the newest few hundred, older ones are a question to the hub. */
export const MOVEMENTS_MAX = 300

/** A later copy of a row (now reversed, now booked) replaces the earlier one where it stands. */
const newestFirst = (known: readonly MovementRow[], come: readonly MovementRow[]): readonly MovementRow[] => {
  if (come.length === 0) return known
  const rows = new Map<string, MovementRow>()
  for (const row of [...come].sort(byHubOrder)) rows.set(movementKey(row), row)
  const fresh = [...rows].filter(([key]) => !known.some((row) => movementKey(row) === key)).map(([, row]) => row)
  const kept = known.map((row) => rows.get(movementKey(row)) ?? row)
  return [...fresh, ...kept].slice(0, MOVEMENTS_MAX)
}

/** By when the hub learnt of it, so a month that was offline still shows as news; then by when it happened. */
const byHubOrder = (one: MovementRow, other: MovementRow): number =>
  later(one.receivedAt ?? one.occurredAt, other.receivedAt ?? other.occurredAt) ||
  later(one.occurredAt, other.occurredAt) ||
  one.line - other.line
const later = (one: string, other: string): number => (one < other ? 1 : one > other ? -1 : 0)

const laid = <Row>(known: ReadonlyMap<string, Row>, come: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, Row> => {
  if (come.length === 0) return known
  const rows = new Map(known)
  for (const row of come) rows.set(keyOf(row), row)
  return rows
}

/** The oldest changes fall out; a list that is older than that is read again when it is next opened. */
const bounded = (rows: ReadonlyMap<string, StockRow>): ReadonlyMap<string, StockRow> =>
  rows.size <= CHANGES_MAX ? rows : new Map([...rows].slice(rows.size - CHANGES_MAX))
const CHANGES_MAX = 5_000
