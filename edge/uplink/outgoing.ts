import { openSender } from '@lotkeeper/protocol/ledger/sender.ts'
import { type BatchReading, type EpochTip, parentsFirst, stretchesToSend, type Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { StreamId } from '@lotkeeper/protocol/names.ts'
import type { EdgeExchange } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import type { NamedTimers } from './named-timers.ts'

/** Sends what the peer lacks, out of the ledger, a few batches at a time; only the peer's `have` moves it on. */
export interface Outgoing {
  /** The line is up: the peer must speak before anything goes. */
  readonly begin: () => void
  readonly end: () => void
  /** The peer's word: authoritative, may go backwards. */
  readonly told: (tips: readonly Tip[]) => void
  /** Something may be there to send. */
  readonly pump: () => void
  /** Own entries the peer is not known to hold, by its last word; those it refused among them. */
  readonly waiting: () => number
}

export interface OutgoingOptions {
  readonly own: StreamId
  /** Streams this node may hold now. */
  readonly streams: () => readonly StreamId[]
  /** The peer's last word before this start. */
  readonly remembered: readonly Tip[]
  readonly publish: (batch: BatchReading) => Promise<void>
  /** Whether what was refused for this is worth another try, such as a key that was given up since. */
  readonly again: (code: string) => boolean
}

export const openOutgoing = (
  parts: Pick<EdgeParts, 'clock'>,
  exchange: EdgeExchange,
  timers: NamedTimers,
  options: OutgoingOptions,
): Outgoing => {
  const { own, streams, publish } = options
  const sender = openSender()
  let peer = options.remembered
  let open = false
  let unsendable = new Set<string>()

  /** Always our own stream, and those the hub speaks of: what it lost in a restore we may hold. */
  const sendable = (): readonly EpochTip[] => {
    const meant = new Set<StreamId>([own, ...peer.map((tip) => tip.stream)])
    return exchange.tips(streams().filter((stream) => meant.has(stream))).filter((tip) => !unsendable.has(nameOf(tip)))
  }
  const sendNext = (): boolean => {
    const stretch = sender.next(sendable(), parts.clock.monotonic())
    if (!stretch) return false
    const batch = exchange.batch(stretch)
    // Foreign history goes only with a kept signature; without one it waits until the peer speaks again.
    if (!batch) {
      unsendable.add(nameOf(stretch))
      return true
    }
    sender.sent({ ...stretch, upto: batch.upto }, parts.clock.monotonic())
    publish(batch).then(
      () => {
        sender.taken()
        pump()
      },
      // The line broke: it says so itself, and the peer will say what it holds.
      () => {},
    )
    return true
  }
  const pump = (): void => {
    if (!open) return
    while (sendNext());
    const resendMs = sender.resendIn(sendable(), parts.clock.monotonic())
    if (resendMs !== null) timers.set('resend', Math.max(RESEND_LOOK_MS, resendMs), pump)
  }
  const restart = (up: boolean): void => {
    open = up
    sender.lost()
    timers.clear('resend')
  }

  return {
    begin: () => restart(true),
    end: () => restart(false),
    told: (tips) => {
      peer = tips.map((tip) => ({ ...tip, refused: tip.refused.filter(({ code }) => !options.again(code)) }))
      unsendable = new Set()
      sender.told(peer)
      pump()
    },
    pump,
    waiting: () => {
      // What the peer refused is not sent again, and it is not held for that.
      const lacking = peer.map((tip) => ({ ...tip, refused: [] }))
      return stretchesToSend(parentsFirst(exchange.tips([own])), lacking).reduce((sum, { from, upto }) => sum + upto - from + 1, 0)
    },
  }
}

/** Looking for something to send again more often is useless: nothing is repeated within 1.2 s. */
const RESEND_LOOK_MS = 200

const nameOf = (place: { readonly stream: string; readonly epoch: string }): string => `${place.stream}\n${place.epoch}`
