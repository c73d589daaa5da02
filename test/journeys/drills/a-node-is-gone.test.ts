import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { book, inDays, standingAtHub } from '../../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../../books.ts'
import { countyTest, until } from '../../county.ts'

const test = countyTest({ nodes: ['qinglong', 'baisha'] })

const LOT = 'gauze-10x10/B1'
const SHELF = 'baisha/main/available'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }

test('a site burns down; its places cannot pass while it is on line, and then they pass to the site beside it', async ({ county }) => {
  const gone = county.township('baisha')
  const client = await gone.client()
  await book(client, 'receive', BOX)
  await book(client, 'issue', { lot: LOT, room: 'main', quantity: 30, pack: '片' })
  await untilHeld(county)
  const hub = await county.hubClient()
  const pass = { from: 'baisha', to: 'qinglong', reason: '房屋烧毁' }
  expect(await hub.ask('passOwnership', { action: newAction(), ...pass })).toMatchObject({ problem: { code: 'ledger.ownership-alive' } })
  await gone.kill()
  await until(
    'the hub to see it gone',
    () => hub.get('nodes'),
    ({ rows }) => rows.some(({ node, state }) => node === 'baisha' && state === 'offline'),
  )
  await hub.get('passOwnership', { action: newAction(), ...pass })
})

test('the heir reads what was written there, so that its count says what is missing and doubles nothing', async ({ county }) => {
  const hub = await county.hubClient()
  const heir = await county.township('qinglong').client()
  await hub.get('askNode', { action: newAction(), what: 'count', place: SHELF, lot: LOT, reason: '接管盘点' })
  const { rows } = await until(
    'the heir to be asked, and to know what the book says',
    () => heir.get('tasks'),
    (tasks) => tasks.rows[0]?.ask?.book === 70,
  )
  const task = rows[0]?.task ?? ''
  await book(heir, 'count', { place: SHELF, lot: LOT, counted: 65, book: 70, task })
  await book(heir, 'move', { lot: LOT, from: SHELF, to: 'qinglong/main/available', units: 60 })
  await until(
    'the county to know',
    async () => [await standingAtHub(hub, 'baisha'), await standingAtHub(hub, 'qinglong')],
    ([there, here]) => there?.[`main/available ${LOT}`] === 5 && here?.[`main/available ${LOT}`] === 60,
  )
  expect(entriesOf(county, 'qinglong', 'baisha>*')).toHaveLength(entriesOf(county, 'hub', 'baisha>*').length)
})

test('what the burnt card still held comes in later: it is booked, named, and the heir knows it too', async ({ county }) => {
  const gone = county.township('baisha')
  await county.hub().stop()
  await gone.start()
  await book(await gone.client(), 'issue', { lot: LOT, room: 'main', quantity: 10, pack: '片' })
  await county.startHub()
  await untilHeld(county, 60_000)
  await gone.stop()
  const heir = await county.township('qinglong').client()
  await until(
    'the heir to know',
    () => heir.get('stock', { limit: 500 }),
    ({ rows }) => rows.some(({ place, units }) => place === SHELF && units === -5),
  )
  const { rows } = await (await county.hubClient()).get('discrepancies', { limit: 100 })
  expect(rows.filter(({ closedAt }) => closedAt === null).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['after-ownership', 'room-negative']),
  )
  await book(heir, 'count', { place: SHELF, lot: LOT, counted: 0, book: -5 })
})

test('the books of the heir and the hub are true and the same', async ({ county }) => {
  expect(await breachesOf({ ...county, townships: [county.township('qinglong')] })).toEqual([])
})
