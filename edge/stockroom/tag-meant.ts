import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import { encodeSgtin96, isSgtin96Serial } from '@lotkeeper/protocol/epc/encode.ts'
import type { EpcIdentity } from '@lotkeeper/protocol/epc/identity.ts'
import { encodeSgtinPlus } from '@lotkeeper/protocol/epc/plus.ts'
import { lotOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book } from '../ledger/contract.ts'
import { identifyAny } from './lot-facts.ts'
import type { SiteNow } from './now.ts'
import { epcOf } from './scan.ts'

/**
 * The EPC a text names: the number of a chip, or the symbol printed on the same label. A symbol says GTIN and serial only, so it is the known tag that says
 * the same; else the one EPC that can say it. Where that is an SGTIN-96, it takes the company prefix of another tag of the same goods.
 */
export const tagMeant = (book: Book, text: string, now: SiteNow): string | Refusal => {
  const epc = epcOf(book, text)
  if (epc !== null) return epc
  const said = identifyAny(text, now)
  if (isRefusal(said) || said.gtin14 === null || said.serial === null) return refuse('stockroom.tag-unread', { scan: text.slice(0, 64) })
  const { gtin14, serial } = said
  const found = book.itemByCode({ scheme: 'gtin', code: gtin14 })
  const known = found ? tagsOfItem(book, found.item.item).filter(({ says }) => says.gtin14 === gtin14) : []
  const same = known.find(({ says }) => says.serial === serial)
  if (same) return same.epc
  const pattern = known.find(({ says }) => says.prefixDigits !== null)?.says ?? null
  const written = writtenFor({ gtin14, serial, pattern })
  return written === null || isRefusal(written) ? refuse('stockroom.tag-unread', { scan: text.slice(0, 64) }) : hexOf(written).toUpperCase()
}

const writtenFor = (of: {
  readonly gtin14: string
  readonly serial: string
  readonly pattern: EpcIdentity | null
}): Uint8Array | Refusal | null => {
  const { gtin14: gtin, serial, pattern } = of
  if (!isSgtin96Serial(serial)) return encodeSgtinPlus({ gtin, serial, filter: ALL_OTHERS })
  if (pattern?.prefixDigits == null) return null
  return encodeSgtin96({ gtin, serial, prefixDigits: pattern.prefixDigits, filter: pattern.filter ?? ALL_OTHERS })
}

const tagsOfItem = (book: Book, item: string): readonly { readonly epc: string; readonly says: EpcIdentity }[] => {
  const lots = new Set(book.positions().flatMap(({ lot }) => (lotOf(lot)?.item === item ? [lot] : [])))
  return [...lots].flatMap((lot) =>
    book.tagsOf(lot).flatMap(({ epc }) => {
      const says = decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
      return isRefusal(says) ? [] : [{ epc, says }]
    }),
  )
}

/** Filter value of a tag that says nothing of its pack level [TDS 10.2]. */
const ALL_OTHERS = 0
