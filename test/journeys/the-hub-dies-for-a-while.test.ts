import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, standingAtNode, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf, untilHeld } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { openLiveClient } from './live.ts'

const test = countyTest()
const LOT = 'syringe-5ml/ZS2611'
const SITES = ['qinglong', 'baisha', 'liushu'].map((node) => ({
  node,
  box: newBox('glove-m', 'ST2611', inDays(900)),
  /** What people of the node were answered while the hub died and was away: entry ids. */
  answered: [] as string[],
}))

/** Issues one by one until told to stop; every answer is remembered. */
const issueOn = async (county: TestCounty, { node, answered }: (typeof SITES)[number], signal: AbortSignal): Promise<void> => {
  const client = await county.township(node).client()
  while (!signal.aborted) {
    const booked = await book(client, 'issue', { lot: LOT, room: 'main', quantity: 1, pack: '支' })
    if (!('entries' in booked)) throw new Error(`${node}: ${booked.problem.code}`)
    answered.push(...booked.entries)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** The box is told; what the door asks about, on a machine that has all of this to do beside it, a keeper settles with one tap. */
const untilTold = async (county: TestCounty, { node, box }: (typeof SITES)[number]): Promise<void> => {
  const client = await county.township(node).client()
  const { asked } = await until(
    `the box of ${node} to be told`,
    async () => ({
      stands: (await standingAtNode(client))['main/pending glove-m/ST2611'] ?? 0,
      asked: (await client.get('tasks')).rows.find(({ epc }) => epc === box.epc)?.task ?? null,
    }),
    (seen) => seen.stands > 0 || seen.asked !== null,
  )
  if (asked !== null) expect(await book(client, 'settle', { task: asked, answer: 'in' })).toMatchObject({ fresh: true })
}

test('kill -9 of the hub while boxes are carried and packs issued at three nodes', async ({ county }) => {
  for (const { node, box } of SITES) {
    await announce(county, node, [box])
    const syringes = { item: 'syringe-5ml', lotNumber: 'ZS2611', expiry: inDays(500), room: 'main', quantity: 20, pack: '盒', accept: true }
    await book(await county.township(node).client(), 'receive', syringes)
  }
  await using before = await openLiveClient(county)
  const { cursor } = await before.snapshot()
  const ending = new AbortController()
  const work = SITES.flatMap((site) => [issueOn(county, site, ending.signal), carry(county.township(site.node), 'in', [site.box])])
  // Into the middle of what the nodes send; then once more, into the middle of what they send again.
  await later(600)
  await county.hub().kill()
  await county.startHub()
  await later(400)
  await county.hub().kill()
  for (const { node } of SITES)
    await until(
      `${node} to see that the hub is away, and to book on`,
      async () => (await (await county.township(node).client()).get('state')).link,
      ({ state, waiting }) => state === 'offline' && waiting > 10,
    )
  await later(500)
  ending.abort()
  await Promise.all(work)
  for (const site of SITES) await untilTold(county, site)
  await county.startHub()
  await untilHeld(county, 60_000)

  await using after = await openLiveClient(county, cursor)
  const snapshot = await after.snapshot()
  expect(snapshot.cursor.epoch).not.toBe(cursor.epoch)
  expect(after.deltas().filter(({ after: from }) => from.epoch === cursor.epoch)).toEqual([])
})

test('everything arrived, once', async ({ county }) => {
  for (const { node, answered } of SITES) {
    expect(answered.length).toBeGreaterThan(20)
    const held = entriesOf(county, 'hub', `${node}>*`).filter(({ kind }) => kind === 'issue')
    expect(held.map(({ id }) => id)).toEqual(answered)
    await untilStands(county, node, { [`main/available ${LOT}`]: 1_000 - answered.length, 'main/pending glove-m/ST2611': 100 })
  }
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
})

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
