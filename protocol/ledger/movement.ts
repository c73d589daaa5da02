import { lotOf, type NodeId, type PlaceId, placeOf } from '../names.ts'
import { type Refusal, refuse } from '../refusals.ts'
import type { Entry, Line } from './entry.ts'

/** Units held at a place, as the writer's book says now. */
export type BookOf = (lot: string, place: PlaceId) => number

/** Whether the places of that node are the writer's to book: its own, and those that passed to it [1.9]. */
export type Owns = (owner: NodeId) => boolean

/**
 * Whether the writer may book these lines [ledger-and-sync 1.3, 1.4]: lots and places must be names, units whole and positive,
 * every place its own or transit, no own room below zero at any line. Returns `null` when it may.
 */
export const judgeLines = (
  writer: NodeId,
  lines: readonly Line[],
  bookOf: BookOf,
  owns: Owns = (owner) => owner === writer,
): Refusal | null => {
  const shifted = new Map<string, number>()
  const shift = (lot: string, place: PlaceId, units: number): number => {
    const key = `${lot}\n${place}`
    const sum = (shifted.get(key) ?? bookOf(lot, place)) + units
    shifted.set(key, sum)
    return sum
  }
  for (const line of lines) {
    const wrong = judgeLine(owns, line)
    if (wrong) return wrong
    const left = shift(line.lot, line.from, -line.units)
    shift(line.lot, line.to, line.units)
    if (left < 0 && isRoom(line.from)) {
      return refuse('ledger.not-enough', { lot: line.lot, place: line.from, book: left + line.units, asked: line.units })
    }
  }
  return null
}

/** What must be booked `unexplained -> room` so that `units` can leave the room: a wrong book never blocks work [1.4]. 0 when nothing. */
export const shortfall = (book: number, units: number): number => Math.max(0, units - Math.max(0, book))

/** The mirror of some lines of an entry; refuses when a line is not there. */
export const mirrorLines = (entry: Pick<Entry, 'lines'>, numbers: readonly number[]): readonly Line[] | Refusal => {
  const lines: Line[] = []
  for (const number of numbers) {
    const line = entry.lines[number]
    if (!line) return refuse('ledger.reverse-unknown-line', { line: number })
    lines.push({ ...line, from: line.to, to: line.from })
  }
  return lines
}

/** Whether stock there is real: a room, whose units may never fall below zero at its owner. */
export const isRoom = (place: PlaceId): boolean => placeOf(place)?.room != null

/** Whether the place is a room of a node whose places are the asker's to book. */
export const isOwnRoom = (owns: Owns, place: PlaceId): boolean => {
  const name = placeOf(place)
  return name !== null && name.room !== null && owns(name.owner)
}

const judgeLine = (owns: Owns, line: Line): Refusal | null => {
  if (!lotOf(line.lot)) return refuse('ledger.lot-malformed', { lot: line.lot })
  const from = placeOf(line.from)
  const to = placeOf(line.to)
  if (!from || !to) return refuse('ledger.place-unknown', { place: from ? line.to : line.from })
  if (line.from === line.to) return refuse('ledger.same-place', { place: line.from })
  if (!Number.isSafeInteger(line.units) || line.units < 1) return refuse('ledger.quantity-not-whole', { units: line.units })
  const foreign = [from, to].find((place) => !owns(place.owner) && place.virtual !== 'transit')
  return foreign ? refuse('ledger.place-not-owned', { place: foreign === from ? line.from : line.to }) : null
}
