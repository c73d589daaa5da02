import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gap } from '../../serial/gap.ts'
import type { PortEvents } from '../../serial/port.ts'
import type { Garbage } from './kind.ts'
import { openScanner, type Scan, type ScannerState } from './scanner.ts'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

const bench = () => {
  const scans: Scan[] = []
  const garbage: Garbage[] = []
  const gaps: Gap[] = []
  const states: ScannerState[] = []
  const ports: PortEvents[] = []
  const scanner = openScanner(
    {
      clock: { now: Date.now, monotonic: () => Date.now() - START },
      timers: {
        after: (ms, run) => {
          const timer = setTimeout(run, ms)
          return () => clearTimeout(timer)
        },
      },
      random: { fraction: () => 0 },
      openPort: async (_address, _options, on) => {
        ports.push(on)
        return { write: async () => {}, close: async () => {} }
      },
    },
    { id: 'table', address: '/dev/scanner', baud: 9_600 },
    {
      scan: (scan) => scans.push(scan),
      garbage: (piece) => garbage.push(piece),
      state: (state) => states.push(state),
      gap: (gap) => gaps.push(gap),
    },
  )
  const say = (text: string) => ports.at(-1)?.chunk(ascii(text))
  return { scanner, scans, garbage, gaps, states, ports, say, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

describe('a scanner', () => {
  it('tells each scan with AIM id and GS, stamped when its end came', async () => {
    const { scans, say, pass } = bench()
    await pass(0)
    say(']d20106901234567892')
    await pass(30)
    say('10B2509\x1d21SN1\r')
    expect(scans).toEqual([{ scanner: 'table', text: ']d2010690123456789210B2509\x1d21SN1', at: START + 30, monotonic: 30 }])
  })

  it('may rightly say nothing for days', async () => {
    const { scanner, gaps, ports, pass } = bench()
    await pass(3 * 86_400_000)
    expect([scanner.state().connected, gaps.length, ports.length]).toEqual([true, 0, 1])
  })

  it('half a scan is garbage after a second, and not the head of the next', async () => {
    const { scanner, scans, garbage, say, pass } = bench()
    await pass(0)
    say(']d201069')
    await pass(1_000)
    say(']E0690123456789\r')
    expect(garbage).toMatchObject([{ reason: 'unterminated' }])
    expect(scans.map(({ text }) => text)).toEqual([']E0690123456789'])
    expect(scanner.state().counters).toEqual({ scans: 1, garbage: 1, garbageBytes: 8 })
  })

  it('unplugged in the middle of a scan: garbage, a gap, and open again', async () => {
    const { scanner, garbage, gaps, states, ports, say, pass } = bench()
    await pass(20_000)
    say(']d201')
    ports[0]?.lost('unplugged')
    expect(scanner.state().connected).toBe(false)
    await pass(250)
    expect(garbage).toHaveLength(1)
    expect(gaps.map(({ why, from, to }) => [why, from - START, to === null ? null : to - START])).toEqual([
      ['serial.lost', 20_000, null],
      ['serial.lost', 20_000, 20_250],
    ])
    expect(states.map(({ connected }) => connected)).toEqual([true, false, true])
  })

  it('closed, it tells nothing more', async () => {
    const { scanner, scans, ports, say, pass } = bench()
    await pass(0)
    say('half')
    const closing = scanner.close()
    await pass(200)
    await closing
    say('\r')
    await pass(60_000)
    expect([scans.length, ports.length, scanner.state().counters.garbage]).toEqual([0, 1, 0])
  })
})
