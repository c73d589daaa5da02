import type { Entry, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryOf, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openTold } from '../told.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Genealogy } from './genealogy.ts'
import type { MovementRows } from './movements.ts'
import type { Placed } from './placed.ts'
import type { Twice } from './twice.ts'

/** Which line was undone by which entry. A second reversal from another branch is booked all the same, with a discrepancy [1.7]. */
export interface Reversals {
  /** What the hub took back in two of its epochs it took back once. */
  readonly note: (placed: Placed, reverses: NonNullable<Entry['reverses']>, again: boolean) => void
}

export const openReversals = (
  db: Database,
  rooms: {
    readonly discrepancies: DiscrepancyRows
    readonly genealogy: Genealogy
    readonly movements: Pick<MovementRows, 'write'>
    readonly twice: Pick<Twice, 'reversed'>
  },
  schema: SchemaName,
): Reversals => {
  const { discrepancies, genealogy, movements, twice } = rooms
  const add = db.prepare<[string, number, string]>(`insert or ignore into ${schema}.reversal values (?, ?, ?)`)
  const told = openTold(db)
  const booked = db
    .prepare<[string, string, string, number], number>(
      `select 1 from ${schema}.movement where lot = ? and stream = ? and epoch = ? and seq = ? limit 1`,
    )
    .pluck()
  /** The undone entry if it was folded already; it may still be on its way, be a hole or be damaged, then nothing can be said. */
  const undone = (id: string, lot: string | undefined): Entry | null => {
    const place = entryOf(id)
    if (!place || lot === undefined) return null
    movements.write()
    if (booked.get(lot, place.stream, place.epoch, place.seq) === undefined) return null
    return told.entry(id)
  }
  return {
    note: ({ id, entry, receivedAtMs }, reverses, again) => {
      const original = undone(reverses.entry, entry.lines[0]?.lot)
      const site = writerOf(entry.stream) === HUB ? null : writerOf(entry.stream)
      reverses.lines.forEach((line, at) => {
        const draft = { site, subject: `${reverses.entry}#${line}`, entry: id, atMs: receivedAtMs, facts: { at: reverses.entry, line } }
        if (add.run(reverses.entry, line, id).changes === 0 && !again) discrepancies.open({ kind: 'reversed-twice', ...draft })
        if (original && !mirrors(original.lines[line], entry.lines[at])) discrepancies.open({ kind: 'reversal-differs', ...draft })
      })
      twice.reversed(reverses.entry, receivedAtMs)
      if (original) genealogy.undo(reverses.entry, original)
    },
  }
}

const mirrors = (line: Line | undefined, mirror: Line | undefined): boolean =>
  line !== undefined &&
  mirror !== undefined &&
  line.lot === mirror.lot &&
  line.from === mirror.to &&
  line.to === mirror.from &&
  line.units === mirror.units
