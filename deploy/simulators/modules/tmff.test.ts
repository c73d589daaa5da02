import type { Told } from '@lotkeeper/edge/readers/told.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import { FRAMING, readReply, statusWordOf, wrapped, writeCommand } from '@lotkeeper/edge/readers/uhf/tmff/frames.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryWires } from '../line-memory.ts'
import { simulateReader } from '../reader.ts'
import type { ModuleOptions, Tagged } from './module.ts'
import { TMFF_MODULE } from './tmff.ts'

// What the contract of all families does not ask: ports by turns, complaints, the bootloader, and Silion's way of streaming.
beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const NOTHING = new Uint8Array(0)
const BOX: Tagged = { epc: bytesOfHex('3074257BF7194E4000001A85') ?? NOTHING, rssiDbm: -47, phaseDeg: 40 }

const bench = (options: ModuleOptions, ports: readonly number[] = [1]) => {
  const told: Told[] = []
  const field: Tagged[] = [BOX]
  const clock = { now: Date.now, monotonic: () => Date.now() - START }
  const timers = {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  const random = { fraction: () => 0.5 }
  const { openPort, wire } = createMemoryWires()
  const module = simulateReader(wire('/dev/door'), { clock, timers, random }, { family: 'tmff', field: () => field, ...options })
  const reader = openReader(
    { clock, timers, random, openPort },
    { id: 'r', address: '/dev/door', family: 'tmff', region: 'CN900', powerDbm: 24, session: 1, ports },
    { told: (read) => told.push(read), state: () => {}, gap: () => {}, noise: () => {} },
  )
  return { told, field, module, reader, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}
const conditionsOf = ({ reader }: Pick<ReturnType<typeof bench>, 'reader'>) =>
  reader.state().conditions.map(({ code, port }) => [code, port])

describe('a ThingMagic module', () => {
  it('reads on its ports by turns, with the phase it measured', async () => {
    const { told, reader, pass } = bench({ ports: [1, 2, 3, 4] }, [1, 3])
    await pass(4_000)
    const counts = [1, 2, 3, 4].map((port) => told.filter((read) => read.port === port).length)
    expect(counts[0]).toBeGreaterThan(20)
    expect(Math.abs((counts[0] as number) - (counts[2] as number))).toBeLessThan(2)
    expect([counts[1], counts[3], told[0]?.phaseDeg]).toEqual([0, 0, 40])
    const { version, temperatureC, returnLossDb, region, powerDbm, dialect } = reader.state()
    expect({ version, temperatureC, returnLossDb, region, powerDbm, dialect }).toEqual({
      ...{ version: 'ThingMagic M6e Nano', temperatureC: 38, returnLossDb: { 1: 18, 3: 18 } },
      ...{ region: 'CN900', powerDbm: 24, dialect: 'TM' },
    })
  })

  it('wished on more ports than it has, it reads on those it has', async () => {
    const { told, reader, pass } = bench({ ports: [1, 2] }, [2, 5])
    await pass(5_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [{ ask: 'ports', code: 'port-missing' }] })
    expect(new Set(told.map(({ port }) => port))).toEqual(new Set([2]))
  })

  it('complains of a loose antenna and reads on with the other', async () => {
    const one = bench({ ports: [1, 2], loose: [2] }, [1, 2])
    await one.pass(5_000)
    expect(conditionsOf(one)).toEqual([['antenna-missing', null]])
    expect(one.reader.state().returnLossDb).toEqual({ 1: 18, 2: 1 })
    expect(new Set(one.told.map(({ port }) => port))).toEqual(new Set([1]))
  })

  it('says that it is too hot, and reads no tag meanwhile', async () => {
    const one = bench({ temperatureC: 91 })
    await one.pass(5_000)
    expect([conditionsOf(one), one.told.length, one.reader.state().phase]).toEqual([[['temperature', null]], 0, 'reading'])
  })

  it('found in its bootloader it is brought to its application', async () => {
    const { told, module, reader, pass } = bench({ firmware: 'bootloader' })
    await pass(4_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [] })
    expect(module.state().answered).toContain('bootFirmware')
    expect(told.length).toBeGreaterThan(20)
  })

  it('answers wrapped commands while it streams, and is deaf to plain ones', () => {
    const module = TMFF_MODULE.make({})
    const framer = createFramer(FRAMING)
    const answers = (command: Uint8Array) =>
      module.hear(command, 0).flatMap((bytes) => framer.take(bytes).flatMap((piece) => (piece.kind === 'frame' ? [piece.bytes] : [])))
    const start = bytesOfHex('FF102F00000122000005072210001B03E801FFDD2B') ?? NOTHING
    const temperature = writeCommand('getTemperature', {})
    expect(answers(start).map(statusWordOf)).toEqual([0x0105])
    answers(writeCommand('setProtocol', { protocol: 5 }))
    expect(answers(start).map(statusWordOf)).toEqual([0])
    expect(module.reading()).toBe(true)
    expect(answers(temperature)).toEqual([])
    const [answer = NOTHING] = answers(wrapped(temperature))
    expect(readReply(answer, 'multiProtocol')).toEqual({ option: 4, body: bytesOfHex('0172000026') })
    expect(answers(writeCommand('multiProtocol', { timeoutMs: 0, option: 2, body: NOTHING })).map(statusWordOf)).toEqual([0])
    expect([module.reading(), answers(temperature).map(statusWordOf)]).toEqual([false, [0]])
  })

  it('with its read filter on it tells each tag once', () => {
    const module = TMFF_MODULE.make({})
    module.hear(writeCommand('setProtocol', { protocol: 5 }), 0)
    module.hear(bytesOfHex('FF102F00000122000005072210001B03E801FFDD2B') ?? NOTHING, 0)
    const air = { tagsAt: () => [BOX], fraction: () => 0.5 }
    expect([module.look(air, 0).reads, module.look(air, 20).reads]).toEqual([1, 0])
  })
})

describe('a Silion module', () => {
  it('wakes in its bootloader, is told by its version, and streams in its own way', async () => {
    const { told, module, reader, pass } = bench({ style: 'SILION', ports: [1, 2, 3, 4] }, [1, 2])
    await pass(5_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', dialect: 'SILION', version: 'Silion E710', powerDbm: 24, troubles: [] })
    expect(module.state().answered).toContain('extended')
    expect(new Set(told.map(({ port }) => port))).toEqual(new Set([1, 2]))
    expect(told.length).toBe(module.state().notices)
  })

  it('an empty field of half an hour is no silence', async () => {
    const { told, field, reader, pass } = bench({ style: 'SILION' })
    field.length = 0
    await pass(1_800_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', counters: { starts: 1 } })
    field.push(BOX)
    await pass(1_000)
    expect(told.length).toBeGreaterThan(10)
  })

  it('loses power and comes back from its bootloader', async () => {
    const { told, module, reader, pass } = bench({ style: 'SILION' })
    await pass(5_000)
    module.restart()
    await pass(20_000)
    const before = told.length
    await pass(2_000)
    expect([reader.state().phase, told.length > before]).toEqual(['reading', true])
  })

  it('a wish for more power than it has is refused by name', async () => {
    const { reader, pass } = bench({ style: 'SILION', powerDbmMax: 20 })
    await pass(5_000)
    expect(reader.state().troubles).toMatchObject([{ ask: 'power', code: 'power-too-high' }])
  })
})
