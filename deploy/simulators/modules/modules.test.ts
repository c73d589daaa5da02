import type { Told } from '@lotkeeper/edge/readers/told.ts'
import { FAMILIES, FAMILY_NAMES, type FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import type { ReaderSettings } from '@lotkeeper/edge/readers/uhf/state.ts'
import { createFramer, type Framed } from '@lotkeeper/edge/serial/framing.ts'
import type { Gap } from '@lotkeeper/edge/serial/gap.ts'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryWires } from '../line-memory.ts'
import { simulateReader } from '../reader.ts'
import type { ModuleOptions, Tagged } from './module.ts'
import { MODULES } from './modules.ts'

// What every family promises, shown with its own driver against its own simulated module on a wire inside this process, under one clock.
beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const BOX: Tagged = { epc: bytes('3074257BF7194E4000001A85'), rssiDbm: -47, phaseDeg: 40 }
const LONG: Tagged = { epc: bytes('F73795211411234538566CB0AFC40000'), rssiDbm: -60 }
/** Every mark a frame may begin or end with, inside one tag. */
const SLY: Tagged = { epc: bytes('BB7EAADDA0015A00A55A0D0ACF00FF00'), rssiDbm: -55 }

const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const bench = (family: FamilyName, options: ModuleOptions = {}, settings: Partial<ReaderSettings> = {}) => {
  const told: Told[] = []
  const gaps: Gap[] = []
  const chunks: Uint8Array[] = []
  const field: Tagged[] = []
  const levels: (boolean | undefined)[] = []
  const clock = { now: Date.now, monotonic: () => Date.now() - START }
  const random = { fraction: () => 0.5 }
  const { openPort, wire } = createMemoryWires()
  const cable = wire('/dev/door')
  const asked: Uint8Array[] = []
  cable.onBytes((heard) => asked.push(heard.slice()))
  let isNoise = false
  const send = (sent: Uint8Array) => {
    if (isNoise) return
    chunks.push(sent.slice())
    cable.send(sent)
  }
  const watched = { ...cable, send }
  const module = simulateReader(watched, { clock, timers, random }, { family, field: () => field, ...options })
  const start = () =>
    openReader(
      { clock, timers, random, openPort },
      { id: 'r', address: '/dev/door', family, region: 'CN900', powerDbm: 24, session: 1, ports: [1], ...settings },
      {
        told: (read) => told.push(read),
        state: () => {},
        gap: (gap) => gaps.push(gap),
        noise: () => {},
        inputs: (one) => void levels.push(one.levels[1]),
      },
    )
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  /** Nothing of what the module says comes through. */
  const noise = async (ms: number) => {
    isNoise = true
    await pass(ms)
    isNoise = false
  }
  return { told, gaps, levels, chunks, asked, field, module, openPort, start, pass, noise }
}
const epcsIn = (told: readonly Told[]): readonly string[] => [...new Set(told.map(({ epc }) => epc))].toSorted()
const open = (gaps: readonly Gap[]): readonly string[] =>
  gaps.filter(({ from, to }) => to === null && !gaps.some((one) => one.from === from && one.to !== null)).map(({ why }) => why)

/** Modules of a family that tell their inputs in different ways. */
const STYLES: Partial<Record<FamilyName, readonly ModuleOptions[]>> = {
  tmff: [{}, { style: 'SILION' }],
  uhf288: [{}, { hardware: 'Ex10' }],
}

