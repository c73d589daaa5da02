import type { AskBody, CodeMetBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { RosterBody } from '@lotkeeper/protocol/ledger/roster.ts'
import {
  type CalendarDate,
  type EntryId,
  entryId,
  entryOf,
  type LotKey,
  type NodeId,
  type PlaceId,
  placeOf,
} from '@lotkeeper/protocol/names.ts'
import type { RecentReceipt } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Database } from '../database.ts'
import { openOwned } from './apply/owned.ts'
import { askedBy, wantedBy } from './apply/tasks.ts'
import { isKnownKind } from './apply.ts'
import { openCatalogue } from './book/catalogue.ts'
import { openExpected } from './book/expected.ts'
import { openLotBook } from './book/lots.ts'
import { openOpening } from './book/openings.ts'
import { openTags } from './book/tags.ts'
import type { AskRow, Book, PositionRow, TaskRow } from './contract.ts'
import { NO_KIND } from './damage.ts'
import { entryIn } from './log.ts'

/** Reads the projections as they stand, inside a transaction or outside. */
export const openBook = (db: Database, node: NodeId, { lastOwnAtMs, today }: Times): Book => {
  const sql = statementsOf(db)
  const owned = openOwned(db, node)
  const entry = (id: EntryId): Entry | null => {
    const place = entryOf(id)
    const row = place && sql.entry.get(place.stream, place.epoch, place.seq)
    return row && isKnownKind(row.kind) ? entryIn(row.body) : null
  }
  const opening = openOpening(db, entry)
  const taskOf = (row: TaskSqlRow): TaskRow | null => {
    const asking = entry(row.task)
    return (
      asking && {
        ...{ task: row.task, at: row.at, entry: asking, settledBy: row.settled_by, asks: asksOf(sql, row.task, asking) },
        opening: asking.kind === 'opening' ? opening(row.task) : null,
      }
    )
  }
  const catalogue = openCatalogue(db, today)
  /** Whoever makes the item, or the county that tells of it, answers what an unknown code is. */
  const isWaiting = ({ entry: { kind, body } }: TaskRow): boolean =>
    kind !== 'code-met' || catalogue.itemByCode((body as CodeMetBody).code) === null
  return {
    owns: owned.owns,
    passed: owned.passed,
    units: (lot, place) => sql.units.get(lot, place) ?? 0,
    positions: () => sql.positions.all(),
    ...openLotBook(db),
    ...catalogue,
    site: () => parsed<SiteBody>(sql.site.get(node)),
    roster: () => parsed<RosterBody>(sql.roster.get(node)),
    sites: () => sql.sites.all().map((body) => JSON.parse(body) as SiteBody),
    ...openExpected(db, node),
    ...openTags(db, entry),
    recentReceipts: (lot, sinceMs) =>
      sql.lotMovements
        .all(lot, Number.MAX_SAFE_INTEGER, RECEIPTS_SEEN_MAX)
        .flatMap((row) => receiptOf(sql, node, lot, row))
        .filter((receipt) => receipt.atMs >= sinceMs),
    entry,
    reversedBy: (id, line) => sql.reversal.get(id, line) ?? null,
    movements: ({ lot, before = Number.MAX_SAFE_INTEGER, limit }) =>
      (lot === undefined ? sql.movements.all(before, limit) : sql.lotMovements.all(lot, before, limit)).flatMap(
        (row) => movementOf(row) ?? [],
      ),
    openTasks: () =>
      eachOnce(
        sql.openTasks
          .all()
          .flatMap((row) => taskOf(row) ?? [])
          .filter(isWaiting),
      ),
    task: (id) => {
      const row = sql.task.get(id)
      return row ? taskOf(row) : null
    },
    dated: ({ boot, upMs, occurredAt }) => {
      const clock = sql.bootClock.get(boot, upMs)
      const ms = clock ? clock.true_ms - (clock.up_ms - upMs) : null
      return ms === null || Math.abs(ms - Date.parse(occurredAt)) <= CLOCK_WRONG_MS ? null : ms
    },
    raised: () => sql.raised.all(),
    deviceEntries: ({ atMs, id }, limit) =>
      sql.deviceEntries.all(atMs, id, limit).flatMap((row) => {
        const written = entry(row.entry)
        return written ? [{ id: row.entry, atMs: row.at_ms, entry: written }] : []
      }),
    acknowledged: (alarm) => sql.acknowledged.get(alarm) ?? null,
    lastOwnAtMs,
  }
}

/** What the tables do not say: the site's time of the newest own entry, and the day the node goes by. */
interface Times {
  readonly lastOwnAtMs: () => number | null
  readonly today: () => CalendarDate
}

interface MovementSqlRow {
  readonly at: number
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly body: string
}
interface TaskSqlRow {
  readonly task: string
  readonly at: number
  readonly settled_by: string | null
}
/** Nothing while its text is damaged: what it moved stands in the book, what it said is asked back. */
const movementOf = (row: MovementSqlRow) => {
  const entry = entryIn(row.body)
  return entry && { id: entryId(row.stream, row.epoch, row.seq), at: row.at, entry }
}

