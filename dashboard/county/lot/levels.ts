import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'

/** Units of a lot in rooms: neither on the way nor used. */
export const onHand = (lot: Pick<LotView, 'whereIs'>): number =>
  lot.whereIs.reduce((sum, one) => sum + (placeOf(one.place)?.room == null ? 0 : one.units), 0)

/** Units in rooms over time, one line per site: `at[i]` in seconds since 1970, `lines[k].units[i]` from then on. */
export interface Levels {
  readonly at: readonly number[]
  readonly lines: readonly { readonly site: string; readonly units: readonly number[] }[]
}

/**
 * How the lot stood at each site over time. Reckoned backwards from what is there now, so a journey that was cut short still ends in the
 * figures shown beside it.
 */
export const levelsOf = (lot: Pick<LotView, 'whereIs' | 'journey'>, nowMs: number): Levels => {
  const level = new Map<string, number>()
  for (const one of lot.whereIs) add(level, one.place, one.units)
  for (const row of lot.journey) for (const place of [row.from, row.to]) add(level, place, 0)
  const newest = lot.journey.toSorted((one, other) => (one.occurredAt < other.occurredAt ? 1 : -1))
  const at = [Math.floor(nowMs / 1_000)]
  const lines = [...level.keys()].sort().map((site) => ({ site, units: [level.get(site) ?? 0] }))
  for (const row of newest) {
    at.unshift(Math.floor(Date.parse(row.occurredAt) / 1_000))
    for (const line of lines) line.units.unshift(level.get(line.site) ?? 0)
    add(level, row.from, row.units)
    add(level, row.to, -row.units)
  }
  at.unshift((at[0] ?? 0) - 1)
  for (const line of lines) line.units.unshift(level.get(line.site) ?? 0)
  return { at, lines }
}

const add = (level: Map<string, number>, place: string, units: number): void => {
  const name = placeOf(place)
  if (name?.room != null) level.set(name.owner, (level.get(name.owner) ?? 0) + units)
}
