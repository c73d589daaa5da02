import { type NodeId, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'

/** What booking needs to know of a place's name. */
export interface PlaceStanding {
  readonly owner: NodeId
  readonly kind: 'room' | 'transit' | 'virtual'
}

/** Reads place names once: a county has few places and many movements. A name whose owner cannot be read owns itself to nobody (`-`). */
export const openPlaces = (): { readonly named: (place: PlaceId) => PlaceStanding } => {
  const known = new Map<PlaceId, PlaceStanding>()
  return {
    named: (place) => {
      const standing = known.get(place)
      if (standing) return standing
      if (known.size >= PLACES_MAX) known.clear()
      const read = standingOf(place)
      known.set(place, read)
      return read
    },
  }
}

const standingOf = (place: PlaceId): PlaceStanding => {
  const name = placeOf(place)
  if (!name) return { owner: '-', kind: 'virtual' }
  return { owner: name.owner, kind: name.virtual === null ? 'room' : name.virtual === 'transit' ? 'transit' : 'virtual' }
}

const PLACES_MAX = 50_000