/** What a receive entry brought of a lot; nothing once it was reversed. */
const receiptOf = (sql: ReturnType<typeof statementsOf>, node: NodeId, lot: LotKey, row: MovementSqlRow): readonly RecentReceipt[] => {
  const movement = movementOf(row)
  if (movement?.entry.kind !== 'receive') return []
  const { id, entry } = movement
  const arrived = entry.lines.filter((line, at) => line.lot === lot && arrives(node, line) && sql.reversal.get(id, at) === undefined)
  if (arrived.length === 0) return []
  const confirmed = sql.confirmations.all(id)
  return [
    {
      entry: id,
      lot,
      units: arrived.reduce((sum, line) => sum + line.units, 0),
      doc: entry.doc,
      tags: [...new Set([...arrived.flatMap((line) => line.tags), ...confirmed])],
      atMs: Date.parse(entry.occurredAt),
    },
  ]
}

const arrives = (node: NodeId, line: { readonly from: PlaceId; readonly to: PlaceId }): boolean =>
  placeOf(line.from)?.room == null && placeOf(line.to)?.room != null && placeOf(line.to)?.owner === node

/** What the county asked twice is one question, shown as it was asked first; the newest come first. */
const eachOnce = (tasks: readonly TaskRow[]): readonly TaskRow[] => [
  ...new Map(tasks.map((task) => [askedBy(task.entry) ?? task.task, task])).values(),
]

/** What a task asks that no passage made; of a cover of pulled history, the first of its rooms that was not counted yet. */
const asksOf = (sql: ReturnType<typeof statementsOf>, task: EntryId, entry: Entry): AskRow | null => {
  if (entry.kind === 'ask') return { ...(entry.body as AskBody), by: 'hub' }
  const wanted = wantedBy(entry)
  const next = wanted?.find(({ lot, place }) => sql.counted.get(task, lot, place) === undefined) ?? wanted?.[0]
  return next ? { what: 'count', ...next, lines: [], reason: COVERED, by: 'node' } : null
}

const parsed = <Body>(body: string | undefined): Body | null => (body === undefined ? null : (JSON.parse(body) as Body))

/** Why the node itself asks to count. */
const COVERED =
  '取回的历史不足以解释后来的出库，差额已记入“原因不明” / History that came back did not cover what had left since; the rest was booked as unexplained'
/** As far as a node's clock may be off before it writes a `clock` entry. */
const CLOCK_WRONG_MS = 300_000
/** A box is scanned and carried within ten minutes; a lot is not received two hundred times in that. */
const RECEIPTS_SEEN_MAX = 200

/** What is damaged shows no movement until its text is back. */
const MOVEMENT = `select m.at, m.stream, m.epoch, m.seq, l.body from movement m join log l on l.stream = m.stream and l.epoch = m.epoch
  and l.seq = m.seq and l.kind <> '${NO_KIND}'`

const statementsOf = (db: Database) => ({
  units: db.prepare<[string, string], number>('select units from position where lot = ? and place = ?').pluck(),
  positions: db.prepare<[], PositionRow>(
    `select lot, place, units from position left join lot using (lot) where units <> 0
     order by lot.expiry is null, lot.expiry, lot, place`,
  ),
  roster: db.prepare<[string], string>('select body from roster where node = ?').pluck(),
  site: db.prepare<[string], string>('select body from site where site = ?').pluck(),
  sites: db.prepare<[], string>('select body from site order by site').pluck(),
  counted: db.prepare<[string, string, string], string>('select entry from counted where task = ? and lot = ? and place = ?').pluck(),
  bootClock: db.prepare<[string, number], { up_ms: number; true_ms: number }>(
    'select up_ms, true_ms from boot_clock where boot = ? order by abs(up_ms - ?) limit 1',
  ),
  raised: db.prepare<[], { alarm: string; facts: string; at: string }>('select alarm, facts, at from raised order by at, alarm'),
  deviceEntries: db.prepare<[number, string, number], { readonly at_ms: number; readonly entry: EntryId }>(
    'select at_ms, entry from device_entry where (at_ms, entry) < (?, ?) order by at_ms desc, entry desc limit ?',
  ),
  entry: db.prepare<[string, string, number], { kind: string; body: string }>(
    'select kind, body from log where stream = ? and epoch = ? and seq = ?',
  ),
  reversal: db.prepare<[string, number], string>('select by_entry from reversal where entry = ? and line = ?').pluck(),
  confirmations: db.prepare<[string], string>('select epc from confirmation where entry = ?').pluck(),
  movements: db.prepare<[number, number], MovementSqlRow>(`${MOVEMENT} where m.at < ? order by m.at desc limit ?`),
  lotMovements: db.prepare<[string, number, number], MovementSqlRow>(
    `${MOVEMENT} join lot_movement o on o.at = m.at where o.lot = ? and o.at < ? order by o.at desc limit ?`,
  ),
  openTasks: db.prepare<[], TaskSqlRow>('select * from task where settled_by is null order by at desc'),
  task: db.prepare<[string], TaskSqlRow>('select * from task where task = ?'),
  acknowledged: db.prepare<[string], { by: string | null; at: string }>('select by_actor as by, at from acknowledgement where alarm = ?'),
})
