import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newAction, openHubClient } from '@lotkeeper/deploy/county/client.ts'
import { type RunningHouse, startHouse } from '@lotkeeper/deploy/county/house.ts'
import { afterAll, expect } from 'vitest'
import { book, inDays, standingAtHub, standingAtNode } from '../../acts.ts'
import { breachesOf, untilHeld } from '../../books.ts'
import { countyTest, until } from '../../county.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }
const issue = (quantity: number) => ({ lot: LOT, room: 'main', quantity, pack: '片' })
const edit = (file: string, values: object) =>
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...values }))

const running: { standby?: RunningHouse } = {}
afterAll(() => running.standby?.stop())
const standby = (): RunningHouse => {
  if (!running.standby) throw new Error('the standby does not run')
  return running.standby
}

test('a backup of the hub is started beside the hub it was made of, and nodes know both', async ({ county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  await book(client, 'receive', BOX)
  await untilHeld(county)
  await county.hub().stop()
  const home = join(county.home, 'standby')
  cpSync(join(county.home, 'hub'), home, { recursive: true })
  edit(join(home, 'hub.json'), { httpPort: 0, httpsPort: 0, brokerPort: 0 })
  await county.startHub()
  await (await county.hubClient()).get('createItem', {
    ...{ action: newAction(), item: 'since-then', name: { zh: '后加品种', en: 'Since then' }, model: '-', unit: { zh: '个', en: 'each' } },
    ...{ packs: [{ gtin: null, pack: '个', units: 1 }], nearDays: [30, 0] },
  })
  await book(client, 'issue', issue(30))
  await untilHeld(county, 60_000)
  await until(
    'the node to know what the hub wrote since',
    () => client.get('items', { search: 'since-then' }),
    ({ rows }) => rows.length === 1,
  )
  running.standby = await startHouse({ name: 'standby', args: ['hub', '--home', home] })
  await town.stop()
  edit(join(town.home, 'edge.json'), { brokers: [String(standby().ready['broker'])] })
  await town.start()
})

test('the restored one takes back what it lacks and stands above the other; both hold everything, and people are told', async ({
  county,
}) => {
  const town = county.township('qinglong')
  const hub = await openHubClient(String(standby().ready['http']), county.login)
  const { incarnation } = await until(
    'the standby to rise',
    () => hub.get('health'),
    (health) => health.incarnation > 1,
    { withinMs: 40_000 },
  )
  expect(incarnation).toBe(2)
  const client = await town.client()
  await book(client, 'issue', issue(20))
  for (const one of [hub, await county.hubClient()])
    await until(
      `${one.base} to hold everything`,
      () => standingAtHub(one, 'qinglong'),
      (seen) => seen[`main/available ${LOT}`] === 50,
    )
  // A hub that is not given back everything in time rises all the same.
  await until(
    'what the node gave back',
    () => hub.get('items', { search: 'since-then' }),
    ({ rows }) => rows.length === 1,
  )
  await until(
    'the node to ring',
    () => client.get('alarms'),
    ({ rows }) => rows.some(({ kind }) => kind === 'two-hubs'),
  )
  await until(
    'the county to be told',
    () => hub.get('discrepancies', { limit: 100 }),
    ({ rows }) => rows.some(({ kind }) => kind === 'hub-restored'),
  )
})

test('the node obeys the higher: what the lower says is not taken, what the higher says is', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const higher = await openHubClient(String(standby().ready['http']), county.login)
  const item = (name: string) => ({
    ...{ action: newAction(), item: name, name: { zh: name, en: name }, model: '-', unit: { zh: '个', en: 'each' } },
    ...{ packs: [{ gtin: null, pack: '个', units: 1 }], nearDays: [30, 0] },
  })
  await (await county.hubClient()).get('createItem', item('of-the-lower'))
  await higher.get('createItem', item('of-the-higher'))
  await until(
    'the word of the higher',
    () => client.get('items', { search: 'of-the' }),
    ({ rows }) => rows.some((row) => row.item === 'of-the-higher'),
  )
  expect((await client.get('items', { search: 'of-the' })).rows.map((row) => row.item)).toEqual(['of-the-higher'])
})

test('the old one is switched off, and the county goes on', async ({ county }) => {
  await county.hub().stop()
  const client = await county.township('qinglong').client()
  await book(client, 'issue', issue(10))
  const hub = await openHubClient(String(standby().ready['http']), county.login)
  await until(
    'the new hub to hold everything',
    () => standingAtHub(hub, 'qinglong'),
    (seen) => seen[`main/available ${LOT}`] === 40,
  )
  expect(await standingAtNode(client)).toMatchObject({ [`main/available ${LOT}`]: 40 })
  renameSync(join(county.home, 'hub'), join(county.home, 'retired'))
  symlinkSync(join(county.home, 'standby'), join(county.home, 'hub'))
  expect(await breachesOf(county)).toEqual([])
})
