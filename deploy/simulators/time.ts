/** Time that stands still until it is told to go on: a clock and timers for a whole county in one process. */
export interface VirtualTime {
  readonly clock: { readonly now: () => number; readonly monotonic: () => number }
  readonly timers: { readonly after: (ms: number, run: () => void) => () => void }
  /** Runs everything that is due up to a moment, in order; promises settle between two events. */
  readonly runUntil: (untilMs: number) => Promise<void>
  readonly runFor: (ms: number) => Promise<void>
  /** A clock that is wrong by so much (a node without a clock chip). */
  readonly skewed: (byMs: () => number) => { readonly now: () => number; readonly monotonic: () => number }
  /** Timers of a process that may be killed: after that none of them runs. */
  readonly mortal: () => { readonly timers: VirtualTime['timers']; readonly die: () => void }
}

/** Opens virtual time at a moment. Events of one moment run in the order they were asked for. */
export const openVirtualTime = (startMs: number): VirtualTime => {
  let nowMs = startMs
  let asked = 0
  const due = openDue()
  const clock = { now: () => Math.floor(nowMs), monotonic: () => nowMs - startMs }
  const runUntil = async (untilMs: number): Promise<void> => {
    await settled()
    for (let next = due.take(untilMs); next; next = due.take(untilMs)) {
      nowMs = Math.max(nowMs, next.atMs)
      next.run()
      await settled()
    }
    nowMs = Math.max(nowMs, untilMs)
  }
  const ask = (ms: number, run: () => void) => {
    asked += 1
    const event: Due = { atMs: nowMs + Math.max(0, ms), order: asked, run, called: true }
    due.put(event)
    return () => {
      event.called = false
    }
  }
  return {
    clock,
    timers: { after: ask },
    runUntil,
    runFor: (ms) => runUntil(nowMs + ms),
    skewed: (byMs) => ({ now: () => clock.now() + byMs(), monotonic: clock.monotonic }),
    mortal: () => {
      let alive = true
      const after = (ms: number, run: () => void) => ask(ms, () => alive && run())
      return {
        timers: { after },
        die: () => {
          alive = false
        },
      }
    },
  }
}

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
  /** Off when it was called off: it stays in the heap and is passed over. */
  called: boolean
}

/** A heap by moment and order: a season has hundreds of thousands of events, and every one is the earliest once. */
const openDue = () => {
  const heap: Due[] = []
  const before = (one: Due, other: Due) => one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
  const swap = (one: number, other: number) => {
    const [first, second] = [heap[one], heap[other]]
    if (first && second) [heap[one], heap[other]] = [second, first]
  }
  const least = (at: number): number =>
    [2 * at + 1, 2 * at + 2].reduce((best, child) => {
      const [one, other] = [heap[child], heap[best]]
      return one && other && before(one, other) ? child : best
    }, at)
  const sink = () => {
    for (let at = 0, next = least(at); next !== at; at = next, next = least(at)) swap(at, next)
  }
  return {
    put: (event: Due) => {
      heap.push(event)
      for (let at = heap.length - 1; at > 0; ) {
        const above = (at - 1) >> 1
        const [one, other] = [heap[at], heap[above]]
        if (!one || !other || !before(one, other)) break
        swap(at, above)
        at = above
      }
    },
    /** The earliest that is due and was not called off. */
    take: (untilMs: number): Due | null => {
      for (let first = heap[0]; first && (first.atMs <= untilMs || !first.called); first = heap[0]) {
        const last = heap.pop()
        if (last && heap.length > 0) heap[0] = last
        sink()
        if (first.called) return first
      }
      return null
    },
  }
}

/** Lets every promise that can go on, go on. A tick comes after all microtasks; a turn of the event loop would ask the kernel for news each time. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))
