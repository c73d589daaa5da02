import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Door } from '@lotkeeper/protocol/rules/crossing.ts'
import { expect, test } from 'vitest'
import { DOORS, openSite, type Site } from '../stockroom/fixtures/site.ts'
import { draftsOfCrossing } from './crossing.ts'
import { NODE } from './fixtures/bench.ts'
import { entriesOf, type LabelParts, labelsOf } from './labels.ts'

const EPC = '3034257BF468D480000003E8'
const BESIDE = '3034257BF468D480000003E9'
const CARTON = { item: 'gauze', lotNumber: 'B1', expiry: '2027-08-31', pack: 'carton' }
const SIDES = { 'gate:1': 'inside', 'gate:2': 'outside' } as const

let acts = 0
const action = (): string => {
  acts += 1
  return `label-act-${acts}`
}

/** A site whose door keeps raw reads: `pass` crosses it, `labels` reads what is known of its passages by now. */
const openLabelled = (algorithm = 'portal/1') => {
  const site = openSite()
  const ring = new Map<string, readonly unknown[]>()
  const pass = (epc: string, direction: 'in' | 'out' | 'uncertain', door: Door = DOORS.gate): string => {
    const key = `${door.door}-${ring.size}`
    const at = site.clock.monotonic()
    ring.set(key, [
      { at, antenna: 'gate:2', rssiDbm: -50, phaseDeg: 12.5 },
      { at: at + 900, antenna: 'gate:1', rssiDbm: null },
      { at: at + 901, antenna: 'elsewhere:1', rssiDbm: -40 },
    ])
    const crossed = { direction, epc, atMs: site.clock.now(), certainty: 0.9, algorithm, evidence: {}, ring: key }
    const booking = site.ledger.book({ action: action(), act: 'cross' }, (book) => draftsOfCrossing(book, door, crossed))
    if (isRefusal(booking)) throw new Error(booking.en)
    return booking.entries[0]?.id ?? ''
  }
  const labels = (parts: Partial<LabelParts> = {}) =>
    labelsOf(entriesOf(site.db), { node: NODE, ring: (key) => ring.get(key) ?? null, antennas: () => SIDES, ...parts })
  return { ...site, ring, pass, labels }
}
type Labelled = ReturnType<typeof openLabelled>

const settle = ({ stockroom }: Site, task: string, answer: string, more: object = {}): string => {
  const settled = stockroom.settle({ action: action(), task, answer, ...more }, 'keeper-1')
  if (isRefusal(settled)) throw new Error(settled.en)
  return settled.entries[0] ?? ''
}
const reverse = ({ stockroom }: Site, entry: string): void => {
  const reversed = stockroom.reverse({ action: action(), entry, reason: '搬错了' }, 'keeper-1')
  if (isRefusal(reversed)) throw new Error(reversed.en)
}
const count = ({ stockroom }: Site, counted: number): void => {
  stockroom.count({ action: action(), place: `${NODE}/main/pending`, lot: 'gauze/B1', counted }, 'keeper-1')
}
const scan = ({ stockroom }: Site): void => {
  stockroom.receive({ action: action(), room: 'main', quantity: 1, ...CARTON }, 'keeper-1')
}
const HOUR = 3_600_000

