import { type EpochTip, parentsFirst, type Stretch, stretchesToSend, type Tip } from './stream.ts'

/** No stretch is repeated within this time; without it some seeds became message storms [ledger-and-sync 3, pacing]. */
export const RESEND_MS = 1_200
/** What comes to nothing again and again, as at a node that obeys another hub, is repeated less often, down to this; any of it held begins anew. */
export const RESEND_MS_MAX = 8 * RESEND_MS
/** Batches on their way at once: PUBACK opens the window, only a `have` means held. */
export const WINDOW_BATCHES = 4
/** At most one `have` per peer within this time. */
export const HAVE_MS = 150

/** Remembers what was sent to one peer and says what to send next. Pure but for its own memory; time comes in. */
export interface Sender {
  /** The peer's word: authoritative, may go backwards; and what the peer itself brought since, which it has at least. */
  readonly told: (tips: readonly Tip[], brought?: readonly Tip[]) => void
  /** The link went: nothing is on its way, the peer must speak again first. */
  readonly lost: () => void
  /** The next stretch to send, or `null` when there is nothing, the window is full, or the peer has not spoken. */
  readonly next: (held: readonly EpochTip[], nowMs: number) => Stretch | null
  /** A batch of this stretch left for the peer. */
  readonly sent: (stretch: Stretch, nowMs: number) => void
  /** The peer's broker took a batch off our hands (PUBACK). */
  readonly taken: () => void
  /** Milliseconds until a resend may be due, or `null` when everything sent is held. */
  readonly resendIn: (held: readonly EpochTip[], nowMs: number) => number | null
  /** Entries the peer is not known to hold. */
  readonly waiting: (held: readonly EpochTip[]) => number
}

export const openSender = (windowBatches: number = WINDOW_BATCHES): Sender => {
  let peer: readonly Tip[] | null = null
  let came: readonly Tip[] = []
  let onTheWay = 0
  const sent = new Map<string, Sent>()
  const missing = (held: readonly EpochTip[]): readonly Stretch[] => stretchesToSend(parentsFirst(held), peer ?? [], came)

  const afterSent = (stretch: Stretch, nowMs: number): Stretch | null => {
    const name = nameOf(stretch)
    const last = sent.get(name)
    if (!last || last.upto < stretch.from) return stretch
    if (nowMs - last.atMs >= last.waitMs) {
      onTheWay = 0
      return stretch
    }
    return last.upto < stretch.upto ? { ...stretch, from: last.upto + 1 } : null
  }

  return {
    told: (tips, brought = []) => {
      peer = tips
      came = brought
      for (const tip of [...tips, ...brought]) {
        const last = sent.get(nameOf(tip))
        if (last && tip.held >= last.upto) sent.delete(nameOf(tip))
        else if (last && tip.held >= last.from) last.waitMs = RESEND_MS
      }
    },
    lost: () => {
      peer = null
      came = []
      onTheWay = 0
      sent.clear()
    },
    next: (held, nowMs) => {
      if (!peer) return null
      for (const stretch of missing(held)) {
        const open = afterSent(stretch, nowMs)
        if (open) return onTheWay < windowBatches ? open : null
      }
      return null
    },
    sent: (stretch, nowMs) => {
      onTheWay += 1
      const last = sent.get(nameOf(stretch))
      const again = last !== undefined && stretch.from <= last.upto
      const waitMs = again ? Math.min(2 * last.waitMs, RESEND_MS_MAX) : (last?.waitMs ?? RESEND_MS)
      sent.set(nameOf(stretch), { from: again || !last ? stretch.from : last.from, upto: stretch.upto, atMs: nowMs, waitMs })
    },
    taken: () => {
      onTheWay = Math.max(0, onTheWay - 1)
    },
    resendIn: (held, nowMs) => {
      if (!peer) return null
      const due = missing(held).flatMap((stretch) => {
        const last = sent.get(nameOf(stretch))
        return last ? [Math.max(0, last.atMs + last.waitMs - nowMs)] : [0]
      })
      return due.length > 0 ? Math.min(...due) : null
    },
    waiting: (held) => missing(held).reduce((sum, stretch) => sum + stretch.upto - stretch.from + 1, 0),
  }
}

/** What left of an epoch since it was begun to be sent, when its last batch did, and how long that may take to be told as held. */
interface Sent {
  readonly from: number
  readonly upto: number
  readonly atMs: number
  waitMs: number
}

const nameOf = (place: { readonly stream: string; readonly epoch: string }): string => `${place.stream}\n${place.epoch}`
