import { expect, test } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { type ExpiryAnswer, expiryStandingOf, expiryWith, judgeExpiryAnswer } from './lot-expiry.ts'

/** Days of August 2028 by their number. */
const day = (number: string): string => `2028-08-${number}`
const days = (text: string): string[] => (text === '' ? [] : text.split(' ').map(day))
/** `2:15<10 20`: version 2 says the 15th, given among the 10th and the 20th. */
const answerOf = (text: string): ExpiryAnswer => {
  const [, version = '', expiry = '', told = ''] = /^(\d):(\d\d)<(.*)$/.exec(text) ?? []
  return { version: Number(version), expiry: day(expiry), told: days(told) }
}
const shown = (told: string, ...answers: string[]): string => {
  const { expiry, open } = expiryStandingOf(days(told), answers.map(answerOf))
  const number = (date: string) => date.slice(-2)
  return `${expiry === null ? '-' : number(expiry)} ${open.map(number).join(',')}`.trim()
}

test.each([
  ['nothing told', '', [], '-'],
  ['one day', '20', [], '20'],
  ['the same day twice', '20 20', [], '20'],
  ['two days: the earlier rules', '20 10', [], '10 10,20'],
  ['answered: the later one', '20 10', ['1:20<10 20'], '20'],
  ['answered: a day nobody told', '20 10', ['1:15<10 15 20'], '15'],
  ['an answer before anything was told', '', ['1:20<10 20'], '20'],
  ['a third day told after it', '10 20 25', ['1:20<10 20'], '20 20,25'],
  ['an earlier third day rules until settled', '10 20 05', ['1:20<10 20'], '05 05,20'],
  ['the higher version rules', '10 20', ['1:20<10 20', '2:10<10 20'], '10'],
  ['two answers at once stand against each other', '10 20', ['1:20<10 20', '1:10<10 20'], '10 10,20'],
  ['two answers at once that agree', '10 20', ['1:20<10 20', '1:20<10 20'], '20'],
  ['a third answer settles both', '10 20', ['1:20<10 20', '1:10<10 20', '2:20<10 20'], '20'],
] as const)('%s', (_what, told, answers, standing) => {
  expect(shown(told, ...answers)).toBe(standing)
  const reversed = expiryStandingOf(days(told).toReversed(), answers.map(answerOf).toReversed())
  expect(reversed).toEqual(expiryStandingOf(days(told), answers.map(answerOf)))
})

test('a day that is said anew counts as far as nobody has answered it', () => {
  const settled = expiryStandingOf(days('10 20'), [answerOf('1:20<10 20')])
  expect([null, '10', '20', '05', '25'].map((said) => expiryWith(settled, said && day(said))?.slice(-2))).toEqual([
    '20',
    '20',
    '20',
    '05',
    '20',
  ])
  expect(expiryWith({ expiry: null, settled: [] }, day('10'))).toBe(day('10'))
  expect(expiryWith({ expiry: null, settled: [] }, null)).toBeNull()
})

test.each([
  ['the earlier one needs no reason', '10', '10 20', null, { expiry: day('10'), version: 1, told: days('10 20') }],
  ['the later one does', '20', '10 20', null, 'rules.reason-missing'],
  ['the later one, with its reason', '20', '10 20', '标签', { expiry: day('20'), version: 1, reason: '标签' }],
  ['a day nobody told', '15', '10 20', '标签', { expiry: day('15'), told: days('10 15 20') }],
  ['days that are not those any more', '10', '10', null, 'rules.lot-expiry-moved'],
  ['no day of the calendar', '32', '10 20', '标签', 'catalog.expiry-malformed'],
] as const)('an answer: %s', (_what, expiry, seen, reason, expected) => {
  const known = { ...expiryStandingOf(days('10 20'), []), told: days('10 20') }
  const judged = judgeExpiryAnswer({ lot: 'gauze/B1', expiry: day(expiry), shown: days(seen), reason }, known)
  if (isRefusal(judged)) expect(judged.code).toBe(expected)
  else expect(judged).toMatchObject(expected as object)
})

test('an answer is given anew with a reason, and never again as it is', () => {
  const known = { ...expiryStandingOf(days('10 20'), [answerOf('1:20<10 20')]), told: days('10 20') }
  const asked = { lot: 'gauze/B1', shown: days('20') }
  expect(judgeExpiryAnswer({ ...asked, expiry: day('10'), reason: '看错' }, known)).toMatchObject({ version: 2, told: days('10 20') })
  expect(judgeExpiryAnswer({ ...asked, expiry: day('10'), reason: null }, known)).toMatchObject({ code: 'rules.reason-missing' })
  expect(judgeExpiryAnswer({ ...asked, expiry: day('20'), reason: '看错' }, known)).toMatchObject({ code: 'rules.lot-expiry-moved' })
  const none = { ...expiryStandingOf([], []), told: [] }
  expect(judgeExpiryAnswer({ ...asked, shown: [], expiry: day('20'), reason: '标签' }, none)).toMatchObject({
    version: 1,
    told: days('20'),
  })
})
