import type { Texts } from '../parts/language.ts'

/** Words of lots of which several last days were told. */
export const LOT_TEXTS = {
  'days.title': { zh: '有效期不一致', en: 'Expiry dates differ' },
  'days.open': { zh: '确认之前按较早的 {day} 算；答复告知各站', en: 'Until somebody says, {day} rules; the answer goes to every site' },
  'days.settled': { zh: '已确认为 {day}；答错了可以再答一次', en: 'Settled: {day}. A wrong answer may be given anew' },
  'days.told': { zh: '先后报来：{days}', en: 'Told so far: {days}' },
  'days.answer': { zh: '第 {n} 次确认：{day}（{who}）', en: 'Answer {n}: {day} ({who})' },
  'days.which': { zh: '选正确的有效期', en: 'Choose the right day' },
  'days.why': { zh: '依据（不取较早的必填）', en: 'Why (needed unless it is the earliest)' },
  'days.send': { zh: '确认', en: 'Confirm' },
} as const satisfies Texts
