import { type EpochId, type StreamId, writerOf } from '../names.ts'

/**
 * The action of the documents that tell of a shipment; their parts tell the receivers apart. It names the shipment, so a despatch counts once
 * whichever hub tells of it: one restored from a backup tells again, in another epoch, what it no longer knows it told.
 */
export const despatchAction = (shipment: EntryPlace): string => `${DESPATCH}${tailOf(shipment)}`

/** The action of the hub's entries that take those documents back, part for part: the shipment was undone at its sender. */
export const withdrawAction = (shipment: EntryPlace): string => `${WITHDRAW}${tailOf(shipment)}`

/** The action of the documents that entries with this action take back; `null` when it takes none back. */
export const withdrawnAction = (action: string): string | null =>
  action.startsWith(WITHDRAW) ? `${DESPATCH}${action.slice(WITHDRAW.length)}` : null

/** The action of the entries that take documents with this action back; `null` when it tells of no shipment. */
export const withdrawsAction = (action: string): string | null =>
  action.startsWith(DESPATCH) ? `${WITHDRAW}${action.slice(DESPATCH.length)}` : null

interface EntryPlace {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly seq: number
}

/** An action has no room for every sign of an entry's name. */
const tailOf = ({ stream, epoch, seq }: EntryPlace): string => `${writerOf(stream)}/${epoch}/${seq}`
const DESPATCH = 'despatch:'
const WITHDRAW = 'withdraw:'
