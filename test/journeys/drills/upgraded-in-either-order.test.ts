import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { announce, book, inDays, newBox, standingAtNode, untilStands } from '../../acts.ts'
import { breachesOf, entriesOf, errorsOf, untilHeld } from '../../books.ts'
import { countyTest, until } from '../../county.ts'

const older = (without: string) => ({ NODE_OPTIONS: `--import=${new URL(`older.ts?without=${without}`, import.meta.url)}` })
const nodeEnv: Record<string, string> = {}
const hubEnv: Record<string, string> = older('transform')
const test = countyTest({ nodes: ['qinglong'], nodeEnv, hubEnv })

const GAUZE = 'gauze-10x10/B1'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }
const REPACKED = {
  act: 'repack' as const,
  room: 'main',
  from: [{ lot: GAUZE, units: 10 }],
  to: [{ item: 'gauze-10x10', lotNumber: 'B1-5', expiry: inDays(600), units: 10 }],
}

test('a newer node repacks: the older hub holds what it cannot read, refuses nothing, and names it', async ({ county }) => {
  const client = await county.township('qinglong').client()
  await book(client, 'receive', BOX)
  await untilStands(county, 'qinglong', { 'main/available gauze-10x10/B1': 100 })
  await book(client, 'transform', REPACKED)
  await book(client, 'issue', { lot: GAUZE, room: 'main', quantity: 5, pack: '片' })
  expect(await standingAtNode(client)).toEqual({ 'main/available gauze-10x10/B1': 85, 'main/available gauze-10x10/B1-5': 10 })
  await untilHeld(county)
  const hub = await county.hubClient()
  const { rows } = await until(
    'the hub to name what it cannot read',
    () => hub.get('discrepancies', { limit: 100 }),
    (found) => found.rows.some(({ kind, closedAt }) => kind === 'entry-parked' && closedAt === null),
  )
  expect(rows.map(({ kind }) => kind)).toEqual(['entry-parked'])
})

test('upgraded, the hub books what it held, in its place', async ({ county }) => {
  await county.hub().stop()
  delete hubEnv['NODE_OPTIONS']
  await county.startHub()
  await untilHeld(county, 60_000)
  await untilStands(county, 'qinglong', { 'main/available gauze-10x10/B1': 85, 'main/available gauze-10x10/B1-5': 10 })
  const hub = await county.hubClient()
  const { ancestors } = await hub.get('genealogy', { lot: 'gauze-10x10/B1-5' })
  expect(ancestors).toMatchObject([{ parent: GAUZE, parentUnits: 10, childUnits: 10, act: 'repack', depth: 1 }])
  expect((await hub.get('discrepancies', { limit: 100 })).rows.filter(({ closedAt }) => closedAt === null)).toEqual([])
})

test('a newer hub asks for a count: the older node goes on, knows what comes after it, and counts once it is upgraded', async ({
  county,
}) => {
  const town = county.township('qinglong')
  await town.stop()
  Object.assign(nodeEnv, older('ask'))
  await town.start()
  const hub = await county.hubClient()
  await hub.get('askNode', { action: newAction(), what: 'count', place: 'qinglong/main/available', lot: GAUZE, reason: '县里核对' })
  await announce(county, 'qinglong', [newBox('gauze-10x10', 'B2', inDays(600))], 'ASN-1')
  const before = await town.client()
  expect((await before.get('tasks')).rows).toEqual([])
  await book(before, 'issue', { lot: GAUZE, room: 'main', quantity: 5, pack: '片' })
  await town.stop()
  delete nodeEnv['NODE_OPTIONS']
  await town.start()
  const client = await town.client()
  const { rows } = await client.get('tasks')
  expect(rows).toMatchObject([{ ask: { what: 'count', place: 'qinglong/main/available', lot: GAUZE, book: 80, by: 'hub' } }])
  const task = rows[0]?.task ?? ''
  await book(client, 'count', { place: 'qinglong/main/available', lot: GAUZE, counted: 79, book: 80, task })
  expect((await client.get('tasks')).rows).toEqual([])
  await untilStands(county, 'qinglong', { 'main/available gauze-10x10/B1': 79, 'main/available gauze-10x10/B1-5': 10 })
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(entriesOf(county, 'qinglong', 'hub>qinglong').map(({ kind }) => kind)).toContain('ask')
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
})
