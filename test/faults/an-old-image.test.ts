import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { expect } from 'vitest'
import { announce, book, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { openDiscrepancies } from './hub-file.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
const PLACE = `main/available ${LOT}`
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }
const issue = (quantity: number) => ({ lot: LOT, room: 'main', quantity, pack: '片' })
const imageOf = ({ home }: Township) => join(home, 'image.sqlite')

/** The card of a node that stands still is written over with its image. */
const putBack = (town: Township): void => {
  const file = join(town.home, 'node.sqlite')
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  cpSync(imageOf(town), file)
}

test('an image is taken of a node that stands still, and its book goes on', async ({ county }) => {
  const town = county.township('qinglong')
  await book(await town.client(), 'receive', BOX)
  await untilHeld(county)
  await town.stop()
  cpSync(join(town.home, 'node.sqlite'), imageOf(town))
  await town.start()
  const client = await town.client()
  await announce(county, 'qinglong', [newBox('gauze-10x10', 'B2', inDays(600))])
  for (const quantity of [30, 25, 25]) expect(await book(client, 'issue', issue(quantity))).toMatchObject({ fresh: true })
  await untilHeld(county)
  await untilStands(county, 'qinglong', { [PLACE]: 20 })
})

test('put back, it gets its history back from the hub, says what was lost, and goes on', async ({ county }) => {
  const town = county.township('qinglong')
  const before = entriesOf(county, 'hub', 'qinglong>*').map(({ id }) => id)
  await town.kill()
  putBack(town)
  await town.start()
  const client = await town.client()
  await untilHeld(county)
  await untilStands(county, 'qinglong', { [PLACE]: 20 })
  expect(entriesOf(county, 'qinglong').map(({ id }) => id)).toEqual(expect.arrayContaining(before))
  const { rows } = await until(
    'the node to ring',
    () => client.get('alarms'),
    (alarms) => alarms.rows.some(({ kind }) => kind === 'lost-tail'),
  )
  expect(rows.find(({ kind }) => kind === 'lost-tail')).toMatchObject({ severity: 1 })
  await until(
    'the county to be told',
    () => openDiscrepancies(county),
    (open) => open.includes('lost-tail qinglong'),
  )
  await book(client, 'issue', issue(5))
  await untilStands(county, 'qinglong', { [PLACE]: 15 })
})

test('put back while the hub is away, what it issues a second time is found, and no room falls below zero', async ({ county }) => {
  const town = county.township('qinglong')
  await town.kill()
  await county.hub().stop()
  putBack(town)
  await town.start()
  const client = await town.client()
  // By the image there are a hundred; in truth fifteen are left, and ten of the five that nobody knows of here come on top.
  expect(await book(client, 'issue', issue(90))).toMatchObject({ fresh: true })
  await county.startHub()
  await untilHeld(county, 60_000)
  await untilStands(county, 'qinglong', {})
  const found = entriesOf(county, 'qinglong').flatMap(({ lines }) => lines.filter(({ from }) => from === 'qinglong/~unexplained'))
  expect(found.reduce((sum, { units }) => sum + units, 0)).toBe(75)
})

test('nothing is lost or doubled, and the books of node and hub are true and the same', async ({ county }) => {
  const issued = entriesOf(county, 'hub', 'qinglong>*').flatMap(({ kind, lines }) => (kind === 'issue' ? [lines[0]?.units] : []))
  expect(issued.toSorted()).toEqual([25, 25, 30, 5, 90])
  expect(await breachesOf(county)).toEqual([])
})
