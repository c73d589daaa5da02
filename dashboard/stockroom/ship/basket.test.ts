import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { expect, it } from 'vitest'
import { type ShipLine, unitsTaken, withPack } from './basket.ts'

const row = (lotNumber: string): StockRow => ({
  ...{ site: 'aa', place: 'aa/main/available', item: 'gauze', lot: `gauze/${lotNumber}`, lotNumber, units: 250 },
  ...{ itemName: { zh: '纱布', en: 'Gauze' }, unit: { zh: '片', en: 'piece' }, expiry: null, daysLeft: null, expiryState: 'ok' as const },
})
const told = (lines: readonly ShipLine[]) => lines.map((line) => `${line.row.lotNumber} ${line.quantity} ${line.pack} ${line.tags}`)
const take = (codes: readonly (readonly [string, string | null, string | null])[]) =>
  codes.reduce<{ lines: readonly ShipLine[]; again: boolean }>(
    ({ lines }, [lot, epc, pack]) => withPack(lines, row(lot), epc === null && pack === null ? null : { epc, pack }, '片'),
    { lines: [], again: false },
  )

it('adds boxes to the line of their lot and pack', () => {
  expect(
    told(
      take([
        ['A', 'E1', '盒'],
        ['A', 'E2', '盒'],
        ['B', null, null],
        ['A', null, null],
      ]).lines,
    ),
  ).toEqual(['A 2 盒 E1,E2', 'B 1 片 ', 'A 1 片 '])
})
it('knows a box that is in the list already', () => {
  const twice = take([
    ['A', 'E1', '盒'],
    ['A', 'E1', '盒'],
  ])
  expect([twice.again, ...told(twice.lines)]).toEqual([true, 'A 1 盒 E1'])
})
it('counts what a lot gives over all its lines', () => {
  const { lines } = take([
    ['A', 'E1', '盒'],
    ['A', null, null],
    ['B', null, null],
  ])
  expect(unitsTaken(lines, row('A'), (line) => (line.pack === '盒' ? 100 : 1))).toBe(101)
})
