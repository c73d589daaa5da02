import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Catalog, openCatalog } from './catalog.ts'
import { openCounty, type TestCounty } from './fixtures/county.ts'

let county: TestCounty
let catalog: Catalog
beforeEach(() => {
  county = openCounty()
  catalog = openCatalog(county.ledger)
})
afterEach(() => county.close())

const itemOf = (item: string, gtin: string | null = null, more: object = {}) => ({
  ...{ action: `act-of-${item}`, item, name: { zh: item, en: '' }, model: '', unit: { zh: '个', en: '' }, nearDays: [] },
  ...{ packs: [{ pack: '个', units: 1, gtin }], ...more },
})
const GTIN = '06901234567892'
const save = async (...bodies: readonly ReturnType<typeof itemOf>[]) =>
  (await catalog.together.item(bodies, 'county')).map((answer) => (isRefusal(answer) ? answer.code : answer.version))
const commits = () => {
  let count = 0
  county.ledger.follow(() => {
    count += 1
  })
  return () => count
}

it('many records are written in one commit, each by its own act', async () => {
  const told = commits()
  expect(await save(...Array.from({ length: 30 }, (_, at) => itemOf(`item-${at}`)))).toEqual(Array.from({ length: 30 }, () => 1))
  expect(told()).toBe(1)
  expect(await county.ledger.ask.acted('act-of-item-7')).toMatchObject([{ body: { records: [{ id: 'item-7' }] } }])
})

it('one that is refused keeps none of the others back, and each is answered where it stood', async () => {
  const stale = itemOf('a', null, { action: 'stale-action', knownVersion: 4 })
  expect(await save(itemOf('a'), stale, itemOf('b'), itemOf('c', null, { action: 'gone-action', knownVersion: 1 }))).toEqual([
    ...[1, 'catalog.version-stale', 1, 'catalog.item-unknown'],
  ])
})

it('those that hang on each other are judged one after the other', async () => {
  expect(await save(itemOf('a', GTIN), itemOf('b', GTIN))).toEqual([1, 'catalog.gtin-taken'])
  const bare = itemOf('a', null, { action: 'bare-action', knownVersion: 1 })
  expect(await save(bare, itemOf('b', GTIN, { action: 'later-action' }))).toEqual([2, 1])
})

it('what was done before is answered as it was, what says nothing new writes nothing, and an action is no other act', async () => {
  await save(itemOf('a'))
  const told = commits()
  expect(await save(itemOf('a'), itemOf('a', null, { action: 'same-action', knownVersion: 1 }))).toEqual([1, 1])
  expect(await save(itemOf('b', null, { action: 'act-of-a' }))).toEqual(['api.action-reused'])
  expect(await save()).toEqual([])
  expect(told()).toBe(0)
})
