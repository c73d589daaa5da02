import type { LotKey } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** What the county says of lots whose numbers somebody wrote: followed when read, never written into what was booked. */
export interface LotsNow {
  /** The lot it is: itself, as long as the county says nothing else. */
  readonly now: (lot: LotKey) => LotKey
  /** Lots it was booked as under other numbers. */
  readonly metAs: (lot: LotKey) => readonly LotKey[]
  /** Answers given about it so far. */
  readonly answers: (lot: LotKey) => number
}

export const openLotsNow = (db: Database): LotsNow => {
  const led = db.prepare<[LotKey], LotKey | null>(`select target from outcome o where ${LATEST} and o.id = ?`).pluck()
  const leading = db.prepare<[LotKey], LotKey>(`select id from outcome o where ${LATEST} and o.target = ? order by id`).pluck()
  const version = db.prepare<[LotKey], number>(`select max(version) from outcome where kind = 'lot' and id = ?`).pluck()
  return {
    now: (lot) => {
      const way = [lot]
      for (let to = led.get(lot); to != null && !way.includes(to); to = led.get(to)) way.push(to)
      return way.at(-1) ?? lot
    },
    metAs: (lot) => {
      const found = new Set<LotKey>()
      const look = (one: LotKey): void => {
        for (const other of leading.all(one)) {
          if (other === lot || found.has(other)) continue
          found.add(other)
          look(other)
        }
      }
      look(lot)
      return [...found].toSorted()
    },
    answers: (lot) => version.get(lot) ?? 0,
  }
}

/** The answer that rules: the highest version; of two that a restored hub gave under one number, the later entry. */
const LATEST = `o.kind = 'lot' and o.entry = (select entry from outcome where kind = 'lot' and id = o.id order by version desc, entry desc limit 1)`
