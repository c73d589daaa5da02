import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf, untilHeld } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { openDiscrepancies } from './hub-file.ts'
import { holderOfKeys } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }
const issue = (quantity: number) => ({ lot: LOT, room: 'main', quantity, pack: '片' })
const linkOf = async (county: TestCounty) => (await (await county.township('qinglong').client()).get('state')).link

test('a stranger with the keys of a node: one of the two goes on, and a person is told', async ({ county }) => {
  const node = await county.township('qinglong').client()
  await book(node, 'receive', BOX)
  await untilHeld(county)
  const stranger = holderOfKeys(county, 'qinglong')
  let taken = 0
  const contend = async () => {
    const present = await stranger.comeOnLine()
    taken += 1
    return present
  }
  const hub = await county.hubClient()
  let present = await contend()
  // The node comes back for its name, and so does the other, until the hub lets neither displace the other any more.
  const contended = async () => {
    if (!present.client.connected) present = await contend().catch(() => present)
    return openDiscrepancies({ hubClient: async () => hub })
  }
  await until('the hub to name the clone', contended, (open) => open.includes('clone qinglong'), { withinMs: 60_000 })
  expect(taken).toBeGreaterThan(1)
  await book(node, 'issue', issue(10))
  await present.leave()
  await until(
    'the node to be on line again',
    () => linkOf(county),
    ({ state }) => state === 'online',
    { withinMs: 60_000 },
  )
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 90 })
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
})
