import type { CalendarDate } from '../names.ts'

/**
 * The version of a record that rules on a day: the highest of those that have begun. Before the first has begun, the lowest: what is known of
 * a thing that does not hold yet.
 */
export const rulingOf = <Record extends { readonly version: number; readonly from?: CalendarDate }>(
  versions: readonly Record[],
  today: CalendarDate,
): Record | null => {
  const begun = versions.filter(({ from }) => from === undefined || from <= today)
  const inOrder = [...(begun.length > 0 ? begun : versions)].sort((one, other) => one.version - other.version)
  return (begun.length > 0 ? inOrder.at(-1) : inOrder[0]) ?? null
}
