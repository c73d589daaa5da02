import { describe, expect, it } from 'vitest'
import { afterSilence } from './silence.ts'

/** A clock that stands still with the process: what fell due meanwhile runs when it goes on, in order, before anything is heard. */
const slow = () => {
  let now = 0
  let due: { readonly at: number; readonly run: () => void }[] = []
  const runDue = () => {
    for (;;) {
      const next = due.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at)[0]
      if (next === undefined) return
      due = due.filter((one) => one !== next)
      next.run()
    }
  }
  const parts = {
    clock: { now: () => now, monotonic: () => now },
    timers: {
      after: (ms: number, run: () => void) => {
        const one = { at: now + ms, run }
        due.push(one)
        return () => {
          due = due.filter((other) => other !== one)
        }
      },
    },
  }
  return {
    parts,
    waiting: () => due.length,
    pass: (ms: number) => {
      for (let step = 0; step < ms; step += 1) {
        now += 1
        runDue()
      }
    },
    standStill: (ms: number) => {
      now += ms
      runDue()
    },
  }
}
const after = (ms: number) => {
  const time = slow()
  let silentAt: number | null = null
  const cancel = afterSilence(time.parts, ms, () => {
    silentAt = time.parts.clock.monotonic()
  })
  return { ...time, cancel, silentAt: () => silentAt }
}

describe('a device that says nothing', () => {
  it.each([10, 100, 200, 1_000])('is silent after exactly %i ms in a process that runs', (ms) => {
    const wait = after(ms)
    wait.pass(ms - 1)
    expect(wait.silentAt()).toBeNull()
    wait.pass(1)
    expect(wait.silentAt()).toBe(ms)
    wait.pass(1_000)
    expect([wait.silentAt(), wait.waiting()]).toEqual([ms, 0])
  })

  it.each([0, 100, 149, 151, 170, 199])(
    'is not silent while what it said lies in the system: the process stood still from %i ms on',
    (from) => {
      const wait = after(200)
      wait.pass(from)
      wait.standStill(300)
      // What lies there is heard within the gathering of bytes, and answers.
      wait.pass(20)
      expect(wait.silentAt()).toBeNull()
      wait.cancel()
      wait.pass(1_000)
      expect([wait.silentAt(), wait.waiting()]).toEqual([null, 0])
    },
  )

  it('is silent a moment after the process goes on', () => {
    const wait = after(200)
    wait.standStill(5_000)
    wait.pass(100)
    expect(wait.silentAt()).toBeGreaterThan(5_000)
  })

  it('is silent at last where no timer is ever in time', () => {
    const wait = after(200)
    for (let stalls = 0; stalls < 20; stalls += 1) wait.standStill(100)
    expect(wait.silentAt()).not.toBeNull()
  })
})
