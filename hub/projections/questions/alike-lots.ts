import type { SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { type LotKey, lotOf } from '@lotkeeper/protocol/names.ts'
import { openLikeness } from '@lotkeeper/protocol/rules/likeness.ts'
import type { Database } from '../../database.ts'
import type { LotsNow } from './lots-now.ts'

/** Lots of the same item whose numbers are written alike, of those its asker may see, the most alike first: what a person may have meant. */
export const openAlikeLots = (db: Database, lots: LotsNow): ((lot: LotKey, isSeen: (lot: LotKey) => boolean) => SuggestionView[]) => {
  const beside = db.prepare<[{ readonly from: string; readonly to: string; readonly lot: LotKey }], Beside>(
    'select lot, lot_number as number, expiry from lot where lot >= @from and lot < @to and lot <> @lot',
  )
  return (lot, isSeen) => {
    const { item = '', lotNumber = '' } = lotOf(lot) ?? {}
    const others = new Map(beside.all({ from: `${item}/`, to: `${item}0`, lot }).map((other) => [other.lot, other]))
    const numbers = openLikeness()
    for (const other of others.values()) numbers.put(other.lot, asRead(other.number))
    const alike = numbers.likest(asRead(lotNumber), { least: LEAST_ALIKE, rows: LOOKED_AT })
    // One that is another lot itself is nothing to be led to.
    const standing = alike.filter(({ id }) => lots.now(id) === id && isSeen(id)).slice(0, ALIKE_ROWS)
    return standing.map(({ id, score }) => {
      const { number = id, expiry = null } = others.get(id) ?? {}
      return { is: 'lot', id, name: { zh: number, en: number }, detail: expiry ?? '', why: 'name', score } as const
    })
  }
}

interface Beside {
  readonly lot: LotKey
  readonly number: string
  readonly expiry: string | null
}

/** Letters and figures that are taken for one another on a printed label count as one. */
const asRead = (number: string): string => number.replace(/[OQDILZSBG]/g, (letter) => TAKEN_FOR[letter] ?? letter)
const TAKEN_FOR: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', L: '1', Z: '2', S: '5', B: '8', G: '6' }

/** Less alike is no help to anybody. */
const LEAST_ALIKE = 40
const ALIKE_ROWS = 3
const LOOKED_AT = 20
