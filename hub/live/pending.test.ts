import type { DiscrepancyView, MovementRow, StockRow } from '@lotkeeper/protocol/api/views.ts'
import { describe, expect, it } from 'vitest'
import { openPending, PENDING_ROWS_MAX } from './pending.ts'

const stock = (place: string, units: number) => ({ lot: 'gauze/B1', place, units }) as StockRow
const movement = (units: number) => ({ units }) as MovementRow
const discrepancy = (closedAt: string | null) => ({ discrepancy: 'd', closedAt }) as DiscrepancyView
const delta = (given: { stock?: StockRow[]; movements?: MovementRow[]; discrepancies?: DiscrepancyView[] }) => ({
  stock: [],
  movements: [],
  discrepancies: [],
  ...given,
})

describe('what waits for a flush', () => {
  it('is the latest of each position, and every movement and discrepancy', () => {
    const pending = openPending()
    pending.take({
      sites: ['a', 'b'],
      delta: delta({ stock: [stock('x', 1), stock('y', 2)], movements: [movement(1)], discrepancies: [discrepancy(null)] }),
    })
    pending.take({ sites: ['a'], delta: delta({ stock: [stock('x', 3)], movements: [movement(2)], discrepancies: [discrepancy('now')] }) })
    expect(pending.drain()).toEqual({
      sites: ['a', 'b'],
      stock: [stock('x', 3), stock('y', 2)],
      movements: [movement(1), movement(2)],
      discrepancies: [discrepancy(null), discrepancy('now')],
    })
    expect(pending.isEmpty()).toBe(true)
  })

  it.each([
    ['a commit was too much', [null]],
    ['a commit was too much and others follow', [null, delta({ movements: [movement(1)] })]],
    [
      'it has become too much',
      [delta({ movements: Array<MovementRow>(PENDING_ROWS_MAX).fill(movement(1)) }), delta({ stock: [stock('x', 1)] })],
    ],
  ])('is not told row by row when %s', (_, deltas) => {
    const pending = openPending()
    for (const one of deltas) pending.take({ sites: ['a'], delta: one })
    expect(pending.isEmpty()).toBe(false)
    expect(pending.drain()).toBeNull()
    expect(pending.isEmpty()).toBe(true)
  })
})
