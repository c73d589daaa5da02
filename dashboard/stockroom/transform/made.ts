import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { type CalendarDate, lotKey } from '@lotkeeper/protocol/names.ts'
import type { Text } from '../../parts/language.ts'

export type TransformAct = NodeBody<'transform'>['act']

/** Units of a lot that are used up. */
export interface UsedLine {
  readonly row: StockRow
  readonly units: number
}

/** Units of a new lot that come of it. */
export interface MadeLine {
  readonly id: string
  readonly item: string
  readonly itemName: Text
  readonly unit: Text
  readonly lotNumber: string
  readonly expiry: CalendarDate | null
  readonly units: number
}

/** The first last-usable day among what is used; null when none has one. What is made ends no later. */
export const earliestOf = (used: readonly UsedLine[]): CalendarDate | null =>
  used.flatMap(({ row }) => (row.expiry === null ? [] : [row.expiry])).sort()[0] ?? null

/** What is usually made of it: the same thing under a number that tells its origin; two halves of a split, one lot of a merge; a kit is chosen by hand. */
export const usuallyMade = (act: TransformAct, used: readonly UsedLine[], newId: () => string): readonly MadeLine[] => {
  const [first] = used
  if (!first || act === 'kit') return []
  const all = used.reduce((sum, line) => sum + line.units, 0)
  const { item, itemName, unit, lotNumber } = first.row
  const made = (end: string, units: number): MadeLine => ({
    ...{ id: newId(), item, itemName, unit, units },
    lotNumber: `${lotNumber === '-' ? item : lotNumber}-${end}`,
    expiry: earliestOf(used),
  })
  if (act === 'repack') return [made('F', all)]
  if (act === 'merge') return [made('H', all)]
  const half = Math.max(1, Math.floor(all / 2))
  return [made('A', half), made('B', Math.max(1, all - half))]
}

/** Units by their unit, in order of first sight: 100 pieces and 2 rolls are not 102 of anything. */
export const totalsOf = (
  lines: readonly { readonly unit: Text; readonly units: number }[],
): readonly { readonly unit: Text; readonly units: number }[] => {
  const totals = new Map<string, { readonly unit: Text; readonly units: number }>()
  for (const { unit, units } of lines) totals.set(unit.zh, { unit, units: units + (totals.get(unit.zh)?.units ?? 0) })
  return [...totals.values()]
}

/** What keeps it from being booked. Sums are compared within one item only: a kit weighs nothing against its parts. */
export const faultsOf = (used: readonly UsedLine[], made: readonly MadeLine[]) => {
  const earliest = earliestOf(used)
  const usedLots = new Set(used.map(({ row }) => row.lot))
  const items = new Set([...used.map(({ row }) => row.item), ...made.map(({ item }) => item)])
  const sum = (lines: readonly { readonly units: number }[]): number => lines.reduce((all, line) => all + line.units, 0)
  return {
    empty: used.length === 0 || made.length === 0,
    later: made.filter((line) => earliest !== null && (line.expiry === null || line.expiry > earliest)).map(({ id }) => id),
    sameLot: made.filter((line) => usedLots.has(lotKey(line.item, line.lotNumber))).map(({ id }) => id),
    differs: items.size === 1 && used.length > 0 && made.length > 0 && sum(used) !== sum(made),
  }
}
