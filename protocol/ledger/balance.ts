import type { LotKey, PlaceId } from '../names.ts'
import type { Line } from './entry.ts'

/** Sums of deltas per lot and place. For every lot the sum over all places is 0 [ledger-and-sync 1.1]. */
export interface Balance {
  readonly add: (lines: readonly Pick<Line, 'lot' | 'from' | 'to' | 'units'>[]) => void
  readonly at: (lot: LotKey, place: PlaceId) => number
  /** Positions that are not zero. */
  readonly positions: () => readonly { readonly lot: LotKey; readonly place: PlaceId; readonly units: number }[]
}

export const openBalance = (): Balance => {
  const lots = new Map<LotKey, Map<PlaceId, number>>()
  const placesOf = (lot: LotKey): Map<PlaceId, number> => {
    let places = lots.get(lot)
    if (!places) {
      places = new Map()
      lots.set(lot, places)
    }
    return places
  }
  const shift = (places: Map<PlaceId, number>, place: PlaceId, units: number) => {
    const sum = (places.get(place) ?? 0) + units
    if (sum === 0) places.delete(place)
    else places.set(place, sum)
  }
  return {
    add: (lines) => {
      for (const line of lines) {
        const places = placesOf(line.lot)
        shift(places, line.from, -line.units)
        shift(places, line.to, line.units)
      }
    },
    at: (lot, place) => lots.get(lot)?.get(place) ?? 0,
    positions: () => [...lots].flatMap(([lot, places]) => [...places].map(([place, units]) => ({ lot, place, units }))),
  }
}

/** Net change per (lot, place) of some lines, in the order first met: what a projection writes. */
export const deltasOf = (
  lines: readonly Pick<Line, 'lot' | 'from' | 'to' | 'units'>[],
): readonly { readonly lot: LotKey; readonly place: PlaceId; readonly units: number }[] => {
  const balance = openBalance()
  balance.add(lines)
  return balance.positions()
}
