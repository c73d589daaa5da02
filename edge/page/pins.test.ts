import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { openLocks } from '../access/locks.ts'
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
  const pins = openPins({ keepers: () => KEEPERS }, openLocks(clock, null))
  return { clock, signIn: async (pin: string, remote: string, keeper?: string) => told(await pins.signIn({ pin, remote, keeper })) }
}
const told = (answer: Awaited<ReturnType<ReturnType<typeof openPins>['signIn']>>) =>
  isRefusal(answer) ? `${answer.code} ${answer.facts['seconds'] ?? ''}`.trim() : answer.keeper

test('a PIN is checked against what `hashPin` made of it', async () => {
  const keepers = [{ keeper: 'a', name: '甲', pinHash: hashPin('1234') }]
  const pins = openPins({ keepers: () => keepers }, openLocks(openClock(), null))
  const answers = [await pins.signIn({ pin: '1234', remote: 'x' }), await pins.signIn({ pin: '12345', remote: 'x' })]
  expect(answers.map(told)).toEqual(['a', 'access.sign-in-wrong'])
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

const SAME = [
  { keeper: 'a', name: '甲', pinHash: quickHash('1234') },
  { keeper: 'b', name: '乙', pinHash: quickHash('1234') },
]

test('two people may have the same PIN: each is himself by his name, and neither by the PIN alone', async () => {
  const pins = openPins({ keepers: () => SAME }, openLocks(openClock(), null))
  const answers = [
    await pins.signIn({ pin: '1234', keeper: 'b', remote: 'x' }),
    await pins.signIn({ pin: '1234', keeper: 'a', remote: 'x' }),
    await pins.signIn({ pin: '1234', remote: 'x' }),
  ]
  expect(answers.map(told)).toEqual(['b', 'a', 'access.name-first'])
})

test('a name opens nothing with the PIN of somebody else, and nobody is nobody', async () => {
  const { signIn } = open()
  expect([await signIn('1234', 'x', 'b'), await signIn('1234', 'x', 'nobody'), await signIn('1234', 'x', 'a')]).toEqual([
    'access.sign-in-wrong',
    'access.sign-in-wrong',
    'a',
  ])
})

test('who is taken out while his PIN is being checked does not come in', async () => {
  let people = SAME.slice(0, 1)
  const pins = openPins({ keepers: () => people }, openLocks(openClock(), null))
  const asked = pins.signIn({ pin: '1234', keeper: 'a', remote: 'x' })
  await Promise.resolve()
  people = []
  expect(told(await asked)).toBe('access.sign-in-wrong')
})

test.for(['scrypt$999999$AAAA$AAAA', 'scrypt$0$AAAA$AAAA', 'scrypt$1048576$AAAA$AAAA', 'scrypt$1.5$AAAA$AAAA', 'md5$1$AAAA$AAAA', ''])(
  'a verifier nobody can check matches nothing: %s',
  async (pinHash) => {
    const pins = openPins({ keepers: () => [{ keeper: 'a', name: '甲', pinHash }] }, openLocks(openClock(), null))
    expect(told(await pins.signIn({ pin: '1234', remote: 'x' }))).toBe('access.sign-in-wrong')
  },
)

test('somebody with a PIN of his own guesses at a colleague no longer than a stranger', async () => {
  const { signIn } = open()
  const answers: string[] = []
  for (let tries = 0; tries < 30; tries += 1) {
    answers.push(await signIn('0000', `phone-${tries % 4}`, 'b'))
    await signIn('1234', `phone-${tries % 4}`, 'a')
  }
  expect(answers.slice(8, 11)).toEqual(['access.sign-in-wrong', 'access.sign-in-locked 15', 'access.sign-in-locked 15'])
  expect(await signIn('1234', 'phone-0', 'a')).toBe('a')
  // By the PIN alone he tries everybody; that is counted over all, and his own PIN clears none of it.
  for (let tries = 0; tries < 30; tries += 1) {
    await signIn('0000', `phone-${tries % 4}`)
    await signIn('1234', `phone-${tries % 4}`)
  }
  expect(await signIn('0000', 'phone-5')).toBe('access.sign-in-locked 15')
})

test('where many may sign in, each says who he is: trying them all would keep the others waiting', async () => {
  const many = Array.from({ length: 13 }, (_, at) => ({ keeper: `k${at}`, name: '甲', pinHash: quickHash(String(1000 + at)) }))
  const pins = openPins({ keepers: () => many }, openLocks(openClock(), null))
  const answers = [await pins.signIn({ pin: '1012', remote: 'x' }), await pins.signIn({ pin: '1012', keeper: 'k12', remote: 'x' })]
  expect(answers.map(told)).toEqual(['access.name-first', 'k12'])
})
