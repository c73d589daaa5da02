import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HubClient, newAction, openHubClient, wasRefused } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { announce, book, inDays, newBox, standingAtHub, untilStands } from '../acts.ts'
import { breachesOf, untilHeld } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { openDiscrepancies } from './hub-file.ts'
import { changeSettings, mayMount, ontoSmallDisk } from './small-disk.ts'

const test = countyTest({ nodes: ['qinglong'] })

const LOT = 'gauze-10x10/B1'
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
const counts = { booked: 0, items: 0 }
const untilHealth = (hub: HubClient, state: 'ok' | 'disk-full') =>
  until(
    `the hub to say ${state}`,
    () => hub.get('health'),
    (health) => health.state === state,
  )
/** An item with as much to say as one may have. */
const newItem = () => {
  counts.items += 1
  const item = `item-${counts.items}`
  const packs = Array.from({ length: 32 }, (_, at) => ({ gtin: null, pack: `${at}`.padEnd(64, '盒'), units: at + 1 }))
  const name = { zh: '名'.repeat(120), en: 'n'.repeat(120) }
  return { action: newAction(), item, name, model: 'm'.repeat(120), unit: { zh: '个', en: 'each' }, packs, nearDays: [30, 0] }
}
/** Whichever comes first to the last page: the books, or the record of who did it. */
const NO_ROOM = { status: 507, problem: { code: expect.stringMatching(/^(ledger\.disk-full|audit\.unwritable)$/) } }
/** A smaller write may still find a page where a larger one did not; answers the first that finds none. */
const refusedItem = async (hub: HubClient) => {
  for (let tries = 0; tries < 500; tries += 1) {
    const item = newItem()
    const answer = await hub.ask('createItem', item)
    if (!wasRefused(answer)) continue
    expect(answer).toMatchObject(NO_ROOM)
    return item
  }
  throw new Error('the disk was never full')
}

/** Signed in while there is room, for a sign-in is written too; the session stands when the hub is started anew. */
const signedIn = (county: TestCounty): Promise<HubClient> => openHubClient(county.dashboard, county.login)

const bookMany = async (county: TestCounty, times: number): Promise<void> => {
  const node = await county.township('qinglong').client()
  const answers = await Promise.all(Array.from({ length: times }, () => book(node, 'receive', RECEIPT)))
  for (const answer of answers) expect(answer).toMatchObject({ fresh: true })
  counts.booked += times
}
/** First the large writes find no room, then those of the node. */
const fillUp = async (county: TestCounty, hub: HubClient): Promise<void> => {
  await bookMany(county, 5)
  await untilHeld(county)
  await refusedItem(hub)
  await bookUntilKept(county)
}
/** The record of who did it may find no room while the books still do. A hub that is only slow takes in the end what it was sent. */
const bookUntilKept = async (county: TestCounty): Promise<void> => {
  const node = await county.township('qinglong').client()
  const waitingNow = async () => (await node.get('state')).link.waiting
  await until(
    'the hub to take no more of the node',
    async () => {
      await bookMany(county, 5)
      const taken = until('the hub to take them', waitingNow, (waiting) => waiting === 0, { withinMs: SLOW_MS })
      return taken.catch(waitingNow)
    },
    (waiting) => waiting >= 5,
    { withinMs: 60_000 },
  )
}
/** Longer than a busy machine lets a hub stand still that has room. */
const SLOW_MS = 3_000

/** What must hold while nothing can be written: it is told, all is read as before, the node books on and keeps what the hub cannot. */
const provesFull = async (county: TestCounty, hub: HubClient): Promise<void> => {
  const item = await refusedItem(hub)
  expect(await hub.ask('createItem', item)).toMatchObject(NO_ROOM)
  expect((await hub.get('items', { search: item.item, limit: 500 })).rows.filter((row) => row.item === item.item)).toEqual([])
  await untilHealth(hub, 'disk-full')
  await bookUntilKept(county)
  const held = (await standingAtHub(hub, 'qinglong'))[`main/pending ${LOT}`] ?? 0
  await bookMany(county, 5)
  const node = await county.township('qinglong').client()
  // The hub's word for what it took last may still be on its way.
  await until(
    'the node to be on line all the same, and to keep what the hub could not take',
    () => node.get('state'),
    ({ link: seen }) => seen.state === 'online' && seen.waiting === counts.booked - held / 100,
  )
  await until(
    'the board to say so',
    () => openDiscrepancies({ hubClient: async () => hub }),
    (open) => open.includes('disk-full -'),
  )
  expect((await standingAtHub(hub, 'qinglong'))[`main/pending ${LOT}`] ?? 0).toBe(held)
  expect((await hub.get('movements', { limit: 5 })).rows.length).toBeGreaterThan(0)
}

const provesRoom = async (county: TestCounty, hub: HubClient): Promise<void> => {
  await untilHeld(county, 60_000)
  await untilStands(county, 'qinglong', { [`main/pending ${LOT}`]: counts.booked * 100 })
  // The record of who did it asks for room once a second.
  await untilHealth(hub, 'ok')
  await until(
    'the discrepancy to be closed',
    () => openDiscrepancies({ hubClient: async () => hub }),
    (open) => !open.includes('disk-full -'),
  )
  await announce(county, 'qinglong', [newBox('glove-m', 'ST1', inDays(900))])
  expect(await breachesOf(county)).toEqual([])
}

test('as large as the settings allow: nothing is taken or written, reading goes on, until more is allowed', async ({ county }) => {
  const hub = await signedIn(county)
  const file = join(county.home, 'hub', 'hub.json')
  await county.hub().stop()
  changeSettings(file, { databaseMbMax: 1 })
  await county.startHub()
  await fillUp(county, hub)
  await provesFull(county, hub)
  await county.hub().stop()
  await county.startHub()
  await untilHealth(hub, 'disk-full')
  await provesFull(county, hub)
  await county.hub().stop()
  changeSettings(file, { databaseMbMax: null })
  await county.startHub()
  await provesRoom(county, hub)
})

// Who may mount has a real disk to fill as well.
if (mayMount())
  test('a disk without a byte: the same, also from the start, and it goes on by itself when there is room', async ({ county }) => {
    const hub = await signedIn(county)
    await county.hub().stop()
    using disk = ontoSmallDisk(join(county.home, 'hub'), 48)
    try {
      await county.startHub()
      // A node that lost its line often waits ever longer between two tries; started anew it begins with the short ones.
      await county.township('qinglong').stop()
      await county.township('qinglong').start()
      disk.fill()
      await fillUp(county, hub)
      await provesFull(county, hub)
      disk.makeRoom()
      await provesRoom(county, hub)
      await county.hub().stop()
      disk.fill()
      await county.startHub()
      await provesFull(county, hub)
      await county.hub().kill()
      rmSync(join(county.home, 'hub', 'run.json'))
      disk.fill()
      await county.startHub()
      disk.makeRoom()
      await provesRoom(county, hub)
    } finally {
      await county.hub().stop()
    }
  })
