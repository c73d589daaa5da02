import { newAction } from '@lotkeeper/deploy/county/client.ts'
import type { Box } from '@lotkeeper/deploy/county/county.ts'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import type { Booked } from '@lotkeeper/protocol/api/node.ts'
import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, untilReading, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf, untilHeld } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'

const test = countyTest({ nodes: ['baisha'] })
const ISSUED = 'infusion-set/SY2611'
const CARRIED = 'bandage-6x500/BD2611'
/**
 * When each life of the node ends: so many milliseconds after its box set out (the door is passed after two seconds), or the moment the box
 * is in the book.
 */
const LIVES = [1_000, 'booked', 1_500, 'booked', 2_500, 'booked'] as const
const KEEPERS = 3
/** More than the keepers can issue, however long a slow machine takes. */
const PACKS = 800
const UNITS_OF_PACK = 25
const boxes = LIVES.map(() => newBox('bandage-6x500', 'BD2611', inDays(300)))
/** What the keepers were answered, by action: for ever. */
const answered = new Map<string, Booked>()

/** A keeper issues one piece after another; without an answer he asks again with the same action, as the page does. */
const issueOn = async (county: TestCounty, signal: AbortSignal): Promise<void> => {
  for (let action = newAction(); ; ) {
    const booked = await issueOne(county, action)
    if (booked !== null) {
      answered.set(action, booked)
      if (signal.aborted) return
      action = newAction()
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const issueOne = async (county: TestCounty, action: string): Promise<Booked | null> => {
  const issue = { action, lot: ISSUED, room: 'main', quantity: 1, pack: '套' }
  const asking = county.township('baisha').client()
  // Nobody answers while the node is dead.
  const booked = await asking.then((client) => book(client, 'issue', issue)).catch(() => null)
  if (booked !== null && !('entries' in booked)) throw new Error(`${booked.problem.code}: ${booked.problem.title}`)
  return booked
}

/** What the node's file says of a box. */
const receiptsOf = (county: TestCounty, epc: string) =>
  entriesOf(county, 'baisha').filter(({ kind, lines }) => lines.some(({ tags }) => tags.includes(epc)) && kind !== 'passage')

/**
 * Carries a box in and answers the moment it is in the book, while its carrier may still walk. A box the door asked about is settled with one tap;
 * one it did not see is carried once more, as people do.
 */
const carryUntilBooked = async (town: Township, box: Pick<Box, 'epc'>, tries = 3): Promise<readonly Promise<void>[]> => {
  const walk = carry(town, 'in', [box])
  const client = await town.client()
  const look = async () => {
    const [movements, tasks] = [await client.get('movements', { lot: CARRIED }), await client.get('tasks')]
    const isBooked = movements.rows.some(({ tags }) => tags.includes(box.epc))
    return { isBooked, asked: tasks.rows.find(({ epc }) => epc === box.epc)?.task ?? null }
  }
  // What the door is not sure of it tells ten seconds after the last it heard of it.
  const looked = until(`the box ${box.epc} to be told`, look, (seen) => seen.isBooked || seen.asked !== null, {
    everyMs: 40,
    withinMs: 30_000,
  })
  const seen = tries === 1 ? await looked : await looked.catch(() => null)
  if (seen === null) return [walk, ...(await carryUntilBooked(town, box, tries - 1))]
  if (seen.asked !== null) expect(await book(client, 'settle', { task: seen.asked, answer: 'in' })).toMatchObject({ fresh: true })
  return [walk]
}

test('kill -9 of the node, six times, while three keepers book and boxes come through the door', async ({ county }) => {
  const town = county.township('baisha')
  await announce(county, 'baisha', boxes)
  const sets = { item: 'infusion-set', lotNumber: 'SY2611', expiry: inDays(400), room: 'main', quantity: PACKS, pack: '盒', accept: true }
  await book(await town.client(), 'receive', sets)
  const ending = new AbortController()
  const keepers = Array.from({ length: KEEPERS }, () => issueOn(county, ending.signal))
  const walks: Promise<void>[] = []
  for (const [at, end] of LIVES.entries()) {
    const box = boxes[at] ?? { epc: '' }
    // Where a life ends is counted from its box setting out.
    await untilReading(town)
    if (end === 'booked') walks.push(...(await carryUntilBooked(town, box)))
    else {
      walks.push(carry(town, 'in', [box]))
      await new Promise((resolve) => setTimeout(resolve, end))
    }
    await town.kill()
    await town.start()
  }
  await Promise.all(walks)
  ending.abort()
  await Promise.all(keepers)
  await untilHeld(county)
})

test('every answered booking is in the book of the node and of the county, as it was answered, once', async ({ county }) => {
  expect(answered.size).toBeGreaterThan(60)
  for (const house of ['baisha', 'hub']) {
    const issues = entriesOf(county, house, 'baisha>*').filter(({ kind }) => kind === 'issue')
    expect(issues.map(({ action }) => action).toSorted()).toEqual([...answered.keys()].toSorted())
    expect(issues.map(({ action, id }) => [action, [id]])).toEqual(issues.map(({ action }) => [action, answered.get(action)?.entries]))
    // An answer also names the head of the stream it was given at: what was once a head must stand there for ever.
    const held = new Map(entriesOf(county, house, 'baisha>*').map(({ id, hash }) => [id, hash]))
    for (const { head } of answered.values()) expect(held.get(`baisha>*/${head.epoch}/${head.seq}`)).toBe(head.hash)
  }
  const epochs = entriesOf(county, 'hub', 'baisha>*').filter(({ kind }) => kind === 'epoch')
  expect(epochs.length).toBe(LIVES.length + 1)
})

test('a box the dead node did not see whole is asked about or carried again; none is in the book twice', async ({ county }) => {
  const town = county.township('baisha')
  const client = await town.client()
  const missed = () => boxes.filter(({ epc }) => receiptsOf(county, epc).length === 0)
  // Had the door seen none or all of them, nothing would have been tried.
  expect(missed().length).toBeGreaterThan(0)
  expect(missed().length).toBeLessThan(boxes.length)
  await carry(town, 'in', missed())
  await until(
    'every box to be booked or asked about',
    async () => {
      const tasks = (await client.get('tasks')).rows
      return missed().filter(({ epc }) => !tasks.some((task) => task.epc === epc))
    },
    (lost) => lost.length === 0,
    { withinMs: 30_000 },
  )
  const unsure = missed()
  for (const { epc, task } of (await client.get('tasks')).rows) {
    const answer = unsure.some((box) => box.epc === epc) && receiptsOf(county, epc).length === 0 ? 'in' : 'none'
    expect(await book(client, 'settle', { task, answer })).toMatchObject({ fresh: true })
  }
  await untilStands(county, 'baisha', {
    [`main/available ${ISSUED}`]: PACKS * UNITS_OF_PACK - answered.size,
    [`main/pending ${CARRIED}`]: 12 * boxes.length,
  })
  expect(boxes.map(({ epc }) => receiptsOf(county, epc).length)).toEqual(boxes.map(() => 1))
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
})