describe.each(FAMILY_NAMES)('%s', (family) => {
  it('is stopped, asked, configured and reads; tags of any length and content come as they are', async () => {
    const { start, module, field, told, gaps, pass } = bench(family)
    const reader = start()
    await pass(3_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [], counters: { starts: 1, noiseBytes: 0 } })
    expect(reader.state().version).not.toBeNull()
    expect(module.state()).toMatchObject({ powerDbm: 24, region: 'CN900' })
    field.push(BOX, LONG, SLY)
    await pass(3_000)
    expect(epcsIn(told)).toEqual([BOX, LONG, SLY].map(({ epc }) => hexOf(epc)).toSorted())
    expect(told.length).toBeGreaterThan(60)
    expect(told.length).toBe(module.state().notices)
    expect(told.every(({ port, at, monotonic }) => port === 1 && at === START + monotonic)).toBe(true)
    for (const { epc, rssiDbm } of told) {
      const sent = field.find((tag) => hexOf(tag.epc) === epc)?.rssiDbm ?? 0
      if (rssiDbm !== null) expect(Math.abs(rssiDbm - sent)).toBeLessThanOrEqual(0.5)
    }
    expect(gaps).toEqual([])
    await reader.close()
  })

  it('an empty field is no silence: it stays reading for hours, and a tag that comes then is read', async () => {
    const { start, field, told, gaps, pass } = bench(family)
    const reader = start()
    await pass(2 * 3_600_000)
    expect([reader.state().phase, reader.state().counters.starts, gaps]).toEqual(['reading', 1, []])
    field.push(BOX)
    await pass(1_000)
    expect(told.length).toBeGreaterThan(10)
  }, 60_000)

  it('reads through a night of busy hours without a pause longer than a second', async () => {
    const { start, field, told, gaps, pass } = bench(family)
    const reader = start()
    field.push(BOX)
    await pass(1_300_000)
    const pauses = told.slice(1).map(({ monotonic }, at) => monotonic - (told[at]?.monotonic ?? 0))
    expect([reader.state().phase, gaps]).toEqual(['reading', []])
    expect(Math.max(...pauses)).toBeLessThan(1_500)
  }, 60_000)

  it('is unplugged and comes back', async () => {
    const { start, module, field, told, gaps, pass } = bench(family)
    const reader = start()
    field.push(BOX)
    await pass(20_000)
    await module.unplug()
    await pass(3_000)
    const before = told.length
    await module.replug()
    await pass(15_000)
    expect(reader.state().phase).toBe('reading')
    expect(told.length).toBeGreaterThan(before)
    expect(gaps.map(({ why, to }) => [why, to === null])).toEqual([
      ['serial.lost', true],
      ['serial.lost', false],
    ])
  })

  it('its firmware begins anew by itself: configured again, and reading', async () => {
    const { start, module, field, told, gaps, pass } = bench(family)
    const reader = start()
    field.push(BOX)
    await pass(5_000)
    module.restart()
    await pass(30_000)
    const before = told.length
    await pass(1_000)
    expect(reader.state().phase).toBe('reading')
    expect(told.length).toBeGreaterThan(before)
    expect(module.state()).toMatchObject({ powerDbm: 24, region: 'CN900' })
    expect(open(gaps)).toEqual([])
  })

  it('is found still streaming after a crash of the host: nothing of that is told, all of ours is', async () => {
    const crashed = bench(family)
    crashed.start()
    await crashed.pass(3_000)
    const { start, module, field, told, openPort, pass } = bench(family)
    const port = await openPort('/dev/door', { baud: MODULES[family].baud }, { chunk: () => {}, lost: () => {} })
    for (const one of crashed.asked) await port.write(one)
    field.push(BOX)
    await pass(2_000)
    await port.close()
    const before = module.state().notices
    expect(before).toBeGreaterThan(5)
    const reader = start()
    await pass(6_000)
    const { phase, counters } = reader.state()
    expect([phase, counters.starts]).toEqual(['reading', 1])
    expect(told.length).toBeGreaterThan(50)
    expect(told.length).toBe(counters.reads)
  })

  it('hangs and is called deaf; when it hears again it reads', async () => {
    const { start, module, field, gaps, pass } = bench(family)
    const reader = start()
    field.push(BOX)
    await pass(20_000)
    module.deafen(true)
    await pass(60_000)
    expect(open(gaps)).toEqual(['reader.silent'])
    module.deafen(false)
    await pass(60_000)
    expect([reader.state().phase, open(gaps)]).toEqual(['reading', []])
  })

  it('answers late, so that answers cross with the next question: reading all the same', async () => {
    const { start, module, field, told, pass } = bench(family)
    module.lag(450)
    const reader = start()
    field.push(BOX)
    await pass(20_000)
    expect(reader.state().phase).toBe('reading')
    expect(told.length).toBeGreaterThan(50)
  })

  it('at another speed: no answer, and no read; at its own speed again it reads', async () => {
    const { start, module, field, told, gaps, pass } = bench(family)
    module.speed(9_600)
    const reader = start()
    field.push(BOX)
    await pass(30_000)
    expect([told.length, open(gaps)]).toEqual([0, ['reader.no-answer']])
    module.speed(MODULES[family].baud)
    await pass(60_000)
    expect([reader.state().phase, told.length > 10]).toEqual(['reading', true])
  })

  it('half frames, flipped bits, noise and lost bytes cost at most the reads they hit, and are counted', async () => {
    const { start, module, field, told, pass } = bench(family)
    const reader = start()
    field.push(BOX)
    await pass(3_000)
    for (const spoil of [
      () => module.spoilNext('half'),
      () => module.spoilNext('flip'),
      () => module.noise(bytes('BB0222A013FF285A0001A55A00CF0000')),
      () => module.overrun(7),
    ]) {
      spoil()
      await pass(3_000)
    }
    const { counters, phase } = reader.state()
    expect(phase).toBe('reading')
    expect(counters.noises).toBeGreaterThanOrEqual(4)
    expect(module.state().notices - told.length).toBeLessThanOrEqual(8)
    expect(epcsIn(told)).toEqual([hexOf(BOX.epc)])
  })

  it('every cut of its stream gives the same frames, and every flipped byte is recovered from within one frame', async () => {
    const { start, chunks, field, pass } = bench(family)
    start()
    field.push(BOX, LONG)
    await pass(4_000)
    const { framing } = FAMILIES[family]
    const stream = chunks.slice(-6)
    const whole = Uint8Array.from(stream.flatMap((one) => [...one]))
    const play = (...parts: readonly Uint8Array[]): readonly Framed[] => {
      const framer = createFramer(framing)
      return [...parts.flatMap((part) => framer.take(part)), ...framer.gap()]
    }
    const framesOf = (pieces: readonly Framed[]) => pieces.filter(({ kind }) => kind === 'frame').map((piece) => hexOf(piece.bytes))
    expect(framesOf(play(whole))).toEqual(stream.map(hexOf))
    for (let at = 1; at < whole.length; at += 1)
      expect(framesOf(play(whole.subarray(0, at), whole.subarray(at)))).toEqual(stream.map(hexOf))
    for (let at = 0; at < whole.length; at += 1)
      for (const flip of [0x01, 0x80, 0xff]) {
        const said = play(whole.with(at, (whole[at] as number) ^ flip))
        // Nothing vanishes, and no more than the one frame that was hit is lost.
        expect(said.reduce((sum, piece) => sum + piece.bytes.length, 0)).toBe(whole.length)
        const kept = new Set(framesOf(said))
        expect(stream.filter((one) => !kept.has(hexOf(one))).length).toBeLessThanOrEqual(1)
        expect(said.some(({ kind }) => kind === 'noise')).toBe(true)
      }
  })

  it('names every frame its module sent', async () => {
    const { start, chunks, field, pass } = bench(family)
    start()
    field.push(BOX)
    await pass(4_000)
    for (const frame of chunks) expect(FAMILIES[family].decoded(frame)['kind']).toBeTypeOf('string')
  })

  it('is not started where the module keeps to another band than the law of the place allows', async () => {
    const { start, gaps, told, field, pass } = bench(family, { band: 'EU' })
    field.push(BOX)
    start()
    await pass(20_000)
    expect([told.length, open(gaps)]).toEqual([0, ['reader.region-wrong']])
  })

  it('says which wish it cannot keep, and reads on', async () => {
    const { start, told, field, pass } = bench(family, { powerDbmMax: 20 })
    field.push(BOX)
    const reader = start()
    await pass(5_000)
    expect(reader.state().troubles).toMatchObject([{ ask: 'power' }])
    expect(told.length).toBeGreaterThan(10)
  })
})

