import { AIS } from './ais.ts'
import type { Identification } from './identification.ts'
import { CODE_NOTICES } from './refusals.ts'
import { explainAgency, ISSUERS } from './udi/explain-udi.ts'

/** One line of what a code says, for a person. */
export interface Explained {
  readonly label: { readonly zh: string; readonly en: string }
  readonly value: string
}

/** What a code says, part by part, in the order a keeper looks for it; then what was read as it stands, then what to look twice at. */
export const explain = (identification: Identification): readonly Explained[] => {
  const { gtin14, content, sscc, lot, serial, expiry, produced, count } = identification
  const facts: readonly (readonly [string, string, string | number | null])[] = [
    ['编码机构', 'Issuer', ISSUERS[identification.issuer]],
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
  const read = identification.elements.map(([ai, value]) => {
    const row = AIS.get(ai)
    return { label: { zh: `(${ai}) ${row?.zh ?? ''}`, en: `(${ai}) ${row?.en ?? ''}` }, value }
  })
  const notices = identification.notices.map((code) => ({
    label: { zh: `注意：${CODE_NOTICES[code].zh}`, en: `Notice: ${CODE_NOTICES[code].en}` },
    value: code,
  }))
  return [...said, ...parts, ...read, ...notices]
}
