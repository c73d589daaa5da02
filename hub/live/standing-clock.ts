/** A clock that stands until it is told to pass. */
export const standingClock = () => {
  let nowMs = 0
  let waiting: { readonly atMs: number; readonly run: () => void }[] = []
  return {
    now: () => nowMs,
    after: (ms: number, run: () => void) => {
      const one = { atMs: nowMs + ms, run }
      waiting.push(one)
      return () => {
        waiting = waiting.filter((other) => other !== one)
      }
    },
    pass: (ms: number) => {
      nowMs += ms
      const due = waiting.filter(({ atMs }) => atMs <= nowMs)
      waiting = waiting.filter(({ atMs }) => atMs > nowMs)
      for (const { run } of due) run()
    },
  }
}

/** Lets everything that is already settled be heard. */
export const settle = async (): Promise<void> => {
  for (let n = 0; n < 8; n += 1) await Promise.resolve()
}
