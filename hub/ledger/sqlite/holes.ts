import { type EntryId, type EpochId, entryOf, type StreamId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** Which entries are held as holes, and which of them were filled after their epoch had passed them; few, so they are kept in memory. */
export interface Holes {
  readonly note: (entry: EntryId) => void
  readonly fill: (entry: EntryId, late: boolean) => void
  readonly within: (stream: StreamId, epoch: EpochId, from: number, upto: number) => readonly number[]
  readonly late: () => readonly EntryName[]
  readonly forget: () => void
}
interface EntryName {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly seq: number
}

export const openHoles = (db: Database): Holes => {
  const put = db.prepare('insert or replace into ledger values (?, ?)')
  const drop = db.prepare('delete from ledger where key = ?')
  const all = db.prepare<[], { readonly key: string; readonly value: string }>(
    `select key, value from ledger where key >= '${KEY}' and key < '${KEY_END}'`,
  )
  const read = () => {
    const rows = all.all().flatMap(({ key, value }) => {
      const entry = entryOf(key.slice(KEY.length))
      return entry ? [{ entry, late: value === LATE }] : []
    })
    return {
      open: rows.flatMap(({ entry, late }) => (late ? [] : [entry])),
      late: rows.flatMap(({ entry, late }) => (late ? [entry] : [])),
    }
  }
  let known = read()
  return {
    note: (entry) => {
      put.run(KEY + entry, OPEN)
      known = read()
    },
    fill: (entry, late) => {
      if (late) put.run(KEY + entry, LATE)
      else drop.run(KEY + entry)
      known = read()
    },
    within: (stream, epoch, from, upto) =>
      known.open.flatMap((one) => (one.stream === stream && one.epoch === epoch && one.seq >= from && one.seq <= upto ? [one.seq] : [])),
    late: () => known.late,
    forget: () => {
      known = read()
    },
  }
}

/** Rows of the table `ledger`: `hole/<entry>`. */
const KEY = 'hole/'
const KEY_END = 'hole0'
const OPEN = 'open'
const LATE = 'late'
