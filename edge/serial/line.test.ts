import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gap } from './gap.ts'
import { keepLine, PAUSE_FIRST_MS, PAUSE_LONGEST_MS, pauseOf } from './line.ts'
import type { OpenPort, PortEvents } from './port.ts'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000

/** A county of one cable: `plug` says what the next opening meets, `ports` are those that opened. */
const bench = (silenceMs: number | null = null, plug: 'opens' | 'fails' | 'hangs' = 'opens') => {
  const said: string[] = []
  const gaps: Gap[] = []
  const ports: (PortEvents & { readonly written: Uint8Array[]; closed: boolean })[] = []
  const cable = { plug, takes: true, openings: 0 }
  const openPort: OpenPort = async (_address, _options, on) => {
    cable.openings += 1
    if (cable.plug === 'hangs') await new Promise(() => {})
    if (cable.plug === 'fails')
      throw Object.assign(new Error('did not open', { cause: new Error('ENOENT') }), { code: 'serial.open-failed' })
    const port = { ...on, written: [] as Uint8Array[], closed: false }
    ports.push(port)
    return {
      write: async (bytes) => {
        if (!cable.takes) throw new Error('EIO')
        port.written.push(bytes)
      },
      close: async () => {
        port.closed = true
      },
    }
  }
  const line = keepLine(
    {
      clock: { now: Date.now, monotonic: () => Date.now() - START },
      timers: {
        after: (ms, run) => {
          const timer = setTimeout(run, ms)
          return () => clearTimeout(timer)
        },
      },
      random: { fraction: () => 1 },
      openPort,
    },
    { device: 'r1', address: '/dev/r1', baud: 115_200, silenceMs },
    {
      opened: () => said.push('opened'),
      lost: () => said.push('lost'),
      chunk: (bytes, at) => said.push(`${bytes.length}@${at - START}`),
      gap: (gap) => gaps.push(gap),
    },
  )
  const last = () => {
    const port = ports.at(-1)
    if (port === undefined) throw new Error('nothing was opened')
    return port
  }
  return { line, said, gaps, cable, ports, last, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}
const shown = (gaps: readonly Gap[]) =>
  gaps.map(({ from, to, lastedMs, why }) => [why, from - START, to === null ? null : to - START, lastedMs])

describe('a line', () => {
  it('opens, hears with the time of arrival, and has no gap', async () => {
    const { line, said, gaps, last, pass } = bench()
    await pass(0)
    line.settled()
    await pass(40)
    last().chunk(Uint8Array.of(1, 2))
    expect(said).toEqual(['opened', '2@40'])
    expect(gaps).toEqual([])
  })

  it('tries for ever with growing pauses when nothing is there, and says when it is over', async () => {
    const { line, gaps, cable, pass } = bench(null, 'fails')
    await pass(0)
    const seen: number[] = []
    for (let second = 0; second < 300; second += 1) {
      seen.push(cable.openings)
      await pass(1_000)
    }
    // 250, 500, 1 s .. 30 s: eight openings in the first half minute, then two a minute.
    expect([seen[1], seen[2], seen[8], seen[32], seen[299]]).toEqual([3, 4, 6, 8, 16])
    cable.plug = 'opens'
    await pass(30_000)
    line.settled()
    expect(shown(gaps)).toEqual([
      ['serial.open-failed', 0, null, null],
      ['serial.open-failed', 0, expect.any(Number), expect.any(Number)],
    ])
    expect(gaps[0]?.detail).toBe('did not open: ENOENT')
    expect(gaps[1]?.lastedMs).toBe((gaps[1]?.to ?? 0) - START)
  })

  it('records one gap from the loss until the device works again', async () => {
    const { line, said, gaps, last, pass } = bench()
    await pass(0)
    line.settled()
    await pass(20_000)
    last().lost('EBADF')
    await pass(PAUSE_FIRST_MS)
    expect(said).toEqual(['opened', 'lost', 'opened'])
    await pass(700)
    line.settled()
    expect(shown(gaps)).toEqual([
      ['serial.lost', 20_000, null, null],
      ['serial.lost', 20_000, 20_950, 950],
    ])
  })

  it('does not hammer a device that opens but never works, nor one that flaps', async () => {
    const { line, cable, last, pass } = bench()
    await pass(0)
    for (let turn = 0; turn < 5; turn += 1) {
      if (turn % 2 === 0) line.settled()
      last().lost('gone')
      await pass(PAUSE_FIRST_MS * 2 ** turn - 1)
      expect(cable.openings).toBe(turn + 1)
      await pass(1)
      expect(cable.openings).toBe(turn + 2)
    }
  })

  it('opens anew when no byte comes, and dates the gap from the last byte', async () => {
    const { line, said, gaps, last, pass } = bench(5_000)
    await pass(0)
    line.settled()
    await pass(3_000)
    last().chunk(Uint8Array.of(1))
    await pass(4_999)
    expect(said).toEqual(['opened', '1@3000'])
    await pass(1)
    expect(said).toEqual(['opened', '1@3000', 'lost'])
    expect(shown(gaps)).toEqual([['serial.silent', 3_000, null, null]])
  })

  it('gives up an opening that never settles', async () => {
    const { cable, gaps, pass } = bench(null, 'hangs')
    await pass(10_000)
    expect(shown(gaps)).toEqual([['serial.open-failed', 0, null, null]])
    cable.plug = 'opens'
    await pass(PAUSE_FIRST_MS)
    expect(cable.openings).toBe(2)
  })

  it('loses the port when it takes no bytes', async () => {
    const { line, cable, gaps, last, pass } = bench()
    await pass(0)
    line.write(Uint8Array.of(1))
    expect(last().written).toHaveLength(1)
    cable.takes = false
    line.write(Uint8Array.of(2))
    await pass(0)
    expect(shown(gaps)).toEqual([['serial.write-failed', 0, null, null]])
    expect(last().closed).toBe(true)
  })

  it('hears nothing of a port it has left', async () => {
    const { line, said, gaps, ports, pass } = bench()
    await pass(0)
    line.reopen('reader.no-answer', 'deaf', 0)
    await pass(PAUSE_FIRST_MS)
    ports[0]?.chunk(Uint8Array.of(1))
    ports[0]?.lost('late')
    expect(said).toEqual(['opened', 'lost', 'opened'])
    expect(gaps).toHaveLength(1)
  })

  it('a device in trouble has a gap though its port stays open; the first reason stays', async () => {
    const { line, gaps, pass } = bench()
    await pass(4_000)
    line.troubled('reader.silent', 'no frame', 1_000)
    line.reopen('reader.no-answer', 'deaf', 1_000)
    await pass(500)
    line.settled()
    expect(shown(gaps)).toEqual([
      ['reader.silent', 1_000, null, null],
      ['reader.silent', 1_000, 4_500, 3_500],
    ])
  })

  it('closes: no further opening, nothing told', async () => {
    const { line, said, cable, last, pass } = bench()
    await pass(0)
    const closing = line.close()
    await pass(200)
    await closing
    await line.close()
    last().lost('after the end')
    line.reopen('reader.silent', '', 0)
    await pass(60_000)
    expect([said, cable.openings, last().closed]).toEqual([['opened'], 1, true])
  })

  it('closes while an opening is under way: the port that still opens is closed', async () => {
    const { line, said, ports, pass } = bench()
    await line.close()
    await pass(1_000)
    expect([said, ports[0]?.closed]).toEqual([[], true])
  })
})

describe('the pause before the n-th opening', () => {
  it.each([
    [0, 0, PAUSE_FIRST_MS],
    [0, 1, 250],
    [1, 0, 250],
    [1, 1, 500],
    [4, 0, 2_000],
    [4, 1, 4_000],
    [9, 0, 15_000],
    [9, 1, PAUSE_LONGEST_MS],
    [100_000, 1, PAUSE_LONGEST_MS],
  ])('n = %i, chance %d: %i ms', (attempt, fraction, expected) => {
    expect(pauseOf(attempt, fraction)).toBe(expected)
  })
})
