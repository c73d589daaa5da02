import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { draft } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, tableOf } from './fixtures/site.ts'

let actions = 0
const issue = (more: Partial<NodeBody<'issue'>> = {}): NodeBody<'issue'> => {
  actions += 1
  return { action: `issue-${actions}`, lot: 'gauze/B1', room: 'main', quantity: 2, pack: 'bag', ...more }
}

// What stands where before; the request; what stands where after, or the refusal.
test.for([
  ['as used', 'gauze/B1 main/available 100', {}, 'gauze/B1 main/available 80 \n gauze/B1 ~consumed 20'],
  ['to a department', 'gauze/B1 main/available 100', { to: 'ward' }, 'gauze/B1 main/available 80 \n gauze/B1 ward/available 20'],
  ['to nobody named', 'gauze/B1 main/available 20', { to: '' }, 'gauze/B1 ~consumed 20'],
  [
    'from the ward',
    'gauze/B1 ward/available 20',
    { room: 'ward', quantity: 5, pack: 'piece' },
    'gauze/B1 ward/available 15 \n gauze/B1 ~consumed 5',
  ],
  ['more than there is', 'gauze/B1 main/available 15', {}, 'rules.more-than-book'],
  ['what was not accepted', 'gauze/B1 main/pending 100', {}, 'rules.more-than-book'],
  [
    'more, and it is on the shelf',
    'gauze/B1 main/available 15',
    { moreThanBook: true },
    'gauze/B1 ~consumed 20 \n gauze/B1 ~unexplained -5',
  ],
  ['a lot the book has never seen', '', { moreThanBook: true }, 'gauze/B1 ~consumed 20 \n gauze/B1 ~unexplained -20'],
  ['to a store', 'gauze/B1 main/available 100', { room: 'ward', to: 'main' }, 'stockroom.room-unknown'],
  ['to a room that is none', 'gauze/B1 main/available 100', { to: 'cellar' }, 'stockroom.room-unknown'],
  ['from a room that is none', 'gauze/B1 main/available 100', { room: 'cellar' }, 'stockroom.room-unknown'],
  ['the ward to the ward', 'gauze/B1 ward/available 100', { room: 'ward', to: 'ward' }, 'ledger.same-place'],
  ['an item nobody knows', '', { lot: 'catheter/B1' }, 'stockroom.item-unknown'],
  ['a lot that is none', '', { lot: 'gauze' }, 'ledger.lot-malformed'],
  ['a pack that is none', 'gauze/B1 main/available 100', { pack: 'pallet' }, 'catalog.pack-unknown'],
  ['one and a half bags', 'gauze/B1 main/available 100', { quantity: 1.5 }, 'ledger.quantity-not-whole'],
  ['a negative bag', 'gauze/B1 main/available 100', { quantity: -1 }, 'ledger.quantity-not-whole'],
  ['a tag that is no tag', 'gauze/B1 main/available 100', { tags: ['#'] }, 'epc.hex-wrong'],
] as const)('issued %s', ([, before, more, after]) => {
  const { put, standing, stockroom } = openSite()
  if (before !== '') put(before)
  const booked = stockroom.issue(issue({ ...more } as Partial<NodeBody<'issue'>>), null)
  if ('refused' in booked) expect([booked.code, standing()]).toEqual([after, tableOf(before)])
  else expect(standing()).toBe(tableOf(after))
})

test('what the shelf held beyond the book is one entry with the use, and said', () => {
  const { ledger, put, stockroom } = openSite()
  put('gauze/B1 main/available 15')
  const asked = issue({ moreThanBook: true })
  expect(stockroom.issue(issue(), null)).toMatchObject({ facts: { book: 15, asked: 20, pending: 0 } })
  const booked = stockroom.issue(asked, null)
  expect(booked).toMatchObject({ unexplained: 5, entries: [expect.any(String)] })
  expect(stockroom.issue(asked, null)).toEqual({ ...booked, fresh: false })
  const [row] = ledger.read.movements({ limit: 1 })
  expect(row?.entry.lines.map(({ units, entered }) => [units, entered?.quantity ?? null])).toEqual([
    [5, null],
    [20, 2],
  ])
})

