import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import type { EpcIdentity } from '@lotkeeper/protocol/epc/identity.ts'
import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import { type LotKey, lotOf, type NodeId, normalLotNumber } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book, ExpectedRow } from './contract.ts'

/** What of the book is asked about a tag that nobody registered. */
export type PaperedBook = Pick<Book, 'standing' | 'expected' | 'itemByCode'>

/** A tag of no registration that an open shipment to this site announces: what it stands for, and what the county is told of it. */
export interface Papered {
  readonly standing: TagStanding & { readonly units: number }
  readonly tag: BodyOf<'provisional'> & { readonly is: 'tag' }
}

/**
 * What a strange tag stands for by the open shipments: it says which pack of which thing it is on, and one lot of that thing alone is still to come, with
 * at least so many units of it. The lot the tag itself says rules. `null`: it is known, or no paper says it, or two do.
 */
export const paperedTag = (book: PaperedBook, node: NodeId, epc: string): Papered | null => {
  if (book.standing(epc) !== null) return null
  const says = decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
  if (isRefusal(says) || says.gtin14 === null) return null
  const found = book.itemByCode({ scheme: 'gtin', code: says.gtin14 })
  // What a person here said of a code is no ground to book by alone.
  if (!found || found.isBoundHere || found.pack === null || found.units === null) return null
  const { units, pack } = found
  const open = book.expected().filter((row) => row.announced - row.received >= units && isOf(row.lot, found.item.item, says))
  const [only] = open
  if (open.length !== 1 || !only) return null
  return { standing: standingBy(only, node, units), tag: bindingBy(only, { epc, pack, units }) }
}

const isOf = (lot: LotKey, item: string, { lot: said }: EpcIdentity): boolean => {
  const named = lotOf(lot)
  return named?.item === item && (said === null || normalLotNumber(said) === named.lotNumber)
}

const standingBy = ({ lot, doc }: ExpectedRow, node: NodeId, units: number): Papered['standing'] => ({
  ...{ lot, doc, units },
  ...{ site: node, place: null, retired: false },
})

const bindingBy = (
  { lot, expiry }: ExpectedRow,
  box: { readonly epc: string; readonly pack: string; readonly units: number },
): Papered['tag'] => {
  const { item = '', lotNumber = '' } = lotOf(lot) ?? {}
  return { is: 'tag', item, lotNumber, expiry, ...box }
}
