import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { expect, test } from 'vitest'
import { draft, line, NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, type Site } from './fixtures/site.ts'

const EPC = '3034257BF468D480000003E8'
let actions = 0
const request = (more: Partial<NodeBody<'receive'>> = {}): NodeBody<'receive'> => {
  actions += 1
  return {
    action: `receive-${actions}`,
    item: 'gauze',
    lotNumber: 'B1',
    expiry: '2027-08-31',
    room: 'main',
    quantity: 1,
    pack: 'carton',
    ...more,
  }
}
const transit = ({ ledger }: Site): number => ledger.read.units('gauze/B1', `${NODE}/~transit`)

test('packs become base units exactly, and what was entered stays beside them', () => {
  const { ledger, stockroom, standing } = openSite()
  const booked = stockroom.receive(request({ quantity: 3, pack: 'bag', lotNumber: ' b1 ', doc: 'PO-7' }), 'keeper-1')
  expect(booked).toMatchObject({ fresh: true, confirms: null, unexplained: 0 })
  expect(standing()).toBe('gauze/B1 main/pending 30')
  const [entry] = ledger.read.movements({ limit: 1 })
  expect(entry?.entry).toMatchObject({
    kind: 'receive',
    actor: 'keeper-1',
    doc: 'PO-7',
    lines: [{ from: `${NODE}/~supplier`, units: 30, entered: { quantity: 3, pack: 'bag', factorVersion: 3 } }],
    body: { lots: [{ lot: 'gauze/B1', printed: 'b1', expiry: '2027-08-31', produced: null }] },
  })
  expect(ledger.read.lot('gauze/B1')).toMatchObject({ printed: 'b1', expiry: '2027-08-31' })
})

test.for([
  { announced: 100, entered: { quantity: 1, pack: 'carton' }, transit: 0, lines: [['~transit', 100, 1]] },
  { announced: 250, entered: { quantity: 1, pack: 'carton' }, transit: 150, lines: [['~transit', 100, 1]] },
  {
    announced: 100,
    entered: { quantity: 3, pack: 'carton' },
    transit: 0,
    lines: [
      ['~transit', 100, 1],
      ['~supplier', 200, 2],
    ],
  },
  // No quantity of cartons is 40 pieces: the first line keeps what was said of both.
  {
    announced: 40,
    entered: { quantity: 1, pack: 'carton' },
    transit: 0,
    lines: [
      ['~transit', 40, 1],
      ['~supplier', 60, null],
    ],
  },
  { announced: 0, entered: { quantity: 7, pack: '片' }, transit: 0, lines: [['~supplier', 7, 7]] },
])('of $announced announced, $entered.quantity $entered.pack come out of transit as far as announced', (row) => {
  const site = openSite()
  if (row.announced > 0) site.announce(EPC, 'gauze/B1', row.announced)
  site.stockroom.receive(request({ ...row.entered, anotherBox: true }), null)
  const [entry] = site.ledger.read.movements({ limit: 1 })
  const told = entry?.entry.lines.map(({ from, units, entered }) => [from.split('/')[1], units, entered?.quantity ?? null])
  expect(told).toEqual(row.lines)
  expect(transit(site)).toBe(row.transit)
})

test('a transit that was received before it was announced lends nothing', () => {
  const site = openSite()
  const early = line('gauze/B1', `${NODE}/~transit`, `${NODE}/ward/pending`, 50)
  site.ledger.book({ action: 'early', act: 'early' }, () => [draft('receive', {}, { lines: [early] })])
  site.stockroom.receive(request(), null)
  expect(site.standing()).toBe('gauze/B1 main/pending 100\ngauze/B1 ward/pending 50')
})

test('accepted at once, it is two entries of one action', () => {
  const { ledger, stockroom, standing, announce } = openSite()
  announce('AA01', 'gauze/B1', 100)
  const booked = stockroom.receive(request({ accept: true }), null)
  expect(booked).toMatchObject({ entries: [expect.any(String), expect.any(String)] })
  expect(standing()).toBe('gauze/B1 main/available 100')
  expect(ledger.read.movements({ limit: 2 }).map(({ entry }) => [entry.kind, entry.part])).toEqual([
    ['accept', 1],
    ['receive', 0],
  ])
})

