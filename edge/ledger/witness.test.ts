import { originOf, writeCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { bucketOf, digestOf } from '@lotkeeper/protocol/ledger/digest.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { expect, test } from 'vitest'
import { makeSigningKey, openSigner } from '../crypto.ts'
import { announce, crypto, draft, line, NODE, openBench, openTestHub } from './fixtures/bench.ts'

const signer = openSigner(crypto, makeSigningKey())
const point = (epoch: string, size: number, root: number): string =>
  writeCheckpoint(crypto, { origin: originOf('00112233AABBCCDD', epoch), size, root: new Uint8Array(32).fill(root) }, signer)

test('checkpoints that contradict an earlier one are found, all are kept, and another epoch starts anew', () => {
  const { ledger } = openBench()
  const hub = openTestHub()
  const [one, other] = ['1'.repeat(16), '2'.repeat(16)]
  const texts = [
    point(one, 10, 1),
    point(one, 10, 1),
    point(one, 12, 2),
    point(other, 3, 3),
    point(one, 12, 9),
    point(one, 11, 4),
    'no checkpoint',
  ]
  for (const text of texts) hub.write(STREAM_TO_ALL, 'checkpoint', { text })
  hub.tell(ledger)
  expect(ledger.exchange.found().map((found) => ('from' in found ? `${found.is} ${found.from}` : found.is))).toEqual(['fork 6', 'fork 7'])
  expect(ledger.exchange.tips([STREAM_TO_ALL])[0]?.held).toBe(8)
  expect(ledger.rebuild()).toEqual([])
})

test('the digest is that of the own places, without transit and what stands at 0, at the head; rows are given by bucket', () => {
  const { ledger } = openBench()
  const hub = openTestHub()
  announce(hub, { epc: '3034AA', lot: 'gauze/B1', units: 10 })
  hub.tell(ledger)
  const [pending, available, consumed] = [`${NODE}/main/pending`, `${NODE}/main/available`, `${NODE}/~consumed`]
  const move = (action: string, from: string, to: string, units: number) =>
    ledger.book({ action, act: 'a' }, () => [draft('move', {}, { lines: [line('gauze/B1', from, to, units)] })])
  move('in', `${NODE}/~transit`, pending, 10)
  move('ok', pending, available, 10)
  move('out', available, consumed, 3)
  const rows = [
    { lot: 'gauze/B1', place: available, units: 7 },
    { lot: 'gauze/B1', place: consumed, units: 3 },
  ]
  const digest = ledger.exchange.digest()
  expect(digest).toEqual({ epoch: ledger.head().epoch, seq: 4, ...digestOf(crypto, rows) })
  expect(ledger.exchange.digestRows([bucketOf(crypto, consumed, 'gauze/B1')])).toEqual([rows[1]])
})
