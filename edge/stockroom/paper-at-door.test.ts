import type { DocumentBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { streamToNode } from '@lotkeeper/protocol/names.ts'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { expectedRows, waitingRows } from './expected.ts'
import { codeOf, openSite, type Site } from './fixtures/site.ts'
import { answersOf } from './settle.ts'

const DOC = 'DA-baihe-00112233AA'
/** Two cartons and a bag of gauze; nobody registered their tags. */
const CARTON = sgtin('6901234', '200001', 1)
const NEXT = sgtin('6901234', '200001', 2)
const BAG = sgtin('6901234', '100001', 1)

/** The bits of an SGTIN-96 with a company prefix of seven digits [TDS 14.6.1]. */
function sgtin(prefix: string, reference: string, serial: number): string {
  const bits = (0x30n << 88n) | (5n << 82n) | (BigInt(prefix) << 58n) | (BigInt(reference) << 38n) | BigInt(serial)
  return bits.toString(16).toUpperCase().padStart(24, '0')
}

const despatch = (site: Site, lines: readonly (readonly [lot: string, units: number, tags?: readonly string[]])[], doc = DOC) => {
  const told = lines.map(([lot, units, tags = []]) => ({ lot, units, expiry: '2027-08-31', tags: [...tags] }))
  const body: DocumentBody = { doc, type: 'despatch-advice', from: 'baihe', to: NODE, lines: told, due: null }
  site.hub.write(streamToNode(NODE), 'document', body)
  site.hub.tell(site.ledger)
}
const underWay = ({ ledger }: Site) => {
  expect(ledger.rebuild()).toEqual([])
  return expectedRows(ledger.read).map(({ doc, lot, announced, received }) => `${doc} ${lot} ${received}/${announced}`)
}
const tasks = ({ ledger }: Site) => ledger.read.openTasks().map(({ entry }) => entry.body['outcome'])
let acts = 0
const action = () => {
  acts += 1
  return `paper-act-${acts}`
}

test('a shipment names a lot without tags: a box of that thing comes in under its paper, waiting to be accepted', () => {
  const site = openSite()
  despatch(site, [['gauze/B1', 200]])
  site.cross(CARTON, 'in')
  expect([site.standing(), tasks(site)]).toEqual(['gauze/B1 main/pending 100', []])
  expect(underWay(site)).toEqual([`${DOC} gauze/B1 100/200`])
  expect(site.ledger.read.movements({ limit: 1 })[0]?.entry).toMatchObject({ kind: 'receive', doc: DOC })
  // It is a known box from now on, and the county is told of its tag.
  expect(site.ledger.read.standing(CARTON)).toMatchObject({ lot: 'gauze/B1', units: 100, place: `${NODE}/main/pending` })
  expect(site.ledger.read.tagsMet(9)).toMatchObject([{ epc: CARTON, lot: 'gauze/B1' }])
  site.cross(NEXT, 'in')
  expect([site.standing(), underWay(site)]).toEqual(['gauze/B1 main/pending 200', []])
})

test.for([
  ['nothing is announced', [], CARTON],
  ['another thing is announced', [['catheter/C1', 200]], CARTON],
  [
    'two lots of it are announced: which one nobody knows',
    [
      ['gauze/B1', 200],
      ['gauze/B2', 200],
    ],
    CARTON,
  ],
  ['less than the box holds is announced', [['gauze/B1', 50]], CARTON],
] as const)('a box that no paper names is a task: %s', ([, lines, epc]) => {
  const site = openSite()
  if (lines.length > 0) despatch(site, lines)
  site.cross(epc, 'in')
  expect([site.standing(), tasks(site)]).toEqual(['', ['unknown-tag']])
})

test('a smaller pack of the thing is as many as it holds', () => {
  const site = openSite()
  despatch(site, [['gauze/B1', 50]])
  site.cross(BAG, 'in')
  expect(underWay(site)).toEqual([`${DOC} gauze/B1 10/50`])
})

test('what the door is unsure of is never booked, and one answer books it under its paper', () => {
  const site = openSite()
  despatch(site, [['gauze/B1', 200]])
  const [task = ''] = site.cross(CARTON, 'uncertain')
  const [open] = site.ledger.read.openTasks()
  expect([site.standing(), tasks(site), open && answersOf(site.ledger.read, open)]).toEqual(['', ['uncertain'], ['in', 'bind', 'none']])
  expect(codeOf(site.stockroom.settle({ action: action(), task, answer: 'in' }, 'keeper-1'))).toMatchObject({ fresh: true })
  expect(underWay(site)).toEqual([`${DOC} gauze/B1 100/200`])
  expect(site.ledger.read.standing(CARTON)).toMatchObject({ lot: 'gauze/B1', units: 100 })
})

test('it never leaves by its paper: what goes out is a task', () => {
  const site = openSite()
  despatch(site, [['gauze/B1', 200]])
  site.cross(CARTON, 'out')
  expect([site.standing(), tasks(site)]).toEqual(['', ['unknown-tag']])
})

test('a box that had left comes back under the shipment that brings it, once somebody says how much is in it', () => {
  const site = openSite()
  site.announce(CARTON, 'gauze/B1', 100)
  site.cross(CARTON, 'in')
  site.cross(CARTON, 'out')
  despatch(site, [['gauze/B1', 70]])
  const [task = ''] = site.cross(CARTON, 'in')
  expect([site.standing(), tasks(site)]).toEqual(['', ['remainder-unknown']])
  site.stockroom.settle({ action: action(), task, answer: 'in', units: 70 }, 'keeper-1')
  expect([site.standing(), tasks(site), underWay(site)]).toEqual(['gauze/B1 main/pending 70', [], []])
})

test('a scan of the box the door has booked under its paper is no second box', () => {
  const site = openSite()
  despatch(site, [['gauze/B1', 200]])
  site.cross(CARTON, 'in')
  const scanned = { action: action(), item: 'gauze', lotNumber: 'B1', expiry: '2027-08-31', room: 'main', quantity: 1, pack: 'carton' }
  expect(codeOf(site.stockroom.receive(scanned, 'keeper-1'))).toMatchObject({ confirms: expect.any(String) as string })
  expect([site.standing(), underWay(site)]).toEqual(['gauze/B1 main/pending 100', [`${DOC} gauze/B1 100/200`]])
})

test('a paper tells which of its boxes have come, and what of them waits to be accepted', () => {
  const site = openSite()
  despatch(site, [['gauze/B1', 200, [CARTON, NEXT]]])
  const told = () => [
    expectedRows(site.ledger.read).map(({ boxes }) => boxes),
    waitingRows(site.ledger.read).map(({ doc, lot, room, units, boxes }) => `${doc} ${lot} ${room} ${units} in ${boxes}`),
  ]
  const missing = (epc: string, came: boolean) => ({ epc, came })
  expect(told()).toEqual([[[missing(CARTON, false), missing(NEXT, false)]], []])
  site.cross(CARTON, 'in')
  expect(told()).toEqual([[[missing(NEXT, false), missing(CARTON, true)]], [`${DOC} gauze/B1 main 100 in 1`]])
  site.cross(NEXT, 'in')
  expect(told()).toEqual([[], [`${DOC} gauze/B1 main 200 in 2`]])
  const accept = (units: number) => site.stockroom.accept({ action: action(), lot: 'gauze/B1', room: 'main', units }, 'keeper-1')
  accept(150)
  expect(told()).toEqual([[], [`${DOC} gauze/B1 main 50 in 2`]])
  accept(50)
  expect(told()).toEqual([[], []])
})
