import { NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKinds, unitsAt } from './hub-county.ts'
import { actionOf, actsOf, CODE, codeOf, type Desk, given, openDesk } from './hub-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  desk.node.ledger.close()
  await desk.county.drop()
})

const ROOM = `${NODE}/main/available`
const EPC = '30699B587B8716400012D687'
const { tube, stockOf, isTrue } = actsOf(() => desk)

describe('the desk of what nodes met while nobody could be asked', () => {
  test('every answer reaches the node that met it, and changes no quantity', async () => {
    given(await tube('tube', { packs: [] }))
    const confirmed = desk.meet({ scan: `(01)${CODE}` })
    const redirected = desk.meet({ name: '导管', scan: '库-2' })
    const differing = desk.meet({ name: '无名' })
    const waiting = desk.meet({ name: '等着的' }, { tags: [EPC], quantity: 1 })
    await desk.carry()
    // Under the name its maker gave it, as long as the county has none.
    expect(await stockOf({ item: confirmed })).toEqual([[`${confirmed}/N1`, confirmed, '新导管', 40]])
    const before = (await stockOf({})).map(([lot, , , units]) => [lot, units])
    const standing = desk.node.ledger.read.positions()

    const answer = await desk.decide({ id: confirmed, fields: { name: { zh: '导尿管', en: 'Catheter' }, nearDays: [60] } })
    expect(answer).toMatchObject({ state: 'confirmed', to: null })
    expect(await desk.decide({ id: redirected, answer: 'redirect', to: 'tube', reason: '同一种' })).toMatchObject({
      state: 'redirected',
      to: 'tube',
    })
    expect(await desk.decide({ id: differing, answer: 'conflict', reason: '标签看不清' })).toMatchObject({ state: 'conflict' })
    expect(await openKinds(desk.ledger)).toEqual(['provisional-conflict'])
    await desk.carry()

    expect(desk.shown().toReversed()).toEqual([
      [confirmed, 'confirmed', confirmed, '导尿管'],
      [redirected, 'redirected', 'tube', '一次性导管'],
      [differing, 'conflict', differing, '无名'],
      [waiting, 'waiting', waiting, '等着的'],
    ])
    expect(desk.node.ledger.read.positions()).toEqual(standing)
    expect((await stockOf({})).map(([lot, , , units]) => [lot, units])).toEqual(before)
    const rows = await desk.rows()
    expect(rows.map(({ met, state }) => `${met.is} ${state}`).toSorted()).toEqual([
      ...['item confirmed', 'item conflict', 'item open', 'item redirected', 'tag open'],
    ])
    expect(rows.slice(0, 2).map(({ state, settled }) => [state, settled])).toEqual([
      ['open', null],
      ['open', null],
    ])
    expect(rows.find(({ state }) => state === 'redirected')?.settled).toMatchObject({
      to: 'tube',
      reason: '同一种',
      actor: 'county',
    })
    await isTrue()
  })

  test('a tag is confirmed by a registration that moves nothing', async () => {
    given(await tube('tube'))
    await desk.carry()
    const box = { item: 'tube', lotNumber: 'B1', expiry: '2027-08-31', room: 'main', quantity: 1, pack: '盒', accept: true, tags: [EPC] }
    given(desk.stockroom.receive({ action: actionOf(), ...box }, 'keeper-1'))
    await desk.carry()
    const before = [await unitsAt(desk.ledger, 'tube/B1', ROOM), desk.node.ledger.read.tag(EPC)]
    expect(codeOf(await desk.decide({ id: EPC, answer: 'redirect', to: 'tube' }))).toBe('catalog.provisional-tag')
    expect(await desk.decide({ id: EPC })).toMatchObject({ state: 'confirmed' })
    await desk.carry()
    expect([await unitsAt(desk.ledger, 'tube/B1', ROOM), desk.node.ledger.read.tag(EPC)]).toEqual(before)
    expect(await unitsAt(desk.ledger, 'tube/B1', `${NODE}/~transit`)).toBe(0)
    expect(given(await desk.ledger.ask.tags({ lot: 'tube/B1' })).rows).toMatchObject([{ epc: EPC, units: 20, site: NODE }])
    expect(await desk.ledger.ask.tag({ epc: EPC })).toMatchObject({ place: ROOM })
    expect(desk.node.ledger.read.tagsMet(1)).toEqual([{ epc: EPC, lot: 'tube/B1', state: 'confirmed' }])
    await isTrue()
  })

  test('the same act again says the same; another one is refused', async () => {
    given(await tube('tube', { packs: [] }))
    const id = desk.meet()
    await desk.carry()
    const [row] = await desk.rows()
    const wish = { action: 'decide-0001', entry: row?.entry ?? '', answer: 'confirm' as const, fields: { model: 'Fr16' } }
    const first = given(await desk.catalog.decideProvisional(wish, 'county'))
    expect(await desk.catalog.decideProvisional(wish, 'county')).toEqual(first)
    expect(codeOf(await desk.catalog.decideProvisional({ ...wish, fields: { model: 'Fr18' } }, 'county'))).toBe('api.action-reused')
    for (const answer of ['confirm', 'redirect', 'conflict'] as const)
      expect(codeOf(await desk.decide({ id, answer, ...(answer === 'redirect' ? { to: 'tube' } : { reason: '再答' }) }))).toBe(
        'catalog.provisional-settled',
      )
    expect(given(await desk.ledger.ask.item({ item: id }))).toMatchObject({ record: { model: 'Fr16', version: 1 }, latest: 1 })
    expect(codeOf(await desk.decide({ id: `${NODE}>*/0000000000000001/1` }))).toBe('catalog.provisional-unknown')
  })

  test('what would change the meaning of a quantity is refused, and stays open', async () => {
    given(await tube('piece', { unit: { zh: '根', en: '' }, packs: [] }))
    given(await tube('ten', { packs: [{ pack: '盒', units: 10, gtin: CODE }] }))
    given(await tube('old', { packs: [], retired: true }))
    given(await tube('gone', { packs: [] }))
    given(await tube('kept', { packs: [] }))
    given(await desk.catalog.mergeRecords({ action: actionOf(), of: 'item', id: 'gone', to: 'kept' }, 'county'))
    const id = desk.meet({ scan: `(01)${CODE}` })
    await desk.carry()
    const refused = async (wish: Partial<HubBody<'decideProvisional'>>) => codeOf(await desk.decide({ id, ...wish }))
    const to = (item: string) => ({ answer: 'redirect' as const, to: item })
    expect(await refused(to('piece'))).toBe('catalog.merge-unit-differs')
    expect(await refused(to('ten'))).toBe('catalog.merge-pack-differs')
    expect(await refused(to('old'))).toBe('catalog.record-retired')
    expect(await refused(to('gone'))).toBe('catalog.record-merged')
    expect(await refused(to('nobody'))).toBe('catalog.record-unknown')
    expect(await refused(to(id))).toBe('catalog.record-unknown')
    expect(await refused({})).toBe('catalog.gtin-taken')
    expect(await refused({ fields: { unit: { zh: '盒', en: '' }, packs: [] } })).toBe('catalog.merge-unit-differs')
    expect(await refused({ fields: { certificate: 'none', packs: [] } })).toBe('catalog.record-unknown')
    expect(await refused({ answer: 'redirect' })).toBe('api.request-malformed')
    expect(await refused({ to: 'kept' })).toBe('api.request-malformed')
    expect(await refused({ answer: 'conflict' })).toBe('api.request-malformed')
    expect(await refused({ answer: 'conflict', reason: '!', fields: {} })).toBe('api.request-malformed')
    expect(await desk.rows()).toMatchObject([{ state: 'open' }])
  })

  test('a conflict ends when the county makes its record after all; a redirect can be taken back and answered anew', async () => {
    given(await tube('tube', { packs: [] }))
    const differing = desk.meet()
    const wrong = desk.meet({ name: '弯管' })
    await desk.carry()
    given(await desk.decide({ id: differing, answer: 'conflict', reason: '单位不明' }))
    given(await desk.decide({ id: wrong, answer: 'redirect', to: 'tube' }))
    given(await tube(differing, { packs: [] }))
    given(await desk.catalog.mergeRecords({ action: actionOf(), of: 'item', id: wrong, to: null }, 'county'))
    await desk.carry()
    expect(await openKinds(desk.ledger)).toEqual([])
    expect(desk.shown().map(([, state]) => state)).toEqual(['waiting', 'confirmed'])
    given(await desk.decide({ id: wrong, answer: 'redirect', to: 'tube' }))
    await desk.carry()
    expect(desk.shown().map(([, state]) => state)).toEqual(['redirected', 'confirmed'])
    await isTrue()
  })

  test('a tag of what is not known, or of what the county knows otherwise, waits', async () => {
    desk.meet({}, { tags: [EPC], quantity: 1 })
    await desk.carry()
    expect(codeOf(await desk.decide({ id: EPC }))).toBe('catalog.item-unknown')
    given(await tube('tube'))
    const tags = [{ epc: EPC, item: 'tube', lotNumber: 'B1', expiry: null, pack: '盒' }]
    given(await desk.catalog.registerTags({ action: actionOf(), site: NODE, doc: null, tags }, 'county'))
    expect(codeOf(await desk.decide({ id: EPC }))).toBe('catalog.tag-registered')
    expect(await desk.decide({ id: EPC, answer: 'conflict', reason: '登记的是另一批' })).toMatchObject({ state: 'conflict' })
    expect(await openKinds(desk.ledger)).toEqual(['provisional-conflict'])
    await desk.carry()
    expect(desk.node.ledger.read.tagsMet(1).map(({ state }) => state)).toEqual(['conflict'])
  })

  test('what it may really be is told by its code, else by its name with how alike they are', async () => {
    given(await tube('tube', { name: { zh: '一次性使用导尿管', en: '' }, packs: [] }))
    given(await tube('glove', { name: { zh: '手套', en: '' }, packs: [] }))
    desk.meet({ name: '使用导尿管', scan: `(01)${CODE}` })
    await desk.carry()
    const suggested = async () => (await desk.rows())[0]?.suggestions.map(({ is, id, why, score }) => [is, id, why, score])
    expect(await suggested()).toEqual([['item', 'tube', 'name', 72]])
    given(await tube('coded', { name: { zh: '别名', en: '' } }))
    given(await tube('kept', { name: { zh: '正名', en: '' }, packs: [] }))
    expect(await suggested()).toEqual([['item', 'coded', 'code', 100]])
    given(await desk.catalog.mergeRecords({ action: actionOf(), of: 'item', id: 'coded', to: 'kept' }, 'county'))
    expect(await suggested()).toEqual([['item', 'kept', 'code', 100]])
  })

  test('pages tell the open ones first', async () => {
    const ids = [desk.meet(), desk.meet(), desk.meet()]
    await desk.carry()
    given(await desk.decide({ id: ids[2] ?? '' }))
    const first = given(await desk.ledger.ask.provisionals({ limit: 2 }))
    expect([first.rows.map(({ state }) => state), first.open]).toEqual([['open', 'open'], 2])
    const rest = given(await desk.ledger.ask.provisionals({ limit: 2, cursor: first.next ?? '' }))
    expect([rest.rows.map(({ met }) => met.item), rest.next]).toEqual([[ids[2]], null])
    expect(given(await desk.ledger.ask.provisionals({ state: 'confirmed' })).rows.map(({ met }) => met.item)).toEqual([ids[2]])
    expect(codeOf(await desk.ledger.ask.provisionals({ cursor: 'x' }))).toBe('api.request-malformed')
  })

  test('a page is narrowed by site, kind and entry, with how many stand how; each row says what it is by now', async () => {
    given(await tube('tube', { packs: [] }))
    const id = desk.meet({ name: '弯管' }, { tags: [EPC], quantity: 1 })
    const other = desk.meet({ name: '无名' })
    await desk.carry()
    const page = async (query: Parameters<Desk['ledger']['ask']['provisionals']>[0]) => given(await desk.ledger.ask.provisionals(query))
    const now = async () =>
      (await page({})).rows
        .map(({ met, now: { item, name, known } }) => [met.is, item, name.zh, known])
        .toSorted((a, b) => (`${a}` < `${b}` ? -1 : 1))
    expect(await now()).toEqual([
      ['item', id, '弯管', false],
      ['item', other, '无名', false],
      ['tag', id, '弯管', false],
    ])
    given(await desk.decide({ id, answer: 'redirect', to: 'tube' }))
    expect((await now()).filter(([, item]) => item === 'tube')).toEqual([
      ['item', 'tube', '一次性导管', true],
      ['tag', 'tube', '一次性导管', true],
    ])
    expect((await page({ limit: 1 })).counts).toEqual({ open: 2, confirmed: 0, redirected: 1, conflict: 0 })
    expect(await page({ kind: 'tag' })).toMatchObject({ rows: [{ met: { epc: EPC } }], counts: { open: 1, redirected: 0 }, open: 2 })
    expect(await page({ site: 'elsewhere' })).toMatchObject({ rows: [], counts: { open: 0, redirected: 0 }, open: 2 })
    expect((await page({ site: NODE, kind: 'item' })).rows).toHaveLength(2)
    const [first] = (await page({ state: 'redirected' })).rows
    expect((await page({ entry: first?.entry ?? '' })).rows).toEqual([first])
  })

  test('what the county calls a thing since, retires, merges, or calls so from today on, is suggested as it stands now', async () => {
    given(await tube('tube', { name: { zh: '纱布', en: '' }, packs: [] }))
    desk.meet({ name: '一次性导尿管' })
    await desk.carry()
    const suggested = async () => (await desk.rows())[0]?.suggestions.map(({ id, score }) => `${id} ${score}`)
    expect(await suggested()).toEqual([])
    given(await tube('tube', { name: { zh: '一次性导尿管', en: '' }, packs: [], knownVersion: 1 }))
    given(await tube('other', { name: { zh: '导尿管', en: '' }, packs: [] }))
    expect(await suggested()).toEqual(['tube 100', 'other 57'])
    given(await desk.catalog.mergeRecords({ action: actionOf(), of: 'item', id: 'tube', to: 'other' }, 'county'))
    expect(await suggested()).toEqual(['other 57'])
    given(await desk.catalog.mergeRecords({ action: actionOf(), of: 'item', id: 'tube', to: null }, 'county'))
    given(await tube('other', { name: { zh: '导尿管', en: '' }, packs: [], retired: true, knownVersion: 1 }))
    given(await tube('tube', { name: { zh: '手套', en: '' }, packs: [], from: '2099-01-01', knownVersion: 2 }))
    expect(await suggested()).toEqual(['tube 100'])
  })
})

