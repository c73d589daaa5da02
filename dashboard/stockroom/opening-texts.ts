import type { Texts } from '../parts/language.ts'

/** What the task of taking over an old system's stock says. */
export const OPENING_TEXTS = {
  'opening.title': { zh: '接收旧系统库存', en: 'Take over the old stock' },
  'opening.from': { zh: '县里下发 · 单据 {doc}', en: 'From the county · document {doc}' },
  'opening.counted': { zh: '{day} 盘点', en: 'counted on {day}' },
  'opening.sum': { zh: '{lots} 个批号，{items} 个品种', en: '{lots} {lots:lot|lots} of {items} {items:item|items}' },
  'opening.hint': {
    zh: '对照货架核对。接收后逐批号记入本站账；错了在流水里冲销。',
    en: 'Check it against the shelves. Taken over it is booked lot by lot; a mistake is reversed among the movements.',
  },
  'opening.standing-n': {
    zh: '{n} 个批号账上已有，可能是同一批货',
    en: '{n} {n:lot stands|lots stand} on the books already and may be the same goods',
  },
  'opening.expired-n': { zh: '{n} 个批号已过期，入账后不能领用', en: '{n} {n:lot is|lots are} past the date and cannot be issued' },
  'opening.standing': { zh: '账上已有 {n} {unit}', en: '{n} {unit} on the books' },
  'opening.supplier': { zh: '供应商 {name}', en: 'from {name}' },
  'opening.all': { zh: '显示全部 {n} 行', en: 'Show all {n} rows' },
  'opening.less': { zh: '收起', en: 'Show fewer' },
  'opening.taken': { zh: '已接收 {lots} 个批号（{doc}）', en: 'Took over {lots} {lots:lot|lots} ({doc})' },
  'opening.left': { zh: '已退回 {doc}', en: 'Left {doc}' },
  'opening.sure-title': { zh: '账上已有这些批号', en: 'These lots stand on the books' },
  'opening.sure-hint': {
    zh: '如果就是货架上那一批，接收后会重复：请退回。确实另有这些，再接收。',
    en: 'If they are the goods on the shelf they would stand twice: leave them. Take them over only if these come beside them.',
  },
  'opening.sure': { zh: '确实另有这些，接收', en: 'These come beside them: take over' },
  'answer.take': { zh: '接收入账', en: 'Take over' },
  'answer.take-hint': { zh: '全部逐批号记入', en: 'all of it, lot by lot' },
  'answer.refuse': { zh: '不接收', en: 'Do not take over' },
  'answer.refuse-hint': { zh: '说明原因，账不变', en: 'say why, nothing is booked' },
  'answer.refuse-why': { zh: '为什么不接收', en: 'Why it is not taken over' },
} as const satisfies Texts
