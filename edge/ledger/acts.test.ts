import { streamToNode, transitTo } from '@lotkeeper/protocol/names.ts'
import { expect, test } from 'vitest'
import { type Bench, draft, line, NODE, openBench, openTestHub } from './fixtures/bench.ts'

const LOT = 'gauze/B1'
const EPC = '3034AA'
const TRANSIT = transitTo(NODE)
const PENDING = `${NODE}/main/pending`
const STREAM = streamToNode(NODE)
const TAG = { epc: EPC, lot: LOT, printed: 'B1', expiry: '2027-08-31', pack: 'carton', units: 10, site: NODE }
const CAME = line(LOT, 'hub/~supplier', TRANSIT, 10, [EPC])
const BACK = line(LOT, TRANSIT, 'hub/~supplier', 10, [EPC])

/**
 * A registration as a hub wrote it in the epochs `a` and `b`; `c` and `d` take back what stands in `a` and in `b`, which is one act too. In `b` it had
 * forgotten the day it was told.
 */
const openEpochs = () => {
  const hubs = { a: openTestHub(), b: openTestHub(), c: openTestHub(), d: openTestHub() }
  const one = hubs.a.write(STREAM, 'tag', TAG, [CAME], null, 'page-1', 'DN-1')
  const other = hubs.b.write(STREAM, 'tag', { ...TAG, expiry: null }, [CAME], null, 'page-1', 'DN-1')
  for (const [hub, { epoch, seq }] of [
    [hubs.c, one],
    [hubs.d, other],
  ] as const)
    hub.write(STREAM, 'reverse', {}, [BACK], { entry: `${STREAM}/${epoch}/${seq}`, lines: [0] }, 'page-2')
  return (name: keyof typeof hubs, { ledger }: Bench) => void ledger.exchange.take(hubs[name].batch(STREAM), hubs[name].publicKey)
}
/** The pack is received, and used up. */
const use = ({ ledger }: Bench) => {
  ledger.book({ action: 'in', act: 'in' }, () => [draft('receive', {}, { lines: [line(LOT, TRANSIT, PENDING, 10, [EPC])] })])
  ledger.book({ action: 'out', act: 'out' }, () => [draft('scrap', {}, { lines: [line(LOT, PENDING, `${NODE}/~scrapped`, 10, [EPC])] })])
}

test.each([
  ['a', 10, 10],
  ['ab', 10, 10],
  ['ba', 10, 10],
  ['abc', 0, null],
  ['acb', 0, null],
  ['bca', 0, null],
  ['cba', 0, null],
  ['dab', 0, null],
  ['bda', 0, null],
  ['abcd', 0, null],
  ['dcba', 0, null],
  ['cbda', 0, null],
  ['aub', 0, 0],
  ['uab', 0, 10],
] as const)(
  'one act in several epochs of the hub, learnt in the order %s (u: the pack is used up), takes effect once',
  (order, way, left) => {
    const bench = openBench()
    const tell = openEpochs()
    for (const name of order) name === 'u' ? use(bench) : tell(name as 'a', bench)
    const { read, rebuild } = bench.ledger
    expect([read.units(LOT, TRANSIT), read.units(LOT, 'hub/~supplier')]).toEqual([
      way,
      order.includes('c') || order.includes('d') ? 0 : -10,
    ])
    expect(read.tag(EPC)?.units ?? null).toBe(left)
    expect(read.lot(LOT)?.expiry).toBe('2027-08-31')
    expect(rebuild()).toEqual([])
  },
)

test('another part of the act, or other goods under its name, are another act', () => {
  const bench = openBench()
  const hub = openTestHub()
  hub.write(STREAM, 'tag', TAG, [CAME], null, 'page-1')
  hub.write(STREAM, 'tag', { ...TAG, units: 20 }, [{ ...CAME, units: 20 }], null, 'page-1')
  hub.write(STREAM, 'tag', TAG, [CAME], null, 'page-3')
  hub.tell(bench.ledger)
  expect(bench.ledger.read.units(LOT, TRANSIT)).toBe(40)
})
