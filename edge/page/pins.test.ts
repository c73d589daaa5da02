import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { hashPin } from '../crypto.ts'
import { openClock } from '../ledger/fixtures/bench.ts'
import { quickHash } from './fixtures/served.ts'
import { openPins } from './pins.ts'

const KEEPERS = [
  { keeper: 'a', name: '甲', pinHash: quickHash('1234') },
  { keeper: 'b', name: '乙', pinHash: 'no hash at all' },
]
const open = () => {
  const clock = openClock()
  const pins = openPins(KEEPERS, clock)
  return { clock, signIn: async (pin: string, remote: string) => told(await pins.signIn(pin, remote)) }
}
const told = (answer: Awaited<ReturnType<ReturnType<typeof openPins>['signIn']>>) =>
  isRefusal(answer) ? `${answer.code} ${answer.facts['seconds'] ?? ''}`.trim() : answer.keeper

test('a PIN is checked against what `hashPin` made of it', async () => {
  const pins = openPins([{ keeper: 'a', name: '甲', pinHash: hashPin('1234') }], openClock())
  expect([told(await pins.signIn('1234', 'x')), told(await pins.signIn('12345', 'x'))]).toEqual(['a', 'access.sign-in-wrong'])
})

test('a lock is of one address, until many addresses guess', async () => {
  const { clock, signIn } = open()
  for (let tries = 0; tries < 5; tries += 1) await signIn('0000', 'phone')
  expect(await signIn('1234', 'phone')).toBe('access.sign-in-locked 15')
  expect(await signIn('1234', 'tablet')).toBe('a')
  clock.pass(15_000)
  for (let tries = 0; tries < 24; tries += 1) await signIn('0000', `fe80::${tries}`)
  expect(await signIn('0000', 'fe80::99')).toBe('access.sign-in-locked 15')
  expect(await signIn('1234', 'tablet')).toBe('access.sign-in-locked 15')
  clock.pass(15_000)
  expect(await signIn('1234', 'tablet')).toBe('a')
})

test('a lock doubles up to a quarter of an hour', async () => {
  const { clock, signIn } = open()
  const locks: string[] = []
  for (let tries = 0; tries < 13; tries += 1) {
    locks.push(await signIn('0000', 'phone'))
    clock.pass(900_000)
  }
  expect(locks.slice(3).map((lock) => lock.replace('access.sign-in-', ''))).toEqual([
    ...['wrong', 'locked 15', 'locked 30', 'locked 60', 'locked 120'],
    ...['locked 240', 'locked 480', 'locked 900', 'locked 900', 'locked 900'],
  ])
})

test('guesses stand in line, and the line is short', async () => {
  const { signIn } = open()
  const answers = await Promise.all(Array.from({ length: 20 }, () => signIn('0000', 'phone')))
  expect(answers.filter((answer) => answer === 'access.sign-in-wrong')).toHaveLength(4)
  expect(answers.slice(16)).toEqual(Array.from({ length: 4 }, () => 'access.sign-in-locked 1'))
  expect(await signIn('1234', 'tablet')).toBe('a')
})
