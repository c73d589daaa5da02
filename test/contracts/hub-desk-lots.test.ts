import { NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKinds, unitsAt } from './hub-county.ts'
import { actionOf, actsOf, codeOf, type Desk, given, openDesk } from './hub-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  desk.node.ledger.close()
  await desk.county.drop()
})

const ROOM = `${NODE}/main/available`
const { tube, stockOf, isTrue } = actsOf(() => desk)

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
