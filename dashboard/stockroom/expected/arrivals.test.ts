import { expect, it } from 'vitest'
import { arrivalsOf, type Expected, leftOf } from './arrivals.ts'

const row = (doc: string | null, lot: string, announced: number, received: number, due: string | null = null, from = 'hub'): Expected => ({
  ...{ doc, from, due, announced, received, expiry: null, lot: `gauze/${lot}`, lotNumber: lot, item: 'gauze' },
  ...{ itemName: { zh: '纱布', en: 'Gauze' }, unit: { zh: '片', en: 'piece' } },
})
const told = (rows: readonly Expected[]) =>
  arrivalsOf(rows).map((one) => `${one.doc} ${one.from} ${one.rows.map((line) => line.lotNumber)}`)

it('lists a document at a time, the one due first on top, one without a day last', () => {
  const rows = [row('D9', 'A', 5, 0), row('D2', 'B', 5, 0, '2026-12-02'), row('D1', 'C', 5, 0, '2026-12-01'), row('D2', 'D', 5, 0)]
  expect(told(rows)).toEqual(['D1 hub C', 'D2 hub B,D', 'D9 hub A'])
})
it('keeps one number of two senders apart', () => {
  expect(told([row('D1', 'A', 5, 0, null, 'aa'), row('D1', 'B', 5, 0, null, 'bb')])).toEqual(['D1 aa A', 'D1 bb B'])
})
it('leaves out what has come, and what came over', () => {
  expect(told([row('D1', 'A', 5, 5), row('D1', 'B', 5, 7), row(null, 'C', 5, 4)])).toEqual(['null hub C'])
  expect(leftOf(row('D1', 'B', 5, 7))).toBe(0)
})
