import { type PlaceId, placeOf, type RoomState } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book } from '../ledger/contract.ts'
import { type Circumstances, roomRefusal } from './draft.ts'

/** A state of a room this node books at: its own, or one of a site whose places passed to it. */
export interface Room {
  readonly owner: string
  readonly state: RoomState
}

/** Reads a place an act names; only what stands in a room can be counted, scrapped or moved. */
export const roomMeant = (book: Book, at: Circumstances, place: PlaceId): Room | Refusal => {
  const name = placeOf(place)
  if (!name || name.room === null) return refuse('ledger.place-unknown', { place })
  if (!book.owns(name.owner)) return refuse('ledger.place-not-owned', { place })
  const { owner, room, state } = name
  if (owner === at.node) return roomRefusal(book, at, room) ?? { owner, state }
  const site = book.sites().find((one) => one.site === owner)
  return site && !site.rooms.some((one) => one.room === room) ? refuse('stockroom.room-unknown', { room }) : { owner, state }
}

/** A lot that an act takes as known: one this node was told of, or has booked. */
export const lotRefusal = (book: Book, lot: string): Refusal | null =>
  book.lot(lot) === null ? refuse('stockroom.lot-unknown', { lot }) : null
