import { expect, test } from 'vitest'
import { openHousekeeping } from './housekeeping.ts'

/** A ledger that only remembers what it was told to do, under a clock that is turned by hand. */
const openRig = (answers: { readonly audit?: readonly string[]; readonly checkpoint?: () => Promise<boolean> } = {}) => {
  const asked: string[] = []
  const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>()
  let [now, next] = [Date.parse('2026-11-22T00:00:00.000Z'), 0]
  const keeping = openHousekeeping(
    {
      clock: { now: () => now, monotonic: () => now },
      timers: {
        after: (ms, run) => {
          const id = next
          next += 1
          timers.set(id, { atMs: now + ms, run })
          return () => void timers.delete(id)
        },
      },
    },
    {
      sweep: async () => void asked.push('sweep'),
      audit: async () => {
        asked.push('audit')
        return answers.audit ?? []
      },
      keepCheckpoint: async () => {
        asked.push('checkpoint')
        return (await answers.checkpoint?.()) ?? true
      },
      openDiscrepancy: async ({ kind }) => asked.push(`open ${kind}`) > 0,
      closeDiscrepancy: async (kind) => void asked.push(`close ${kind}`),
    },
    { zone: 'UTC', log: { info: () => {}, warn: () => {}, error: () => {} } as never, failed: (why) => expect.fail(String(why)) },
  )
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      now += 60_000
      for (const [id, { atMs, run }] of timers)
        if (atMs <= now) {
          timers.delete(id)
          run()
        }
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve()
    }
  }
  return { keeping, asked, pass, waiting: () => timers.size }
}
const countOf = (asked: readonly string[], word: string) => asked.filter((one) => one === word).length

test('every minute a sweep, every hour a checkpoint, every night an audit, and a last checkpoint at the end', async () => {
  const { keeping, asked, pass, waiting } = openRig({ audit: ['position: a row'] })
  await pass(59)
  expect([countOf(asked, 'sweep'), countOf(asked, 'checkpoint')]).toEqual([59, 0])
  await pass(121)
  expect([countOf(asked, 'checkpoint'), countOf(asked, 'audit')]).toEqual([3, 0])
  await pass(24 * 60)
  expect([countOf(asked, 'audit'), countOf(asked, 'open projection-differs')]).toEqual([1, 1])
  const before = countOf(asked, 'checkpoint')
  await keeping.close()
  expect([countOf(asked, 'checkpoint') - before, waiting()]).toEqual([1, 0])
  await pass(5)
  expect(asked.at(-1)).toBe('checkpoint')
})

test('a ledger that broke does not hold up the end', async () => {
  const broken = openRig({ checkpoint: () => Promise.reject(new Error('gone')) })
  await broken.keeping.close()
  const silent = openRig({ checkpoint: () => new Promise(() => {}) })
  const closed = silent.keeping.close()
  await silent.pass(1)
  await closed
  expect([broken.waiting(), silent.waiting()]).toEqual([0, 0])
})
