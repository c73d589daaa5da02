import type { Identification } from '../identification.ts'
import type { UnknownPart } from './said.ts'

/** Issuing agencies as people know them here. */
export const ISSUERS: Readonly<Record<Identification['issuer'], string>> = {
  GS1: 'GS1',
  MA: '中关村工信二维码 MA',
  AHM: '阿里健康 AHM',
  HIBC: 'HIBC',
  ICCBBA: 'ICCBBA',
}

/** What a code of an agency beside GS1 says, part by part; what every explanation says by itself (lot, serial, plain dates) is left to it. */
export const explainAgency = ({ agency, lot, serial, expiry, produced, count }: Identification): readonly Part[] => {
  if (!agency) return []
  const told = [lot, serial, expiry, produced, count === null ? null : String(count)]
  const di = agency.di ? [part(['产品标识 DI', 'Device identifier'], agency.di.code)] : []
  const parts = Object.entries(LABELS).flatMap(([name, label]) => {
    const value = agency.fields[name]
    if (value === undefined || typeof value === 'object') return []
    return COMMON.includes(name) && told.includes(String(value)) ? [] : [part(label, String(value))]
  })
  const unknown = agency.fields['unknown']
  return [...di, ...parts, ...(typeof unknown === 'object' ? unknown.map(unknownPart) : [])]
}

interface Part {
  readonly label: { readonly zh: string; readonly en: string }
  readonly value: string
}

type Label = readonly [zh: string, en: string]

const part = ([zh, en]: Label, value: string): Part => ({ label: { zh, en }, value })

const unknownPart = ({ unit, value }: UnknownPart): Part => part([`不认识的数据段 ${unit}`.trim(), `Unknown part ${unit}`.trim()], value)

/** Parts that stand among the facts of every code already. */
const COMMON: readonly string[] = ['lot', 'serial', 'expiry', 'manufactured', 'validUntil', 'quantity']
/** In the order a label has them. */
const LABELS: Readonly<Record<string, Label>> = {
  country: ['国家', 'Country'],
  industry: ['行业', 'Industry'],
  registrant: ['注册人', 'Registrant'],
  packageCode: ['包装级别', 'Package level'],
  lic: ['厂商代码 LIC', 'Labeler (LIC)'],
  pcn: ['产品编号 PCN', 'Product number (PCN)'],
  uom: ['包装单位 U/M', 'Unit of measure (U/M)'],
  item: ['产品代码', 'Product'],
  lot: ['批号', 'Lot'],
  serial: ['序列号', 'Serial'],
  din: ['献血编号', 'Donation number'],
  sterilisationLot: ['灭菌批号', 'Sterilisation lot'],
  manufactured: ['生产日期（原样）', 'Made on (as printed)'],
  bestBefore: ['最佳使用日期', 'Best before'],
  expiry: ['失效日期（原样）', 'Expiry (as printed)'],
  validUntil: ['有效期至（原样）', 'Valid until (as printed)'],
  quantity: ['数量', 'Quantity'],
  link: ['与产品条码的连接字符', "Link to the product's symbol"],
  check: ['校验位', 'Check'],
  piCheck: ['生产标识校验位', 'Check of the production parts'],
}