test.for([
  ['an item nobody knows', { item: 'catheter' }, 'stockroom.item-unknown'],
  ['a room that is none', { room: 'cellar' }, 'stockroom.room-unknown'],
  ['a pack that is none', { pack: 'pallet' }, 'catalog.pack-unknown'],
  ['half a carton', { quantity: 0.5 }, 'ledger.quantity-not-whole'],
  ['no carton', { quantity: 0 }, 'ledger.quantity-not-whole'],
  ['more than can be counted', { quantity: 1e15 }, 'ledger.quantity-not-whole'],
  ['a lot number too long', { lotNumber: 'x'.repeat(41) }, 'ledger.lot-malformed'],
  ['a lot number of two lines', { lotNumber: 'a\u0001b' }, 'ledger.lot-malformed'],
  ['31 February', { expiry: '2027-02-31' }, 'catalog.expiry-malformed'],
  ['a tag that is no tag', { tags: ['hello'] }, 'epc.hex-wrong'],
  ['an expired lot', { expiry: '2026-11-20' }, 'rules.lot-expired'],
  [
    'an expired lot, another rule set aside',
    { expiry: '2026-11-20', override: { rule: 'rules.more-than-book', reason: 'x' } },
    'rules.lot-expired',
  ],
  [
    'an expired lot without a reason',
    { expiry: '2026-11-20', override: { rule: 'rules.lot-expired', reason: ' ' } },
    'rules.reason-missing',
  ],
] as const)('%s is refused, and nothing is written', ([, more, code]) => {
  const { ledger, stockroom } = openSite()
  const head = ledger.head()
  expect(codeOf(stockroom.receive(request({ ...more } as Partial<NodeBody<'receive'>>), null))).toBe(code)
  expect(ledger.head()).toEqual(head)
})

test('an expired lot comes in with a reason, which stays; the last usable day needs none', () => {
  const { ledger, stockroom } = openSite()
  const override = { rule: 'rules.lot-expired', reason: '退货给供应商' }
  stockroom.receive(request({ expiry: '2026-11-20', override, accept: true }), null)
  expect(ledger.read.movements({ limit: 2 }).map(({ entry }) => entry.body['override'])).toEqual([override, override])
  stockroom.receive(request({ lotNumber: 'B2', expiry: '2026-11-21', override }), null)
  expect(ledger.read.movements({ limit: 1 })[0]?.entry.body['override']).toBeUndefined()
})

test('a second date for a lot is kept, and the earlier rules', () => {
  const { ledger, stockroom } = openSite()
  stockroom.receive(request({ expiry: '2026-11-20', override: { rule: 'rules.lot-expired', reason: 'x' } }), null)
  expect(codeOf(stockroom.receive(request({ expiry: '2028-01-01' }), null))).toBe('rules.lot-expired')
  expect(codeOf(stockroom.receive(request({ expiry: null }), null))).toBe('rules.lot-expired')
  stockroom.receive(request({ expiry: '2028-01-01', override: { rule: 'rules.lot-expired', reason: 'y' } }), null)
  expect(ledger.read.lot('gauze/B1')).toMatchObject({ expiry: '2026-11-20', conflict: true })
})

test('the label adds what the form leaves out, for its own lot only', () => {
  const { ledger, stockroom } = openSite()
  const scan = `(01)${GAUZE.packs[2]?.gtin}(17)280131(11)250201(10)B1`
  stockroom.receive(request({ expiry: null, scan }), null)
  expect(ledger.read.lot('gauze/B1')).toMatchObject({ expiry: '2028-01-31', produced: '2025-02-01' })
  stockroom.receive(request({ lotNumber: 'B2', expiry: null, scan }), null)
  expect(ledger.read.lot('gauze/B2')).toMatchObject({ expiry: null, produced: null })
})

test.for([
  ['MA', 'MA.156.M0.100472.11103316.LB1.M250201.E280131'],
  ['HIBC', '+A99912345/$$3280131B1/16D20250201C'],
] as const)('a label of %s adds it, too', ([, scan]) => {
  const { ledger, stockroom } = openSite()
  stockroom.receive(request({ expiry: null, scan }), null)
  expect(ledger.read.lot('gauze/B1')).toMatchObject({ expiry: '2028-01-31', produced: '2025-02-01' })
})

test('the same action answers the same again; with another request it is another act', () => {
  const { ledger, stockroom } = openSite()
  const asked = request()
  const first = stockroom.receive(asked, null)
  const head = ledger.head()
  expect(stockroom.receive(asked, null)).toEqual({ ...(first as object), fresh: false })
  expect(codeOf(stockroom.receive({ ...asked, quantity: 2 }, null))).toBe('api.action-reused')
  expect(ledger.head()).toEqual(head)
})

