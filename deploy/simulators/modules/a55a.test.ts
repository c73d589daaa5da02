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
const BOX: Tagged = { epc: new Uint8Array(12).fill(0x30), rssiDbm: -47.3 }

const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const bench = async (options: ModuleOptions, settings: Partial<ReaderSettings> = {}, field: readonly Tagged[] = [BOX]) => {
  const told: Told[] = []
  const gaps: Gap[] = []
  const clock = { now: Date.now, monotonic: () => Date.now() - START }
  const random = { fraction: () => 0.5 }
  const { openPort, wire } = createMemoryWires()
  const module = simulateReader(wire('/dev/door'), { clock, timers, random }, { family: 'a55a', field: () => field, ...options })
  const reader = openReader(
    { clock, timers, random, openPort },
    { id: 'r', address: '/dev/door', family: 'a55a', region: 'CN900', powerDbm: 24.5, session: 1, ports: [1], ...settings },
    { told: (read) => told.push(read), state: () => {}, gap: (gap) => gaps.push(gap), noise: () => {} },
  )
  await vi.advanceTimersByTimeAsync(5_000)
  return { told, gaps, module, reader }
}
const portsIn = (told: readonly Told[]) => [...new Set(told.map(({ port }) => port))].toSorted((one, other) => one - other)
const answered = (state: { readonly answered: readonly string[] }, name: string) => state.answered.filter((one) => one === name).length

describe('a module of several ports', () => {
  it.each([
    ['5.2.1', 'E510'],
    ['7.40.1', 'E710'],
  ])('firmware %s: its ports are named as they are on the case, however it counts them', async (firmware, version) => {
    const { told, reader } = await bench({ ports: [1, 2, 3, 4], firmware }, { ports: [1, 2, 4] })
    expect(portsIn(told)).toEqual([1, 2, 4])
    expect(reader.state()).toMatchObject({ version, firmware, powerDbm: 24.5, temperatureC: 31.5, troubles: [] })
    expect(reader.state().returnLossDb).toEqual({ 1: 16, 2: 16, 4: 16 })
  })

  it('has a loose antenna: said by name, and read with the others', async () => {
    const { told, reader, gaps } = await bench({ ports: [1, 2], loose: [2] }, { ports: [1, 2] })
    expect(portsIn(told)).toEqual([1])
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [{ ask: 'antenna-2', code: 'antenna-missing' }] })
    expect(reader.state().returnLossDb).toEqual({ 1: 16, 2: 1 })
    expect(gaps).toEqual([])
  })
})

describe('a module of one port', () => {
  it('is left to tell every tag every time, in the wished session', async () => {
    const { module } = await bench({})
    expect(module.state()).toMatchObject({ tagFocus: 0, fastId: 0, mask: 1, gen2: { query: { session: 1, target: 0 } } })
  })

  it('speaks the other header style to who speaks it', async () => {
    const { told, reader } = await bench({ style: 'C88C' })
    expect(told.length).toBeGreaterThan(100)
    expect(reader.state().dialect).toBe('A55A')
  })

  it('in an empty field is asked whether it lives, and its keep-alive bytes are no noise', async () => {
    const { module, reader, gaps } = await bench({}, {}, [])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(answered(module.state(), 'stop')).toBeGreaterThan(8)
    expect(reader.state()).toMatchObject({ phase: 'reading', counters: { starts: 1, noises: 0 } })
    expect(gaps).toEqual([])
  })

  it('that hangs in an empty field is found out within ten seconds', async () => {
    const { module, gaps } = await bench({}, {}, [])
    module.deafen(true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(gaps.map(({ why }) => why)).toContain('reader.silent')
  })

  it('keeps its settings: they are written once, not at every start', async () => {
    const { module, reader } = await bench({})
    module.deafen(true)
    await vi.advanceTimersByTimeAsync(12_000)
    module.deafen(false)
    await vi.advanceTimersByTimeAsync(60_000)
    const state = module.state()
    expect(reader.state().phase).toBe('reading')
    expect([answered(state, 'setPower'), answered(state, 'setRegion'), answered(state, 'getPower') > 2]).toEqual([1, 1, true])
  })
})
