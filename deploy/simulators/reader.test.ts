import type { Told } from '@lotkeeper/edge/readers/told.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import type { ReaderSettings, ReaderState } from '@lotkeeper/edge/readers/uhf/state.ts'
import type { Noise } from '@lotkeeper/edge/serial/framing.ts'
import type { Gap } from '@lotkeeper/edge/serial/gap.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryWires } from './line-memory.ts'
import type { Tagged } from './modules/module.ts'
import { type ReaderOptions, simulateReader } from './reader.ts'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const EPC = '3074257BF7194E4000001A85'
const BOX: Tagged = { epc: bytesOfHex(EPC) ?? new Uint8Array(0), rssiDbm: -47.4 }

const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
/** A simulated module and the real reader on a wire inside this process, under one clock. */
const bench = (options: Partial<ReaderOptions> = {}, settings: Partial<ReaderSettings> = {}) => {
  const told: Told[] = []
  const phases: string[] = []
  const gaps: Gap[] = []
  const noises: Noise[] = []
  const field: Tagged[] = []
  const states: ReaderState[] = []
  const clock = { now: Date.now, monotonic: () => Date.now() - START }
  const random = { fraction: () => 0.5 }
  const { openPort, wire } = createMemoryWires()
  const cable = wire('/dev/door')
  const module = simulateReader(cable, { clock, timers, random }, { field: () => field, ...options })
  const start = () =>
    openReader(
      { clock, timers, random, openPort },
      { id: 'door-in', address: '/dev/door', family: 'bb7e', region: 'CN900', powerDbm: 26, session: 0, ports: [1], ...settings },
      {
        told: (read) => told.push(read),
        state: (state) => {
          states.push(state)
          phases.push(state.phase)
        },
        gap: (gap) => gaps.push(gap),
        noise: (noise) => noises.push(noise),
      },
    )
  return {
    told,
    phases,
    gaps,
    noises,
    field,
    states,
    module,
    cable,
    openPort,
    start,
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  }
}

