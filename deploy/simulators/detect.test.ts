import { detectReader } from '@lotkeeper/edge/readers/detect.ts'
import { FAMILY_NAMES, type FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryWires } from './line-memory.ts'
import { MODULES } from './modules/modules.ts'
import { simulateReader } from './reader.ts'
import { simulateSsiScanner } from './scanner-ssi.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const BOX = { epc: bytesOfHex('3074257BF7194E4000001A85') ?? new Uint8Array(0), rssiDbm: -50 }
const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const bench = (family: FamilyName, isEmpty = false) => {
  const { openPort, wire } = createMemoryWires()
  const parts = { clock: { now: Date.now, monotonic: Date.now }, timers, random: { fraction: () => 0.5 } }
  const module = simulateReader(wire('/dev/x'), parts, { family, field: () => (isEmpty ? [] : [BOX]) })
  const detect = async () => {
    const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))
    const found = detectReader({ openPort, pause }, '/dev/x')
    await vi.advanceTimersByTimeAsync(60_000)
    return { found: await found }
  }
  return { openPort, module, detect }
}

describe.each(FAMILY_NAMES)('%s on a port', (family) => {
  it('is found at its speed, and says what it is', async () => {
    const { module, detect } = bench(family)
    module.speed(MODULES[family].baud)
    const { found } = await detect()
    expect(found).toMatchObject({ kind: 'reader', family, baud: MODULES[family].baud, wasReading: false })
    expect(found?.kind === 'reader' ? found.learned.version : null).toBeTypeOf('string')
    // Nothing was set: a search changes nothing.
    expect(module.state().answered.some((name) => /^(set|write|save|restart|reset|init)/i.test(name))).toBe(false)
  })

  it('is found in the middle of reading, and told to stop', async () => {
    const crashed = bench(family)
    const asked: Uint8Array[] = []
    const recording: typeof crashed.openPort = async (address, options, on) => {
      const port = await crashed.openPort(address, options, on)
      const write = (bytes: Uint8Array) => {
        asked.push(bytes)
        return port.write(bytes)
      }
      return { close: port.close, write }
    }
    openReader(
      { clock: { now: Date.now, monotonic: Date.now }, timers, random: { fraction: () => 0.5 }, openPort: recording },
      { id: 'r', address: '/dev/x', family, region: 'CN900', powerDbm: 20, session: 0, ports: [1] },
      { told: () => {}, state: () => {}, gap: () => {}, noise: () => {} },
    )
    await vi.advanceTimersByTimeAsync(3_000)
    const { openPort, detect } = bench(family)
    const port = await openPort('/dev/x', { baud: MODULES[family].baud }, { chunk: () => {}, lost: () => {} })
    for (const bytes of asked) await port.write(bytes)
    await port.close()
    expect((await detect()).found).toMatchObject({ family })
  })
})

it('a scanner that speaks in packets is found too, asleep or not', async () => {
  const { openPort, wire } = createMemoryWires()
  simulateSsiScanner(wire('/dev/x'), { timers }, { sleeps: true })
  const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))
  const found = detectReader({ openPort, pause }, '/dev/x')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await found).toEqual({ kind: 'scanner', protocol: 'ssi', baud: 115_200 })
})

it('nothing known: null, after every speed', async () => {
  const { module, detect } = bench('bb7e')
  module.deafen(true)
  expect((await detect()).found).toBeNull()
})