// Only the inputs that makers document: the others' settings are refused.
describe.each(
  FAMILY_NAMES.flatMap((family) =>
    ('inputs' in FAMILIES[family] ? (STYLES[family] ?? [{}]) : []).map((options) => [family, options] as const),
  ),
)('%s %j with a light barrier on input 1', (family, options) => {
  it('tells its level several times a second and reads on; firmware that begins anew is noticed all the same', async () => {
    const { start, module, field, told, gaps, levels, pass } = bench(family, options, { inputs: [1] })
    const reader = start()
    await pass(3_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [], counters: { noiseBytes: 0 } })
    field.push(BOX)
    await pass(2_000)
    const [asked, read] = [levels.length, told.length]
    expect(levels.includes(true)).toBe(false)
    module.change({ high: [1] })
    await pass(400)
    expect(levels.at(-1)).toBe(true)
    module.change({ high: [2, 3] })
    await pass(1_600)
    expect(levels.at(-1)).toBe(false)
    expect(levels.length - asked).toBeGreaterThanOrEqual(5)
    expect(told.length - read).toBeGreaterThan(40)
    module.restart()
    await pass(30_000)
    module.change({ high: [1] })
    const before = told.length
    await pass(1_000)
    expect([reader.state().phase, levels.at(-1), told.length > before]).toEqual(['reading', true, true])
    expect(open(gaps)).toEqual([])
    await reader.close()
    const last = levels.length
    await pass(2_000)
    expect(levels.length).toBe(last)
  })

  it('goes on telling it after an answer was lost', async () => {
    const { start, field, module, levels, pass, noise } = bench(family, options, { inputs: [1] })
    const reader = start()
    field.push(BOX)
    await pass(5_000)
    for (let times = 0; times < 5; times += 1) {
      await noise(330)
      await pass(2_000)
    }
    module.change({ high: [1] })
    await pass(3_000)
    expect([reader.state().troubles, levels.at(-1)]).toEqual([[], true])
    await reader.close()
  })
})

it('an input the reader has not is a trouble that is said, and no reason to stop reading', async () => {
  const { start, told, field, levels, pass } = bench('5a', {}, { inputs: [9] })
  const reader = start()
  field.push(BOX)
  await pass(5_000)
  expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [{ ask: 'inputs', code: 'input-missing' }] })
  expect([levels.length, told.length > 50]).toEqual([0, true])
})
