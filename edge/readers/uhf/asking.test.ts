import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAsker } from './asking.ts'
import { BB7E } from './bb7e/family.ts'
import { writeError, writeReply, writeTagNotice } from './bb7e/frames.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const { stop, probe, configure, start } = BB7E.conversation({ region: 'CN900', powerDbm: 26, session: 0, ports: [1] })
const power = configure.find(({ name }) => name === 'power-read') ?? probe
const notice = writeTagNotice('BB7E', { rssiDbm: -50, pc: 0, epc: new Uint8Array(0), tagCrc: 0xe2f0 })
const idle = writeError('BB7E', 0x15)

const bench = () => {
  const written: number[] = []
  const timers = {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  const clock = { now: Date.now, monotonic: () => performance.now() }
  const asker = createAsker({ clock, timers }, (bytes) => void written.push(bytes[0] as number))
  return { asker, written }
}

describe('one question at a time', () => {
  it('is answered by its own answer only: reads, idle frames and other answers stream past', async () => {
    const { asker } = bench()
    const outcome = asker.ask(power, () => 'BB7E')
    for (const frame of [notice, idle, writeReply('BB7E', 'stop', { result: 0 }), writeReply('BB7E', 'getRegion', { region: 'US' })])
      asker.hear(frame)
    expect(await Promise.race([outcome, vi.advanceTimersByTimeAsync(100).then(() => 'open')])).toBe('open')
    asker.hear(writeReply('BB7E', 'getPower', { dbm: 26 }))
    expect(await outcome).toEqual({ kind: 'answered', answer: { ok: true, learned: { powerDbm: 26 } } })
  })

  it('is refused by an error frame, named', async () => {
    const { asker } = bench()
    const outcome = asker.ask(power, () => 'BB7E')
    asker.hear(writeError('BB7E', 0x17))
    expect(await outcome).toMatchObject({
      kind: 'answered',
      answer: { ok: false, code: 'bad-command', meaning: { zh: '读写器不认识这条命令' } },
    })
  })

  it('is tried in every style before it counts as silent', async () => {
    const { asker, written } = bench()
    const outcome = asker.ask(probe, (tried) => BB7E.dialects[tried % 2] ?? '')
    await vi.advanceTimersByTimeAsync(probe.waitMs * probe.tries)
    expect(await outcome).toEqual({ kind: 'silent' })
    expect(written).toEqual([0xbb, 0xaa, 0xbb, 0xaa])
  })

  it('that modules take without a word is answered by nothing coming, and asked once', async () => {
    const { asker, written } = bench()
    const taken = { ok: true, learned: {} } as const
    const outcome = asker.ask({ ...start, silence: taken }, () => 'BB7E')
    await vi.advanceTimersByTimeAsync(start.waitMs)
    expect([await outcome, written.length]).toEqual([{ kind: 'answered', answer: taken }, 1])
  })

  it('ends when the line is gone, and the next may be asked', async () => {
    const { asker } = bench()
    const outcome = asker.ask(stop, () => 'BB7E')
    asker.abandon()
    expect(await outcome).toEqual({ kind: 'gone' })
    asker.hear(writeReply('BB7E', 'stop', { result: 0 }))
    const next = asker.ask(stop, () => 'BB7E')
    asker.hear(writeReply('BB7E', 'stop', { result: 0 }))
    expect(await next).toMatchObject({ kind: 'answered' })
  })

  it('a second one while the first waits is a bug', async () => {
    const { asker } = bench()
    void asker.ask(stop, () => 'BB7E')
    await expect(asker.ask(probe, () => 'BB7E')).rejects.toThrow('bug')
    asker.abandon()
  })

  it.each([
    ['a read', notice],
    ['an empty poll', idle],
  ])('start is answered by %s', async (_, frame) => {
    const { asker } = bench()
    const outcome = asker.ask(start, () => 'BB7E')
    asker.hear(frame)
    expect(await outcome).toEqual({ kind: 'answered', answer: { ok: true, learned: {} } })
  })
})
