import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import type { MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { rulingOf } from '@lotkeeper/protocol/rules/ruling.ts'
import { expect, test } from 'vitest'
import { draft, NODE, openBench, openTestHub } from './fixtures/bench.ts'

const gtin = (digits: string): string => `${digits}${checkDigitOf(digits)}`
const BOX = gtin('1690123400001')
const OTHER = gtin('1690123400002')
const item = (id: string, version: number, more: Partial<RecordOf<'item'>> = {}): RecordOf<'item'> => ({
  ...{ is: 'item', id, version, name: { zh: `${id} ${version}`, en: '' }, model: 'M', unit: { zh: '支', en: 'piece' }, nearDays: [90] },
  packs: [
    { gtin: BOX, pack: '盒', units: 100, codes: [{ scheme: 'ma', code: 'MA.156.M0.100221.A1' }] },
    { gtin: null, pack: '支', units: 1 },
  ],
  ...more,
})
const redirect = (id: string, to: string | null, version = 1, of: RecordOf<'redirect'>['of'] = 'item'): RecordOf<'redirect'> => ({
  ...{ is: 'redirect', id, version, of, to },
})

/** A node that was told these records, an entry each row. */
const told = (...rows: readonly (readonly MasterRecord[])[]) => {
  const bench = openBench()
  const hub = openTestHub()
  for (const records of rows) hub.write(STREAM_TO_ALL, 'master', { records: [...records] })
  hub.tell(bench.ledger)
  expect(bench.ledger.rebuild()).toEqual([])
  return { ...bench, hub, book: bench.ledger.read }
}
const byBox = { scheme: 'gtin', code: BOX } as const

test.for([
  ['one version', [{ version: 1 }], 1, 1],
  ['a later one in any order', [{ version: 2 }, { version: 1 }], 2, 2],
  ['one of tomorrow', [{ version: 1 }, { version: 2, from: '2026-11-22' }], 1, 2],
  ['one of today', [{ version: 1 }, { version: 2, from: '2026-11-21' }], 2, 2],
  [
    'a higher one that begins earlier',
    [
      { version: 1, from: '2026-11-22' },
      { version: 2, from: '2026-11-01' },
    ],
    2,
    2,
  ],
  [
    'only of tomorrow: known, as the lowest',
    [
      { version: 3, from: '2026-12-01' },
      { version: 2, from: '2026-11-22' },
    ],
    2,
    2,
  ],
] as const)('%s', ([, versions, now, tomorrow]) => {
  const { book, clock } = told(...versions.map(({ version, ...more }) => [item('a', version, more)]))
  const ruling = (day: string) => rulingOf<(typeof versions)[number]>(versions, day)?.version
  expect([book.item('a')?.version, ruling('2026-11-21')]).toEqual([now, now])
  expect(book.itemByCode(byBox)).toMatchObject({ item: { item: 'a', version: now }, pack: '盒', units: 100 })
  clock.pass(86_400_000)
  expect([book.item('a')?.version, ruling('2026-11-22')]).toEqual([tomorrow, tomorrow])
  expect(book.items().map(({ name }) => name.zh)).toEqual([`a ${tomorrow}`])
})

test('a code leads to its level by the version that rules, in every scheme', () => {
  const { book, clock } = told([item('a', 1)], [item('a', 2, { from: '2026-11-22', packs: [{ gtin: OTHER, pack: '箱', units: 500 }] })])
  expect(book.itemByCode({ scheme: 'ma', code: 'MA.156.M0.100221.A1' })).toMatchObject({ pack: '盒', units: 100 })
  expect(book.itemByCode({ scheme: 'local', code: 'MA.156.M0.100221.A1' })).toBeNull()
  expect(book.itemByCode({ scheme: 'gtin', code: OTHER })).toBeNull()
  clock.pass(86_400_000)
  expect(book.itemByCode(byBox)).toBeNull()
  expect(book.itemByCode({ scheme: 'gtin', code: OTHER })).toMatchObject({ pack: '箱', units: 500 })
})

test('a code of two items leads to the one that is still bought, else to the one told last', () => {
  const { book } = told([item('a', 1)], [item('b', 1)], [item('c', 1, { retired: true })])
  expect(book.itemByCode(byBox)?.item.item).toBe('b')
})

test('what was merged is read as what was kept, however far; taken back, it is itself again', () => {
  const kept = item('c', 1, { packs: [{ gtin: OTHER, pack: 'box', units: 100 }] })
  const { book, hub, ledger } = told([item('a', 1), item('b', 1, { packs: [] }), kept], [redirect('a', 'b'), redirect('b', 'c')])
  expect(['a', 'b', 'c'].map((id) => book.item(id)?.item)).toEqual(['c', 'c', 'c'])
  expect(book.itemByCode(byBox)).toMatchObject({ item: { item: 'c' }, pack: 'box', units: 100 })
  expect(book.items().map((one) => one.item)).toEqual(['c'])
  hub.write(STREAM_TO_ALL, 'master', { records: [redirect('b', null, 2)] })
  hub.write(STREAM_TO_ALL, 'master', { records: [item('b', 2, { packs: [{ gtin: null, pack: 'case', units: 500 }] })] })
  hub.tell(ledger)
  expect(['a', 'b', 'c'].map((id) => book.item(id)?.item)).toEqual(['b', 'b', 'c'])
  // The kept one has no such pack: the item is known, the pack is for a person to say.
  expect(book.itemByCode(byBox)).toMatchObject({ item: { item: 'b' }, pack: null, units: null })
})

test.for([
  ['to itself', [redirect('a', 'a')]],
  ['in a ring', [redirect('a', 'b'), redirect('b', 'a')]],
  ['to what nobody has told', [redirect('a', 'z')]],
] as const)('a redirect %s ends', ([, records]) => {
  const { book } = told([item('a', 1)], records)
  expect(book.item('a')?.item).toBe('a')
})

test('parties, certificates, doorways and cost centres rule as items do', () => {
  const certificate = { is: 'certificate', id: 'c1', version: 1, number: '国械注准20153140123', issued: null, until: '2026-12-31' } as const
  const party = { is: 'party', id: 'p1', version: 1, name: { zh: '甲厂', en: '' }, roles: ['manufacturer' as const], licences: [] } as const
  const { book } = told(
    [
      certificate,
      { ...certificate, version: 2, from: '2027-01-01', until: '2031-12-31' },
      { ...party, roles: [...party.roles], licences: [] },
    ],
    [redirect('c0', 'c1', 1, 'certificate'), { is: 'cost-centre', id: 'k', version: 1, name: { zh: '药房', en: '' } }],
    [{ is: 'portal', id: 'd', version: 1, site: NODE, name: { zh: '大门', en: '' }, inside: 'main', outside: null }],
  )
  expect(book.record('certificate', 'c0')).toMatchObject({ id: 'c1', until: '2026-12-31' })
  expect([book.record('party', 'p1')?.name.zh, book.record('cost-centre', 'k')?.name.zh, book.record('portal', 'd')?.inside]).toEqual([
    '甲厂',
    '药房',
    'main',
  ])
  expect([book.record('party', 'c1'), book.item('p1')]).toEqual([null, null])
})

test('items are found by any of their words, in pages; what was given up is not offered', () => {
  const named = (id: string, zh: string, more = {}) => item(id, 1, { name: { zh, en: `Tube ${id}` }, packs: [], ...more })
  const { book } = told([named('a', '引流管'), named('b', '引流袋', { specification: 'Ｆｒ16' }), named('c', '导管', { retired: true })])
  const found = (search: string) => book.items({ search }).map((one) => one.item)
  expect([found(''), found('引流'), found('TUBE fr16'), found('导管'), found('tube 袋 x')]).toEqual([['a', 'b'], ['a', 'b'], ['b'], [], []])
  expect([book.items({ limit: 1 }), book.items({ from: 1, limit: 1 })].flat().map((one) => one.item)).toEqual(['a', 'b'])
})

test('an item the node made itself is used at once; the county confirms it or says which one it is', () => {
  const { book, hub, ledger } = told([item('a', 1, { packs: [] })])
  const body = (id: string, code: string) => ({
    ...{ is: 'item' as const, item: id, name: { zh: '新导管', en: '' }, model: '', unit: { zh: '支', en: '' }, scan: code },
    packs: [{ gtin: null, pack: '支', units: 1, codes: [{ scheme: 'local' as const, code }] }],
  })
  for (const [id, code] of [
    ['new-1', 'X1'],
    ['new-2', 'X2'],
    ['new-3', 'X3'],
  ] as const)
    ledger.book({ action: `make:${id}`, act: 'make' }, () => [draft('provisional', body(id, code))])
  expect(book.itemByCode({ scheme: 'local', code: 'X2' })).toMatchObject({ item: { item: 'new-2', version: 0 }, pack: '支', units: 1 })
  hub.write(STREAM_TO_ALL, 'master', { records: [item('new-1', 1, { name: { zh: '导管', en: '' } }), redirect('new-2', 'a')] })
  hub.tell(ledger)
  expect(book.provisionals().map((row) => [row.item, row.name.zh, row.state, row.now.item, row.now.version])).toEqual([
    ['new-3', '新导管', 'waiting', 'new-3', 0],
    ['new-2', '新导管', 'redirected', 'a', 1],
    ['new-1', '新导管', 'confirmed', 'new-1', 1],
  ])
  expect(book.itemByCode({ scheme: 'local', code: 'X2' })).toMatchObject({ item: { item: 'a' }, pack: null })
  expect(ledger.rebuild()).toEqual([])
})

test('a tag the node bound itself is confirmed by its registration, whoever made it, and by no other; else it waits or is in conflict', () => {
  const { book, hub, ledger } = told([item('a', 1, { packs: [] })])
  const bound = (at: number, lotNumber: string) => ({
    ...{ is: 'tag' as const, epc: `30AA0${at}`, item: 'a', lotNumber, expiry: null, pack: '盒', units: 20 },
  })
  for (const at of [1, 2, 3, 4]) ledger.book({ action: `bind:${at}`, act: 'bind' }, () => [draft('provisional', bound(at, `b ${at}`))])
  const registered = (at: number, lot: string) => ({
    ...{ epc: `30AA0${at}`, lot, printed: 'b', expiry: null, pack: '盒', units: 20, site: NODE },
  })
  const answer = (at: number) =>
    ({ of: `${NODE}>*/0000000000000001/1`, is: 'tag', id: `30AA0${at}`, answer: 'conflict', to: null, reason: '?' }) as const
  hub.write(streamToNode(NODE), 'tag', registered(1, 'a/B 1'))
  hub.write(streamToNode(NODE), 'tag', registered(2, 'a/OTHER'))
  for (const at of [1, 3]) hub.write(streamToNode(NODE), 'outcome', answer(at))
  hub.tell(ledger)
  expect(book.tagsMet(9).map(({ epc, lot, state }) => [epc, lot, state])).toEqual([
    ['30AA04', 'a/B 4', 'waiting'],
    ['30AA03', 'a/B 3', 'conflict'],
    ['30AA02', 'a/B 2', 'waiting'],
    ['30AA01', 'a/B 1', 'confirmed'],
  ])
  expect(book.tagsMet(1)).toHaveLength(1)
  expect(ledger.rebuild()).toEqual([])
})

test('while the text of its entry is damaged an item is not known, and nothing breaks', () => {
  const { book, db } = told([item('a', 1)])
  db.prepare(`update log set body = ?, hash = zeroblob(32) where kind = 'master'`).run('{"hole":{}}')
  expect([book.item('a'), book.items(), book.itemByCode(byBox)]).toEqual([null, [], null])
})
