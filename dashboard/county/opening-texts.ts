import type { Texts } from '../parts/language.ts'

/** What the page of opening balances says. */
export const OPENING_TEXTS = {
  'page.openings': { zh: '期初库存', en: 'Opening balances' },
  'openings.title': { zh: '期初库存', en: 'Opening balances' },
  'openings.hint': {
    zh: '旧系统的结存下发给站点，站点接收后才入账',
    en: 'What an old system left, told to sites; it is booked when a site takes it over',
  },
  'openings.state': { zh: '状态', en: 'State' },
  'openings.every': { zh: '全部', en: 'All' },
  'openings.none': { zh: '没有期初单据', en: 'No opening balances' },
  'openings.none-hint': {
    zh: '在“表格导入导出”里导入旧系统的库存表。',
    en: 'Bring the table of an old system in under Tables in and out.',
  },
  'openings.import': { zh: '导入库存表', en: 'Bring a table in' },
  'openings.lines-n': { zh: '{n} 行', en: '{n} {n:row|rows}' },
  'openings.counted': { zh: '{day} 盘点', en: 'counted on {day}' },
  'openings.told': { zh: '下发', en: 'Told' },
  'openings.show': { zh: '看明细', en: 'Show lots' },
  'openings.hide': { zh: '收起', en: 'Hide' },
  'openings.not-said': { zh: '未填', en: 'not said' },
  'openings.supplier': { zh: '供应商', en: 'Supplier' },
  'openings.withdraw': { zh: '撤回', en: 'Withdraw' },
  'openings.withdraw-title': { zh: '撤回 {doc}（{site}）', en: 'Withdraw {doc} ({site})' },
  'openings.withdraw-hint': {
    zh: '站点还没有接收，撤回后待办消失，同一单据号可以重新导入。',
    en: 'The site has not taken it over: the task goes away, and the number may be used again.',
  },
  'openings.withdrawn': { zh: '已撤回 {doc}', en: 'Withdrew {doc}' },
  'openings.reason': { zh: '原因', en: 'Reason' },
  'openings.part-taken': { zh: '{taken}/{parts} 部分在账', en: '{taken} of {parts} parts on the books' },
  'openings.late': { zh: '撤回前已接收', en: 'taken over before it was withdrawn' },
  'openings.undo-hint': { zh: '要撤销：请站点在流水里冲销', en: 'To undo it, its keeper reverses it among the movements' },
  'opening.open': { zh: '等站点接收', en: 'Waits for the site' },
  'opening.taken': { zh: '已接收入账', en: 'Taken over' },
  'opening.partly': { zh: '部分在账', en: 'Partly on the books' },
  'opening.refused': { zh: '站点不接收', en: 'Refused by the site' },
  'opening.withdrawn': { zh: '已撤回', en: 'Withdrawn' },
} as const satisfies Texts
