import type { Snapshot } from '@lotkeeper/protocol/api/live.ts'
import { expect, it } from 'vitest'
import { settle, standingClock } from './fixtures/standing-clock.ts'
import { openShots, SNAPSHOT_EVERY_MS } from './shots.ts'

const opened = () => {
  const clock = standingClock()
  let made = 0
  const make = async () => {
    made += 1
    return { cursor: { seq: made } } as Snapshot
  }
  const shots = openShots({ now: clock.now, after: clock.after, make })
  const taken: number[] = []
  const take = (isGood = true) => void shots.take(() => isGood).then(({ cursor }) => taken.push(cursor.seq))
  return { clock, taken, take }
}

it('snapshots asked for at once are one', async () => {
  const { taken, take } = opened()
  for (let n = 0; n < 3; n += 1) take()
  await settle()
  expect(taken).toEqual([1, 1, 1])
})

it('a young one serves again, an old one does not', async () => {
  const { clock, taken, take } = opened()
  take()
  await settle()
  clock.pass(SNAPSHOT_EVERY_MS - 1)
  take()
  await settle()
  clock.pass(1)
  take()
  await settle()
  expect(taken).toEqual([1, 1, 2])
})

it('when even the young one is no good the next waits its time', async () => {
  const { clock, taken, take } = opened()
  take()
  await settle()
  take(false)
  await settle()
  expect(taken).toEqual([1])
  clock.pass(SNAPSHOT_EVERY_MS)
  await settle()
  expect(taken).toEqual([1, 2])
})
