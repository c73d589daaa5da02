import { join } from 'node:path'
import { type NodeClient, newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, standingAtNode, untilStands } from '../../acts.ts'
import { breachesOf, untilHeld } from '../../books.ts'
import { countyTest, type TestCounty, until } from '../../county.ts'
import { changeSettings, mayMount, ontoSmallDisk } from '../small-disk.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
const [carried, told] = [newBox('glove-m', 'ST1', inDays(900)), newBox('glove-m', 'ST2', inDays(900))]
/** As long as a booking may be, for a disk is soon full that way. */
const RECEIPT = {
  item: 'gauze-10x10',
  lotNumber: 'B1',
  expiry: inDays(600),
  room: 'main',
  quantity: 1,
  pack: '盒',
  scan: 'x'.repeat(300),
  doc: 'd'.repeat(96),
}
const counts = { booked: 0 }

/**
 * Books until the disk refuses one act as often as it is asked for; answers that act. What was refused once may fit a moment later, into a page that the
 * writing before it gave back.
 */
const bookUntilFull = async (client: NodeClient): Promise<string> => {
  for (let tries = 0; tries < 5_000; tries += 1) {
    const action = newAction()
    let refusals = 0
    while (refusals < REFUSALS) {
      const answer = await book(client, 'receive', { ...RECEIPT, action })
      if ('entries' in answer) break
      expect(answer).toMatchObject({ status: 507, problem: { code: 'ledger.disk-full' } })
      refusals += 1
    }
    if (refusals === REFUSALS) return action
    counts.booked += 1
  }
  throw new Error('the disk was never full')
}
const REFUSALS = 5

/** What must hold while nothing can be written: it is told, nothing of the refused is there, and all is read as before. */
const provesFull = async (county: TestCounty, refused: string): Promise<void> => {
  const town = county.township('qinglong')
  const client = await town.client()
  expect(await client.get('health')).toMatchObject({ state: 'disk-full' })
  const { rows } = await until(
    'the disk to ring',
    () => client.get('alarms'),
    (alarms) => alarms.rows.some(({ kind }) => kind === 'disk'),
  )
  expect(rows[0]).toMatchObject({ kind: 'disk', severity: 1 })
  const { head } = await client.get('state')
  const again = await book(client, 'receive', { ...RECEIPT, action: refused })
  expect(again).toMatchObject({ status: 507, problem: { code: 'ledger.disk-full' } })
  expect((await client.get('state')).head).toEqual(head)
  expect((await standingAtNode(client))[`main/pending ${LOT}`]).toBe(counts.booked * 100)
  expect((await client.get('movements', { limit: 5 })).rows).toHaveLength(5)
}

/** And what must hold when there is room: the refused act is booked when it is asked for again, once. */
const provesRoom = async (county: TestCounty, refused: string): Promise<void> => {
  const client = await county.township('qinglong').client()
  for (const fresh of [true, false]) expect(await book(client, 'receive', { ...RECEIPT, action: refused })).toMatchObject({ fresh })
  counts.booked += 1
  expect(await client.get('health')).toMatchObject({ state: 'ok' })
  await until(
    'the alarm to end',
    () => client.get('alarms'),
    (alarms) => alarms.rows.every(({ kind }) => kind !== 'disk'),
  )
  await untilHeld(county)
}

test('as large as the settings allow: writes are refused, reading goes on, also after a restart, until more is allowed', async ({
  county,
}) => {
  const town = county.township('qinglong')
  const file = join(town.home, 'edge.json')
  await town.stop()
  changeSettings(file, { databaseMbMax: 1 })
  await town.start()
  const refused = await bookUntilFull(await town.client())
  await provesFull(county, refused)
  await town.stop()
  await town.start()
  // A start may give back a page or two: what fits in is booked, and then no more.
  const later = await bookUntilFull(await town.client())
  await provesFull(county, later)
  // What the hub has to say meanwhile comes when there is room for it.
  await county.announce('qinglong', [told], null)
  await town.stop()
  changeSettings(file, { databaseMbMax: null })
  await town.start()
  await provesRoom(county, later)
  await announce(county, 'qinglong', [carried])
  expect(await breachesOf(county)).toEqual([])
})

// Who may mount has a real disk to fill as well.
if (mayMount())
  test('a disk without a byte: the same, and what a door saw meanwhile is booked when there is room, without a restart', async ({
    county,
  }) => {
    const town = county.township('qinglong')
    await town.stop()
    using disk = ontoSmallDisk(town.home, 32)
    try {
      await town.start()
      disk.fill()
      await provesFull(county, await bookUntilFull(await town.client()))
      await town.stop()
      disk.fill()
      await town.start()
      const client = await town.client()
      const refused = await bookUntilFull(client)
      await provesFull(county, refused)
      await carry(town, 'in', [carried])
      await until(
        'the door to have refused nothing and booked nothing',
        () => county.logOf('qinglong'),
        (log) => log.some((line) => line.includes('they wait')),
      )
      expect((await standingAtNode(client))['main/pending glove-m/ST1']).toBeUndefined()
      disk.makeRoom()
      await provesRoom(county, refused)
      await untilStands(county, 'qinglong', { [`main/pending ${LOT}`]: counts.booked * 100, 'main/pending glove-m/ST1': 100 })
      expect(await breachesOf(county)).toEqual([])
    } finally {
      await town.stop()
    }
  })
