import { AIS } from './ais.ts'
import type { Identification } from './identification.ts'
import { readable } from './readable.ts'
import { CODE_NOTICES } from './refusals.ts'
import { explainAgency, ISSUERS } from './udi/explain-udi.ts'

/** One line of what a code says, for a person. */
export interface Explained {
  readonly label: { readonly zh: string; readonly en: string }
  readonly value: string
}

/**
 * What a code says, part by part, in the order a keeper looks for it; then every AI that was read with its value as people write it, then what to
 * look twice at. Two-digit years are read against `referenceYear`.
 */
export const explain = (identification: Identification, referenceYear: number): readonly Explained[] => [
  { label: { zh: '编码机构', en: 'Issuer' }, value: ISSUERS[identification.issuer] },
  ...explainParts(identification, referenceYear),
  ...identification.notices.map((code) => ({
    label: { zh: `注意：${CODE_NOTICES[code].zh}`, en: `Notice: ${CODE_NOTICES[code].en}` },
    value: code,
  })),
]

/** The same without who issued it and what to look twice at. */
export const explainParts = (identification: Identification, referenceYear: number): readonly Explained[] => {
  const { gtin14, content, sscc, lot, serial, expiry, produced, count } = identification
  const facts: readonly (readonly [string, string, string | number | null])[] = [
    ['商品条码', 'GTIN', gtin14],
    ['物流单元', 'Logistic unit', sscc],
    ['内装商品', 'Content', content && `${content.gtin14} × ${content.count}`],
    ['批号', 'Lot', lot],
    ['序列号', 'Serial', serial],
    ['有效期至', 'Usable through', expiry],
    ['生产日期', 'Made on', produced],
    ['数量', 'Count', count],
  ]
  const said = facts.flatMap(([zh, en, value]) => (value === null ? [] : [{ label: { zh, en }, value: String(value) }]))
  const parts = explainAgency(identification)
  const read = identification.elements
    .toSorted(([one], [other]) => rankOf(one) - rankOf(other))
    .map(([ai, value]) => {
      const row = AIS.get(ai)
      return {
        label: { zh: `(${ai}) ${row?.zh ?? ''}`, en: `(${ai}) ${row?.en ?? ''}` },
        value: row ? readable(row, value, referenceYear) : value,
      }
    })
  return [...said, ...parts, ...read]
}

/** What names the thing, what tells it from its like, its dates, how many; the rest as it was written. */
const ORDER: readonly string[] = '00 01 03 8006 02 8026 10 21 235 22 250 17 7003 15 11 8008 13 16 30 37'.split(' ')
const rankOf = (ai: string): number => {
  const at = ORDER.indexOf(ai)
  return at < 0 ? ORDER.length : at
}