/** What happened, and what is the truth of the door's passages afterwards. */
const STORIES: readonly (readonly [story: string, happened: (site: Labelled) => void, truth: string])[] = [
  ['nobody has said anything yet', (site) => site.pass(EPC, 'in'), ''],
  ['an uncertain one came in', (site) => settle(site, site.pass(EPC, 'uncertain'), 'in'), 'in settled'],
  ['an uncertain one went out', (site) => settle(site, site.pass(EPC, 'uncertain'), 'out'), 'out settled'],
  ['nothing moved', (site) => settle(site, site.pass(EPC, 'uncertain'), 'none'), 'none settled'],
  ['of a tag that nobody knows "nothing" says nothing', (site) => settle(site, site.pass(BESIDE, 'uncertain'), 'none'), ''],
  ['an unknown tag is bound: it came in', (site) => settle(site, site.pass(BESIDE, 'uncertain'), 'bind', CARTON), 'in settled'],
  ['an answer that is undone says nothing', (site) => reverse(site, settle(site, site.pass(EPC, 'uncertain'), 'in')), ''],
  [
    'an answer that is undone and given anew',
    (site) => {
      const task = site.pass(EPC, 'uncertain')
      reverse(site, settle(site, task, 'in'))
      settle(site, task, 'none')
    },
    'none settled',
  ],
  ['a booking of the door is taken back', (site) => reverse(site, site.pass(EPC, 'in')), 'not-in reversed'],
  [
    'taken back and booked by hand the same way: the way was right',
    (site) => {
      reverse(site, site.pass(EPC, 'in'))
      site.stockroom.receive({ action: action(), room: 'main', quantity: 1, ...CARTON, tags: [EPC] }, 'keeper-1')
    },
    '',
  ],
  [
    'a scan confirms the door',
    (site) => {
      site.pass(EPC, 'in')
      scan(site)
    },
    'in confirmed',
  ],
  [
    'the door confirms the scan of its tag',
    (site) => {
      site.stockroom.receive({ action: action(), room: 'main', quantity: 1, ...CARTON, tags: [EPC] }, 'keeper-1')
      site.pass(EPC, 'in')
    },
    'in confirmed',
  ],
  [
    'a box that stands inside and is seen an hour after its scan confirms nothing',
    (site) => {
      site.stockroom.receive({ action: action(), room: 'main', quantity: 1, ...CARTON, tags: [EPC] }, 'keeper-1')
      site.clock.pass(HOUR)
      site.pass(EPC, 'in')
    },
    '',
  ],
  [
    'the same box as scanned',
    (site) => {
      site.stockroom.receive({ action: action(), room: 'main', quantity: 1, doc: 'PO-7', ...CARTON }, 'keeper-1')
      settle(site, site.pass(EPC, 'uncertain'), 'same')
    },
    'in settled',
  ],
  [
    'a count agrees with the door',
    (site) => {
      site.pass(EPC, 'in')
      site.clock.pass(5 * HOUR)
      count(site, 100)
    },
    'in confirmed',
  ],
  [
    'a count that finds a difference agrees with nothing',
    (site) => {
      site.pass(EPC, 'in')
      count(site, 90)
    },
    '',
  ],
  [
    'a count two days later is about other things',
    (site) => {
      site.pass(EPC, 'in')
      site.clock.pass(48 * HOUR)
      count(site, 100)
    },
    '',
  ],
]

test.for(STORIES)('%s: %s', ([, happened, truth]) => {
  const site = openLabelled()
  site.announce(EPC, 'gauze/B1', 100)
  happened(site)
  const gate = site.labels().get('gate')
  expect(gate?.scenarios.flatMap((one) => one.truth.map(({ direction, source }) => `${direction} ${source}`)).join()).toBe(truth)
})

test('a walk is one scenario with the reads of all its tags, and a later one is another', () => {
  const site = openLabelled()
  for (const epc of [EPC, BESIDE]) site.announce(epc, 'gauze/B1', 100)
  const first = site.pass(EPC, 'uncertain')
  site.clock.pass(1_500)
  site.pass(BESIDE, 'uncertain')
  settle(site, first, 'in')
  site.clock.pass(60_000)
  settle(site, site.pass(EPC, 'uncertain'), 'out')
  const scenarios = site.labels().get('gate')?.scenarios ?? []
  expect(scenarios.map(({ reads, truth }) => [reads, truth.map((one) => `${one.epc} ${one.direction}`)])).toEqual([
    [
      [
        [0, EPC, 'gate:2', -50, 12.5],
        [900, EPC, 'gate:1', null, null],
        [1_500, BESIDE, 'gate:2', -50, 12.5],
        [2_400, BESIDE, 'gate:1', null, null],
      ],
      [`${EPC} in`],
    ],
    [expect.anything(), [`${EPC} out`]],
  ])
})

test('raw reads that have run out, and antennas that hang elsewhere now, are counted', () => {
  const site = openLabelled('portal/0')
  site.announce(EPC, 'gauze/B1', 100)
  settle(site, site.pass(EPC, 'uncertain'), 'none')
  site.clock.pass(60_000)
  settle(site, site.pass(EPC, 'uncertain'), 'none')
  site.ring.delete('gate-0')
  expect(site.labels().get('gate')).toMatchObject({ expired: 1, unplaced: 0, found: { settled: 1 }, versions: { 'portal/0': 2 } })
  expect(site.labels({ antennas: () => ({ 'new:1': 'inside' }) }).get('gate')).toMatchObject({ scenarios: [], expired: 1, unplaced: 1 })
})

test('doors are kept apart', () => {
  const site = openLabelled()
  site.announce(EPC, 'gauze/B1', 100)
  settle(site, site.pass(EPC, 'uncertain'), 'none')
  settle(site, site.pass(EPC, 'uncertain', DOORS.hall), 'in')
  expect([...site.labels()].map(([door, { found }]) => `${door} ${found.settled}`)).toEqual(['gate 1', 'hall 1'])
})
