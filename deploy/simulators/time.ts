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
  let due: Due[] = []
  const clock = { now: () => Math.floor(nowMs), monotonic: () => nowMs - startMs }
  const runUntil = async (untilMs: number): Promise<void> => {
    await settled()
    for (;;) {
      const next = due.reduce<Due | null>(
        (first, one) => (first === null || one.atMs < first.atMs || (one.atMs === first.atMs && one.order < first.order) ? one : first),
        null,
      )
      if (!next || next.atMs > untilMs) break
      due = due.filter((one) => one !== next)
      nowMs = Math.max(nowMs, next.atMs)
      next.run()
      await settled()
    }
    nowMs = Math.max(nowMs, untilMs)
  }
  const ask = (ms: number, run: () => void) => {
    asked += 1
    const event: Due = { atMs: nowMs + Math.max(0, ms), order: asked, run }
    due.push(event)
    return () => {
      due = due.filter((one) => one !== event)
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
}

/** Lets every promise that can go on, go on: one turn of the event loop after all microtasks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
