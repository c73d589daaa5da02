import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { virtualPlace } from '@lotkeeper/protocol/names.ts'
import type { Door } from '@lotkeeper/protocol/rules/crossing.ts'
import { expect, test } from 'vitest'
import { draft, line, NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, DOORS, openSite, type Site, tableOf } from './fixtures/site.ts'
import { answersOf } from './settle.ts'

const EPC = '3034257BF468D480000003E8'
const CARTON = { item: 'gauze', lotNumber: 'B1', expiry: '2027-08-31', pack: 'carton' }
let actions = 0
const settle = ({ stockroom }: Site, task: string, answer: string, more: Partial<NodeBody<'settle'>> = {}) => {
  actions += 1
  return codeOf(stockroom.settle({ action: `settle-${actions}`, task, answer, ...more }, 'keeper-1'))
}
const received = (site: Site) => site.cross(EPC, 'in')
/** Units leave a room with two boxes of the lot, and nobody says out of which. */
const opened = (site: Site) => {
  received(site)
  site.announce('3034257BF468D480000003E9', 'gauze/B1', 100)
  site.cross('3034257BF468D480000003E9', 'in')
  const used = line('gauze/B1', `${NODE}/main/pending`, virtualPlace(NODE, 'consumed'), 50)
  site.ledger.book({ action: 'opened', act: 'opened' }, () => [draft('issue', {}, { lines: [used] })])
}

/** The past, the crossing that nobody could decide, the answer, and the book after it. */
const STORIES: readonly (readonly [
  story: string,
  before: (site: Site) => unknown,
  crossing: readonly ['in' | 'out' | 'uncertain', Door],
  answer: readonly [string, Partial<NodeBody<'settle'>>],
  after: string,
])[] = [
  ['nothing moved', () => {}, ['uncertain', DOORS.gate], ['none', {}], ''],
  ['it came in', () => {}, ['uncertain', DOORS.gate], ['in', {}], 'gauze/B1 main/pending 100'],
  ['it came in, half full', () => {}, ['uncertain', DOORS.gate], ['in', { units: 50 }], 'gauze/B1 main/pending 50'],
  ['it was inside already', received, ['uncertain', DOORS.gate], ['in', {}], 'gauze/B1 main/pending 100'],
  ['it went out to another site', received, ['uncertain', DOORS.gate], ['out', {}], ''],
  ['it went out to the ward', received, ['uncertain', DOORS.hall], ['out', {}], 'gauze/B1 ward/pending 100'],
  ['it went out who knows where', received, ['out', DOORS.hatch], ['out', {}], 'gauze/B1 ~unexplained 100'],
  [
    'it went out, but was never in',
    () => {},
    ['out', DOORS.hall],
    ['out', {}],
    'gauze/B1 ward/available 100 \n gauze/B1 ~unexplained -100',
  ],
  [
    'it went out, accepted in part',
    (site) => {
      received(site)
      site.stockroom.accept({ action: 'accept-01', lot: 'gauze/B1', room: 'main', units: 30 }, null)
    },
    ['uncertain', DOORS.hall],
    ['out', {}],
    'gauze/B1 ward/available 30 \n gauze/B1 ward/pending 70',
  ],
  [
    'it came back from the ward',
    (site) => {
      received(site)
      site.cross(EPC, 'out', DOORS.hall)
    },
    ['uncertain', DOORS.hall],
    ['in', {}],
    'gauze/B1 main/pending 100',
  ],
  [
    'an opened box went to the ward with what was left',
    opened,
    ['out', DOORS.hall],
    ['out', { units: 40 }],
    'gauze/B1 main/pending 110 \n gauze/B1 ward/pending 40 \n gauze/B1 ~consumed 50',
  ],
]

test.for(STORIES)('%s', ([, before, [direction, door], [answer, more], after]) => {
  const site = openSite()
  site.announce(EPC, 'gauze/B1', 100)
  before(site)
  const [task = ''] = site.cross(EPC, direction, door)
  expect(site.ledger.read.openTasks()).toHaveLength(1)
  expect(settle(site, task, answer, { reason: '看过', ...more })).toMatchObject({ fresh: true, confirms: null })
  expect(site.standing()).toBe(tableOf(after))
  expect(site.ledger.read.openTasks()).toEqual([])
  expect(settle(site, task, answer, more)).toBe('stockroom.task-settled')
})

test.for([
  ['came in', 'in', DOORS.gate, {}, 'gauze/B1 main/pending 100'],
  ['came in, opened', 'in', DOORS.gate, { units: 60 }, 'gauze/B1 main/pending 60'],
  ['passed, and is here', 'uncertain', DOORS.gate, {}, 'gauze/B1 main/pending 100'],
  ['went out', 'out', DOORS.hall, {}, 'gauze/B1 ward/available 100 \n gauze/B1 ~unexplained -100'],
] as const)('an unknown tag %s, and is bound', ([, direction, door, more, after]) => {
  const site = openSite()
  const [task = ''] = site.cross(EPC, direction, door)
  expect(settle(site, task, 'bind', { ...CARTON, ...more })).toMatchObject({ fresh: true })
  expect(site.standing()).toBe(tableOf(after))
  expect(site.ledger.read.tag(EPC)).toMatchObject({ registration: { lot: 'gauze/B1' } })
  expect(site.ledger.read.lot('gauze/B1')).toMatchObject({ expiry: '2027-08-31' })
  // It is a known box from now on.
  const [next = ''] = site.cross(EPC, 'in', door)
  expect(site.ledger.read.task(next)).toBeNull()
})

