import type { SiteView } from '@lotkeeper/protocol/api/views.ts'
import { type NodeId, type PlaceId, placeOf, roomPlace } from '@lotkeeper/protocol/names.ts'

/** Where units at a place may be moved, and what that is called. */
export interface Destination {
  readonly place: PlaceId
  readonly act: 'hold' | 'release' | 'room'
  readonly room: string
}

/** Into quarantine and out of it in the same room, and to the other store rooms in the state they are in; a ward gets its goods by issue. */
export const destinationsOf = (node: NodeId, from: PlaceId, rooms: SiteView['rooms']): readonly Destination[] => {
  const place = placeOf(from)
  if (!place || place.virtual !== null) return []
  const { room, state } = place
  const turn: Destination =
    state === 'held'
      ? { place: roomPlace(node, room, 'available'), act: 'release', room }
      : { place: roomPlace(node, room, 'held'), act: 'hold', room }
  const others = rooms.filter((one) => one.use === 'store' && one.room !== room)
  return [turn, ...others.map((one): Destination => ({ place: roomPlace(node, one.room, state), act: 'room', room: one.room }))]
}
