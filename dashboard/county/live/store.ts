import type { Cursor, Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { DiscrepancyView, MovementRow, SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { applyDelta, applyPoll, applySnapshot, type CountyView, EMPTY_VIEW } from './view.ts'

/** The live view and how it stands: `live` over the socket, `polling` by asking, `lost` when neither answers. */
export interface LiveState {
  readonly view: CountyView
  readonly link: 'connecting' | 'live' | 'polling' | 'lost'
  /** Steady-clock moment the hub was last heard, ms; null before the first word. */
  readonly heardMs: number | null
  /** How often the whole view was taken anew; lists are read again when it rises. */
  readonly snapshots: number
}

export interface LiveSocket {
  readonly join: (cursor: Cursor | null) => void
  readonly close: () => void
}

/** What the hub says when asked instead of listened to. */
export interface Poll {
  readonly sites: readonly SiteSummary[]
  readonly openDiscrepancies: number
  readonly movements: readonly MovementRow[]
  readonly discrepancies: readonly DiscrepancyView[]
}

export interface LiveParts {
  readonly openSocket: (on: SocketSide) => LiveSocket
  /** Asks the hub over plain HTTP; null when nobody answered. */
  readonly poll: () => Promise<Poll | null>
  /** Runs before the next picture is drawn; when the page is hidden, soon. */
  readonly frame: (run: () => void) => () => void
  readonly after: (ms: number, run: () => void) => () => void
  readonly nowMs: () => number
}

export interface SocketSide {
  readonly up: () => void
  readonly down: () => void
  readonly snapshot: (snapshot: Snapshot) => void
  readonly delta: (delta: Delta) => void
}

export interface LiveStore {
  readonly subscribe: (changed: () => void) => () => void
  readonly state: () => LiveState
  /** Asks at once, for a person who does not want to wait. */
  readonly hurry: () => void
  readonly close: () => void
}

/** Opens the live view: one store a page, deltas folded once per drawn picture, gaps seen and mended by joining again. */
export const openLive = (parts: LiveParts): LiveStore => {
  let state: LiveState = { view: EMPTY_VIEW, link: 'connecting', heardMs: null, snapshots: 0 }
  let queue: Word[] = []
  let cancelFrame: (() => void) | null = null
  let cancelTick: () => void = () => undefined
  let socketUp = false
  let asking = false
  let closed = false
  const watchers = new Set<() => void>()
  const put = (next: Partial<LiveState>): void => {
    state = { ...state, ...next }
    for (const changed of watchers) changed()
  }

  const fold = (): void => {
    cancelFrame = null
    const words = queue
    queue = []
    const folded = foldWords(state.view, words)
    if (folded.gap) socket.join(folded.view.cursor)
    put({ view: folded.view, heardMs: parts.nowMs(), link: 'live', snapshots: state.snapshots + folded.snapshots })
  }
  const take = (word: Word): void => {
    // A page asleep must not hoard: the newest snapshot replaces all before it, and too long a queue is worth one new snapshot.
    if (word.is === 'snapshot') queue = []
    queue.push(word)
    if (queue.length > QUEUE_MAX) {
      queue = []
      socket.join(null)
    }
    cancelFrame ??= parts.frame(fold)
  }
  const ask = async (): Promise<void> => {
    if (asking || closed) return
    asking = true
    const poll = await parts.poll()
    asking = false
    if (closed) return
    if (poll) hear(poll)
    else if (!socketUp) put({ link: state.heardMs === null ? 'connecting' : 'lost' })
  }
  const hear = (poll: Poll): void => {
    put({ view: withOpen(applyPoll(state.view, poll), poll.discrepancies), heardMs: parts.nowMs(), link: 'polling' })
  }
  const tick = (): void => {
    cancelTick = parts.after(TICK_MS, tick)
    const silentMs = state.heardMs === null ? Number.POSITIVE_INFINITY : parts.nowMs() - state.heardMs
    // Joining where one stands is answered with what came since, even when that is nothing: silence and a dead line are told apart.
    if (socketUp && state.view.cursor && silentMs >= SILENCE_MS) socket.join(state.view.cursor)
    if (silentMs >= (socketUp ? SOCKET_DEAF_MS : POLL_MS) - TICK_MS / 2) void ask()
  }

  const socket = parts.openSocket({
    up: () => {
      socketUp = true
      socket.join(state.view.cursor)
    },
    down: () => {
      socketUp = false
      void ask()
    },
    snapshot: (snapshot) => take({ is: 'snapshot', snapshot }),
    delta: (delta) => take({ is: 'delta', delta }),
  })
  cancelTick = parts.after(TICK_MS, tick)
  return {
    subscribe: (changed) => {
      watchers.add(changed)
      return () => void watchers.delete(changed)
    },
    state: () => state,
    hurry: () => void ask(),
    close: () => {
      closed = true
      cancelFrame?.()
      cancelTick()
      socket.close()
    },
  }
}

type Word = { readonly is: 'snapshot'; readonly snapshot: Snapshot } | { readonly is: 'delta'; readonly delta: Delta }

/** Folds what came since the last picture. After a gap the rest is dropped: joining again brings it. */
const foldWords = (
  from: CountyView,
  words: readonly Word[],
): { readonly view: CountyView; readonly gap: boolean; readonly snapshots: number } => {
  let view = from
  let snapshots = 0
  for (const word of words) {
    if (word.is === 'snapshot') {
      view = applySnapshot(word.snapshot)
      snapshots += 1
      continue
    }
    const applied = applyDelta(view, word.delta)
    if (applied.is === 'gap') return { view, gap: true, snapshots }
    if (applied.is === 'applied') view = applied.view
  }
  return { view, gap: false, snapshots }
}

const withOpen = (view: CountyView, open: readonly DiscrepancyView[]): CountyView => ({
  ...view,
  discrepancies: new Map(open.map((one) => [one.discrepancy, one])),
})

/** How often the store looks at its own age. */
const TICK_MS = 1_000
/** A county with nothing to say is silent; after so long the page asks whether what it shows still holds, so that green stays true. */
export const SILENCE_MS = 7_000
/** A socket that answers nothing for so long is open in name only (a proxy that holds it); then the page asks over HTTP. */
export const SOCKET_DEAF_MS = 15_000
/** Where the socket is blocked the overview is asked instead [route-ui B7.8]. */
export const POLL_MS = 10_000
/** Deltas waiting for one picture; more than a hidden page gathers in its second between folds. */
export const QUEUE_MAX = 500
