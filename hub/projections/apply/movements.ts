import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { HUB, type LotKey, type PlaceId, writerOf } from '@lotkeeper/protocol/names.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openBulk } from './bulk.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import { openFlows } from './flows.ts'
import type { LotRows } from './lots.ts'
import type { Gathered, Placed } from './placed.ts'
import { openPlaces, type PlaceStanding } from './places.ts'
import { openPositions, type Position } from './positions.ts'
import { openTransit } from './transit.ts'

/** Movement lines and every sum that follows from them. */
export interface MovementRows {
  readonly book: (placed: Placed) => void
  readonly flush: () => Omit<Gathered, 'discrepancies'>
  readonly forget: () => void
  readonly units: (lot: LotKey, place: PlaceId) => number
}

export const openMovementRows = (
  db: Database,
  rooms: { readonly lots: LotRows; readonly discrepancies: DiscrepancyRows },
  schema: SchemaName,
): MovementRows => {
  const add = db.prepare(`insert into ${schema}.movement values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const feed = openBulk(db, `${schema}.feed`, 3)
  const last = db.prepare<[], number>(`select coalesce(max(mv), 0) from ${schema}.feed`).pluck()
  const places = openPlaces()
  const positions = openPositions(db, schema)
  const transit = openTransit(db, schema)
  const flows = openFlows(db, schema)
  let mv = last.get() ?? 0
  let booked: { lot: LotKey; mv: number }[] = []
  const sites = new Set<string>()

  const bookLine = ({ id, entry, receivedAtMs }: Placed, at: number): void => {
    const line = entry.lines[at]
    if (!line) return
    const { lot, from, to, units } = line
    const writer = writerOf(entry.stream)
    const [source, target] = [places.named(from), places.named(to)]
    const site = writer === HUB ? target.owner : writer
    rooms.lots.ensure(lot)
    mv += 1
    const reverses = entry.reverses?.entry ?? null
    judgeUnexplained(rooms.discrepancies, { id, entry, receivedAtMs }, line)
    const place = [entry.stream, entry.epoch, entry.seq, at] as const
    add.run(lot, mv, ...place, entry.kind, from, to, units, entry.occurredAt, null, entry.doc, reverses)
    feed.add(mv, lot, site)
    booked.push({ lot, mv })
    const month = monthIn(entry.zone, entry.occurredAt)
    const shift = (name: PlaceStanding, place: PlaceId, delta: number): Position => {
      const position = positions.at(lot, place)
      positions.shift(position, delta, month)
      if (name.owner !== HUB) sites.add(name.owner)
      if (name.kind === 'room') judgeRoom(rooms.discrepancies, { id, entry, receivedAtMs }, position, delta)
      if (name.kind === 'transit') transit.shift(position, entry.doc ?? '-', delta, receivedAtMs)
      else if (name.owner !== writer) {
        const facts = { place }
        rooms.discrepancies.open({ kind: 'place-foreign', site: writer, subject: id, entry: id, atMs: receivedAtMs, facts })
      }
      return position
    }
    flows.add(shift(source, from, -units), shift(target, to, units), units, entry.occurredAt)
  }

  return {
    book: (placed) => {
      const writer = writerOf(placed.entry.stream)
      if (writer !== HUB) sites.add(writer)
      for (let at = 0; at < placed.entry.lines.length; at += 1) bookLine(placed, at)
    },
    flush: () => {
      const changed = { movements: booked, positions: positions.flush(), sites: [...sites] }
      feed.flush()
      transit.flush()
      flows.flush()
      booked = []
      sites.clear()
      return changed
    },
    forget: () => {
      positions.forget()
      feed.forget()
      transit.forget()
      flows.forget()
      booked = []
      sites.clear()
      mv = last.get() ?? 0
    },
    units: (lot, place) => positions.at(lot, place).units,
  }
}

/** Non-negative is the owner's to enforce; a room that is below zero here all the same is booked and named [1.4]. */
const judgeRoom = (
  discrepancies: DiscrepancyRows,
  { id, entry, receivedAtMs }: Placed,
  { lot, place, units }: Position,
  delta: number,
): void => {
  const subject = `${place} ${lot}`
  if (units < 0 && units - delta >= 0) {
    const facts = { place, lot, units }
    discrepancies.open({ kind: 'room-negative', site: writerOf(entry.stream), subject, entry: id, atMs: receivedAtMs, facts })
  } else if (units >= 0 && units - delta < 0) discrepancies.close('room-negative', subject, receivedAtMs)
}

/** What a shelf held beyond the book was booked and used all the same; a person finds out why, or the booking is reversed [1.4]. */
const judgeUnexplained = (discrepancies: DiscrepancyRows, { id, entry, receivedAtMs }: Placed, { lot, from, to, units }: Line): void => {
  if (from.endsWith(UNEXPLAINED)) {
    const facts = { place: to, lot, units }
    discrepancies.open({ kind: 'units-unexplained', site: writerOf(entry.stream), subject: id, entry: id, atMs: receivedAtMs, facts })
  } else if (to.endsWith(UNEXPLAINED) && entry.reverses) discrepancies.close('units-unexplained', entry.reverses.entry, receivedAtMs)
}
const UNEXPLAINED = '/~unexplained'

/** The calendar month of a moment where it happened, `YYYY-MM`. Asking the calendar is slow, so each hour is asked once. */
const monthIn = (zone: string, occurredAt: string): string => {
  const hour = `${zone} ${occurredAt.slice(0, 13)}`
  const known = MONTHS.get(hour)
  if (known !== undefined) return known
  if (MONTHS.size >= MONTHS_MAX) MONTHS.clear()
  const month = monthOf(zone, occurredAt)
  MONTHS.set(hour, month)
  return month
}

const monthOf = (zone: string, occurredAt: string): string => {
  try {
    return todayIn(zone, Date.parse(occurredAt)).slice(0, 7)
  } catch {
    // A zone this Node does not know is no reason to lose a movement: the UTC month is at most a day off.
    return occurredAt.slice(0, 7)
  }
}

const MONTHS = new Map<string, string>()
const MONTHS_MAX = 10_000
