import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { describe, expect, it } from 'vitest'
import { openRing, RING_DELTAS_MAX, RING_ROWS_MAX, type Ring, type Told } from './ring.ts'

const EPOCH = '00112233445566aa'
const told = (rows = 0): Told => ({
  at: '',
  sites: [],
  stock: [],
  movements: Array<MovementRow>(rows),
  discrepancies: [],
  openDiscrepancies: 0,
})
const numbers = (ring: Ring, seq: number) => ring.after(seq)?.map(({ after, cursor }) => `${after.seq}>${cursor.seq}`) ?? null

describe('the ring', () => {
  it('numbers deltas without holes and gives those after a cursor', () => {
    const ring = openRing(EPOCH)
    for (let n = 0; n < 3; n += 1) ring.add(told())
    expect(ring.cursor()).toEqual({ epoch: EPOCH, seq: 3 })
    expect(numbers(ring, 0)).toEqual(['0>1', '1>2', '2>3'])
    expect(numbers(ring, 2)).toEqual(['2>3'])
    expect(numbers(ring, 3)).toEqual([])
    expect(numbers(ring, 4)).toBeNull()
    expect(numbers(ring, -1)).toBeNull()
  })

  it('forgets all before a leap, which counts as one step', () => {
    const ring = openRing(EPOCH)
    ring.add(told())
    ring.leap()
    ring.add(told())
    expect(ring.cursor().seq).toBe(3)
    expect([0, 1, 2, 3].map((seq) => numbers(ring, seq))).toEqual([null, null, ['2>3'], []])
  })

  it.each([
    ['deltas', RING_DELTAS_MAX + 5, 0, RING_DELTAS_MAX],
    ['rows', 20, RING_ROWS_MAX / 8, 8],
    ['rows of one delta', 1, RING_ROWS_MAX + 1, 0],
  ])('keeps only so many %s', (_, deltas, rows, kept) => {
    const ring = openRing(EPOCH)
    for (let n = 0; n < deltas; n += 1) ring.add(told(rows))
    expect(ring.after(deltas - kept)).toHaveLength(kept)
    expect(ring.after(deltas - kept - 1)).toBeNull()
  })
})
