import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'

/** The demo county: three townships with readers of different makes, the things they use, and lots whose expiry lies around today. Names are invented. */
export const DEMO_SITES = [
  { node: 'qinglong', zh: '青龙镇卫生院', en: 'Qinglong Township Health Centre', pin: '2580', family: 'bb7e', single: false },
  { node: 'baisha', zh: '白沙乡卫生院', en: 'Baisha Township Health Centre', pin: '2580', family: 'a0', single: true },
  { node: 'liushu', zh: '柳树镇卫生院', en: 'Liushu Township Health Centre', pin: '2580', family: 'tmff', single: true },
] as const
export type DemoSite = (typeof DEMO_SITES)[number]

/** Rooms every demo site has: the door joins the store with the treatment room. */
export const DEMO_ROOMS = [
  { room: 'main', name: { zh: '库房', en: 'Store room' }, use: 'store' },
  { room: 'clinic', name: { zh: '治疗室', en: 'Treatment room' }, use: 'department' },
] as const

type NewItem = Omit<HubBody<'createItem'>, 'action'>
const item = (
  id: string,
  zh: string,
  en: string,
  model: string,
  unit: readonly [string, string],
  gtin: string,
  box: number,
  nearDays = [180, 90, 30, 0],
): NewItem => ({
  item: id,
  name: { zh, en },
  model,
  unit: { zh: unit[0], en: unit[1] },
  packs: [
    { gtin: null, pack: unit[0], units: 1 },
    { gtin, pack: '盒', units: box },
  ],
  nearDays,
})
const PIECE = ['片', 'piece'] as const
const EACH = ['支', 'each'] as const
const SET = ['套', 'set'] as const

export const DEMO_ITEMS: readonly NewItem[] = [
  item('gauze-10x10', '医用纱布块', 'Gauze swab', '10×10 cm 8 层', PIECE, '06901234567892', 100),
  item('syringe-5ml', '一次性使用无菌注射器', 'Sterile syringe, single use', '5 mL', EACH, '06901234567915', 50),
  item('glove-m', '一次性医用检查手套', 'Examination glove', '中号 M', ['只', 'piece'], '06901234567922', 100),
  item('infusion-set', '一次性使用输液器', 'Infusion set, single use', '带针 0.7 mm', SET, '06901234567939', 25),
  item('iv-catheter-22g', '静脉留置针', 'IV catheter', '22G', EACH, '06901234567946', 20, [90, 30, 0]),
  item('mask-surgical', '医用外科口罩', 'Surgical mask', '17.5×9.5 cm', ['个', 'piece'], '06901234567953', 50),
  item('cotton-swab', '医用棉签', 'Cotton swab', '10 cm', ['包', 'bag'], '06901234567960', 40),
  item('bandage-6x500', '医用弹性绷带', 'Elastic bandage', '6×500 cm', ['卷', 'roll'], '06901234567977', 12),
  // Made in the townships themselves out of the three above.
  item('dressing-kit', '换药包', 'Dressing kit', '纱布 4、棉签 1、绷带 1', ['包', 'kit'], '06901234567984', 10),
]

/** Lots by item, with days from today to the last usable day: some long, some near, one past. */
export const DEMO_LOTS: readonly { readonly item: string; readonly lotNumber: string; readonly daysLeft: number }[] = [
  { item: 'gauze-10x10', lotNumber: 'SB260318', daysLeft: 640 },
  { item: 'gauze-10x10', lotNumber: 'SB250602', daysLeft: 21 },
  { item: 'syringe-5ml', lotNumber: 'ZS2604A', daysLeft: 505 },
  { item: 'syringe-5ml', lotNumber: 'ZS2411C', daysLeft: 75 },
  { item: 'glove-m', lotNumber: 'ST26071', daysLeft: 930 },
  { item: 'infusion-set', lotNumber: 'SY2602', daysLeft: 410 },
  { item: 'infusion-set', lotNumber: 'SY2405', daysLeft: 8 },
  { item: 'iv-catheter-22g', lotNumber: 'LZ2601', daysLeft: 290 },
  { item: 'mask-surgical', lotNumber: 'KZ260512', daysLeft: 560 },
  { item: 'mask-surgical', lotNumber: 'KZ240901', daysLeft: -3 },
  { item: 'cotton-swab', lotNumber: 'MQ2603', daysLeft: 700 },
  { item: 'bandage-6x500', lotNumber: 'BD2512', daysLeft: 160 },
]

/** SGTIN-96 of a demo item's box, upper-case hex: company prefix of 7 digits, filter 2 (full case). */
export const boxEpc = (gtin14: string, serial: number): string => {
  const epc = encodeSgtin96({ gtin: gtin14, serial: String(serial), prefixDigits: 7, filter: 2 })
  if (isRefusal(epc)) throw new TypeError(`${gtin14} ${serial}: ${epc.code}`)
  return hexOf(epc)
}

/** GTIN-14 of an item's box. */
export const boxGtin = (itemId: string): string => DEMO_ITEMS.find((one) => one.item === itemId)?.packs[1]?.gtin ?? ''

/** Calendar date so many days after a date. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** What a GS1 DataMatrix on a box says to a scanner: AIM id, GTIN, expiry, lot [GS1 General Specifications 3]. */
export const boxScan = (gtin14: string, lotNumber: string, expiry: string): string =>
  `]d201${gtin14}17${expiry.slice(2).replaceAll('-', '')}10${lotNumber}`
