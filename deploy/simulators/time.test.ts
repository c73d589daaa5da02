import { expect, test } from 'vitest'
import { openVirtualTime } from './time.ts'

test('what is due runs in order, cancelled things do not, and time stands still in between', async () => {
  const time = openVirtualTime(1_000)
  const seen: string[] = []
  const note = (name: string) => () => void seen.push(`${name}@${time.clock.now()}`)
  time.timers.after(30, note('c'))
  time.timers.after(10, note('a'))
  time.timers.after(10, () => {
    note('b')()
    time.timers.after(5, note('b+5'))
    void Promise.resolve().then(note('promise'))
  })
  time.timers.after(20, note('never'))()
  await time.runUntil(1_020)
  expect(seen).toEqual(['a@1010', 'b@1010', 'promise@1010', 'b+5@1015'])
  expect(time.clock.now()).toBe(1_020)
  await time.runFor(10)
  expect(seen.at(-1)).toBe('c@1030')
  expect([time.clock.monotonic(), time.skewed(() => 86_400_000).now()]).toEqual([30, 86_401_030])
})
