import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { openImports } from '@lotkeeper/hub/imports/imports.ts'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { line, openKinds, parcelOf, taken, unitsAt } from './hub-county.ts'
import { actionOf, type Desk, given, openDesk } from './hub-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
  const item = { item: 'gauze', name: { zh: '纱布', en: '' }, model: '', unit: { zh: '包', en: '' }, packs: [], nearDays: [] }
  given(await desk.catalog.createItem({ action: actionOf(), ...item }, 'county'))
})
afterEach(async () => {
  desk.node.ledger.close()
  await desk.county.drop()
})

const SHELF = `${NODE}/main/available`
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const wish = (given: Partial<HubBody<'tellOpening'>> = {}, lots = 2): HubBody<'tellOpening'> => ({
  ...{ action: actionOf(), site: NODE, doc: 'OLD-1', counted: '2026-11-20' },
  lines: Array.from({ length: lots }, (_, at) => ({ lot: `gauze/B${at}`, expiry: '2027-08-31', place: SHELF, units: 10 + at })),
  ...given,
})
const tell = async (body = wish()) => given(await desk.catalog.tellOpening(body, 'county'))
const states = async () =>
  given(await desk.ledger.ask.openings({})).rows.map(({ state, taken, parts, answered, withdrawn }) => [
    ...[state, taken, parts, answered?.reason ?? null, withdrawn?.reason ?? null],
  ])
const task = () => desk.node.ledger.read.openTasks()[0]?.task ?? ''
const settle = (more: object = {}) => desk.stockroom.settle({ action: actionOf(), task: task(), answer: 'take', ...more }, 'keeper-1')
const reverse = (entry: string) => given(desk.stockroom.reverse({ action: actionOf(), entry, reason: '多了' }, 'keeper-1'))
const withdraw = (act: string, reason = '导错了') => desk.catalog.withdrawOpening({ action: actionOf(), act, reason }, 'county')
const isTrue = async () => {
  const told = await desk.ledger.ask.openings({})
  expect(await desk.ledger.audit()).toEqual([])
  await desk.ledger.rebuild()
  expect(await desk.ledger.ask.openings({})).toEqual(told)
  expect(desk.node.ledger.rebuild()).toEqual([])
  await desk.ledger.close()
  expect(verifyFile(desk.county.file)).toMatchObject({ verdict: { findings: [] } })
}

test('what is told is taken over there, and the county sees it; only the keeper can undo it', async () => {
  const { act } = await tell(wish({}, 90))
  await desk.carry()
  const told = (await states())[0]
  expect(told?.[0]).toBe('open')
  const { entries } = given(settle())
  await desk.carry()
  expect(await states()).toEqual([['taken', entries.length, entries.length, null, null]])
  expect(await unitsAt(desk.ledger, 'gauze/B7', SHELF)).toBe(17)
  expect(given(await desk.ledger.ask.stock({ lot: 'gauze/B7' })).rows).toMatchObject([{ expiry: '2027-08-31' }])
  expect(await withdraw(act)).toMatchObject({ code: 'catalog.opening-taken', facts: { site: NODE, doc: 'OLD-1' } })
  const page = given(await desk.ledger.ask.openingLines({ act, limit: 60 }))
  expect([page.rows.length, page.rows[0]]).toMatchObject([60, { taken: true, lotNumber: 'B0', units: 10 }])
  expect(given(await desk.ledger.ask.openingLines({ act, limit: 60, cursor: page.next ?? '' })).rows).toHaveLength(30)

  for (const entry of entries) reverse(entry)
  await desk.carry()
  expect((await states())[0]?.[0]).toBe('open')
  given(await withdraw(act))
  await desk.carry()
  expect([await states(), desk.node.ledger.read.openTasks()]).toEqual([[['withdrawn', 0, entries.length, null, '导错了']], []])
  await isTrue()
})

test('what is refused may be told anew under the same number, what waits or stands may not', async () => {
  const body = wish()
  const first = await tell(body)
  expect(await tell(body)).toEqual(first)
  expect(codeOf(await desk.catalog.tellOpening({ ...body, doc: 'OLD-2' }, 'county'))).toBe('api.action-reused')
  expect(codeOf(await desk.catalog.tellOpening(wish(), 'county'))).toBe('catalog.opening-known')
  await desk.carry()
  given(settle({ answer: 'none', reason: '不是我站的' }))
  await desk.carry()
  expect(await states()).toEqual([['refused', 0, 1, '不是我站的', null]])
  await tell(wish())
  await desk.carry()
  given(settle())
  await desk.carry()
  expect((await states()).map(([state]) => state).toSorted()).toEqual(['refused', 'taken'])
  expect(codeOf(await desk.catalog.tellOpening(wish(), 'county'))).toBe('catalog.opening-known')
  await isTrue()
})

test('a word that came too late is named, until the keeper reverses what he took over', async () => {
  const { act } = await tell()
  await desk.carry()
  const { entries } = given(settle())
  given(await withdraw(act))
  await desk.carry()
  expect(await openKinds(desk.ledger)).toEqual(['opening-late'])
  expect((await states())[0]?.[0]).toBe('taken')
  reverse(entries[0] ?? '')
  await desk.carry()
  expect([await openKinds(desk.ledger), (await states())[0]?.[0]]).toEqual([[], 'withdrawn'])
  await isTrue()
})

