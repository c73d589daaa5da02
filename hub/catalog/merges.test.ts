import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalog, openCatalog } from './catalog.ts'
import { openCounty, type TestCounty } from './fixtures/county.ts'

let county: TestCounty
let catalog: Catalog
let acts = 0
const action = () => {
  acts += 1
  return `merge-action-${acts}`
}
beforeEach(async () => {
  county = openCounty()
  catalog = openCatalog(county.ledger)
  for (const [id, unit] of [
    ['a', '包'],
    ['b', '包'],
    ['c', '包'],
    ['d', '片'],
  ] as const)
    made(await catalog.createItem(item(id, unit), 'county'))
})
afterEach(() => county.close())

const CODE = '06901234567892'
const item = (id: string, unit: string, given: Partial<HubBody<'createItem'>> = {}): HubBody<'createItem'> => ({
  ...{ action: action(), item: id, name: { zh: `品种${id}`, en: id }, model: '', unit: { zh: unit, en: '' }, packs: [], nearDays: [] },
  ...given,
})
const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const merge = (id: string, to: string | null, of: HubBody<'mergeRecords'>['of'] = 'item') =>
  catalog.mergeRecords({ action: action(), of, id, to }, 'county')
const listed = async () =>
  made(await county.ledger.ask.items({}))
    .rows.map(({ item: id }) => id)
    .join('')
const shown = async (id: string) => made(await county.ledger.ask.item({ item: id })).record.item

describe('a merge', () => {
  it('is followed when it is read, step by step, and taken back by its own word', async () => {
    expect(await merge('a', 'b')).toEqual({ of: 'item', id: 'a', to: 'b', version: 1 })
    made(await merge('b', 'c'))
    expect([await shown('a'), await shown('b'), await listed()]).toEqual(['c', 'c', 'cd'])
    const told = made(await county.ledger.ask.item({ item: 'a' }))
    expect(told).toMatchObject({ asked: 'a', record: { item: 'c' } })
    expect(told.merges.map(({ id, to, actor }) => `${id}>${to} ${actor}`).sort()).toEqual(['a>b county', 'b>c county'])
    expect(await merge('b', null)).toEqual({ of: 'item', id: 'b', to: null, version: 2 })
    expect([await shown('a'), await shown('b'), await listed()]).toEqual(['b', 'b', 'bcd'])
    expect(await county.ledger.audit()).toEqual([])
  })

  it('said again is nothing new, and an action stands for one of them', async () => {
    const body = { action: 'the-same-merge', of: 'item' as const, id: 'a', to: 'b' }
    const first = await catalog.mergeRecords(body, 'county')
    made(await merge('a', null))
    expect(await catalog.mergeRecords(body, 'county')).toEqual(first)
    expect(codeOf(await catalog.mergeRecords({ ...body, to: 'c' }, 'county'))).toBe('api.action-reused')
    expect(await merge('a', null)).toMatchObject({ version: 2 })
    expect(await merge('c', null)).toMatchObject({ version: 0, to: null })
  })

  it.each([
    ['with itself', () => merge('a', 'a'), 'catalog.merge-self'],
    ['of what nobody knows', () => merge('x', 'a'), 'catalog.record-unknown'],
    ['into what nobody knows', () => merge('a', 'x'), 'catalog.record-unknown'],
    ['of another kind', () => merge('a', 'b', 'party'), 'catalog.record-unknown'],
    ['of what is counted otherwise', () => merge('a', 'd'), 'catalog.merge-unit-differs'],
  ])('is refused %s', async (_what, act, code) => {
    expect(codeOf(await act())).toBe(code)
  })

  it('is refused as a loop, however long', async () => {
    made(await merge('a', 'b'))
    expect(codeOf(await merge('b', 'a'))).toBe('catalog.merge-loop')
    made(await merge('b', 'c'))
    expect(codeOf(await merge('c', 'a'))).toBe('catalog.merge-loop')
  })

  it('keeps the merged one from being changed or registered; the other may take its codes over, and then they cannot part', async () => {
    const packs = [{ gtin: CODE, pack: 'case', units: 50 }]
    made(await catalog.createItem(item('a', '包', { packs, knownVersion: 1 }), 'county'))
    made(await merge('a', 'b'))
    expect(codeOf(await catalog.createItem(item('a', '包', { model: 'x', knownVersion: 2 }), 'county'))).toBe('catalog.record-merged')
    const site = { action: action(), site: 'qinglong', name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms: [] }
    made(await catalog.createSite(site, 'county'))
    const tags = [{ epc: '30AA', item: 'a', lotNumber: 'B1', expiry: null, pack: 'case' }]
    expect(codeOf(await catalog.registerTags({ action: action(), site: 'qinglong', doc: null, tags }, 'county'))).toBe(
      'catalog.record-merged',
    )

    const other = [{ gtin: CODE, pack: 'case', units: 40 }]
    expect(codeOf(await catalog.createItem(item('b', '包', { packs: other, knownVersion: 1 }), 'county'))).toBe('catalog.gtin-taken')
    expect(codeOf(await catalog.createItem(item('c', '包', { packs, knownVersion: 1 }), 'county'))).toBe('catalog.gtin-taken')
    made(await catalog.createItem(item('b', '包', { packs, knownVersion: 1 }), 'county'))
    expect(codeOf(await merge('a', null))).toBe('catalog.gtin-taken')
    expect(codeOf(await merge('a', 'c'))).toBe('catalog.gtin-taken')
    made(await catalog.createItem(item('b', '包', { knownVersion: 2 }), 'county'))
    made(await merge('a', null))
  })

  it('of parties and certificates is followed from what names them', async () => {
    const party = { name: { zh: '厂', en: '' }, roles: ['manufacturer' as const], licences: [] }
    for (const id of ['m1', 'm2']) made(await catalog.saveParty({ action: action(), id, ...party }, 'county'))
    made(await catalog.createItem(item('a', '包', { manufacturer: 'm1', knownVersion: 1 }), 'county'))
    made(await merge('m1', 'm2', 'party'))
    expect(await county.ledger.ask.item({ item: 'a' })).toMatchObject({
      record: { manufacturer: 'm1' },
      manufacturer: { record: { id: 'm2' } },
    })
    expect(made(await county.ledger.ask.parties({})).rows.map(({ id }) => id)).toEqual(['m2'])
  })
})

it('two items that had one code before, with other units in it, are not merged', async () => {
  // Two hubs of one county once told both: the log keeps what it was told.
  const body = (id: string, units: number) => ({
    records: [
      {
        ...{ is: 'item' as const, id, version: 9, name: { zh: id, en: '' }, model: '', unit: { zh: '包', en: '' }, nearDays: [] },
        packs: [{ gtin: CODE, pack: 'case', units }],
      },
    ],
  })
  for (const [id, units] of [
    ['a', 50],
    ['b', 40],
  ] as const)
    await county.ledger.write([
      { stream: 'hub>all', kind: 'master', action: action(), part: 0, actor: null, doc: null, lines: [], body: body(id, units) },
    ])
  expect(codeOf(await merge('a', 'b'))).toBe('catalog.merge-pack-differs')
})
