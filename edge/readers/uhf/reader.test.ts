import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GAP_REASONS, type Gap } from '../../serial/gap.ts'
import type { OpenPort, PortEvents } from '../../serial/port.ts'
import type { Told } from '../told.ts'
import { type CommandName, commandOf } from './bb7e/commands.ts'
import { codeOf, writeError, writeReply } from './bb7e/frames.ts'
import { openReader } from './reader.ts'
import type { ReaderState } from './state.ts'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())
const START = 1_700_000_000_000
const TAG = bytesOfHex('BB02220011D130003074257BF7194E4000001A85AAF95A7E') ?? new Uint8Array(0)
const IDLE = writeError('BB7E', 0x15)
const DONE = { result: 0 }

/** A module as a list of answers; `null` is silence. Real simulated modules are tested with their reader in deploy/simulators. */
type Script = { [N in CommandName]?: Uint8Array | null }
const WILLING: Script = {
  stop: writeReply('BB7E', 'stop', DONE),
  moduleInfo: writeReply('BB7E', 'moduleInfo', { infoType: 0, text: 'M100 V1.0' }),
  setRegion: writeReply('BB7E', 'setRegion', DONE),
  setHopping: writeReply('BB7E', 'setHopping', DONE),
  setPower: writeReply('BB7E', 'setPower', DONE),
  setQuery: writeReply('BB7E', 'setQuery', DONE),
  getPower: writeReply('BB7E', 'getPower', { dbm: 26 }),
  getRegion: writeReply('BB7E', 'getRegion', { region: 'CN900' }),
  pollMany: IDLE,
}

