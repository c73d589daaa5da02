import type { Told } from '@lotkeeper/edge/readers/told.ts'
import { decodedOf } from '@lotkeeper/edge/readers/uhf/gclient/decoded.ts'
import { writeMessage } from '@lotkeeper/edge/readers/uhf/gclient/frames.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryWires } from '../line-memory.ts'
import { simulateReader } from '../reader.ts'
import { GCLIENT_MODULE } from './gclient.ts'
import type { ModuleOptions, Tagged } from './module.ts'

// What the contract of all families does not ask: ports by turns, heartbeats sent back, and a reader that begins anew unnoticed.
beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const NOTHING = new Uint8Array(0)
const BOX: Tagged = { epc: bytesOfHex('3074257BF7194E4000001A85') ?? NOTHING, rssiDbm: -47 }

const bench = (options: ModuleOptions, ports: readonly number[] = [1]) => {
  const told: Told[] = []
  const field: Tagged[] = [BOX]
  const gaps: string[] = []
  const clock = { now: Date.now, monotonic: () => Date.now() - START }
  const timers = {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  const random = { fraction: () => 0.5 }
  const { openPort, wire } = createMemoryWires()
  const module = simulateReader(wire('/dev/door'), { clock, timers, random }, { family: '5a', field: () => field, ...options })
  const reader = openReader(
    { clock, timers, random, openPort },
    { id: 'r', address: '/dev/door', family: '5a', region: 'CN900', powerDbm: 24, session: 1, ports },
    { told: (read) => told.push(read), state: () => {}, gap: ({ why }) => gaps.push(why), noise: () => {} },
  )
  return { told, field, gaps, module, reader, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

describe('a GClient reader', () => {
  it('reads on its ports by turns and tells what it is', async () => {
    const { told, module, reader, pass } = bench({ ports: [1, 2, 3, 4], loose: [3] }, [1, 3, 4])
    await pass(5_000)
    const counts = [1, 2, 3, 4].map((port) => told.filter((read) => read.port === port).length)
    expect(counts[0]).toBeGreaterThan(20)
    expect([counts[1], counts[2]]).toEqual([0, 0])
    expect(Math.abs((counts[0] as number) - (counts[3] as number))).toBeLessThan(2)
    expect(reader.state()).toMatchObject({ version: 'GClient GR0001', firmware: '0.1.2.15', powerDbm: 24, region: 'CN900', troubles: [] })
    expect(module.state()).toMatchObject({ session: 1, flags: 2, repeated: 0, isHopping: true, isSleepy: false, isResuming: false })
  })

  it('its heartbeats are sent back', async () => {
    const { field, module, reader, pass } = bench({})
    field.length = 0
    await pass(60_000)
    const { heartbeats, echoes } = module.state() as unknown as { readonly heartbeats: number; readonly echoes: number }
    expect(heartbeats).toBeGreaterThan(3)
    expect([echoes, reader.state().counters.starts]).toEqual([heartbeats, 1])
  })

  it('begins anew unnoticed while nothing is in the field: it is set again before it reads on', async () => {
    const { field, module, reader, gaps, pass } = bench({})
    field.length = 0
    await pass(30_000)
    module.restart()
    await pass(15_000)
    expect(module.state()).toMatchObject({ powerDbm: 24, region: 'CN900', repeated: 0 })
    expect([reader.state().phase, gaps]).toEqual(['reading', ['reader.silent', 'reader.silent']])
  })

  it('wished on more ports than it has, it reads on those it has', async () => {
    const { told, reader, pass } = bench({ ports: [1, 2] }, [2, 5])
    await pass(5_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [{ ask: 'ports', code: 'port-missing' }] })
    expect(new Set(told.map(({ port }) => port))).toEqual(new Set([2]))
  })

  it('in Korea, for which it has no number, it is not started', async () => {
    const one = bench({ band: 'EU' })
    await one.pass(20_000)
    expect([one.told.length, one.gaps.includes('reader.region-wrong')]).toEqual([0, true])
  })
})

describe('one asked by hand', () => {
  const asked = (module: ReturnType<typeof GCLIENT_MODULE.make>, frame: Uint8Array) =>
    module.hear(frame, START).map((answer) => decodedOf(answer))
  const air = { tagsAt: () => [BOX], fraction: () => 0.5 }

  it('reads once when asked to, and says when it is over', () => {
    const module = GCLIENT_MODULE.make({})
    asked(module, writeMessage('inventory', { antennas: 1, mode: 0, options: NOTHING }))
    const { frames } = module.look(air, START)
    expect(frames.map((frame) => decodedOf(frame)['kind'])).toEqual(['tag', 'inventoryOver'])
    expect(module.reading()).toBe(false)
  })

  it('stopped, it says why it is over; a port it has not is refused', () => {
    const module = GCLIENT_MODULE.make({})
    expect(asked(module, writeMessage('inventory', { antennas: 2, mode: 1, options: NOTHING }))).toMatchObject([{ data: '01' }])
    asked(module, writeMessage('inventory', { antennas: 1, mode: 1, options: NOTHING }))
    expect(asked(module, writeMessage('setBand', { band: 'EU' }))).toEqual([])
    expect(asked(module, writeMessage('stop', {}))).toMatchObject([
      { msgId: 'FF', data: '00' },
      { kind: 'inventoryOver', reason: 1 },
    ])
  })

  it('on a bus it hears its own address only', () => {
    const module = GCLIENT_MODULE.make({ style: 'RS485-07' })
    expect(asked(module, writeMessage('getBand', {}))).toEqual([])
    expect(asked(module, writeMessage('getBand', {}, 8))).toEqual([])
    expect(asked(module, writeMessage('getBand', {}, 7))).toMatchObject([{ rs485: true, rs485Addr: 7 }])
  })

  it('with its tag filter on it tells a tag once in a second, and its clock may be wrong', () => {
    const module = GCLIENT_MODULE.make({ clockOffMs: 3_600_000 })
    asked(module, writeMessage('inventory', { antennas: 1, mode: 1, options: NOTHING }))
    const kinds = [0, 100, 1_100].map((ms) => module.look(air, START + ms))
    expect(kinds.map(({ reads }) => reads)).toEqual([1, 0, 1])
    expect(decodedOf(kinds[0]?.frames[0] ?? NOTHING)).toMatchObject({ utcSec: START / 1_000 + 3_600, rssiRaw: 82 })
  })
})
