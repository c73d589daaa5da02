import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'] })
/** Three hundred acts are more than a busy township books in a day; the exchange does not know that they took seconds. */
const ISSUES = 330
const LOT = 'cotton-swab/MQ2611'
const box = newBox('cotton-swab', 'MQ2612', inDays(700))

test('the hub is away; the node books on, and says that nobody else holds it', async ({ county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  await announce(county, 'qinglong', [box])
  const swabs = { item: 'cotton-swab', lotNumber: 'MQ2611', expiry: inDays(700), room: 'main', quantity: 10, pack: '盒', accept: true }
  await book(client, 'receive', swabs)
  await untilHeld(county)
  await county.hub().kill()
  await until(
    'the node to see that the hub is away',
    async () => (await client.get('state')).link.state,
    (state) => state === 'offline',
  )
  const walk = carry(town, 'in', [box])
  for (let at = 0; at < ISSUES; at += 10)
    await Promise.all(Array.from({ length: 10 }, () => book(client, 'issue', { lot: LOT, room: 'main', quantity: 1, pack: '包' })))
  await walk
  const { link } = await until(
    'the box to be booked offline too',
    () => client.get('state'),
    (state) => state.link.waiting === ISSUES + 1,
  )
  expect(link).toMatchObject({ state: 'offline', waiting: ISSUES + 1 })
})

test('the hub comes back; everything is held, once, in seconds', async ({ county }) => {
  const client = await county.township('qinglong').client()
  await county.startHub()
  const link = async () => (await client.get('state')).link
  await until('the line to come back', link, ({ state }) => state === 'online', { everyMs: 5, withinMs: 60_000 })
  const online = performance.now()
  await until('the hub to hold everything', link, ({ waiting }) => waiting === 0, { everyMs: 5 })
  const tookMs = Math.round(performance.now() - online)
  console.log(`a-month-offline: ${ISSUES + 1} entries held ${tookMs} ms after the line was back`)
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 400 - ISSUES, 'main/pending cotton-swab/MQ2612': 40 })
  expect(entriesOf(county, 'hub', 'qinglong>*').filter(({ kind }) => kind === 'issue')).toHaveLength(ISSUES)
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
  expect(tookMs).toBeLessThan(15_000)
})
