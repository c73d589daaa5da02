import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { expect, it } from 'vitest'
import { earliestOf, faultsOf, type MadeLine, totalsOf, type UsedLine, usuallyMade } from './made.ts'

const PIECE = { zh: '片', en: 'piece' }
const used = (lotNumber: string, units: number, expiry: string | null = '2027-05-31', item = 'gauze'): UsedLine => ({
  units,
  row: {
    ...{ site: 'aa', place: 'aa/main/available', item, lot: `${item}/${lotNumber}`, lotNumber, expiry, units: 500 },
    ...{ itemName: { zh: '纱布', en: 'Gauze' }, unit: PIECE, daysLeft: null, expiryState: 'ok' },
  } satisfies StockRow,
})
const made = (lotNumber: string, units: number, expiry: string | null = '2027-05-31', item = 'gauze'): MadeLine => ({
  ...{ id: lotNumber, item, itemName: { zh: '纱布', en: 'Gauze' }, unit: PIECE, lotNumber, expiry, units },
})
const told = (lines: readonly MadeLine[]) => lines.map((line) => `${line.lotNumber} ${line.units} ${line.expiry}`)

it.each([
  ['repack', ['B1-F 101 2026-12-31']],
  ['merge', ['B1-H 101 2026-12-31']],
  ['split', ['B1-A 50 2026-12-31', 'B1-B 51 2026-12-31']],
  ['kit', []],
] as const)('proposes what a %s usually makes', (act, expected) => {
  expect(told(usuallyMade(act, [used('B1', 100), used('B2', 1, '2026-12-31')], () => 'id'))).toEqual(expected)
})
it('takes the earliest day, and none where none has one', () => {
  expect(earliestOf([used('B1', 1, null), used('B2', 1, '2027-01-31'), used('B3', 1, '2026-12-31')])).toBe('2026-12-31')
  expect(earliestOf([used('B1', 1, null)])).toBeNull()
})
it('adds up only what is of one unit', () => {
  const roll = { zh: '卷', en: 'roll' }
  expect(
    totalsOf([
      { unit: PIECE, units: 100 },
      { unit: roll, units: 2 },
      { unit: PIECE, units: 5 },
    ]),
  ).toEqual([
    { unit: PIECE, units: 105 },
    { unit: roll, units: 2 },
  ])
})
it('finds what cannot be booked', () => {
  expect(faultsOf([], [])).toMatchObject({ empty: true, differs: false })
  expect(faultsOf([used('B1', 10)], [made('B1-F', 9)])).toEqual({ empty: false, later: [], sameLot: [], differs: true })
  expect(faultsOf([used('B1', 10)], [made('b1', 10)]).sameLot).toEqual(['b1'])
  expect(faultsOf([used('B1', 10)], [made('N1', 5, '2027-06-30'), made('N2', 5, null)]).later).toEqual(['N1', 'N2'])
  expect(faultsOf([used('B1', 10)], [made('K1', 2, '2027-05-31', 'kit')]).differs).toBe(false)
})