test('a scan of the box the door has just booked confirms it', () => {
  const { announce, clock, cross, ledger, standing, stockroom } = openSite()
  announce(EPC, 'gauze/B1', 100)
  const [door] = cross(EPC, 'in')
  clock.pass(60_000)
  const asked = request({ scan: '(10)B1' })
  const booked = stockroom.receive(asked, 'keeper-1')
  expect(booked).toMatchObject({ confirms: door, entries: [expect.any(String)] })
  expect(standing()).toBe('gauze/B1 main/pending 100')
  // It is on record, so a retry half an hour later says the same instead of booking the box.
  clock.pass(1_800_000)
  expect(stockroom.receive(asked, 'keeper-1')).toMatchObject({ confirms: door, fresh: false })
  expect(ledger.read.entry(door ?? '')).toMatchObject({ kind: 'receive' })
})

test.for([
  { story: 'another of the same lot, scanned again', before: 1, more: {}, answer: 'booked' },
  { story: 'the person says it is another box', before: 0, more: { anotherBox: true }, answer: 'booked' },
  { story: 'eleven minutes later', before: 0, more: {}, passMs: 660_000, answer: 'booked' },
  { story: 'another lot', before: 0, more: { lotNumber: 'B2' }, answer: 'booked' },
  { story: 'other units of the lot: who knows', before: 0, more: { pack: 'bag' }, answer: 'rules.already-booked' },
  { story: 'the tag itself, a day later', before: 0, more: { tags: [EPC] }, passMs: 86_400_000, answer: 'confirms' },
  { story: 'the tag itself, written small', before: 0, more: { tags: [EPC.toLowerCase()] }, answer: 'confirms' },
  { story: 'another tag', before: 0, more: { tags: ['3034257BF468D480000003E9'] }, answer: 'booked' },
] as const)('after the door booked a carton: $story', ({ before, more, answer, ...rest }) => {
  const { announce, clock, cross, stockroom } = openSite()
  announce(EPC, 'gauze/B1', 100)
  cross(EPC, 'in')
  for (let scans = 0; scans < before; scans += 1) stockroom.receive(request(), null)
  clock.pass('passMs' in rest ? rest.passMs : 1_000)
  const booked = stockroom.receive(request({ ...more } as Partial<NodeBody<'receive'>>), null)
  const told = 'refused' in booked ? booked.code : booked.confirms === null ? 'booked' : 'confirms'
  expect(told).toBe(answer)
})

test('a document sets boxes apart only where both sides know theirs', () => {
  const { cross, announce, ledger, stockroom } = openSite()
  announce(EPC, 'gauze/B1', 100)
  const [door] = cross(EPC, 'in')
  expect(ledger.read.entry(door ?? '')?.doc).toBeNull()
  expect(stockroom.receive(request({ doc: 'PO-7' }), null)).toMatchObject({ confirms: door })
})

test('three cartons through the door, scanned as three at once', () => {
  const { announce, clock, cross, standing, stockroom } = openSite()
  const tags = ['A', 'B', 'C'].map((letter) => `3034257BF468D480000003E${letter}`)
  for (const epc of tags) announce(epc, 'gauze/B1', 100)
  const doors = tags.map((epc) => cross(epc, 'in')[0])
  clock.pass(1_000)
  const booked = stockroom.receive(request({ quantity: 3, accept: true }), null)
  expect(booked).toMatchObject({ confirms: doors[0], entries: [expect.any(String), expect.any(String)] })
  expect(standing()).toBe('gauze/B1 main/available 300')
})

test('a clock that jumps between door and scan does not make two boxes of one', () => {
  const { announce, clock, cross, ledger, standing, stockroom } = openSite()
  announce(EPC, 'gauze/B1', 100)
  clock.set(clock.now() - 86_400_000)
  const [door] = cross(EPC, 'in')
  ledger.exchange.note({ hubAtMs: clock.now() + 86_400_000 })
  clock.set(clock.now() + 86_400_000)
  clock.pass(30_000)
  expect(stockroom.receive(request(), null)).toMatchObject({ confirms: door })
  expect(standing()).toBe('gauze/B1 main/pending 100')
})

test('before the hub has told the site, the rooms behind the doors are its rooms', () => {
  const { stockroom } = openSite({ untold: true })
  expect(codeOf(stockroom.receive(request(), null))).toMatchObject({ fresh: true })
  expect(codeOf(stockroom.receive(request({ room: 'ward' }), null))).toBe('stockroom.room-unknown')
})
