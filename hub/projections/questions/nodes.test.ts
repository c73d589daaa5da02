import { beforeEach, describe, expect, it } from 'vitest'
import { type AskedCounty, askCounty, pick, rowsOf, STORE, SUPPLIER } from './fixtures/asked.ts'
import { EPOCH, line, NOW_MS } from './fixtures/county.ts'

let county: AskedCounty['county']
let ask: AskedCounty['ask']
beforeEach(() => {
  ;({ county, ask } = askCounty())
})

const NEXT = '00112233445566bb'
/** Epochs as the ledger keeps them, in the order given; each goes on from where the one before ended. */
const epochs = (stream: string, ...held: readonly (readonly [epoch: string, held: number])[]) => {
  let before: readonly [string, number] | null = null
  for (const [epoch, seq] of held) {
    const parent = { parent_epoch: before?.[0] ?? null, parent_seq: before?.[1] ?? null }
    county.row('epoch', { stream, epoch, ...parent, held_seq: seq, head_hash: Buffer.alloc(32), applied_seq: seq })
    before = [epoch, seq]
  }
}
const holds = (node: string, stream: string, epoch: string, held: number) => county.row('hub_have', { node, stream, epoch, held })
const nodeOf = (node: string) => ask.nodes().rows.find((row) => row.node === node)

describe('a node', () => {
  it('shows whether its books are those of the hub, and whose its places are', () => {
    expect(pick(nodeOf('qinglong'), 'digest', 'witnessed', 'passedTo')).toEqual([null, null, null])
    county.row('digest', { node: 'qinglong', epoch: EPOCH, seq: 3, at: NOW_MS, same: 0 })
    county.row('ownership', { node: 'qinglong', owner: 'baishui', entry: 'hub>all/1' })
    expect(pick(nodeOf('qinglong'), 'digest', 'passedTo')).toEqual([{ at: '2026-11-22T03:24:00.000Z', same: false }, 'baishui'])
  })

  it('is a witness of the newest checkpoint on its way back from the last entry of the hub it holds', () => {
    epochs('hub>all', [EPOCH, 9], [NEXT, 6])
    for (const [epoch, seq, size] of [
      [EPOCH, 4, 100],
      [EPOCH, 9, 200],
      [NEXT, 5, 20],
    ] as const)
      county.row('checkpoint', { epoch, seq, size })
    holds('baishui', 'hub>all', EPOCH, 8)
    holds('qinglong', 'hub>all', NEXT, 4)
    expect([nodeOf('baishui')?.witnessed, nodeOf('qinglong')?.witnessed]).toEqual([100, 200])
    county.row('hub_have', { node: 'qinglong', stream: 'hub>all', epoch: NEXT, held: 6 }, 'on conflict do update set held = 6')
    expect(nodeOf('qinglong')?.witnessed).toBe(20)
  })
})

describe('how safe a movement is', () => {
  const levels = () => rowsOf(ask.movements({})).map((row) => (row as { readonly level: string }).level)

  it('is told by the node that wrote it: what it holds itself is held twice', () => {
    for (const units of [1, 2, 3]) county.entry({ lines: [line('gauze/B1', SUPPLIER, STORE, units)] })
    epochs('qinglong>*', [EPOCH, 3])
    expect(levels()).toEqual(['booked', 'booked', 'booked'])
    holds('qinglong', 'qinglong>*', EPOCH, 2)
    // Another's word for it counts for nothing.
    holds('baishui', 'qinglong>*', EPOCH, 3)
    expect(levels()).toEqual(['booked', 'safe', 'safe'])
  })

  it('follows from what a later epoch goes on from', () => {
    for (const units of [1, 2]) county.entry({ lines: [line('gauze/B1', SUPPLIER, STORE, units)] })
    epochs('qinglong>*', [EPOCH, 1], [NEXT, 5])
    holds('qinglong', 'qinglong>*', NEXT, 5)
    expect(levels()).toEqual(['booked', 'safe'])
  })

  it('is told by anybody of what the hub wrote', () => {
    county.entry({ stream: 'hub>qinglong', kind: 'tag', lines: [line('gauze/B1', SUPPLIER, 'qinglong/~transit', 1)] })
    epochs('hub>qinglong', [EPOCH, 1])
    expect(levels()).toEqual(['booked'])
    holds('qinglong', 'hub>qinglong', EPOCH, 1)
    expect(levels()).toEqual(['safe'])
  })
})