test('what stands twice after all is named, until one of the two is reversed', async () => {
  const { act } = await tell()
  await desk.carry()
  given(settle())
  await desk.carry()
  await desk.ledger.keepCertificate(NODE, desk.county.certificateOf(NODE, 2))
  const card = desk.county.writer(NODE)
  const opening = given(await desk.ledger.ask.openings({})).rows[0]?.told.entry ?? ''
  const lots = [{ lot: 'gauze/B0', printed: 'B0', expiry: '2027-08-31', produced: null }]
  const moved = line('gauze/B0', `${NODE}/~supplier`, SHELF, 10)
  card.add({ kind: 'take-over', action: 'again', lines: [moved], body: { is: 'taken', act, part: 0, opening, lots } })
  await taken(desk.ledger, parcelOf(NODE, card, 1))
  expect(await openKinds(desk.ledger)).toEqual(['opening-twice'])
  const reverses = { entry: `${NODE}>*/${card.tip().epoch}/2`, lines: [0] }
  card.add({ kind: 'reverse', action: 'back', lines: [{ ...moved, from: SHELF, to: `${NODE}/~supplier` }], reverses, body: {} })
  await taken(desk.ledger, parcelOf(NODE, card, 3))
  expect([await openKinds(desk.ledger), (await states())[0]?.[0]]).toEqual([[], 'taken'])
  await isTrue()
})

test('a batch is withdrawn as far as nobody booked it, and a table warns of what stands', async () => {
  const imports = openTables()
  const upload = async (table: string) => {
    const { import: id } = given(await imports.receive(once(table), { kind: 'openings', name: 'old' }, 'county'))
    await imports.settled()
    return id
  }
  const rows = (...of: readonly string[]) => `站点,品种编号,批号,有效期至,数量,单据号\n${of.join('\n')}\n`
  const id = await upload(rows(`${NODE},gauze,B1,2027-08-31,10,OLD-1`, `${NODE},gauze,B2,2027-08-31,20,OLD-2`))
  given(imports.commit({ action: actionOf(), import: id }))
  await imports.settled()
  await desk.carry()
  const taken = desk.node.ledger.read.openTasks().find(({ opening }) => opening?.doc === 'OLD-1')
  const { entries } = given(settle({ task: taken?.task }))
  await desk.carry()
  const undo = async () => {
    const begun = await imports.undo({ action: actionOf(), import: id })
    await imports.settled()
    return isRefusal(begun) ? begun : given(imports.show({ import: id }))
  }
  expect(await undo()).toMatchObject({ state: 'done', written: 1, why: { code: 'imports.openings-left' } })
  expect((await states()).map(([state]) => state).toSorted()).toEqual(['taken', 'withdrawn'])
  expect(await undo()).toMatchObject({ code: 'imports.openings-left', facts: { documents: 1 } })

  const again = await upload(rows(`${NODE},gauze,B1,2027-08-31,5,OLD-3`))
  expect(given(imports.rows({ import: again })).rows).toMatchObject([
    { outcome: 'new', warnings: [{ code: 'imports.opening-standing' }], changes: expect.arrayContaining([QUANTITY]) },
  ])
  reverse(entries[0] ?? '')
  await desk.carry()
  expect(await undo()).toMatchObject({ state: 'undone', written: 0 })
  await imports.close()
  await isTrue()
})
const QUANTITY = { column: 'quantity', before: '10 包', after: '15 包' }

const openTables = () => {
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
  const note = (error: unknown) => expect(error).toBe(null)
  const { ledger, catalog } = desk
  return openImports({ file: `${desk.county.file}.imports`, ledger, catalog, now: Date.now, timers: { after }, note })
}
const once = async function* (text: string): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(text)
}

test('goes nowhere that the county does not know', async () => {
  const line = { lot: 'gauze/B1', expiry: '2027-08-31', place: SHELF, units: 1 }
  const wrong = async (more: Partial<HubBody<'tellOpening'>>) => codeOf(await desk.catalog.tellOpening(wish(more), 'county'))
  expect(await wrong({ site: 'nowhere' })).toBe('catalog.site-unknown')
  expect(await wrong({ counted: '2026-02-30' })).toBe('api.request-malformed')
  expect(await wrong({ lines: [{ ...line, place: 'baihe/main/available' }] })).toBe('api.request-malformed')
  expect(await wrong({ lines: [{ ...line, place: `${NODE}/attic/available` }] })).toBe('catalog.room-unknown')
  expect(await wrong({ lines: [{ ...line, lot: 'gauze/b1' }] })).toBe('ledger.lot-malformed')
  expect(await wrong({ lines: [{ ...line, lot: 'tube/B1' }] })).toBe('catalog.item-unknown')
  expect(await wrong({ lines: [{ ...line, supplier: 'nobody' }] })).toBe('catalog.record-unknown')
  expect(await wrong({ lines: [line, { ...line, expiry: '2027-09-30' }] })).toBe('catalog.lot-expiry-differs')
  expect(codeOf(await withdraw('nothing-told'))).toBe('catalog.opening-unknown')
  expect(await states()).toEqual([])
})
