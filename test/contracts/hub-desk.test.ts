import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKinds, unitsAt } from './hub-county.ts'
import { actionOf, type Desk, given, openDesk } from './hub-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  desk.node.ledger.close()
  await desk.county.drop()
})

const ROOM = `${NODE}/main/available`
const CODE = '06901234567892'
const EPC = '30699B587B8716400012D687'
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const tube = (item: string, more: Partial<HubBody<'createItem'>> = {}) =>
  desk.catalog.createItem(
    {
      ...{ action: actionOf(), item, name: { zh: '一次性导管', en: 'Tube' }, model: '', unit: { zh: '支', en: 'piece' }, nearDays: [90] },
      ...{ packs: [{ pack: '盒', units: 20, gtin: CODE }] },
      ...more,
    },
    'county',
  )
const stockOf = async (query: HubStock) =>
  given(await desk.ledger.ask.stock(query)).rows.map(({ lot, item, itemName, units }) => [lot, item, itemName.zh, units])
type HubStock = Parameters<Desk['ledger']['ask']['stock']>[0]
const isTrue = async () => {
  const told = { rows: await desk.rows(), stock: await desk.ledger.ask.stock({}), movements: await desk.ledger.ask.movements({}) }
  expect(await desk.ledger.audit()).toEqual([])
  await desk.ledger.rebuild()
  expect({ rows: await desk.rows(), stock: await desk.ledger.ask.stock({}), movements: await desk.ledger.ask.movements({}) }).toEqual(told)
  expect(desk.node.ledger.rebuild()).toEqual([])
  await desk.ledger.close()
  expect(verifyFile(desk.county.file)).toMatchObject({ verdict: { findings: [] } })
}

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

  describe('a lot whose number was written by hand', () => {
    const receive = (lotNumber: string, quantity = 1) => {
      const box = { item: 'tube', lotNumber, expiry: '2027-08-31', room: 'main', quantity, pack: '盒', accept: true }
      return given(desk.stockroom.receive({ action: actionOf(), ...box }, 'keeper-1'))
    }
    const lotView = async (lot: string) => {
      const { now, metAs } = given(await desk.ledger.ask.lot({ lot }))
      return [now, metAs]
    }
    const seqOf = (entry: string) => Number(entry.split('/')[2])
    const here = () => desk.node.ledger.read.lotsMet(9).map(({ lot, state, now }) => [lot, state, now])
    beforeEach(async () => {
      given(await tube('tube'))
      await desk.carry()
    })

    test('is redirected to the right one: both are found from each other, no quantity changes, and it may be answered anew', async () => {
      for (const lotNumber of ['B2611', '82611', 'X9']) receive(lotNumber)
      await desk.carry()
      const rows = (await desk.rows()).toSorted((one, other) => seqOf(one.entry) - seqOf(other.entry))
      expect(rows.map(({ met, state, now }) => [met.is === 'lot' && met.lotNumber, state, now.lot])).toEqual([
        ['B2611', 'open', 'tube/B2611'],
        ['82611', 'open', 'tube/82611'],
        ['X9', 'open', 'tube/X9'],
      ])
      expect(rows.map(({ suggestions }) => suggestions.map(({ is, id, score, detail }) => [is, id, score, detail]))).toEqual([
        [['lot', 'tube/82611', 100, '2027-08-31']],
        [['lot', 'tube/B2611', 100, '2027-08-31']],
        [],
      ])
      const before = await stockOf({})
      expect(await desk.decide({ id: 'tube/82611', answer: 'redirect', to: 'tube/B2611', reason: '看错' })).toMatchObject({
        state: 'redirected',
        to: 'tube/B2611',
      })
      // Told to every node: any may hold that lot, or write it next.
      const all = expect.stringMatching(/^hub>all\//)
      expect(await desk.decide({ id: 'tube/B2611' })).toMatchObject({ state: 'confirmed', to: null, outcome: all })
      expect(await desk.decide({ id: 'tube/X9', answer: 'conflict', reason: '说明书上没有' })).toMatchObject({ state: 'conflict' })
      expect(await openKinds(desk.ledger)).toEqual(['provisional-conflict'])
      await desk.carry()
      expect(await stockOf({})).toEqual(before)
      expect(here()).toEqual([
        ['tube/X9', 'conflict', 'tube/X9'],
        ['tube/82611', 'redirected', 'tube/B2611'],
        ['tube/B2611', 'confirmed', 'tube/B2611'],
      ])
      expect([await lotView('tube/82611'), await lotView('tube/B2611')]).toEqual([
        ['tube/B2611', []],
        ['tube/B2611', ['tube/82611']],
      ])
      receive('82611', 2)
      await desk.carry()
      expect(await unitsAt(desk.ledger, 'tube/B2611', ROOM)).toBe(60)

      expect(await desk.decide({ id: 'tube/82611' })).toMatchObject({ state: 'confirmed' })
      expect(await desk.decide({ id: 'tube/X9', answer: 'redirect', to: 'tube/82611' })).toMatchObject({ state: 'redirected' })
      expect(await openKinds(desk.ledger)).toEqual([])
      await desk.carry()
      expect(here().slice(0, 2)).toEqual([
        ['tube/X9', 'redirected', 'tube/82611'],
        ['tube/82611', 'confirmed', 'tube/82611'],
      ])
      const [row] = (await desk.rows()).filter(({ met }) => met.is === 'lot' && met.lotNumber === '82611')
      expect(row).toMatchObject({ state: 'confirmed', settled: { to: null, reason: null, actor: 'county' }, now: { lot: 'tube/82611' } })
      await isTrue()
    })

    test('is answered by two at once: both are kept, under numbers of their own', async () => {
      for (const lotNumber of ['L1', 'L2']) receive(lotNumber)
      await desk.carry()
      const entry = (await desk.rows()).find(({ met }) => met.is === 'lot' && met.lotNumber === 'L1')?.entry ?? ''
      const answers = [{ answer: 'redirect', to: 'tube/L2' } as const, { answer: 'confirm' } as const]
      const told = await Promise.all(answers.map((one) => desk.catalog.decideProvisional({ action: actionOf(), entry, ...one }, 'county')))
      expect(told.map((one) => given(one).state)).toEqual(['redirected', 'confirmed'])
      await desk.carry()
      expect(here().at(-1)).toEqual(['tube/L1', 'confirmed', 'tube/L1'])
      await isTrue()
    })

    test('is refused what names no other lot of that item, and the answer it has', async () => {
      given(await tube('other', { packs: [] }))
      for (const lotNumber of ['L1', 'L2', 'L3']) receive(lotNumber)
      await desk.carry()
      given(
        desk.stockroom.receive(
          { action: actionOf(), item: 'other', lotNumber: 'L1', expiry: null, room: 'main', quantity: 1, pack: '支' },
          null,
        ),
      )
      await desk.carry()
      const to = async (id: string, lot?: string) => codeOf(await desk.decide({ id, answer: 'redirect', ...(lot ? { to: lot } : {}) }))
      expect(await to('tube/L1', 'tube/none')).toBe('catalog.lot-unknown')
      expect(await to('tube/L1', 'other/L1')).toBe('catalog.lot-unknown')
      expect(await to('tube/L1', 'tube')).toBe('catalog.lot-unknown')
      expect(await to('tube/L1', 'tube/L1')).toBe('api.request-malformed')
      expect(await to('tube/L1')).toBe('api.request-malformed')
      expect(codeOf(await desk.decide({ id: 'tube/L1', fields: { model: 'x' } }))).toBe('api.request-malformed')
      expect(codeOf(await desk.decide({ id: 'tube/L1', answer: 'conflict' }))).toBe('api.request-malformed')
      expect(await to('tube/L1', 'tube/L2')).toBe('made')
      expect(await to('tube/L1', 'tube/L2')).toBe('catalog.provisional-settled')
      // Neither each other, nor by a third one.
      expect(await to('tube/L2', 'tube/L1')).toBe('catalog.record-merged')
      expect(await to('tube/L3', 'tube/L1')).toBe('catalog.record-merged')
      expect(await to('tube/L2', 'tube/L3')).toBe('made')
      expect([await lotView('tube/L1'), await lotView('tube/L3')]).toEqual([
        ['tube/L3', []],
        ['tube/L3', ['tube/L1', 'tube/L2']],
      ])
      await isTrue()
    })
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