test('an announced box without its registration comes out of transit', () => {
  const site = openSite()
  site.announce('3034257BF468D480000003E9', 'gauze/B1', 100)
  const [task = ''] = site.cross(EPC, 'in')
  settle(site, task, 'bind', CARTON)
  expect(site.ledger.read.units('gauze/B1', `${NODE}/~transit`)).toBe(0)
})

test('binding the box a scan has just received gives it its label, not a second box', () => {
  const site = openSite()
  const receipt = site.stockroom.receive({ action: 'receive-01', room: 'main', quantity: 1, accept: true, ...CARTON }, null)
  const [task = ''] = site.cross(EPC, 'in')
  const booked = settle(site, task, 'bind', CARTON)
  expect(booked).toMatchObject({ confirms: 'entries' in receipt ? receipt.entries[0] : '' })
  expect(site.standing()).toBe('gauze/B1 main/available 100')
  expect(site.ledger.read.standing(EPC)).toMatchObject({ place: `${NODE}/main/available`, units: 100 })
})

test('the label of one box is not taken for the box beside it', () => {
  const site = openSite()
  const beside = '3034257BF468D480000003E9'
  site.announce(beside, 'gauze/B1', 100)
  site.cross(beside, 'in')
  site.stockroom.receive({ action: 'receive-04', room: 'main', quantity: 1, anotherBox: true, ...CARTON }, null)
  const [task = ''] = site.cross(EPC, 'in')
  settle(site, task, 'bind', CARTON)
  const pending = { place: `${NODE}/main/pending`, units: 100 }
  expect([site.ledger.read.standing(beside), site.ledger.read.standing(EPC)]).toMatchObject([pending, pending])
  expect(site.standing()).toBe('gauze/B1 main/pending 200')
})

test('the same box as scanned: nothing is booked twice, and the tag stands where the box does', () => {
  const site = openSite()
  site.announce(EPC, 'gauze/B1', 100)
  const receipt = site.stockroom.receive({ action: 'receive-02', room: 'main', quantity: 1, doc: 'PO-7', ...CARTON }, null)
  const [task = ''] = site.cross(EPC, 'in')
  const [open] = site.ledger.read.openTasks()
  expect(open && answersOf(site.ledger.read, open)).toEqual(['same', 'in', 'none'])
  expect(settle(site, task, 'same')).toMatchObject({ confirms: 'entries' in receipt ? receipt.entries[0] : '' })
  expect(site.standing()).toBe('gauze/B1 main/pending 100')
  expect(site.ledger.read.standing(EPC)).toMatchObject({ place: `${NODE}/main/pending`, units: 100 })
})

test('another box than the scanned one is booked', () => {
  const site = openSite()
  site.announce(EPC, 'gauze/B1', 100)
  site.stockroom.receive({ action: 'receive-03', room: 'main', quantity: 1, doc: 'PO-7', ...CARTON }, null)
  const [task = ''] = site.cross(EPC, 'in')
  settle(site, task, 'in')
  expect(site.standing()).toBe('gauze/B1 main/pending 200')
})

test.for([
  ['bind', {}, 'stockroom.item-unknown'],
  ['bind', { ...CARTON, item: 'catheter' }, 'stockroom.item-unknown'],
  ['bind', { ...CARTON, pack: 'pallet' }, 'catalog.pack-unknown'],
  ['bind', { item: 'gauze', lotNumber: 'B1' }, 'stockroom.units-missing'],
  ['bind', { ...CARTON, units: 1.5 }, 'ledger.quantity-not-whole'],
  ['bind', { ...CARTON, expiry: '2027-02-31' }, 'catalog.expiry-malformed'],
  ['in', {}, 'stockroom.answer-unknown'],
  ['same', {}, 'stockroom.answer-unknown'],
  ['throw', {}, 'stockroom.answer-unknown'],
] as const)('an unknown tag answered %s %o: %s', ([answer, more, code]) => {
  const site = openSite()
  const [task = ''] = site.cross(EPC, 'in')
  expect(settle(site, task, answer, more)).toBe(code)
  expect(site.ledger.read.openTasks()).toHaveLength(1)
})

test('what is left in an opened box must be said', () => {
  const site = openSite()
  site.announce(EPC, 'gauze/B1', 100)
  opened(site)
  const [task = ''] = site.cross(EPC, 'out', DOORS.hall)
  expect(settle(site, task, 'out')).toBe('stockroom.units-missing')
})

test('no such task, and a door that was taken out', () => {
  const site = openSite()
  const [task = ''] = site.cross(EPC, 'in', { ...DOORS.gate, door: 'gone' })
  expect(settle(site, task.replace(/\d+$/, '1'), 'none')).toBe('stockroom.task-unknown')
  expect(settle(site, task, 'bind', CARTON)).toBe('stockroom.answer-unknown')
  expect(settle(site, task, 'none')).toMatchObject({ fresh: true })
})