const bench = (change: Script = {}) => {
  const script: Script = { ...WILLING, ...change }
  const asked: string[] = []
  const told: Told[] = []
  const gaps: Gap[] = []
  const states: ReaderState[] = []
  const ports: PortEvents[] = []
  const openPort: OpenPort = async (_address, _options, on) => {
    ports.push(on)
    return {
      write: async (bytes) => {
        const name = bytes.length < 7 ? 'wake' : commandOf(codeOf(bytes))
        if (bytes[0] === 0xaa || name === null) return
        asked.push(name)
        const answer = name === 'wake' ? null : (script[name] ?? null)
        if (answer !== null) on.chunk(answer)
      },
      close: async () => {},
    }
  }
  const timers = {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  const reader = openReader(
    { clock: { now: Date.now, monotonic: () => Date.now() - START }, timers, random: { fraction: () => 0 }, openPort },
    { id: 'r', address: '/dev/r', family: 'bb7e', region: 'CN900', powerDbm: 26, session: 0, ports: [1] },
    { told: (read) => told.push(read), gap: (gap) => gaps.push(gap), state: (state) => states.push(state), noise: () => {} },
  )
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  /** Lets the module tell a frame every 200 ms. */
  const live = async (ms: number, frame = IDLE) => {
    for (let gone = 0; gone < ms; gone += 200) {
      ports.at(-1)?.chunk(frame)
      await pass(200)
    }
  }
  return { reader, script, asked, told, gaps, states, ports, pass, live }
}

describe('the life of a reader', () => {
  it('asks in order: wake and stop, version, settings, start', async () => {
    const { asked, pass } = bench()
    await pass(600)
    expect(asked).toEqual([
      'wake',
      'stop',
      'moduleInfo',
      'moduleInfo',
      'setRegion',
      'setHopping',
      'setPower',
      'setQuery',
      'getPower',
      'getRegion',
      'pollMany',
    ])
  })

  it.each([
    ['reader.no-answer', { moduleInfo: null }],
    ['reader.not-started', { pollMany: null }],
    ['reader.not-started', { pollMany: writeError('BB7E', 0x17) }],
  ] as const)('%s: the port is opened anew, for ever', async (why, change) => {
    const { gaps, ports, pass } = bench(change)
    await pass(60_000)
    expect(gaps).toMatchObject([{ why, to: null, from: START }])
    expect(ports.length).toBeGreaterThan(3)
    expect(GAP_REASONS[why].zh.length).toBeGreaterThan(3)
  })

  it('goes on without what the module does not do, and says so', async () => {
    const { reader, pass } = bench({
      setRegion: writeError('BB7E', 0x0e),
      setHopping: null,
      getPower: writeReply('BB7E', 'getPower', { dbm: 20 }),
    })
    await pass(2_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', powerDbm: 20 })
    expect(reader.state().troubles).toMatchObject([
      { ask: 'region', code: 'bad-parameter' },
      { ask: 'hopping', code: 'silent' },
      { ask: 'power', code: 'differs', zh: '要求 26，读写器实为 20' },
    ])
  })

  it('empty polls keep it alive; their end does not go unseen', async () => {
    const { reader, asked, gaps, pass, live } = bench()
    await pass(600)
    await live(30_000)
    expect([reader.state().phase, gaps.length]).toEqual(['reading', 0])
    const before = asked.length
    await pass(4_500)
    expect(gaps).toMatchObject([{ why: 'reader.silent' }, { why: 'reader.silent', to: expect.any(Number) }])
    expect(asked.slice(before, before + 3)).toEqual(['wake', 'stop', 'moduleInfo'])
    expect(reader.state()).toMatchObject({ phase: 'reading', counters: { starts: 2 } })
  })

  it('a count set anew that is not answered starts the conversation over', async () => {
    const { reader, script, asked, gaps, ports, pass } = bench()
    await pass(600)
    script.pollMany = null
    const many = new Uint8Array(IDLE.length * 1_000)
    for (let at = 0; at < many.length; at += IDLE.length) many.set(IDLE, at)
    for (let sent = 0; sent < 50_000; sent += 1_000) ports[0]?.chunk(many)
    const before = asked.length
    await pass(1_000)
    expect(asked.slice(before)).toEqual(['stop', 'pollMany'])
    await pass(3_500)
    expect(gaps).toMatchObject([{ why: 'reader.silent', to: null }])
    script.pollMany = IDLE
    await pass(10_000)
    expect(reader.state()).toMatchObject({ phase: 'reading', counters: { rearms: 1 } })
  })

  it('a module that dies while its count is set anew is asked from the beginning, with no question left over', async () => {
    const { reader, script, asked, gaps, ports, pass } = bench()
    await pass(600)
    script.stop = null
    script.pollMany = null
    const many = new Uint8Array(IDLE.length * 1_000)
    for (let at = 0; at < many.length; at += IDLE.length) many.set(IDLE, at)
    for (let sent = 0; sent < 50_000; sent += 1_000) ports[0]?.chunk(many)
    const before = asked.length
    await pass(5_000)
    expect(asked.slice(before, before + 5)).toEqual(['stop', 'stop', 'pollMany', 'pollMany', 'wake'])
    expect(gaps).toMatchObject([{ why: 'reader.silent', to: null }])
    script.pollMany = IDLE
    await pass(10_000)
    expect(reader.state().phase).toBe('reading')
  })

  it('what a module still sends from before our start is counted, not told', async () => {
    const { reader, told, ports, pass } = bench()
    await pass(50)
    ports[0]?.chunk(TAG)
    await pass(1_000)
    expect([told.length, reader.state().counters.drained]).toEqual([0, 1])
    ports[0]?.chunk(TAG)
    expect(told.map(({ epc }) => epc)).toEqual(['3074257BF7194E4000001A85'])
  })

  it('a frame in two chunks has the time of the second; half a frame alone is noise after a while', async () => {
    const { reader, told, ports, pass } = bench()
    await pass(1_000)
    ports[0]?.chunk(TAG.subarray(0, 10))
    await pass(100)
    ports[0]?.chunk(TAG.subarray(10))
    expect(told.map(({ at }) => at - START)).toEqual([1_100])
    ports[0]?.chunk(TAG.subarray(0, 10))
    await pass(249)
    expect(reader.state().counters.noiseBytes).toBe(0)
    await pass(1)
    expect(reader.state().counters.noiseBytes).toBe(10)
  })

  it('keeps no question, no timer and no half frame of a lost port', async () => {
    const { reader, ports, states, pass } = bench({ setPower: null })
    await pass(400)
    ports[0]?.chunk(TAG.subarray(0, 10))
    ports[0]?.lost('unplugged')
    expect(states.at(-1)?.phase).toBe('lost')
    await pass(2_000)
    expect(ports).toHaveLength(2)
    expect(reader.state()).toMatchObject({ phase: 'reading', counters: { noiseBytes: 10, starts: 1 } })
  })
})

describe('state', () => {
  it('is a copy: what was told once does not change', async () => {
    const { reader, states, ports, pass } = bench()
    await pass(1_000)
    const shown = states.at(-1)
    ports[0]?.chunk(TAG)
    expect([shown?.counters.reads, reader.state().counters.reads]).toEqual([0, 1])
  })
})
