import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKinds } from './hub-county.ts'
import { actionOf, actsOf, CODE, type Desk, given, openDesk } from './hub-desk.ts'

let desk: Desk
const STRANGER = '06901234999990'
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

test('a code that a site put to a known pack is named at the county until the catalogue has it, and is then read as the catalogue says', async () => {
  const scan = `(01)${STRANGER}(10)B1`
  const read = () => desk.stockroom.identify(scan, 'page')
  expect(read().refused?.code).toBe('stockroom.item-unknown')
  const [task] = desk.node.ledger.read.openTasks()
  const bound = { action: actionOf(), task: task?.task ?? '', answer: 'bind', item: 'tube', pack: '盒' }
  expect(isRefusal(desk.stockroom.settle(bound, 'keeper-1'))).toBe(false)
  expect(read()).toMatchObject({ item: { item: 'tube' }, pack: '盒', packUnits: 20 })
  await desk.carry()
  expect(await openKinds(desk.ledger)).toEqual(['code-bound'])
  const packs = [
    { pack: '盒', units: 20, gtin: CODE },
    { pack: '大盒', units: 40, gtin: STRANGER },
  ]
  given(await tube('tube', { packs, knownVersion: 1 }))
  expect(await openKinds(desk.ledger)).toEqual([])
  await desk.carry()
  expect(read()).toMatchObject({ item: { item: 'tube' }, pack: '大盒', packUnits: 40 })
  await isTrue()
})

test('what the catalogue has by then is named to nobody', async () => {
  desk.stockroom.identify(`(01)${STRANGER}`, 'page')
  const [task] = desk.node.ledger.read.openTasks()
  given(desk.stockroom.settle({ action: actionOf(), task: task?.task ?? '', answer: 'bind', item: 'tube', pack: '盒' }, null))
  given(
    await tube('tube', { packs: [{ pack: '盒', units: 20, gtin: CODE, codes: [{ scheme: 'gtin', code: STRANGER }] }], knownVersion: 1 }),
  )
  await desk.carry()
  expect(await openKinds(desk.ledger)).toEqual([])
  await isTrue()
})
