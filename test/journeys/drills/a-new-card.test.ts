import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../../books.ts'
import { countyTest, until } from '../../county.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }
const issue = (quantity: number) => ({ lot: LOT, room: 'main', quantity, pack: '片' })

test('a card dies, and nothing on it can be read', async ({ county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  await book(client, 'receive', BOX)
  await book(client, 'issue', issue(30))
  await untilHeld(county)
  await town.kill()
  renameSync(town.home, `${town.home}-dead`)
})

test('a new card is enrolled under the same name: it gets the whole history back and goes on, with a key and an epoch of its own', async ({
  county,
}) => {
  const town = county.township('qinglong')
  const before = entriesOf(county, 'hub', 'qinglong>*').map(({ id, hash }) => `${id} ${hash}`)
  mkdirSync(town.home)
  const settings = JSON.parse(readFileSync(join(`${town.home}-dead`, 'edge.json'), 'utf8')) as Record<string, unknown>
  const { broker: _, ...written } = settings
  writeFileSync(join(town.home, 'edge.json'), JSON.stringify(written))
  const hub = await county.hubClient()
  const name = { zh: '青龙卫生院', en: 'Qinglong' }
  expect(await hub.ask('createEnrolment', { action: newAction(), node: 'qinglong', name })).toMatchObject({
    problem: { code: 'enrol.node-taken' },
  })
  const { code } = await hub.get('createEnrolment', { action: newAction(), node: 'qinglong', name, replace: true })
  const at = String(county.hub().ready['https'])
  expect(await runVerb(['edge', 'join', '--hub', at, '--code', code, '--home', town.home])).toMatchObject({ code: 0 })
  await town.start()
  await untilHeld(county)
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 70 })
  const back = entriesOf(county, 'qinglong')
  expect(back.map(({ id, hash }) => `${id} ${hash}`)).toEqual(expect.arrayContaining(before))
  await book(await town.client(), 'issue', issue(5))
  await untilHeld(county)
  const epochs = new Set(entriesOf(county, 'hub', 'qinglong>*').map(({ epoch }) => epoch))
  expect(epochs.size).toBe(2)
})

test('a person is told at both ends that the stock should be counted', async ({ county }) => {
  const client = await county.township('qinglong').client()
  await until(
    'the node to ring',
    () => client.get('alarms'),
    ({ rows }) => rows.some(({ kind }) => kind === 'lost-tail'),
  )
  const hub = await county.hubClient()
  const named = await until(
    'the county to name it',
    async () => (await hub.get('discrepancies', { limit: 100 })).rows.filter(({ kind }) => kind === 'lost-tail'),
    ({ length }) => length > 0,
  )
  expect(named).toHaveLength(1)
})

test('the books of node and hub are true and the same', async ({ county }) => {
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 65 })
  expect(await breachesOf(county)).toEqual([])
})
