import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalog, openCatalog } from './catalog.ts'
import { openCounty, type TestCounty } from './fixtures/county.ts'

let county: TestCounty
let catalog: Catalog
beforeEach(() => {
  county = openCounty()
  catalog = openCatalog(county.ledger)
})
afterEach(() => county.close())

let acts = 0
const action = () => {
  acts += 1
  return `test-action-${acts}`
}
const item = (given: Partial<HubBody<'createItem'>> = {}): HubBody<'createItem'> => ({
  action: action(),
  item: 'gauze',
  name: { zh: '纱布', en: 'Gauze' },
  model: '10x10',
  unit: { zh: '包', en: 'pack' },
  packs: [{ gtin: '06901234567892', pack: 'case', units: 50 }],
  nearDays: [30, 180, 30],
  ...given,
})
const site = (given: Partial<HubBody<'createSite'>> = {}): HubBody<'createSite'> => ({
  action: action(),
  site: 'qinglong',
  name: { zh: '青龙', en: 'Qinglong' },
  zone: 'Asia/Shanghai',
  rooms: [{ room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' }],
  ...given,
})
const tags = (...rows: readonly Partial<HubBody<'registerTags'>['tags'][number]>[]): HubBody<'registerTags'> => ({
  action: action(),
  site: 'qinglong',
  doc: 'DN-1',
  tags: rows.map((row, at) => ({
    epc: `3074257BF7194E40000${1000 + at}F`,
    item: 'gauze',
    lotNumber: 'b1',
    expiry: '2028-08-31',
    pack: 'case',
    ...row,
  })),
})
const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const entries = async () => (await county.ledger.ask.movements({ limit: 500 })) as { rows: readonly unknown[] }

describe('an item', () => {
  it('is created once, then changed from the version that was seen', async () => {
    expect(made(await catalog.createItem(item(), 'county'))).toMatchObject({ version: 1, nearDays: [180, 30] })
    expect(codeOf(await catalog.createItem(item(), 'county'))).toBe('catalog.item-exists')
    expect(made(await catalog.createItem(item({ model: 'new', knownVersion: 1 }), 'county'))).toMatchObject({ version: 2, model: 'new' })
    const stale = await catalog.createItem(item({ model: 'other', knownVersion: 1 }), 'county')
    expect(codeOf(stale)).toBe('catalog.version-stale')
    expect(isRefusal(stale) && stale.facts).toEqual({ item: 'gauze', version: 2 })
    expect(codeOf(await catalog.createItem(item({ item: 'none', packs: [], knownVersion: 1 }), 'county'))).toBe('catalog.item-unknown')
  })

  it('that would not change writes nothing', async () => {
    await catalog.createItem(item(), 'county')
    const before = await county.ledger.tips(['hub>all'])
    expect(made(await catalog.createItem(item({ knownVersion: 1 }), 'county'))).toMatchObject({ version: 1 })
    expect(await county.ledger.tips(['hub>all'])).toEqual(before)
  })

  it.each([
    ['a wrong check digit', { packs: [{ gtin: '06901234567893', pack: 'case', units: 50 }] }, 'catalog.gtin-wrong'],
    ['a GTIN of another item', { item: 'mask' }, 'catalog.gtin-taken'],
    [
      'a GTIN twice',
      {
        packs: [
          { gtin: '16901234567899', pack: 'case', units: 50 },
          { gtin: '16901234567899', pack: 'pack', units: 1 },
        ],
      },
      'catalog.gtin-taken',
    ],
    [
      'a pack twice',
      {
        packs: [
          { gtin: null, pack: 'case', units: 50 },
          { gtin: null, pack: 'case', units: 40 },
        ],
      },
      'catalog.pack-twice',
    ],
  ])('is refused with %s', async (_, wrong, code) => {
    await catalog.createItem(item(), 'county')
    expect(codeOf(await catalog.createItem(item({ item: 'other', ...wrong }), 'county'))).toBe(code)
    expect(made(await county.ledger.ask.items({})).rows).toHaveLength(1)
  })

  it('asked for twice at once is created once', async () => {
    const answers = await Promise.all([catalog.createItem(item(), 'county'), catalog.createItem(item({ model: 'b' }), 'county')])
    expect(answers.map(codeOf)).toEqual(['made', 'catalog.item-exists'])
  })

  it('asked for again by the same action answers the same, also after it has been changed', async () => {
    const first = item()
    const answer = await catalog.createItem(first, 'county')
    await catalog.createItem(item({ model: 'new', knownVersion: 1 }), 'county')
    expect(await catalog.createItem(first, 'county')).toEqual(answer)
    expect(codeOf(await catalog.createItem({ ...first, model: 'x' }, 'county'))).toBe('api.action-reused')
    expect(codeOf(await catalog.createSite(site({ action: first.action }), 'county'))).toBe('api.action-reused')
  })
})

describe('a site', () => {
  it('is created and changed as a whole, its version rising', async () => {
    await catalog.createSite(site(), 'county')
    const rooms = [{ room: 'er', name: { zh: '急诊', en: 'ER' }, use: 'department' as const }]
    expect(made(await catalog.createSite(site({ rooms }), 'county'))).toMatchObject({ rooms })
    expect((await county.ledger.ask.known({ items: [], sites: ['qinglong'], lots: [], epcs: [] })).sites).toMatchObject([{ version: 2 }])
    expect((await county.ledger.ask.sites()).rows).toMatchObject([{ site: 'qinglong', rooms }])
  })

  it('is changed under the version its maker has seen, or not at all', async () => {
    expect(codeOf(await catalog.createSite(site({ knownVersion: 1 }), 'county'))).toBe('catalog.site-unknown')
    expect(made(await catalog.createSite(site(), 'county'))).toMatchObject({ version: 1 })
    const rooms = [{ room: 'er', name: { zh: '急诊', en: 'ER' }, use: 'department' as const }]
    expect(made(await catalog.createSite(site({ rooms, knownVersion: 1 }), 'county'))).toMatchObject({ version: 2 })
    const late = await catalog.createSite(site({ rooms: [], knownVersion: 1 }), 'county')
    expect(isRefusal(late) && [late.code, late.facts['version']]).toEqual(['catalog.version-stale', 2])
    expect((await county.ledger.ask.sites()).rows).toMatchObject([{ version: 2, rooms }])
  })

  it.each([
    ['site', { site: 'hub' }],
    ['site', { site: 'all' }],
    ['zone', { zone: 'Asia/Qinglong' }],
    ['rooms/1/room', { rooms: [0, 1].map(() => ({ room: 'main', name: { zh: '库', en: '' }, use: 'store' as const })) }],
  ])('is refused for its %s', async (where, wrong) => {
    const answer = await catalog.createSite(site(wrong), 'county')
    expect(isRefusal(answer) && { code: answer.code, where: answer.facts['where'] }).toEqual({ code: 'api.request-malformed', where })
  })

  it('is announced for a node that has none, and left alone when it has', async () => {
    const wish = { action: action(), node: 'baishui', name: { zh: '白水', en: 'Baishui' } }
    expect(await catalog.announceSite(wish, 'county')).toBeNull()
    expect((await county.ledger.ask.sites()).rows).toMatchObject([{ site: 'baishui', zone: 'Asia/Shanghai', rooms: [{ room: 'main' }] }])
    expect(await catalog.announceSite({ ...wish, action: action(), name: { zh: '别名', en: '' } }, 'county')).toBeNull()
    expect((await county.ledger.ask.sites()).rows).toMatchObject([{ name: wish.name }])
    expect(codeOf(await catalog.announceSite({ ...wish, action: action(), node: 'hub' }, 'county'))).toBe('api.request-malformed')
  })
})

describe('tag registrations', () => {
  beforeEach(async () => {
    await catalog.createSite(site(), 'county')
    await catalog.createItem(item(), 'county')
  })

  it('book supplier -> transit(site) and tell the site', async () => {
    const answer = made(await catalog.registerTags(tags({}, { lotNumber: ' B2 ', epc: '30aa' }), 'county'))
    expect(answer.rows.map(({ epc, lot, units, doc }) => ({ epc, lot, units, doc }))).toEqual([
      { epc: '3074257BF7194E400001000F', lot: 'gauze/B1', units: 50, doc: 'DN-1' },
      { epc: '30AA', lot: 'gauze/B2', units: 50, doc: 'DN-1' },
    ])
    expect(made(await county.ledger.ask.tags({ site: 'qinglong' })).rows.toSorted(byEpc)).toEqual([...answer.rows].sort(byEpc))
    expect(made(await county.ledger.ask.lot({ lot: 'gauze/B1' })).whereIs).toMatchObject([
      { place: 'hub/~supplier', units: -50 },
      { place: 'qinglong/~transit', units: 50 },
    ])
    expect(made(await county.ledger.ask.movements({ lot: 'gauze/B1' })).rows).toMatchObject([
      { kind: 'tag', site: 'qinglong', actor: 'county', tags: ['3074257BF7194E400001000F'] },
    ])
    expect((await county.ledger.tips(['hub>qinglong']))[0]).toMatchObject({ held: 3 })
  })

  it('take a known expiry where none is given', async () => {
    await catalog.registerTags(tags({}), 'county')
    expect(made(await catalog.registerTags(tags({ epc: '30AB', expiry: null }), 'county')).rows).toMatchObject([{ expiry: '2028-08-31' }])
  })

  it.each([
    ['catalog.site-unknown', { ...tags({}), site: 'nowhere' }],
    ['catalog.item-unknown', tags({ item: 'none' })],
    ['catalog.pack-unknown', tags({ pack: 'crate' })],
    ['catalog.expiry-malformed', tags({ expiry: '2028-02-31' })],
    ['catalog.tag-registered', tags({ epc: '30aa' }, { epc: '30AA' })],
    ['catalog.tag-registered', tags({ epc: 'e280' })],
    ['catalog.lot-expiry-differs', tags({ expiry: '2028-08-31' }, { expiry: '2028-09-30' })],
    ['catalog.lot-expiry-differs', tags({ lotNumber: 'K1', expiry: '2028-08-31' })],
    ['ledger.lot-malformed', tags({ lotNumber: 'a\u0001b' })],
    ['api.request-malformed', tags({ epc: '30AAB' })],
  ])('are refused whole with %s', async (code, wrong) => {
    await catalog.registerTags(tags({ epc: 'E280', lotNumber: 'K1', expiry: '2027-01-31' }), 'county')
    const before = await entries()
    const good = { epc: 'E2801160', item: 'gauze', lotNumber: 'GOOD', expiry: null, pack: 'case' }
    expect(codeOf(await catalog.registerTags({ ...wrong, tags: [good, ...wrong.tags] }, 'county'))).toBe(code)
    expect(await entries()).toEqual(before)
  })

  it('repeated answer the same; another list under the same action is refused', async () => {
    const first = tags({}, { epc: '30AC' })
    const answer = await catalog.registerTags(first, 'county')
    expect(await catalog.registerTags(first, 'county')).toEqual(answer)
    for (const other of [{ doc: null }, { tags: first.tags.slice(1) }, { tags: [...first.tags].reverse() }])
      expect(codeOf(await catalog.registerTags({ ...first, ...other }, 'county'))).toBe('api.action-reused')
    expect((await entries()).rows).toHaveLength(2)
  })
})

const byEpc = (one: { readonly epc: string }, other: { readonly epc: string }) => one.epc.localeCompare(other.epc)
