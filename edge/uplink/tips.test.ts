import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { expect, test } from 'vitest'
import { isWhole, lacking, tellable } from './tips.ts'

const OWN = 'qinglong>*'
const tip = (stream: string, epoch: string, held: number, parent: string | null): EpochTip => ({
  stream,
  epoch,
  held,
  headHash: '',
  applied: held,
  parent: parent === null ? null : { epoch: parent, seq: 9, hash: '' },
})
const LOG = [
  tip('hub>all', 'h1', 9, null),
  tip('hub>all', 'h2', 4, 'h1'),
  tip(OWN, 'a', 9, null),
  tip(OWN, 'b', 9, 'a'),
  tip(OWN, 'c', 1, 'b'),
]

test.each([
  ['the hub holds the running epoch: its tip says all', { epoch: 'c', seq: 1 }, 'h2 c'],
  ['after a start the hub knows the epoch before', { epoch: 'b', seq: 9 }, 'h2 b c'],
  ['two starts without a line', { epoch: 'a', seq: 5 }, 'h2 a b c'],
  ['the hub never spoke', null, 'h2 a b c'],
  ['the hub holds an epoch this card lost', { epoch: 'x', seq: 3 }, 'h2 a b c'],
])('%s', (_story, heldByHub, told) => {
  expect(
    tellable(LOG, OWN, heldByHub)
      .map((one) => one.epoch)
      .join(' '),
  ).toBe(told)
})

test('an epoch that lacks what the next one goes on from is told, or it would be taken for whole', () => {
  const told = (log: readonly EpochTip[]) => tellable(log, OWN, { epoch: 'c', seq: 1 }).map((one) => `${one.epoch} ${one.held}`)
  const broken = LOG.map((one) => (one.epoch === 'a' ? { ...one, held: 4 } : one))
  expect(told(LOG)).toEqual(['h2 4', 'c 1'])
  expect(told(broken)).toEqual(['h2 4', 'a 4', 'c 1'])
  expect(lacking(broken).map(({ tip, goesOnAt }) => [tip.epoch, tip.held, goesOnAt])).toEqual([['a', 4, 9]])
  const mine = (log: readonly EpochTip[]) => log.filter(({ stream }) => stream === OWN)
  const [whole, less] = [mine(LOG), mine(broken)]
  expect([isWhole(whole, whole, []), isWhole(less, less, []), isWhole(whole, less, [])]).toEqual([true, false, false])
  const hub = (epoch: string, held: number) => [{ ...tip(OWN, epoch, held, null), refused: [] }]
  expect([isWhole(whole, whole, hub('a', 9)), isWhole(whole, whole, hub('c', 2)), isWhole(whole, whole, hub('x', 1))]).toEqual([
    true,
    false,
    false,
  ])
  expect(told(LOG.map((one) => (one.epoch === 'h1' ? { ...one, held: 0 } : one)))).toEqual(['h1 0', 'h2 4', 'c 1'])
})
