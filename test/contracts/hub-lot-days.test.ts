import { NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { lotExpiryRows } from '@lotkeeper/edge/stockroom/lot-expiry.ts'
import { virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { book, line, openKinds, parcelOf, taken } from './hub-county.ts'
import { actionOf, actsOf, codeOf, type Desk, given, openDesk } from './hub-desk.ts'

let desk: Desk
const LOT = 'tube/L1'
const [EARLY, LATE, THIRD] = ['2027-08-31', '2027-09-30', '2027-12-31']
const { tube, isTrue } = actsOf(() => desk)

beforeEach(async () => {
  desk = await openDesk()
  given(await tube('tube'))
  await desk.carry()
})
afterEach(async () => {
  desk.node.ledger.close()
  await desk.county.drop()
})

/** The node receives a box of the lot with this day on it. */
const receive = (expiry: string | null) =>
  given(
    desk.stockroom.receive(
      { action: actionOf(), item: 'tube', lotNumber: 'L1', expiry, room: 'main', quantity: 1, pack: '盒', accept: true, anotherBox: true },
      'keeper-1',
    ),
  )
/** Another site, which hears nothing of this one, receives a box with that day on it. */
const elsewhere = async (expiry: string) => {
  await desk.ledger.keepCertificate('baihe', desk.county.certificateOf('baihe'))
  const writer = desk.county.writer('baihe')
  const moved = line(LOT, virtualPlace('baihe', 'supplier'), 'baihe/main/available', 20)
  book(writer, 'receive', moved, { body: { lots: [{ lot: LOT, printed: 'L1', expiry, produced: null }] } })
  await taken(desk.ledger, parcelOf('baihe', writer, 1))
}
const countySays = async (expiry: string, shown: string[], reason?: string) =>
  desk.catalog.settleExpiry({ action: actionOf(), lot: LOT, expiry, shown, ...(reason ? { reason } : {}) }, 'county')
const nodeSays = (expiry: string, shown: string[], reason?: string) =>
  desk.stockroom.settleExpiry({ action: actionOf(), lot: LOT, expiry, shown, ...(reason ? { reason } : {}) }, 'keeper-1')
/** The day that rules at the county and at the node, and the days each of them asks about. */
const standing = async () => {
  const { expiry, days } = given(await desk.ledger.ask.lot({ lot: LOT }))
  const here = lotExpiryRows(desk.node.ledger.read).rows.flatMap(({ days: rows }) => rows.map((row) => row.expiry))
  return [expiry, days?.open ?? [], desk.node.ledger.read.lot(LOT)?.expiry, here]
}

describe('a lot of which two last days were told', () => {
  test('at one site: its keeper settles it, and the county closes its discrepancy', async () => {
    receive(LATE)
    receive(EARLY)
    await desk.carry()
    expect(await standing()).toEqual([EARLY, [EARLY, LATE], EARLY, [EARLY, LATE]])
    expect(await openKinds(desk.ledger)).toContain('lot-expiry')
    given(nodeSays(LATE, [EARLY, LATE], '看过标签'))
    await desk.carry()
    expect(await standing()).toEqual([LATE, [], LATE, []])
    expect(await openKinds(desk.ledger)).not.toContain('lot-expiry')
    receive(EARLY)
    receive(null)
    await desk.carry()
    expect(await standing()).toEqual([LATE, [], LATE, []])
    const { days } = given(await desk.ledger.ask.lot({ lot: LOT }))
    expect(days?.answers).toMatchObject([{ expiry: LATE, version: 1, by: NODE, actor: 'keeper-1', reason: '看过标签' }])
    await isTrue()
  })

  test('at two sites that do not hear each other: each is told, the earlier rules at both, and the county settles it for both', async () => {
    receive(LATE)
    await desk.carry()
    expect(await standing()).toEqual([LATE, [], LATE, []])
    await elsewhere(EARLY)
    await desk.carry()
    expect(await standing()).toEqual([EARLY, [EARLY, LATE], EARLY, [EARLY, LATE]])
    expect(codeOf(await countySays(LATE, [EARLY, LATE]))).toBe('rules.reason-missing')
    expect(codeOf(await countySays(LATE, [LATE], '厂家来函'))).toBe('rules.lot-expiry-moved')
    expect(codeOf(await countySays('2027-02-30', [EARLY, LATE]))).toBe('catalog.expiry-malformed')
    const wish = { action: actionOf(), lot: LOT, expiry: LATE, shown: [EARLY, LATE], reason: '厂家来函' }
    const said = given(await desk.catalog.settleExpiry(wish, 'county'))
    expect(said).toMatchObject({ lot: LOT, expiry: LATE, version: 1, entry: expect.stringMatching(/^hub>all\//) })
    expect(await desk.catalog.settleExpiry(wish, 'county')).toEqual(said)
    expect(codeOf(await desk.catalog.settleExpiry({ ...wish, expiry: EARLY }, 'county'))).toBe('api.action-reused')
    await desk.carry()
    expect(await standing()).toEqual([LATE, [], LATE, []])
    expect(lotExpiryRows(desk.node.ledger.read).answered).toMatchObject([{ lot: LOT, expiry: LATE, by: 'county', reason: '厂家来函' }])
    expect(await openKinds(desk.ledger)).not.toContain('lot-expiry')
    await isTrue()
  })

  test('answered by two at once: both stand, the earlier rules until somebody answers again', async () => {
    receive(LATE)
    receive(EARLY)
    await desk.carry()
    given(nodeSays(LATE, [EARLY, LATE], '看过标签'))
    given(await countySays(EARLY, [EARLY, LATE]))
    await desk.carry()
    await desk.carry()
    expect(await standing()).toEqual([EARLY, [EARLY, LATE], EARLY, [EARLY, LATE]])
    given(await countySays(LATE, [EARLY, LATE], '照片为证'))
    await desk.carry()
    expect(await standing()).toEqual([LATE, [], LATE, []])
    const { days } = given(await desk.ledger.ask.lot({ lot: LOT }))
    expect(days?.answers.map(({ version, expiry, by }) => [version, expiry, by])).toEqual([
      [2, LATE, 'hub'],
      [1, EARLY, 'hub'],
      [1, LATE, NODE],
    ])
    await isTrue()
  })

  test('a third day told after the answer asks again, and each set of days is told to the nodes once', async () => {
    receive(LATE)
    receive(EARLY)
    given(nodeSays(LATE, [EARLY, LATE], '看过标签'))
    await desk.carry()
    await elsewhere(THIRD)
    await desk.carry()
    expect(await standing()).toEqual([LATE, [LATE, THIRD], LATE, [LATE, THIRD]])
    const told = async () => (await desk.ledger.tips(['hub>all']))[0]?.held
    const before = await told()
    receive(THIRD)
    await desk.carry()
    expect(await told()).toBe(before)
    expect(isRefusal(nodeSays(LATE, [LATE, THIRD]))).toBe(false)
    await desk.carry()
    expect(await standing()).toEqual([LATE, [], LATE, []])
    await isTrue()
  })

  test('a lot the county never heard of has no day to settle', async () => {
    expect(codeOf(await desk.catalog.settleExpiry({ action: actionOf(), lot: 'tube/X', expiry: LATE, shown: [LATE] }, 'county'))).toBe(
      'catalog.lot-unknown',
    )
  })
})
