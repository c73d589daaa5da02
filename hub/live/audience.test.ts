import type { Cursor, Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { CATCH_UP_ROWS_MAX, type Listener, LOOK_AGAIN_MS, openAudience } from './audience.ts'
import { settle, standingClock } from './fixtures/standing-clock.ts'
import { openRing, type Ring } from './ring.ts'

const EPOCH = '00112233445566aa'
let ring: Ring
let clock: ReturnType<typeof standingClock>
let snapshots: number
let failing: boolean
let noted: unknown[]
let audience: ReturnType<typeof openAudience>
beforeEach(() => {
  ring = openRing(EPOCH)
  clock = standingClock()
  snapshots = 0
  failing = false
  noted = []
  audience = openAudience({
    ring,
    now: clock.now,
    after: clock.after,
    note: (error) => void noted.push(error),
    views: {
      take: () => ({
        nothing: (after) => ({ ...told(0), after, cursor: ring.cursor() }),
        shown: (delta) => delta,
        leave: () => undefined,
        snapshot: async () => {
          if (failing) throw new Error('no county')
          snapshots += 1
          return { cursor: ring.cursor(), at: '', sites: [], movements: [], discrepancies: [], openDiscrepancies: 0 }
        },
      }),
    },
  })
})

const told = (rows: number) => ({
  at: '',
  sites: [],
  stock: [],
  movements: Array<MovementRow>(rows),
  discrepancies: [],
  openDiscrepancies: 0,
})
/** Adds deltas and tells everybody. */
const happen = (count = 1, rows = 1) => {
  for (let n = 0; n < count; n += 1) ring.add(told(rows))
  audience.tell()
}

/** A listener that writes down what it hears: `0>1` a delta, `S2` a snapshot at 2, `3=` nothing new. */
const sit = (untilMs = Number.POSITIVE_INFINITY) => {
  const heard: string[] = []
  const state = { ready: true, dropped: false }
  const listener: Listener = {
    sight: { sites: 'all', discrepancies: 'all' },
    isReady: () => state.ready,
    tellDelta: ({ after, cursor }: Delta) => void heard.push(after.seq === cursor.seq ? `${after.seq}=` : `${after.seq}>${cursor.seq}`),
    tellSnapshot: ({ cursor }: Snapshot) => void heard.push(`S${cursor.seq}`),
    untilMs,
    drop: () => {
      state.dropped = true
    },
  }
  return { heard, state, ...audience.seat(listener) }
}
const at = (seq: number): Cursor => ({ epoch: EPOCH, seq })

describe('a client that joins', () => {
  it.each([
    ['where the hub stands', 3, at(3), ['3=']],
    ['a little behind', 3, at(1), ['1>2', '2>3']],
    ['without a cursor', 3, null, ['S3']],
    ['with a cursor of another hub', 3, { epoch: 'ffffffffffffffff', seq: 2 }, ['S3']],
    ['with a cursor from the future', 3, at(9), ['S3']],
    ['too far behind', CATCH_UP_ROWS_MAX + 1, at(0), [`S${CATCH_UP_ROWS_MAX + 1}`]],
  ])('%s', async (_, happened, cursor, heard) => {
    happen(happened, happened > 3 ? 1 : 0)
    const client = sit()
    client.join(cursor)
    await settle()
    expect(client.heard).toEqual(heard)
  })

  it('hears nothing before it joins, everything after', async () => {
    const client = sit()
    happen()
    expect(client.heard).toEqual([])
    client.join(at(1))
    happen(2)
    expect(client.heard).toEqual(['1=', '1>2', '2>3'])
  })

  it('hears nothing once it has left, also a snapshot on its way', async () => {
    const client = sit()
    client.join(null)
    client.leave()
    await settle()
    happen()
    expect(client.heard).toEqual([])
    expect(audience.size()).toBe(0)
  })
})

describe('a slow client', () => {
  it('gets nothing while it takes nothing, then what it missed in order', async () => {
    const client = sit()
    client.join(at(0))
    client.state.ready = false
    happen(3)
    expect(client.heard).toEqual(['0='])
    client.state.ready = true
    clock.pass(LOOK_AGAIN_MS)
    expect(client.heard).toEqual(['0=', '0>1', '1>2', '2>3'])
  })

  it('gets a snapshot when it missed much, and none before it can take it', async () => {
    const client = sit()
    client.join(at(0))
    client.state.ready = false
    happen(CATCH_UP_ROWS_MAX + 1)
    clock.pass(LOOK_AGAIN_MS * 3)
    await settle()
    expect(snapshots).toBe(0)
    client.state.ready = true
    clock.pass(LOOK_AGAIN_MS)
    await settle()
    expect(client.heard.slice(1)).toEqual([`S${CATCH_UP_ROWS_MAX + 1}`])
  })

  it('that stops taking while its snapshot is made gets it later', async () => {
    const client = sit()
    client.join(null)
    client.state.ready = false
    await settle()
    expect(client.heard).toEqual([])
    client.state.ready = true
    clock.pass(LOOK_AGAIN_MS)
    await settle()
    expect(client.heard).toEqual(['S0'])
  })

  it('costs the others nothing', () => {
    const [slow, quick] = [sit(), sit()]
    for (const client of [slow, quick]) client.join(at(0))
    slow.state.ready = false
    happen(2)
    expect(quick.heard).toEqual(['0=', '0>1', '1>2'])
  })
})

it('what happens while a snapshot is made follows it without a gap', async () => {
  const client = sit()
  client.join(null)
  happen(2)
  await settle()
  happen()
  expect(client.heard).toEqual(['S0', '0>1', '1>2', '2>3'])
})

it('a leap sends everybody a snapshot', async () => {
  const client = sit()
  client.join(at(0))
  ring.leap()
  audience.tell()
  await settle()
  expect(client.heard).toEqual(['0=', 'S1'])
})

it('a snapshot that cannot be made is put on record and tried again', async () => {
  const client = sit()
  failing = true
  client.join(null)
  await settle()
  expect(noted).toHaveLength(1)
  failing = false
  clock.pass(LOOK_AGAIN_MS)
  await settle()
  expect(client.heard).toEqual(['S0'])
})

it('a client whose session has ended is dropped instead of told', () => {
  const client = sit(1_000)
  client.join(at(0))
  clock.pass(1_000)
  happen()
  expect(client.heard).toEqual(['0='])
  expect(client.state.dropped).toBe(true)
})
