import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import type { MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { announce, NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite, type Site } from './fixtures/site.ts'
import { provisionalRows } from './provisional.ts'

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
  ['a HIBC label', '+A99912345/$$52001510X3', '+A99912345/$$53001510N1'],
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
  expect(entries.map((entry) => entry?.kind)).toEqual(['receive', 'provisional', 'accept'])
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
  expect(site.ledger.read.entry(booked.entries.at(-1) ?? '')).toMatchObject({
    kind: 'provisional',
    body: { is: 'tag', epc: EPC, lotNumber: 'N2', units: 10 },
  })
})
