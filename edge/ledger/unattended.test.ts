import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import type { Booking, EdgeLedger } from './contract.ts'
import { draft, line, NODE, openBench } from './fixtures/bench.ts'
import { openTimeline } from './fixtures/timeline.ts'
import { openUnattended, type UnattendedAct } from './unattended.ts'

const observe = (action: string): UnattendedAct => ({
  action,
  act: 'observe',
  decide: () => [draft('alarm', { alarm: action, action: 'seen' })],
  otherwise: () => [],
})

const openRig = (ledger: Pick<EdgeLedger, 'bookGroup'>) => {
  const timeline = openTimeline()
  const told: string[] = []
  const unattended = openUnattended(timeline, ledger, {
    refused: (code, waiting) => void told.push(`${code} ${waiting}`),
    dropped: (acts) => void told.push(`dropped ${acts}`),
  })
  return { timeline, told, unattended }
}

test('a cart is one commit, and more than a cart is several', () => {
  const { ledger } = openBench()
  const commits: number[] = []
  ledger.follow(({ entries }) => void commits.push(entries.length))
  const { unattended } = openRig(ledger)
  unattended.book(Array.from({ length: 150 }, (_, at) => observe(`a${at}`)))
  expect(commits).toEqual([64, 64, 22])
})

test('what the disk refuses waits in order, is tried every two seconds, and is given up oldest first', async () => {
  let full = true
  const booked: string[] = []
  const bookGroup = (acts: readonly { readonly action: string }[]): readonly (Booking | Refusal)[] =>
    acts.map(({ action }) => {
      if (full) return refuse('ledger.disk-full')
      booked.push(action)
      return { fresh: true, entries: [], head: { epoch: '', seq: 0, hash: '' } }
    })
  const { timeline, told, unattended } = openRig({ bookGroup })
  unattended.book(Array.from({ length: 10_003 }, (_, at) => observe(`a${at}`)))
  unattended.book([observe('last')])
  expect([told, unattended.waiting()]).toEqual([['dropped 3', 'ledger.disk-full 10000'], 10_001])
  await timeline.run(4_000)
  expect(told.slice(2)).toEqual(['dropped 1', 'ledger.disk-full 10000', 'ledger.disk-full 10000'])
  full = false
  await timeline.run(2_000)
  expect([unattended.waiting(), booked[0], booked.at(-1), booked.length]).toEqual([0, 'a4', 'last', 10_000])
})

test('what is refused for another reason is booked as an observation instead', () => {
  const { ledger } = openBench()
  const { unattended } = openRig(ledger)
  const lines = [line('gauze/B1', `${NODE}/main/available`, `${NODE}/~consumed`, 1)]
  unattended.book([
    {
      action: 'impossible',
      act: 'issue',
      decide: () => [draft('issue', {}, { lines })],
      otherwise: ({ code }) => [draft('alarm', { alarm: code, action: 'refused' })],
    },
  ])
  expect(ledger.read.acknowledged('ledger.not-enough')).not.toBeNull()
  expect(unattended.waiting()).toBe(0)
})

test('what stands for another act already is booked as an observation under a name of its own, and asked for no more', () => {
  const { ledger } = openBench()
  let groups = 0
  const { unattended, told } = openRig({
    bookGroup: (acts) => {
      groups += 1
      if (groups > 5) throw new Error('it is tried for ever')
      return ledger.bookGroup(acts)
    },
  })
  ledger.book({ action: 'taken', act: 'another' }, () => [])
  unattended.book([{ ...observe('taken'), otherwise: ({ code }) => [draft('alarm', { alarm: code, action: 'refused' })] }])
  expect([ledger.read.acknowledged('api.action-reused') === null, unattended.waiting(), told]).toEqual([false, 0, []])
})

test('what is refused even as an observation is given up, and said', () => {
  const { ledger } = openBench()
  const { unattended, told } = openRig(ledger)
  const impossible = () => [draft('issue', {}, { lines: [line('gauze/B1', `${NODE}/main/available`, `${NODE}/~consumed`, 1)] })]
  unattended.book([{ action: 'impossible', act: 'issue', decide: impossible, otherwise: impossible }, observe('next')])
  expect([ledger.read.acknowledged('next') === null, unattended.waiting(), told]).toEqual([false, 0, ['dropped 1']])
})

test('the end tries once more', () => {
  const tries: number[] = []
  const { unattended, timeline } = openRig({
    bookGroup: (acts) => {
      tries.push(acts.length)
      return acts.map(() => refuse('ledger.disk-failed'))
    },
  })
  unattended.book([observe('a')])
  unattended.close()
  expect([tries, unattended.waiting(), timeline.waiting()]).toEqual([[1, 1], 0, 0])
})
