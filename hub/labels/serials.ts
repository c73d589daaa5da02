import { createHash } from 'node:crypto'
import type { EpcScheme } from '@lotkeeper/protocol/api/hub-labels.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import { encodeSgtinPlus } from '@lotkeeper/protocol/epc/plus.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Acted, HubQuestions } from '../ledger/contract.ts'
import type { TagToPrint } from './content.ts'

/**
 * EPCs for the labels of one act, in their order. The serial follows from the act and the label's place in it, not from a counter: a hub restored from an
 * older copy would count again what is printed already. What the ledger has registered is never given again; the same act gets the same again.
 */
export const assignTags = async (
  ask: Pick<HubQuestions, 'known'>,
  action: string,
  { gtins, prefixDigits, epc = 'sgtin-96' }: { readonly gtins: readonly string[]; readonly prefixDigits: number; readonly epc?: EpcScheme },
): Promise<readonly TagToPrint[] | Refusal> => {
  const assigned: TagToPrint[] = []
  const taken = new Set<string>()
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const open = gtins.flatMap((gtin, part) => (assigned[part] === undefined ? [{ gtin, part }] : []))
    if (open.length === 0) return assigned
    const drafts = []
    for (const { gtin, part } of open) {
      const draft = tagFor(epc, { gtin, prefixDigits, place: `${action}/${part}/${round}` })
      if (isRefusal(draft)) return draft
      drafts.push({ part, draft })
    }
    const { epcs } = await ask.known({ items: [], sites: [], lots: [], epcs: drafts.map(({ draft }) => draft.hex) })
    for (const epc of epcs) taken.add(epc)
    for (const { part, draft } of drafts) {
      if (taken.has(draft.hex)) continue
      taken.add(draft.hex)
      assigned[part] = draft
    }
  }
  throw new Error('labels.serials-exhausted')
}

/** The EPCs an earlier act registered, in the order of its labels; refused when that act was none of `count` tags. */
export const tagsOfAct = (acted: readonly Acted[], count: number): readonly string[] | Refusal =>
  acted.length === count && acted.every(({ kind }) => kind === 'tag')
    ? acted.map(({ body }) => String(body['epc']))
    : refuse('api.action-reused')

const tagFor = (
  scheme: EpcScheme,
  { gtin, prefixDigits, place }: { readonly gtin: string; readonly prefixDigits: number; readonly place: string },
): TagToPrint | Refusal => {
  const serial = scheme === 'sgtin+' ? lettersOf(place) : numberOf(place)
  const written =
    scheme === 'sgtin+'
      ? encodeSgtinPlus({ gtin, serial, filter: ALL_OTHERS })
      : encodeSgtin96({ gtin, serial, prefixDigits, filter: ALL_OTHERS })
  return isRefusal(written) ? written : { hex: hexOf(written).toUpperCase(), serial }
}

/** 37 bits of a hash, above all that fits into 37: whoever else numbers these goods begins low. */
const numberOf = (place: string): string => {
  const hash = createHash('sha256').update(place).digest()
  return String(2 ** 37 + (hash.readUIntBE(0, 5) % 2 ** 37))
}

/**
 * Eleven hexadecimal digits of a hash behind a letter: with it no SGTIN-96 can hold it, so whoever scans the symbol knows which EPC is in the chip; and twelve
 * digits are the most that fit a chip of 128 bits.
 */
const lettersOf = (place: string): string => `C${createHash('sha256').update(place).digest('hex').slice(0, 11).toUpperCase()}`

/** Filter value of a tag that says nothing of its pack level [TDS 10.2]. */
const ALL_OTHERS = 0
/** A chance of 1 in 2^37 each, many times over: then the ledger is not what it seems. */
const ROUNDS_MAX = 8
