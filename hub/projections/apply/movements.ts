import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { HUB, type Instant, type LotKey, type NodeId, type PlaceId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { monthOf } from '../calendar.ts'
import { openBulk } from './bulk.ts'
import { openClocks } from './clocks.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Epochs } from './epochs.ts'
import { openFlows } from './flows.ts'
import { openKnownDays } from './known-days.ts'
import type { LotRows } from './lots.ts'
import type { Ownerships } from './ownerships.ts'
import type { Gathered, Placed } from './placed.ts'
import { openPlaces } from './places.ts'
import { openPositions, type Position } from './positions.ts'
import { openTagPositions } from './tag-positions.ts'
import { NO_DOCUMENT, openTransit } from './transit.ts'

/** Movement lines and every sum that follows from them. */
export interface MovementRows {
  readonly book: (placed: Placed) => void
  /** A clock of a node told the truth late: movements are dated by it. */
  readonly redate: (placed: Placed) => void
  /** Writes movements and months gathered so far, and only these: something is about to look at them. */
  readonly write: () => void
  readonly flush: () => Omit<Gathered, 'discrepancies'>
  readonly forget: () => void
  readonly units: (lot: LotKey, place: PlaceId) => number
}

interface Lent {
  readonly lots: LotRows
  readonly discrepancies: DiscrepancyRows
  readonly ownerships: Ownerships
  readonly epochs: Epochs
}

export const openMovementRows = (db: Database, lent: Lent, schema: SchemaName): MovementRows => {
  const rows = openBulk(db, `${schema}.movement`, 14)
  const feed = openBulk(db, `${schema}.feed`, 3)
  const last = db.prepare<[], number>(`select coalesce(max(mv), 0) from ${schema}.feed`).pluck()
  const places = openPlaces()
  const sums = openSums(db, schema)
  const tags = openTagPositions(db, schema)
  const days = openKnownDays(db, schema)
  const write = () => {
    rows.flush()
    sums.positions.writeMonths()
  }
  const clocks = openClocks(db, { ...lent, write }, schema)
  let mv = last.get() ?? 0
  let booked: { lot: LotKey; mv: number }[] = []
  const sites = new Set<string>()

  const shift = (placed: Placed, position: Position, delta: number, month: string): void => {
    const { entry, receivedAtMs } = placed
    const { owner, kind } = places.named(position.place)
    sums.positions.shift(position, delta, month)
    if (owner !== HUB) sites.add(owner)
    if (kind === 'room') judgeRoom(lent, placed, position, delta)
    const told = { atMs: receivedAtMs, back: entry.reverses !== null }
    if (kind === 'transit') sums.transit.shift(position, entry.doc ?? NO_DOCUMENT, delta, told)
    else if (owner !== writerOf(entry.stream)) judgePlace(lent, placed, position.place, owner)
  }
  const bookLine = (placed: Placed, line: Line, at: number, dated: Instant | null): void => {
    const { entry } = placed
    const { lot, from, to, units } = line
    const writer = writerOf(entry.stream)
    lent.lots.ensure(lot)
    mv += 1
    judgeUnexplained(lent.discrepancies, placed, line)
    const { stream, epoch, seq, kind, occurredAt, doc, reverses } = entry
    rows.add(lot, mv, stream, epoch, seq, at, kind, from, to, units, occurredAt, dated, doc, reverses?.entry ?? null)
    feed.add(mv, lot, writer === HUB ? places.named(to).owner : writer)
    booked.push({ lot, mv })
    if (line.tags.length > 0) tags.move(placed, line)
    const month = monthOf(dated ?? entry.occurredAt)
    const [source, target] = [sums.positions.at(lot, from), sums.positions.at(lot, to)]
    shift(placed, source, -units, month)
    shift(placed, target, units, month)
    sums.flows.add(source, target, units, entry.occurredAt)
  }

  return {
    book: (placed) => {
      const { stream, lines } = placed.entry
      const writer = writerOf(stream)
      if (writer !== HUB) sites.add(writer)
      const dated = clocks.dated(placed.entry)
      for (const [at, line] of lines.entries()) bookLine(placed, line, at, dated)
      days.note(placed.receivedAtMs, mv)
    },
    redate: clocks.note,
    write,
    flush: () => {
      const changed = { movements: booked, positions: sums.flush(), sites: [...sites] }
      rows.flush()
      feed.flush()
      days.flush()
      booked = []
      sites.clear()
      return changed
    },
    forget: () => {
      for (const room of [sums, rows, feed, days, clocks]) room.forget()
      booked = []
      sites.clear()
      mv = last.get() ?? 0
    },
    units: (lot, place) => sums.positions.at(lot, place).units,
  }
}

/** What hangs on the positions of lots: units, ways of goods in transit, flows between places. */
const openSums = (db: Database, schema: SchemaName) => {
  const [positions, transit, flows] = [openPositions(db, schema), openTransit(db, schema), openFlows(db, schema)]
  return {
    ...{ positions, transit, flows },
    flush: () => {
      const changed = positions.flush()
      transit.flush()
      flows.flush()
      return changed
    },
    forget: () => {
      for (const room of [positions, transit, flows]) room.forget()
    },
  }
}

/** A place is its owner's to book; one that passed on is the new owner's, and of the old one a discrepancy of its own speaks. */
const judgePlace = ({ discrepancies, ownerships }: Lent, { id, entry, receivedAtMs }: Placed, place: PlaceId, owner: NodeId): void => {
  const site = writerOf(entry.stream)
  if (ownerships.ownerNow(owner) === site) return
  discrepancies.open({ kind: 'place-foreign', site, subject: id, entry: id, atMs: receivedAtMs, facts: { place } })
}

/** Non-negative is the owner's to enforce; a room that is below zero here all the same is booked and named [1.4]. */
const judgeRoom = (
  { discrepancies, ownerships }: Lent,
  { id, receivedAtMs }: Placed,
  { lot, place, units }: Position,
  delta: number,
): void => {
  if (units >= 0 && units - delta >= 0) return
  const subject = `${place} ${lot}`
  if (units < 0 && units - delta >= 0) {
    const facts = { place, lot, units }
    const site = ownerships.ownerNow(place.slice(0, place.indexOf('/')))
    discrepancies.open({ kind: 'room-negative', site, subject, entry: id, atMs: receivedAtMs, facts })
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
