import { decodedOf } from '@lotkeeper/edge/readers/uhf/uhf288/decoded.ts'
import { writeCommand } from '@lotkeeper/edge/readers/uhf/uhf288/frames.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Tagged } from './module.ts'
import { UHF288_MODULE } from './uhf288.ts'
import { wire } from './wired.ts'

// What UHFReader288 and 18 do beyond what every family promises (modules.test.ts).
beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }))
afterEach(() => void vi.useRealTimers())
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const BOX: Tagged = { epc: bytes('3074257BF7194E4000001A85'), rssiDbm: -47 }
const kindsOf = (sent: readonly string[]) => new Set(sent.map((hex) => decodedOf('UHF288', bytes(hex))['kind']))
const commandsIn = (asked: readonly string[]) => asked.map((hex) => decodedOf('UHF288', bytes(hex), 'host')['cmd'])

describe('round by round', () => {
  it('every port has its turn, and tags keep their port', async () => {
    const { told, field, reader, asked } = wire('uhf288', { ports: [1, 2, 3, 4] })
    field.push(BOX)
    await pass(10_000)
    const perPort = [1, 2, 3, 4].map((port) => told.filter((read) => read.port === port).length)
    expect(Math.min(...perPort)).toBeGreaterThan(50)
    expect(reader.state()).toMatchObject({
      phase: 'reading',
      troubles: [],
      temperatureC: 38,
      returnLossDb: { 1: 18, 4: 18 },
      version: 'UHFReader288MP',
    })
    // Ports 1 to 4 in session 1: the target changes from round to round and from turn to turn.
    const rounds = asked.filter((hex) => hex.startsWith('0DFF01')).map((hex) => hex.slice(18, 22))
    expect(rounds.slice(0, 8)).toEqual(['0080', '0181', '0082', '0183', '0180', '0081', '0182', '0083'])
  })

  it('a loose antenna is a condition, the other ports read on', async () => {
    const { told, field, reader, module } = wire('uhf288', { ports: [1, 2], loose: [2] })
    field.push(BOX)
    await pass(10_000)
    expect(reader.state().conditions).toMatchObject([{ code: 'antenna-missing', port: 2 }])
    expect(reader.state().returnLossDb).toEqual({ 1: 18, 2: 2 })
    expect(new Set(told.map(({ port }) => port))).toEqual(new Set([1]))
    expect(told.length).toBeGreaterThan(300)
    module.change({ loose: [] })
    await pass(20_000)
    expect(told.filter(({ port }) => port === 2).length).toBeGreaterThan(50)
  })

  it('no antenna at all: it stays, complains, and does not hammer', async () => {
    const { reader, asked, gaps } = wire('uhf288', { loose: [1] })
    await pass(5_000)
    const before = asked.length
    await pass(20_000)
    expect(asked.length - before).toBeLessThan(60)
    expect([reader.state().phase, gaps, reader.state().conditions.map(({ port }) => port)]).toEqual(['reading', [], [1]])
  })

  it('sixteen ports tell the number instead of a bit, and are right all the same', async () => {
    const { told, field, reader } = wire('uhf288', { ports: [1, 3, 16], hardware: 'Ex10' })
    field.push(BOX)
    await pass(5_000)
    expect([...new Set(told.map(({ port }) => port))].toSorted((a, b) => a - b)).toEqual([1, 3, 16])
    expect(reader.state().troubles).toEqual([])
  })

  it('settings that stand are not written again, for their memory wears', async () => {
    const { reader, asked, module } = wire('uhf288', {})
    await pass(3_000)
    expect(commandsIn(asked)).toEqual(expect.arrayContaining(['22', '2F', '66']))
    const before = asked.length
    module.deafen(true)
    await pass(20_000)
    module.deafen(false)
    await pass(60_000)
    expect(reader.state().phase).toBe('reading')
    expect(commandsIn(asked.slice(before)).filter((cmd) => ['22', '2F', '66', '76'].includes(cmd as string))).toEqual([])
  })
})