describe('a reader', () => {
  it('is stopped, asked, configured and reads', async () => {
    const { start, module, field, told, phases, gaps, pass } = bench()
    const reader = start()
    await pass(1_000)
    expect(phases).toEqual(['probing', 'reading'])
    expect(module.state()).toMatchObject({
      region: 'CN900',
      hopping: 'on',
      powerDbm: 26,
      query: { session: 0, q: 4 },
      pollsLeft: expect.any(Number),
    })
    expect(reader.state()).toMatchObject({
      version: 'M100 26dBm V1.0',
      firmware: 'V2.3.5',
      powerDbm: 26,
      region: 'CN900',
      dialect: 'BB7E',
      troubles: [],
      counters: { noiseBytes: 0, tagCrcFailures: 0, starts: 1 },
    })
    field.push(BOX)
    await pass(1_000)
    expect(told.length).toBeGreaterThan(40)
    expect(told[0]).toMatchObject({ reader: 'door-in', port: 1, epc: EPC, pc: 0x3000, rssiDbm: -47, rssiRaw: 0xd1, phaseDeg: null })
    expect(told.every(({ at, monotonic }) => at === START + monotonic)).toBe(true)
    expect(gaps).toEqual([])
    await reader.close()
  })

  it.each(['BB7E', 'AADD'] as const)('speaks the style of the module: %s', async (style) => {
    const { start, module, pass } = bench({ style })
    const reader = start()
    await pass(2_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', dialect: style })
    expect(module.state().answered).toContain('setPower')
  })

  it('another module of the other style on the same line is understood', async () => {
    const { start, module, pass } = bench()
    const reader = start()
    await pass(2_000)
    await module.unplug()
    await module.replug()
    module.speak('AADD')
    await pass(5_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', dialect: 'AADD' })
  })

  it('stays with the wish the module can keep and says which it cannot', async () => {
    const { start, pass } = bench({ powerDbmMax: 20 }, { powerDbm: 26 })
    const reader = start()
    await pass(1_000)
    expect(reader.state()).toMatchObject({
      phase: 'reading',
      powerDbm: 20,
      troubles: [{ ask: 'power', code: 'bad-parameter', zh: '命令参数不正确' }],
    })
  })

  it('is unplugged and comes back: one gap from the loss to the first poll, and reading again', async () => {
    const { start, module, field, told, phases, gaps, pass } = bench()
    const reader = start()
    field.push(BOX)
    await pass(20_000)
    await module.unplug()
    const before = told.length
    await pass(3_000)
    expect(reader.state().phase).toBe('lost')
    await module.replug()
    await pass(10_000)
    expect(phases).toEqual(['probing', 'reading', 'lost', 'probing', 'reading'])
    expect(told.length).toBeGreaterThan(before)
    expect(gaps.map(({ device, why, from, to }) => [device, why, from - START, to === null])).toEqual([
      ['door-in', 'serial.lost', 20_000, true],
      ['door-in', 'serial.lost', 20_000, false],
    ])
    expect(gaps[1]?.lastedMs).toBeGreaterThan(3_000)
    expect(gaps[1]?.lastedMs).toBeLessThan(8_000)
  })

  it('finds a module streaming from before a crash: nothing of that is told, all of ours is', async () => {
    const { start, field, told, module, openPort, pass } = bench()
    // What crashed: a host that started the polling and left without a word.
    const port = await openPort('/dev/door', { baud: 115_200 }, { chunk: () => {}, lost: () => {} })
    await port.write(bytesOfHex('BB0027000322FFFF4A7E') ?? new Uint8Array(0))
    await port.close()
    field.push(BOX)
    await pass(5_000)
    expect(module.state().notices).toBeGreaterThan(200)
    const reader = start()
    await pass(5_000)
    const { counters, phase } = reader.state()
    expect([phase, counters.starts]).toEqual(['reading', 1])
    expect(told.length).toBeGreaterThan(150)
    expect(told.length).toBe(counters.reads)
    expect(module.state().answered).toContain('setRegion')
  })

  it('a deaf module is asked again, opened anew, and read when it hears again', async () => {
    const { start, module, phases, gaps, pass } = bench()
    const reader = start()
    await pass(20_000)
    module.deafen(true)
    await pass(20_000)
    expect(gaps).toMatchObject([{ why: 'reader.silent', to: null }])
    // Dated from the last frame, not from when it was noticed.
    expect((gaps[0]?.from ?? 0) - START).toBeLessThanOrEqual(20_000)
    expect(phases.slice(2, 4)).toEqual(['probing', 'lost'])
    module.deafen(false)
    await pass(30_000)
    expect(reader.state().phase).toBe('reading')
    expect(gaps.map(({ to }) => to === null)).toEqual([true, false])
  })

  it('a module that is there but never answers keeps its gap open', async () => {
    const { start, module, gaps, pass } = bench()
    module.deafen(true)
    start()
    await pass(60_000)
    expect(gaps).toMatchObject([{ why: 'reader.no-answer', from: START, to: null }])
  })

  it('noise, half frames and flipped bits are counted and lose at most the read they hit', async () => {
    const { start, module, field, told, noises, pass } = bench()
    const reader = start()
    field.push(BOX)
    await pass(1_000)
    module.noise(Uint8Array.of(0xbb, 0x02, 0x22, 0x7e, 0x00))
    await pass(1_000)
    module.spoilNext('half')
    await pass(1_000)
    module.spoilNext('flip')
    await pass(1_000)
    const { counters } = reader.state()
    expect(noises.map(({ reason }) => reason)).toEqual(['length', 'end', 'checksum'])
    expect(counters.noises).toBe(3)
    expect(counters.noiseBytes).toBe(noises.reduce((sum, { bytes }) => sum + bytes.length, 0))
    expect(told.length).toBe(module.state().notices - 2)
  })

  it('a read whose frame holds but whose tag CRC fails is dropped and counted', async () => {
    const { start, module, field, told, pass } = bench()
    const reader = start()
    field.push(BOX)
    await pass(1_000)
    module.spoilNext('compensated')
    await pass(1_000)
    expect(reader.state().counters.tagCrcFailures).toBe(1)
    expect(told.every(({ epc }) => epc === EPC)).toBe(true)
    expect(told.length).toBe(module.state().notices - 1)
  })

  it('sets the count anew before it runs out: polling never ends', async () => {
    const { start, module, field, pass } = bench({ readsPerSecond: 500 })
    const reader = start()
    field.push(BOX)
    await pass(300_000)
    expect(module.state().notices).toBeGreaterThan(2 * 0xffff)
    expect(reader.state()).toMatchObject({ phase: 'reading', counters: { starts: 1 } })
    expect(reader.state().counters.rearms).toBeGreaterThanOrEqual(2)
  }, 60_000)

  it('an idle reader is asked nothing and tells an empty poll twice a second', async () => {
    const { start, module, pass } = bench()
    start()
    await pass(2_000)
    const before = module.state()
    await pass(10_000)
    expect(module.state().idles - before.idles).toBe(20)
    expect(module.state().answered.length).toBe(before.answered.length)
  })

  it('tells the module to stop when the node stops, and tells nothing afterwards', async () => {
    const { start, module, field, told, phases, pass } = bench()
    const reader = start()
    field.push(BOX)
    await pass(2_000)
    const closing = reader.close()
    await pass(500)
    await closing
    const [reads, shown] = [told.length, phases.length]
    expect(module.state()).toMatchObject({ pollsLeft: 0 })
    await pass(60_000)
    expect([told.length, phases.length]).toEqual([reads, shown])
  })
})
