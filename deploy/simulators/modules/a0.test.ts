import type { Told } from '@lotkeeper/edge/readers/told.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import type { ReaderSettings } from '@lotkeeper/edge/readers/uhf/state.ts'
import type { Gap } from '@lotkeeper/edge/serial/gap.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryWires } from '../line-memory.ts'
import { simulateReader } from '../reader.ts'
import type { ModuleOptions, Tagged } from './module.ts'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const BOX: Tagged = { epc: new Uint8Array(12).fill(0x30), rssiDbm: -47, phaseDeg: 40 }

const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const bench = async (options: ModuleOptions, settings: Partial<ReaderSettings> = {}, ms = 5_000) => {
  const told: Told[] = []
  const gaps: Gap[] = []
  const clock = { now: Date.now, monotonic: () => Date.now() - START }
  const random = { fraction: () => 0.5 }
  const { openPort, wire } = createMemoryWires()
  const module = simulateReader(wire('/dev/door'), { clock, timers, random }, { family: 'a0', field: () => [BOX], ...options })
  const reader = openReader(
    { clock, timers, random, openPort },
    { id: 'r', address: '/dev/door', family: 'a0', region: 'CN900', powerDbm: 24, session: 1, ports: [1], ...settings },
    { told: (read) => told.push(read), state: () => {}, gap: (gap) => gaps.push(gap), noise: () => {} },
  )
  await vi.advanceTimersByTimeAsync(ms)
  return { told, gaps, module, reader }
}
const portsIn = (told: readonly Told[]) => [...new Set(told.map(({ port }) => port))].toSorted((one, other) => one - other)
const answered = (state: { readonly answered: readonly string[] }, name: string) => state.answered.filter((one) => one === name).length

describe('a module of several ports', () => {
  it('visits all of the wished, the upper four too', async () => {
    const { told, reader } = await bench({ ports: [1, 2, 3, 4, 5, 6, 7, 8] }, { ports: [1, 2, 6, 8] })
    expect(portsIn(told)).toEqual([1, 2, 6, 8])
    expect(reader.state().troubles).toEqual([])
    expect(reader.state().returnLossDb).toEqual({ 1: 18, 2: 18, 6: 18, 8: 18 })
  })

  it('complains of a loose antenna and reads on with the others', async () => {
    const { told, reader, gaps } = await bench({ ports: [1, 2, 3, 4], loose: [3] }, { ports: [1, 3] })
    expect(portsIn(told)).toEqual([1])
    expect(reader.state()).toMatchObject({
      phase: 'reading',
      conditions: [{ code: 'antenna-missing', port: 3 }],
      returnLossDb: { 1: 18, 3: 0 },
    })
    expect(gaps).toEqual([])
  })

  it('says that it has not all of the wished ports, and measures none of those', async () => {
    const { told, reader } = await bench({ ports: [1, 2] }, { ports: [1, 2, 3] })
    expect(portsIn(told)).toEqual([1, 2])
    expect(reader.state()).toMatchObject({ returnLossDb: { 1: 18, 2: 18 }, troubles: [{ ask: 'antenna', code: 'antenna-out-of-range' }] })
    expect(reader.state().returnLossDb[3]).toBeUndefined()
  })

  it.each([
    ['1.4', 'fastSwitch4', [1, 2]],
    ['1.4', 'fastSwitch8', [1, 2, 5, 6, 7]],
    ['1.9', 'fastSwitchSession', [1, 2]],
  ])('firmware %s is read with %s', async (firmware, name, ports) => {
    const { told, module } = await bench({ ports: [1, 2, 3, 4, 5, 6, 7, 8], firmware }, { ports }, 8_000)
    expect(portsIn(told)).toEqual(ports)
    expect(answered(module.state(), name)).toBeGreaterThan(2)
  })
})

describe('a module of one port', () => {
  it.each([
    ['1.4', 'inventory'],
    ['1.9', 'sessionInventory'],
  ])('firmware %s is read with %s', async (firmware, name) => {
    const { told, module, reader } = await bench({ firmware }, {}, 8_000)
    expect(told.length).toBeGreaterThan(100)
    expect(answered(module.state(), name)).toBeGreaterThan(5)
    expect(reader.state()).toMatchObject({ version: 'R2000', firmware, temperatureC: 31, troubles: [] })
  })

  it('whose only antenna is loose is not said to read', async () => {
    const { told, reader, gaps } = await bench({ loose: [1] })
    expect([told.length, reader.state().phase === 'reading']).toEqual([0, false])
    expect(gaps.map(({ why }) => why)).toContain('reader.not-started')
  })

  it('in another band than the law allows sends no carrier, not even to measure its antenna', async () => {
    const { module, told } = await bench({ band: 'EU' }, {}, 20_000)
    const { answered: asked } = module.state()
    expect([told.length, asked.includes('getRegion'), asked.includes('measureReturnLoss')]).toEqual([0, true, false])
  })

  it('tells frost as well as heat', async () => {
    expect((await bench({ temperatureC: -12 })).reader.state().temperatureC).toBe(-12)
  })

  it('can be brought to a band that has no number', async () => {
    const { reader, module } = await bench({}, { region: 'KR' })
    expect([reader.state().region, module.state().region, reader.state().troubles]).toEqual(['KR', 'KR', []])
  })

  it('keeps its settings: they are written once, not at every start', async () => {
    const { module } = await bench({})
    await vi.advanceTimersByTimeAsync(5_000)
    module.deafen(true)
    await vi.advanceTimersByTimeAsync(5_000)
    module.deafen(false)
    await vi.advanceTimersByTimeAsync(60_000)
    const state = module.state()
    expect([answered(state, 'setPower'), answered(state, 'setRegion')]).toEqual([1, 1])
    expect(answered(state, 'getPower')).toBeGreaterThan(3)
  })

  it('whose powers differ from port to port is set', async () => {
    const { reader } = await bench({ ports: [1, 2], powerDbmMax: 22 }, { ports: [1, 2] })
    expect(reader.state()).toMatchObject({ powerDbm: 22, troubles: [{ ask: 'power', code: 'power-out-of-range' }] })
  })
})