describe('real-time mode', () => {
  it('left in it by somebody: brought back to answers, and reading', async () => {
    const { told, field, reader, sent, module } = wire('uhf288', { style: 'real-time', ports: [1, 2] })
    field.push(BOX)
    await pass(10_000)
    expect(kindsOf(sent.slice(0, 50))).toContain('tag')
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [] })
    expect(module.state()).toMatchObject({ mode: 0, powerDbm: 24, region: 'CN900' })
    expect(told.length).toBeGreaterThan(100)
  })

  it('its heartbeat names the antennas, its tags theirs', () => {
    const module = UHF288_MODULE.make({ ports: [1, 2, 3, 4], loose: [3] })
    for (const command of [
      writeCommand('checkAntennas', { on: 1 }),
      writeCommand('heartbeat', { interval: 0x81 }),
      writeCommand('setWorkMode', { mode: 1 }),
    ])
      expect(module.hear(command, 0)).toHaveLength(1)
    expect(module.hear(writeCommand('setPower', { dbm: [30] }), 0)).toEqual([])
    const look = (tags: readonly Tagged[], atMs: number) =>
      module.look({ tagsAt: () => tags, fraction: () => 0.5 }, atMs).frames.map((frame) => decodedOf('UHF288', frame))
    expect(look([BOX], 0)).toMatchObject([{ kind: 'tag', antennaMask: 1 }])
    expect(look([], 1_000)).toEqual([])
    expect(look([], 31_000)).toMatchObject([{ kind: 'heartbeat', packetNo: 1, antennaStatus: [1, 1, 2, 1], total: 1 }])
  })

  it('the older series is brought back from scan mode', async () => {
    const { told, field, reader, module, asked } = wire('uhf18', { style: 'scan' })
    field.push(BOX)
    await pass(10_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [], version: 'UHFReader18', firmware: '2.36' })
    expect(module.state()).toMatchObject({ workMode: { mode: 0, output: 2, memory: 4 }, scanTime: 3 })
    expect(told.length).toBeGreaterThan(100)
    expect(commandsIn(asked).filter((cmd) => cmd === '35')).toHaveLength(1)
  })
})

describe('a reader with an Ex10', () => {
  it('reads by fast inventory on all ports at once, and tells them by their bit', async () => {
    const { told, field, reader, asked } = wire('uhf288', { hardware: 'Ex10', ports: [1, 2, 4] })
    field.push(BOX)
    await pass(5_000)
    expect(new Set(told.map(({ port }) => port))).toEqual(new Set([1, 2, 4]))
    expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [] })
    expect(commandsIn(asked)).toContain('50')
    expect(commandsIn(asked)).not.toContain('01')
    expect(asked.find((hex) => hex.slice(4, 6) === '3F')?.slice(6, 8)).toBe('8B')
  })

  it('in an empty field it is begun anew now and then; a tag that comes is read; it is stopped at the end', async () => {
    const { told, field, reader, gaps, module } = wire('uhf288', { hardware: 'Ex10' })
    await pass(3_600_000)
    expect([reader.state().phase, gaps, reader.state().counters.starts]).toEqual(['reading', [], 1])
    field.push(BOX)
    await pass(1_000)
    expect(told.length).toBeGreaterThan(20)
    module.restart()
    await pass(20_000)
    expect(module.state()).toMatchObject({ powerDbm: 24, region: 'CN900' })
    await reader.close()
    expect(module.state()).toMatchObject({ fast: false })
  })

  it('left streaming by a crash it is stopped before it is asked', async () => {
    const module = UHF288_MODULE.make({ hardware: 'Ex10' })
    expect(module.hear(writeCommand('startFast', { target: 0 }), 0)).toHaveLength(1)
    expect(module.hear(writeCommand('readerInfo', {}), 0)).toEqual([])
    expect(module.hear(writeCommand('stopFast', { bytes: new Uint8Array(0) }), 0)).toHaveLength(1)
    expect(module.reading()).toBe(false)
  })
})

describe('the two series answer the same probe', () => {
  it.each([
    ['uhf288', 'uhf18'],
    ['uhf18', 'uhf288'],
  ] as const)('a driver of %s does not take a module of %s for its own', async (family, other) => {
    const { reader, gaps, told, field } = wire(other, {}, { family })
    field.push(BOX)
    await pass(20_000)
    expect([reader.state().phase, told.length]).not.toContain('reading')
    expect(gaps.some(({ why }) => why === 'reader.no-answer')).toBe(true)
  })
})

it('a round reports statistics and phase when asked to', () => {
  const module = UHF288_MODULE.make({})
  const query = { statistics: 1, strategy: 0, fastId: 0, phase: 1, q: 4 }
  const values = {
    query,
    session: 1,
    maskBank: 1,
    maskBit: 0,
    maskBits: 0,
    maskBytes: new Uint8Array(0),
    target: 0,
    antenna: 0x80,
    scanTime: 3,
  }
  expect(module.hear(writeCommand('inventory', values), 0)).toEqual([])
  const air = { tagsAt: () => [{ ...BOX, phaseDeg: 90 }], fraction: () => 0.5 }
  expect(module.look(air, 0).frames.map((frame) => decodedOf('UHF288', frame))).toMatchObject([
    { tags: [{ phaseRaw: '0000005A', freqKHz: 922_625, rssiRaw: 82 }] },
  ])
  // Deaf to all but the command that ends it.
  expect(module.hear(writeCommand('readerInfo', {}), 100)).toEqual([])
  expect(module.look(air, 300).frames.map((frame) => decodedOf('UHF288', frame))).toMatchObject([
    { kind: 'inventory', status: '01', tags: [] },
    { kind: 'stats', total: 1 },
  ])
})
