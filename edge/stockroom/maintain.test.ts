import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { openSite, type Site } from './fixtures/site.ts'

const has = (device: string, antenna: number | null): boolean => device === 'r1' && (antenna === null || antenna <= 4)
const NEWEST = { atMs: Number.MAX_SAFE_INTEGER, id: '' }
type Request = Parameters<Site['stockroom']['maintain']>[1]

test.each([
  ['a device nobody knows', { device: 'r2', what: 'cleaned' }, 'stockroom.device-unknown'],
  ['an antenna it has not', { device: 'r1', antenna: 5, what: 'cleaned' }, 'stockroom.device-unknown'],
  ['something else, and not what', { device: 'r1', what: 'other', words: '  ' }, 'rules.reason-missing'],
] as const)('%s is refused', (_name, asked, code) => {
  const { stockroom } = openSite()
  const answer = stockroom.maintain(has, { action: 'page:work-0001', ...asked }, 'keeper-1')
  expect(isRefusal(answer) ? answer.code : null).toBe(code)
})

test('work is an entry of its own, booked once, with who did it; the book refolds to the same', () => {
  const { stockroom, ledger } = openSite()
  const request: Request = { action: 'page:work-0002', device: 'r1', antenna: 2, what: 'cable-replaced', words: ' 馈线被门压坏 ' }
  expect(stockroom.maintain(has, request, 'keeper-1')).toMatchObject({ fresh: true })
  expect(stockroom.maintain(has, request, 'keeper-1')).toMatchObject({ fresh: false })
  const entries = ledger.read.deviceEntries(NEWEST, 9)
  expect(entries.map(({ entry }) => [entry.kind, entry.actor, entry.device, entry.body])).toEqual([
    ['maintenance', 'keeper-1', 'r1', { device: 'r1', antenna: 2, what: 'cable-replaced', words: '馈线被门压坏' }],
  ])
  const [first] = entries
  expect(ledger.read.deviceEntries({ atMs: first?.atMs ?? 0, id: first?.id ?? '' }, 9)).toEqual([])
  expect(ledger.rebuild()).toEqual([])
})
