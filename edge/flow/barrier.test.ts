import { expect, test } from 'vitest'
import { SILENT } from '../log.ts'
import { inputsWanted, openBarrier } from './barrier.ts'

const DOOR = { door: 'd', name: { zh: '门', en: 'Door' }, inside: 'main', beyond: null }
const told = (monotonic: number, high: boolean, reader = 'r', input = 2) => ({ reader, levels: { [input]: high }, monotonic })

test('only what hangs on a reader is asked of it', () => {
  const door = (reader: string, input: number) => ({ ...DOOR, lightBarrier: { reader, input, active: 'low' } as const })
  expect(inputsWanted([door('r', 2), DOOR, door('x', 4), door('r', 1)], 'r')).toEqual([1, 2])
})

test.each([
  ['high', true],
  ['low', false],
] as const)('a barrier whose level is %s while something stands in it tells every look at it, and nothing else', (active, high) => {
  const broken: number[] = []
  const hear = openBarrier({ log: SILENT }, { reader: 'r', input: 2, active }, (at) => broken.push(at))
  for (const one of [told(0, !high), told(100, high), told(200, high), told(300, !high), told(400, high), told(500, !high)]) hear(one)
  for (const other of [told(600, high, 'other'), told(700, high, 'r', 1)]) hear(other)
  expect(broken).toEqual([100, 200, 400])
})

test('a barrier that is broken for a minute is blocked, and counts again when it was free', () => {
  const broken: number[] = []
  const hear = openBarrier({ log: SILENT }, { reader: 'r', input: 2, active: 'high' }, (at) => broken.push(at))
  for (let at = 0; at <= 180_000; at += 1_000) hear(told(at, true))
  expect(broken.at(-1)).toBe(59_000)
  hear(told(181_000, false))
  hear(told(182_000, true))
  expect(broken.at(-1)).toBe(182_000)
})
