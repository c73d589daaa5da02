import { createHash } from 'node:crypto'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
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
  { gtins, prefixDigits }: { readonly gtins: readonly string[]; readonly prefixDigits: number },
): Promise<readonly TagToPrint[] | Refusal> => {
  const assigned: TagToPrint[] = []
  const taken = new Set<string>()
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const open = gtins.flatMap((gtin, part) => (assigned[part] === undefined ? [{ gtin, part }] : []))
    if (open.length === 0) return assigned
    const drafts = []
    for (const { gtin, part } of open) {
      const draft = tagFor(gtin, prefixDigits, serialOf(action, part, round))
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

const tagFor = (gtin: string, prefixDigits: number, serial: string): TagToPrint | Refusal => {
  const written = encodeSgtin96({ gtin, serial, prefixDigits, filter: ALL_OTHERS })
  return isRefusal(written) ? written : { hex: hexOf(written).toUpperCase(), serial }
}

/** 37 bits of a hash, above all that fits into 37: whoever else numbers these goods begins low. */
const serialOf = (action: string, part: number, round: number): string => {
  const hash = createHash('sha256').update(`${action}/${part}/${round}`).digest()
  return String(2 ** 37 + (hash.readUIntBE(0, 5) % 2 ** 37))
}

/** Filter value of a tag that says nothing of its pack level [TDS 10.2]. */
const ALL_OTHERS = 0
/** A chance of 1 in 2^37 each, many times over: then the ledger is not what it seems. */
const ROUNDS_MAX = 8
