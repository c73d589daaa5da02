import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { expect, it } from 'vitest'
import { issuable, soonestFirst } from './issuable.ts'

const row = (lotNumber: string, expiry: string | null, change: Partial<StockRow> = {}): StockRow => ({
  site: 'aa',
  place: 'aa/main/available',
  item: 'gauze',
  itemName: { zh: '纱布', en: 'Gauze' },
  unit: { zh: '片', en: 'piece' },
  lot: `gauze/${lotNumber}`,
  lotNumber,
  expiry,
  daysLeft: null,
  expiryState: 'ok',
  units: 10,
  ...change,
})
const isStore = (room: string) => room === 'main'
const numbers = (rows: readonly StockRow[]) => (issuable(rows, isStore).get('gauze') ?? []).map((one) => one.lotNumber)

it('offers the lot that ends first, one without a date after all dated, one past its date last', () => {
  const past = row('old', '2026-01-01', { expiryState: 'expired' })
  expect(numbers([row('none', null), past, row('late', '2028-01-01'), row('soon', '2027-01-01')])).toEqual(['soon', 'late', 'none', 'old'])
})
it('offers only what is accepted, in a store, and there', () => {
  expect(
    numbers([
      row('pending', '2027-01-01', { place: 'aa/main/pending' }),
      row('ward', '2027-01-01', { place: 'aa/ward/available' }),
      row('gone', '2027-01-01', { units: 0 }),
    ]),
  ).toEqual([])
})
it('orders a card by date alone, so that what must leave the shelf stands on top', () => {
  const rows = [row('late', '2028-01-01'), row('old', '2026-01-01', { expiryState: 'expired' })]
  expect(rows.toSorted(soonestFirst).map((one) => one.lotNumber)).toEqual(['old', 'late'])
})
