import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import type { MasterRecord, OutcomeBody, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { announce, NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, type Site } from './fixtures/site.ts'
import { lotRows, provisionalRows } from './provisional.ts'

const STRANGER = `0690123400999${checkDigitOf('0690123400999')}`
const EPC = (() => {
  const bytes = encodeSgtin96({ gtin: STRANGER, serial: '7', prefixDigits: 7, filter: 2 })
  if (isRefusal(bytes)) throw new Error(bytes.en)
  return hexOf(bytes)
})()
const NOW_S = Date.parse('2026-11-21T04:00:00.000Z') / 1_000
const FIRST = `${NODE}-new-${NOW_S}`
let actions = 0
const make = (more: Partial<NodeBody<'provisional'>> = {}): NodeBody<'provisional'> => {
  actions += 1
  return { action: `make-item-${actions}`, name: '新导管', unit: '支', pack: { pack: '盒', units: 20 }, ...more }
}
const receive = (item: string, more: Partial<NodeBody<'receive'>> = {}): NodeBody<'receive'> => {
  actions += 1
  const fixed = { action: `receive-${actions}`, item, lotNumber: 'N1', expiry: '2027-08-31', room: 'main' }
  return { ...fixed, quantity: 2, pack: '盒', accept: true, ...more }
}
const madeIn = (site: Site, more: Partial<NodeBody<'provisional'>> = {}) => {
  const made = site.stockroom.provisional(make(more), 'keeper-1')
  if (isRefusal(made)) throw new Error(made.en)
  return made.item
}
const tell = (site: Site, ...records: readonly MasterRecord[]) => {
  site.hub.write(STREAM_TO_ALL, 'master', { records: [...records] })
  site.hub.tell(site.ledger)
}

test.for([
  ['a GTIN', `(01)${STRANGER}(17)280131(10)N1`, `01${STRANGER}10N2`],
  ['an EAN-13 without its zero', STRANGER.slice(1), `(01)${STRANGER}`],
  ['a tag of an unknown GTIN', EPC, `(01)${STRANGER}`],
  ['an MA code', 'MA.156.M0.999999.A1', 'MA.156.M0.999999.A1.M260101'],
  ['an MA code with lot and serial', 'MA.156.M0.999999.A1.LN1.SS1', 'MA.156.M0.999999.A1.LN1.SS2'],
  ['a HIBC label', '+A99912345/$$52001510X33', '+A99912345/$$53001510N1Z'],
  ['a local code', '库-18', ' 库-18 '],
] as const)('what %s names is made here, offline, and the next box is known by it', ([, scan, next]) => {
  const site = openSite()
  expect(site.stockroom.identify(scan).item).toBeNull()
  const made = madeIn(site, { scan })
  expect(made).toMatchObject({ item: FIRST, version: 0, name: { zh: '新导管' }, unit: { zh: '支' } })
  expect(site.stockroom.identify(next)).toMatchObject({ item: { item: FIRST }, pack: '盒', packUnits: 20 })
  expect(codeOf(site.stockroom.receive(receive(made.item, { scan: next }), null))).toMatchObject({ fresh: true })
  expect(site.standing()).toBe(`${FIRST}/N1 main/available 40`)
  expect(codeOf(site.stockroom.provisional(make({ scan: next }), null))).toBe('stockroom.item-known')
  expect(site.ledger.rebuild()).toEqual([])
})

test('two made in one second are two; the same action makes one', () => {
  const site = openSite()
  const request = make()
  const first = site.stockroom.provisional(request, null)
  expect(site.stockroom.provisional(request, null)).toMatchObject({ item: { item: FIRST }, booked: { fresh: false } })
  expect(first).toMatchObject({
    item: {
      packs: [
        { pack: '盒', units: 20 },
        { pack: '支', units: 1 },
      ],
    },
  })
  expect(madeIn(site, { pack: { pack: '', units: 1 } })).toMatchObject({
    item: `${NODE}-new-${NOW_S + 1}`,
    packs: [{ pack: '支', units: 1 }],
  })
  expect(provisionalRows(site.ledger.read).map(({ state }) => state)).toEqual(['waiting', 'waiting'])
})

test.for([
  ['a code the catalogue knows', { scan: `(01)${GAUZE.packs[0]?.gtin}` }, 'stockroom.item-known'],
  ['a code that was misread', { scan: `(01)${STRANGER.slice(0, 13)}${(Number(STRANGER.at(-1)) + 1) % 10}` }, 'codes.check-digit-wrong'],
  ['no name', { name: ' ' }, 'api.request-malformed'],
  ['a pack of a piece and a half', { pack: { pack: '盒', units: 1.5 } }, 'catalog.factor-not-whole'],
  ['a pack named as the unit', { pack: { pack: '支', units: 20 } }, 'catalog.pack-twice'],
] as const)('%s makes none', ([, more, code]) => {
  const { ledger, stockroom } = openSite()
  const head = ledger.head()
  expect(codeOf(stockroom.provisional(make(more as Partial<NodeBody<'provisional'>>), null))).toBe(code)
  expect(ledger.head()).toEqual(head)
})

test('the answer of the county changes what a thing is called, never how much of it there is', () => {
  const site = openSite()
  const confirmed = madeIn(site, { scan: '库-1' }).item
  site.clock.pass(1_000)
  const merged = madeIn(site, { scan: '库-2' }).item
  for (const item of [confirmed, merged]) site.stockroom.receive(receive(item), null)
  const before = site.standing()
  const record: RecordOf<'item'> = {
    ...{ is: 'item', id: confirmed, version: 1, name: { zh: '导尿管', en: '' }, model: 'Fr16', unit: { zh: '支', en: '' }, nearDays: [90] },
    packs: [{ gtin: null, pack: '盒', units: 20 }],
  }
  tell(site, record, { is: 'redirect', id: merged, version: 1, of: 'item', to: 'gauze' })
  expect(provisionalRows(site.ledger.read).map(({ item, state, now }) => [item, state, now.item, now.name.zh])).toEqual([
    [merged, 'redirected', 'gauze', '医用纱布'],
    [confirmed, 'confirmed', confirmed, '导尿管'],
  ])
  expect(site.standing()).toBe(before)
  // The next box of either is booked as what it is now.
  expect(site.stockroom.identify('库-2')).toMatchObject({ item: { item: 'gauze' }, pack: null })
  site.stockroom.receive(receive(merged, { pack: 'piece' }), null)
  expect(site.ledger.read.units('gauze/N1', `${NODE}/main/available`)).toBe(2)
})

test('a tag nobody registered is told with what it is on; the registration of the county confirms it', () => {
  const site = openSite()
  const booked = site.stockroom.receive(receive('gauze', { pack: 'carton', quantity: 1, tags: [EPC] }), 'keeper-1')
  if (isRefusal(booked)) throw new Error(booked.en)
  const entries = booked.entries.map((id) => site.ledger.read.entry(id))
  expect(entries.map((entry) => entry?.kind)).toEqual(['receive', 'provisional', 'accept', 'provisional'])
  expect(entries[1]?.body).toEqual({
    is: 'tag',
    epc: EPC,
    item: 'gauze',
    lotNumber: 'N1',
    expiry: '2027-08-31',
    pack: 'carton',
    units: 100,
  })
  announce(site.hub, { epc: EPC, lot: 'gauze/N1', units: 100 })
  const before = site.standing()
  site.hub.tell(site.ledger)
  expect([site.standing(), site.ledger.read.tag(EPC)?.units]).toEqual([before, 100])
})

test('a tag bound at the door is told too', () => {
  const site = openSite()
  const [task] = site.cross(EPC, 'in')
  const answer = { task: task ?? '', answer: 'bind', item: 'gauze', lotNumber: 'N2', expiry: null, pack: 'bag' } as const
  const booked = site.stockroom.settle({ action: 'settle-0001', ...answer }, null)
  if (isRefusal(booked)) throw new Error(booked.en)
  expect(site.ledger.read.entry(booked.entries[1] ?? '')).toMatchObject({
    kind: 'provisional',
    body: { is: 'tag', epc: EPC, lotNumber: 'N2', units: 10 },
  })
})

const received = (site: Site, more: Partial<NodeBody<'receive'>> = {}) => {
  const booked = site.stockroom.receive(receive('gauze', { pack: 'bag', ...more }), 'keeper-1')
  if (isRefusal(booked)) throw new Error(`${booked.code} ${booked.en}`)
  return booked.entries.map((id) => site.ledger.read.entry(id))
}
const lotsMetIn = (entries: ReturnType<typeof received>) =>
  entries.flatMap((entry) => (entry?.kind === 'provisional' ? [entry.body] : [])).filter(({ is }) => is === 'lot')
let answers = 0
const answer = (site: Site, said: Partial<OutcomeBody> & Pick<OutcomeBody, 'id' | 'answer'>): void => {
  answers += 1
  site.hub.write(STREAM_TO_ALL, 'outcome', {
    of: `${NODE}>*/00000000000000aa/1`,
    is: 'lot',
    to: null,
    reason: null,
    version: answers,
    ...said,
  })
  site.hub.tell(site.ledger)
}
const GAUZE_BAG = `(01)${GAUZE.packs[1]?.gtin}`

test('a lot whose number was written by hand is told once, the first time it comes', () => {
  const site = openSite()
  expect(lotsMetIn(received(site, { lotNumber: 'n 1' }))).toEqual([{ is: 'lot', item: 'gauze', lotNumber: 'N 1', expiry: '2027-08-31' }])
  expect(lotsMetIn(received(site, { lotNumber: 'N 1', anotherBox: true }))).toEqual([])
  expect(lotRows(site.ledger.read)).toEqual([{ lot: 'gauze/N 1', lotNumber: 'N 1', itemName: GAUZE.name, state: 'waiting', now: 'N 1' }])
  expect(site.ledger.rebuild()).toEqual([])
})

test.for([
  ['a label', { scan: `${GAUZE_BAG}(17)270831(10)N2`, lotNumber: 'N2' }],
  ['the county, which announced it', { lotNumber: 'N3' }],
  ['nobody, for it has no number', { lotNumber: '' }],
] as const)('a lot said by %s asks nothing', ([, more]) => {
  const site = openSite()
  site.announce('AA03', 'gauze/N3', 100)
  expect(lotsMetIn(received(site, more))).toEqual([])
})

test('lots of an item that waits for the county itself come with it', () => {
  const site = openSite()
  const { item } = madeIn(site)
  site.stockroom.receive(receive(item), null)
  expect(lotRows(site.ledger.read)).toEqual([])
})

test('a lot written at the door is told', () => {
  const site = openSite()
  const [task = ''] = site.cross(EPC, 'in')
  const bind = { task, answer: 'bind', item: 'gauze', lotNumber: 'N4', expiry: null, pack: 'bag' } as const
  site.stockroom.settle({ action: 'settle-0002', ...bind }, null)
  expect(lotRows(site.ledger.read)).toMatchObject([{ lot: 'gauze/N4', state: 'waiting' }])
})

test('the answer of the county to a lot: the node sees it, what is booked stays, what is written next is booked as the right one', () => {
  const site = openSite()
  received(site, { lotNumber: '82611' })
  received(site, { lotNumber: 'C1' })
  received(site, { lotNumber: 'C2' })
  const before = site.standing()
  answer(site, { id: 'gauze/82611', answer: 'redirect', to: 'gauze/B2611' })
  answer(site, { id: 'gauze/C1', answer: 'confirm' })
  answer(site, { id: 'gauze/C2', answer: 'conflict', reason: '?' })
  expect(lotRows(site.ledger.read).map(({ lotNumber, state, now }) => [lotNumber, state, now])).toEqual([
    ['C2', 'conflict', 'C2'],
    ['C1', 'confirmed', 'C1'],
    ['82611', 'redirected', 'B2611'],
  ])
  expect(site.standing()).toBe(before)
  const [again] = received(site, { lotNumber: '82611', quantity: 3 })
  expect(again?.lines.map(({ lot, units }) => [lot, units])).toEqual([['gauze/B2611', 30]])
  expect(again?.body['lots']).toMatchObject([{ lot: 'gauze/B2611', printed: '82611' }])
  // What was sent here as it was first written, and what a label says, keeps that number.
  site.announce('AA05', 'gauze/82611', 100)
  const [announced] = received(site, { lotNumber: '82611', pack: 'carton', quantity: 1, tags: ['AA05'] })
  expect(announced?.lines.map(({ lot }) => lot)).toEqual(['gauze/82611'])
  const [read] = received(site, { lotNumber: '82611', scan: `${GAUZE_BAG}(10)82611`, quantity: 4 })
  expect(read?.lines.map(({ lot }) => lot)).toEqual(['gauze/82611'])
  // The county thought better of it.
  answer(site, { id: 'gauze/82611', answer: 'confirm' })
  expect(lotRows(site.ledger.read).at(-1)).toMatchObject({ state: 'confirmed', now: '82611' })
  expect(received(site, { lotNumber: '82611', quantity: 5 })[0]?.lines.map(({ lot }) => lot)).toEqual(['gauze/82611'])
  expect(site.ledger.rebuild()).toEqual([])
})

test('what the county answered about a lot another site met is not asked again', () => {
  const site = openSite()
  answer(site, { id: 'gauze/C9', answer: 'confirm' })
  expect(lotsMetIn(received(site, { lotNumber: 'C9' }))).toEqual([])
})
