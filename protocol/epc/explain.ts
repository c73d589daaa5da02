import type { Explained } from '../codes/explain.ts'
import type { EpcIdentity } from './identity.ts'

/** What a tag says, part by part, for a person; what it does not say is left out. */
export const explainEpc = (epc: EpcIdentity): readonly Explained[] => {
  const rows: readonly (readonly [zh: string, en: string, value: string | number | null])[] = [
    ['标签方案', 'Scheme', epc.scheme],
    ['商品条码', 'GTIN', epc.gtin14],
    ['序列号', 'Serial', epc.serial],
    ['物流单元', 'Logistic unit', epc.sscc],
    ['数据项', 'Elements', epc.elementString],
    ['标识', 'Pure identity URI', epc.uri],
    ['标签标识', 'Tag URI', epc.tagUri],
    ['域名', 'Domain', epc.hostname],
    ['未读出的部分', 'Not read', epc.rest],
  ]
  const said = rows.flatMap(([zh, en, value]) => (value === null ? [] : [{ label: { zh, en }, value: String(value) }]))
  return epc.filter === null ? said : [...said, { label: FILTER, value: filterText(epc) }]
}

const FILTER = { zh: '用途（过滤值）', en: 'Filter' }

/** Of a GTIN the filter tells the packaging [TDS 10.2]; other keys have scales of their own. */
const filterText = ({ filter, gtin14 }: EpcIdentity): string => {
  const means = gtin14 === null ? undefined : GTIN_FILTERS[filter ?? 0]
  return means === undefined ? String(filter) : `${filter} ${means}`
}

const GTIN_FILTERS: Readonly<Record<number, string>> = {
  0: '未说明 all others',
  1: '零售单件 point of sale item',
  2: '整箱 full case',
  4: '中包装 inner pack',
  6: '托盘等整件 unit load',
  7: '部件 component',
}
