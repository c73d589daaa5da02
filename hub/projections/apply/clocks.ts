import type { ClockBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type Instant, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { monthOf } from '../calendar.ts'
import { openTold } from '../told.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Epochs } from './epochs.ts'
import type { Placed } from './placed.ts'

/**
 * What time it truly was while a wrong clock ran: one entry says it for a boot, and every movement of that boot is dated by the machine's up
 * time, those to come at once and those already folded anew. Order, balances and what was claimed stay as they are [ledger-and-sync 1.10].
 */
export interface Clocks {
  /** When it truly happened; `null` where the claim is not known to be wrong. */
  readonly dated: (entry: Entry) => Instant | null
  readonly note: (placed: Placed) => void
  readonly forget: () => void
}

/** A claim this near to the truth stands: up times and clocks drift apart by seconds. */
const TOLERANCE_MS = 60_000

export const openClocks = (
  db: Database,
  rooms: { readonly discrepancies: DiscrepancyRows; readonly epochs: Epochs; readonly write: () => void },
  schema: SchemaName,
): Clocks => {
  const all = db.prepare<[], ClockRow>(`select stream, boot, zero_ms as zeroMs from ${schema}.boot_clock`)
  const put = db.prepare(`insert or replace into ${schema}.boot_clock values (?, ?, ?, ?, ?)`)
  const redate = openRedating(db, rooms.epochs, schema)
  const zeros = new Map<string, number>()
  const read = (): void => {
    zeros.clear()
    for (const { stream, boot, zeroMs } of all.all()) zeros.set(nameOf(stream, boot), zeroMs)
  }
  read()
  return {
    dated: ({ stream, boot, upMs, occurredAt }) => {
      if (zeros.size === 0) return null
      const zeroMs = zeros.get(nameOf(stream, boot))
      return zeroMs === undefined ? null : datedAt(zeroMs + upMs, occurredAt)
    },
    note: ({ id, entry, receivedAtMs }) => {
      const { boot, upMs, clockAt, trueAt } = entry.body as ClockBody
      const [zeroMs, shiftMs] = [Date.parse(trueAt) - upMs, Date.parse(trueAt) - Date.parse(clockAt)]
      if (!Number.isSafeInteger(zeroMs) || !Number.isSafeInteger(shiftMs)) return
      put.run(entry.stream, boot, zeroMs, shiftMs, id)
      zeros.set(nameOf(entry.stream, boot), zeroMs)
      // What is gathered so far must lie in its tables before it is dated anew there.
      rooms.write()
      const count = redate(entry.stream, boot, zeroMs)
      if (count === 0 && Math.abs(shiftMs) <= TOLERANCE_MS) return
      const draft = { site: writerOf(entry.stream), subject: `${entry.stream} ${boot}`, entry: id, atMs: receivedAtMs }
      const facts = { minutes: Math.round(Math.abs(shiftMs) / 60_000), count }
      rooms.discrepancies.open({ kind: 'entries-redated', ...draft, facts })
    },
    forget: read,
  }
}

interface ClockRow {
  readonly stream: string
  readonly boot: string
  readonly zeroMs: number
}
const nameOf = (stream: StreamId, boot: string): string => `${stream}\n${boot}`

const datedAt = (ms: number, occurredAt: Instant): Instant | null => {
  if (Math.abs(ms - Date.parse(occurredAt)) <= TOLERANCE_MS) return null
  return ms >= YEAR_0_MS && ms < YEAR_10000_MS ? new Date(ms).toISOString() : null
}
const YEAR_0_MS = Date.parse('0000-01-01T00:00:00.000Z')
const YEAR_10000_MS = Date.parse('9999-12-31T23:59:59.999Z') + 1

/** Dates anew what was folded of a boot; answers how many of its entries stand dated then. */
const openRedating = (db: Database, epochs: Epochs, schema: SchemaName) => {
  const told = openTold(db)
  const ofLot = db.prepare<[string, string], Moved>(
    `select mv, epoch, seq, src, dst, units, occurred, dated from ${schema}.movement where lot = ? and stream = ?`,
  )
  const date = db.prepare<[string | null, string, number]>(`update ${schema}.movement set dated = ? where lot = ? and mv = ?`)
  const months = openMonthMoves(db, schema)
  return (stream: StreamId, boot: string, zeroMs: number): number => {
    const upMs = new Map<string, number>()
    const lots = new Set<string>()
    for (const epoch of epochs.ofBoot(stream, boot)) {
      for (const entry of told.ofEpoch(stream, epoch)) {
        upMs.set(`${epoch}/${entry.seq}`, entry.upMs)
        // An entry of a later version need not have lines.
        for (const { lot } of entry.lines ?? []) lots.add(lot)
      }
    }
    const entries = new Set<string>()
    // A lot's movements lie together, so each lot is read once; the log may hold more than was folded yet.
    for (const lot of lots) {
      for (const moved of ofLot.all(lot, stream)) {
        const entry = `${moved.epoch}/${moved.seq}`
        const up = upMs.get(entry)
        if (up === undefined) continue
        const dated = datedAt(zeroMs + up, moved.occurred)
        if (dated !== null) entries.add(entry)
        if (dated === moved.dated) continue
        date.run(dated, lot, moved.mv)
        months.move(lot, moved, monthOf(dated ?? moved.occurred))
      }
    }
    return entries.size
  }
}

interface Moved {
  readonly mv: number
  readonly epoch: string
  readonly seq: number
  readonly src: string
  readonly dst: string
  readonly units: number
  readonly occurred: string
  readonly dated: string | null
}

/** Moves what a movement added to its month to another; a month from which all was moved has no row, as if nothing had been there. */
const openMonthMoves = (db: Database, schema: SchemaName) => {
  const add = db.prepare(
    `insert into ${schema}.period_delta values (?, ?, ?, ?, ?) on conflict do update set
     units_in = units_in + excluded.units_in, units_out = units_out + excluded.units_out`,
  )
  const drop = db.prepare(`delete from ${schema}.period_delta where lot = ? and place = ? and month = ? and units_in = 0 and units_out = 0`)
  return {
    move: (lot: string, { src, dst, units, occurred, dated }: Moved, month: string): void => {
      const before = monthOf(dated ?? occurred)
      if (before === month) return
      for (const [place, unitsIn, unitsOut] of [[src, 0, units] as const, [dst, units, 0] as const]) {
        add.run(lot, place, before, -unitsIn, -unitsOut)
        drop.run(lot, place, before)
        add.run(lot, place, month, unitsIn, unitsOut)
      }
    },
  }
}