describe('what a merge changes about questions', () => {
  test('stock is found under the kept item, by either name; movements keep the name they were signed with', async () => {
    given(await tube('tube', { packs: [] }))
    const id = desk.meet({ name: '新弯管' })
    given(
      desk.stockroom.receive(
        { action: actionOf(), item: id, lotNumber: 'N2', expiry: null, room: 'main', quantity: 1, pack: '盒', accept: true },
        null,
      ),
    )
    await desk.carry()
    expect((await stockOf({ search: '弯管' })).length).toBe(2)
    given(await desk.decide({ id, answer: 'redirect', to: 'tube' }))
    const kept = [
      [`${id}/N1`, 'tube', '一次性导管', 40],
      [`${id}/N2`, 'tube', '一次性导管', 20],
    ]
    for (const query of [{ item: 'tube' }, { item: id }, { search: '一次性导管' }, { search: '新弯管' }, { site: NODE, item: 'tube' }])
      expect(await stockOf(query)).toEqual(kept)
    for (const query of [{ item: 'tube' }, { item: id }, { site: NODE, item: 'tube' }])
      expect(given(await desk.ledger.ask.movements(query)).rows.map(({ item, itemName }) => [item, itemName.zh])).toEqual(
        Array.from({ length: 4 }, () => [id, '新弯管']),
      )
    const then = given(await desk.ledger.ask.stockAsOf({ date: '2099-01-01', by: 'true', item: 'tube' }))
    expect(then.rows.map(({ lot, units }) => [lot, units])).toEqual([
      [`${id}/N1`, 40],
      [`${id}/N2`, 20],
    ])
    expect(await desk.ledger.ask.lots({ number: 'n', limit: 1 })).toEqual([
      { lot: `${id}/N1`, lotNumber: 'N1', itemName: { zh: '新弯管', en: '' }, expiry: '2027-08-31' },
    ])
  })
})