const LABEL = `(01)${GAUZE.packs[2]?.gtin}(17)261120(10)B1`
test.for([
  ['through its last day', '2026-11-21', {}, 'trusted', 'booked'],
  ['the day after', '2026-11-20', {}, 'trusted', 'rules.lot-expired'],
  ['with a reason', '2026-11-20', { override: { rule: 'rules.lot-expired', reason: '急救' } }, 'trusted', 'booked'],
  ['with a blank reason', '2026-11-20', { override: { rule: 'rules.lot-expired', reason: ' ' } }, 'trusted', 'rules.reason-missing'],
  ['no date told', null, {}, 'trusted', 'booked'],
  ['a label that says so', null, { scan: LABEL }, 'trusted', 'rules.lot-expired'],
  ['a label of another lot', null, { scan: LABEL.replace('B1', 'B2') }, 'trusted', 'booked'],
  ['an unsure clock', '2026-11-20', {}, 'unknown', 'rules.lot-expired'],
] as const)('an expiring lot: %s', ([, expiry, more, clock, answer]) => {
  const { ledger, put, stockroom } = openSite({ untold: clock === 'unknown' })
  put('gauze/B1 main/available 100')
  const fact = { lot: 'gauze/B1', printed: 'B1', expiry, produced: null }
  ledger.book({ action: 'fact', act: 'fact' }, () => [draft('receive', { lots: [fact] })])
  const booked = stockroom.issue(issue({ ...more } as Partial<NodeBody<'issue'>>), null)
  expect('refused' in booked ? booked.code : 'booked').toBe(answer)
  if (!('refused' in booked)) {
    const kept = ledger.read.movements({ limit: 1 })[0]?.entry.body['override']
    expect(kept).toEqual('override' in more ? more.override : undefined)
  } else if (answer === 'rules.lot-expired') {
    expect(booked.facts['clock']).toBe(clock)
    const unsure = refuse('rules.clock-unsure', { today: '2026-11-21' })
    expect(booked.zh.endsWith(`（${unsure.zh}）`)).toBe(clock !== 'trusted')
  }
})

test('a clock without battery does not bring expired goods back', () => {
  const { clock, ledger, put, stockroom } = openSite({ untold: true })
  put('gauze/B1 main/available 100')
  stockroom.receive(
    {
      action: 'receive-old',
      item: 'gauze',
      lotNumber: 'B1',
      expiry: '2026-11-20',
      room: 'main',
      quantity: 1,
      pack: 'bag',
      override: { rule: 'rules.lot-expired', reason: 'x' },
    },
    null,
  )
  clock.set(Date.parse('2000-01-01T00:00:00Z'))
  expect(stockroom.now()).toMatchObject({ today: '2026-11-21', clock: 'behind' })
  // Not even after an entry was written under that clock.
  stockroom.issue(issue({ override: { rule: 'rules.lot-expired', reason: 'y' } }), null)
  expect(ledger.read.movements({ limit: 1 })[0]?.entry.occurredAt).toBe('2026-11-21T04:00:00.000Z')
  expect(codeOf(stockroom.issue(issue(), null))).toBe('rules.lot-expired')
})

test('a clock years ahead does not move the day, nor does what was written under it', () => {
  const { clock, stockroom, put } = openSite()
  put('gauze/B1 main/available 100')
  clock.set(Date.parse('2031-01-01T00:00:00Z'))
  stockroom.issue(issue(), null)
  expect(stockroom.now()).toMatchObject({ today: '2026-11-21', clock: 'ahead' })
})

test('a clock that was a day ahead is believed once it agrees with the hub again, whatever was written meanwhile', () => {
  const { clock, stockroom, put } = openSite()
  put('gauze/B1 main/available 100')
  const right = clock.now()
  clock.set(right + 86_400_000)
  stockroom.issue(issue(), null)
  clock.set(right)
  clock.pass(3_600_000)
  expect(stockroom.now()).toMatchObject({ today: '2026-11-21', clock: 'trusted' })
  clock.set(clock.now() - 120_000)
  expect(stockroom.now()).toMatchObject({ today: '2026-11-22', clock: 'behind' })
})

test('accepted is what was inspected, no more than is pending', () => {
  const { put, standing, stockroom } = openSite()
  put('gauze/B1 main/pending 100')
  const accept = (action: string, units: number, more = {}) =>
    codeOf(stockroom.accept({ action, lot: 'gauze/B1', room: 'main', units, ...more }, 'keeper-1'))
  expect(accept('accept-01', 60, { reason: '外包装完好' })).toMatchObject({ fresh: true })
  expect(standing()).toBe('gauze/B1 main/available 60\ngauze/B1 main/pending 40')
  expect(accept('accept-02', 41)).toBe('ledger.not-enough')
  expect(accept('accept-03', 0.5)).toBe('ledger.quantity-not-whole')
  expect(accept('accept-04', 1, { room: 'cellar' })).toBe('stockroom.room-unknown')
})

test('an expired lot is not accepted without a reason', () => {
  const { announce, cross, standing, stockroom } = openSite()
  announce('3034257BF468D480000003E8', 'gauze/B9', 100, '2026-11-20')
  cross('3034257BF468D480000003E8', 'in')
  const accept = { lot: 'gauze/B9', room: 'main', units: 100 }
  expect(codeOf(stockroom.accept({ action: 'accept-05', ...accept }, null))).toBe('rules.lot-expired')
  stockroom.accept({ action: 'accept-06', ...accept, override: { rule: 'rules.lot-expired', reason: '退货' } }, null)
  expect(standing()).toBe('gauze/B9 main/available 100')
})
