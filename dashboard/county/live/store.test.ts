import type { Cursor } from '@lotkeeper/protocol/api/live.ts'
import { describe, expect, it } from 'vitest'
import { delta, movement, site, snapshot } from './fixtures.ts'
import { openLive, POLL_MS, type Poll, QUEUE_MAX, SILENCE_MS, SOCKET_DEAF_MS, type SocketSide } from './store.ts'

/** A page in a box: its clock and pictures are turned by hand, its hub says what the test says. */
const openPage = (poll: () => Poll | null = () => null) => {
  let nowMs = 1_000_000
  let frames: (() => void)[] = []
  let timers: { atMs: number; run: () => void }[] = []
  const joins: (Cursor | null)[] = []
  let polls = 0
  let hub: SocketSide | undefined
  const live = openLive({
    openSocket: (on) => {
      hub = on
      return { join: (cursor) => void joins.push(cursor), close: () => undefined }
    },
    poll: async () => {
      polls += 1
      return poll()
    },
    frame: (run) => {
      frames.push(run)
      return () => {
        frames = frames.filter((one) => one !== run)
      }
    },
    after: (ms, run) => {
      const timer = { atMs: nowMs + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    nowMs: () => nowMs,
  })
  const draw = (): void => {
    const due = frames
    frames = []
    for (const run of due) run()
  }
  const pass = async (ms: number): Promise<void> => {
    const endMs = nowMs + ms
    for (;;) {
      const next = timers.filter((timer) => timer.atMs <= endMs).sort((one, other) => one.atMs - other.atMs)[0]
      if (!next) break
      nowMs = next.atMs
      timers = timers.filter((timer) => timer !== next)
      next.run()
      await Promise.resolve().then(() => undefined)
    }
    nowMs = endMs
    await new Promise((settled) => setTimeout(settled))
  }
  if (!hub) throw new Error('the page opened no socket')
  return { live, hub, joins, draw, pass, polls: () => polls, pictures: () => frames.length }
}
const seqOf = (page: ReturnType<typeof openPage>) => page.live.state().view.cursor?.seq

describe('the live store', () => {
  it('joins without a cursor at first, and with its own after the line came back', () => {
    const page = openPage()
    page.hub.up()
    page.hub.snapshot(snapshot(10))
    page.draw()
    page.hub.down()
    page.hub.up()
    expect(page.joins).toEqual([null, snapshot(10).cursor])
  })
  it('folds a hundred deltas into one picture', () => {
    const page = openPage()
    let told = 0
    page.live.subscribe(() => (told += 1))
    page.hub.up()
    page.hub.snapshot(snapshot(0))
    for (let seq = 0; seq < 100; seq += 1) page.hub.delta(delta(seq, { sites: [site('qinglong', { units: seq })] }))
    expect([page.pictures(), told]).toEqual([1, 0])
    page.draw()
    expect([seqOf(page), page.live.state().view.sites.get('qinglong')?.units, told]).toEqual([100, 99, 1])
  })
  it('joins again at a gap and keeps what it had until the answer comes', () => {
    const page = openPage()
    page.hub.up()
    page.hub.snapshot(snapshot(10, { movements: [movement(1)] }))
    page.draw()
    page.hub.delta(delta(12, { movements: [movement(3)] }))
    page.draw()
    expect([seqOf(page), page.joins.at(-1)?.seq]).toEqual([10, 10])
    for (const seq of [10, 11, 12]) page.hub.delta(delta(seq, { movements: [movement(seq - 9)] }))
    page.draw()
    expect([seqOf(page), page.live.state().view.movements.length]).toEqual([13, 3])
  })
  it('takes one snapshot instead of a hoard when it slept', () => {
    const page = openPage()
    page.hub.up()
    page.hub.snapshot(snapshot(0))
    page.draw()
    for (let seq = 0; seq <= QUEUE_MAX; seq += 1) page.hub.delta(delta(seq))
    expect(page.joins.at(-1)).toBe(null)
    page.hub.snapshot(snapshot(900))
    page.draw()
    expect([seqOf(page), page.live.state().snapshots]).toEqual([900, 2])
  })
  it('asks in silence whether its picture still holds, and stays fresh while the hub says so', async () => {
    const page = openPage()
    page.hub.up()
    page.hub.snapshot(snapshot(10))
    page.draw()
    const heardMs = page.live.state().heardMs ?? 0
    await page.pass(SILENCE_MS)
    expect(page.joins).toEqual([null, snapshot(10).cursor])
    page.hub.delta({ ...delta(10), cursor: snapshot(10).cursor })
    page.draw()
    expect([page.live.state().heardMs, page.live.state().link, page.polls()]).toEqual([heardMs + SILENCE_MS, 'live', 0])
  })
  it('asks over HTTP when the socket is open in name only', async () => {
    const page = openPage(() => ({ sites: [site('qinglong', { units: 5 })], openDiscrepancies: 0, movements: [], discrepancies: [] }))
    page.hub.up()
    page.hub.snapshot(snapshot(10))
    page.draw()
    await page.pass(SOCKET_DEAF_MS + 1_000)
    expect([page.live.state().link, page.live.state().view.sites.get('qinglong')?.units]).toEqual(['polling', 5])
  })
  it('polls where the socket is blocked, every ten seconds', async () => {
    const page = openPage(() => ({ sites: [site('qinglong')], openDiscrepancies: 2, movements: [movement(4)], discrepancies: [] }))
    page.hub.down()
    await page.pass(0)
    expect([page.live.state().link, page.live.state().view.openDiscrepancies]).toEqual(['polling', 2])
    const before = page.polls()
    await page.pass(POLL_MS * 3)
    expect(page.polls() - before).toBe(3)
  })
  it('says lost when neither answers, and keeps the last picture with its age', async () => {
    const page = openPage()
    page.hub.up()
    page.hub.snapshot(snapshot(10, { sites: [site('qinglong', { units: 42 })] }))
    page.draw()
    const heardMs = page.live.state().heardMs
    page.hub.down()
    await page.pass(30_000)
    expect([page.live.state().link, page.live.state().heardMs, page.live.state().view.sites.get('qinglong')?.units]).toEqual([
      'lost',
      heardMs,
      42,
    ])
  })
  it('is still connecting when it was never heard', async () => {
    const page = openPage()
    page.hub.down()
    await page.pass(5_000)
    expect([page.live.state().link, page.live.state().heardMs]).toEqual(['connecting', null])
  })
})

it('asks nothing more once it is closed: the sign-in it asked under has ended', async () => {
  const page = openPage()
  page.hub.up()
  page.live.close()
  page.hub.down()
  await page.pass(60_000)
  expect([page.polls(), page.joins.length]).toEqual([0, 1])
})
