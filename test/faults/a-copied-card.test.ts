import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openNodeClient } from '@lotkeeper/deploy/county/client.ts'
import { startHouse } from '@lotkeeper/deploy/county/house.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { openDiscrepancies } from './hub-file.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }
const issue = (quantity: number) => ({ lot: LOT, room: 'main', quantity, pack: '片' })

test('both books are kept, what both used is found, and a person is told', async ({ county }) => {
  const town = county.township('qinglong')
  await book(await town.client(), 'receive', BOX)
  await untilHeld(county)
  await town.stop()
  const copy = join(county.home, 'copy')
  cpSync(town.home, copy, { recursive: true, filter: (from) => !from.endsWith('/devices') })
  const settings = JSON.parse(readFileSync(join(copy, 'edge.json'), 'utf8')) as object
  writeFileSync(join(copy, 'edge.json'), JSON.stringify({ ...settings, devices: [], doors: [] }))
  const other = await startHouse({ name: 'copy', args: ['edge', '--home', copy] })
  try {
    const there = await openNodeClient(String(other.ready['http']), '2580')
    await until(
      'the copy to be on line',
      async () => (await there.get('state')).link.state,
      (state) => state === 'online',
    )
    await town.start()
    const here = await town.client()
    const hub = await county.hubClient()
    const found = () => openDiscrepancies({ hubClient: async () => hub })
    // A node that has not called yet is off line too: only the county's word says that the contest is over, and who won it.
    await until(
      'the contest to be decided',
      async () => [await found(), (await here.get('state')).link.state, (await there.get('state')).link.state] as const,
      ([open, original, winner]) => open.includes('clone qinglong') && original === 'offline' && winner === 'online',
      { withinMs: 50_000 },
    )
    // Both have a hundred, and both use eighty.
    for (const client of [here, there]) expect(await book(client, 'issue', issue(80))).toMatchObject({ fresh: true })
    await until(
      'what the copy used to be in the county',
      () => entriesOf(county, 'hub', 'qinglong>*').length,
      (count) => count > 0,
    )
    await until(
      'the copy to be booked',
      async () => (await there.get('state')).link,
      ({ state, waiting }) => state === 'online' && waiting === 0,
    )
  } finally {
    await other.stop()
  }
  await untilHeld(county, 60_000)
  await untilStands(county, 'qinglong', {})
  expect(await openDiscrepancies(county)).toEqual(expect.arrayContaining(['clone qinglong', 'lost-tail qinglong']))
  const covered = entriesOf(county, 'hub', 'qinglong>*').flatMap(({ lines }) =>
    lines.filter(({ from }) => from === 'qinglong/~unexplained'),
  )
  expect(covered).toMatchObject([{ lot: LOT, units: 60 }])
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
})
