import type { Snapshot } from '@lotkeeper/protocol/api/live.ts'

/** Snapshots, shared: one is being made at a time and no more often than `SNAPSHOT_EVERY_MS`; who comes in between takes the last one. */
export interface Shots {
  /** The last snapshot when it is young and still good, else a new one. */
  readonly take: (isGood: (shot: Snapshot) => boolean) => Promise<Snapshot>
}

/** A snapshot sums the whole county: while it is flooded with changes one a second is enough. */
export const SNAPSHOT_EVERY_MS = 1_000

export const openShots = (parts: {
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
  readonly make: () => Promise<Snapshot>
}): Shots => {
  let last: { readonly shot: Snapshot; readonly madeAtMs: number } | null = null
  let making: Promise<Snapshot> | null = null
  const makeNow = async (): Promise<Snapshot> => {
    const waitMs = last ? last.madeAtMs + SNAPSHOT_EVERY_MS - parts.now() : 0
    if (waitMs > 0) await new Promise<void>((resolve) => void parts.after(waitMs, resolve))
    const madeAtMs = parts.now()
    const shot = await parts.make()
    last = { shot, madeAtMs }
    return shot
  }
  return {
    take: (isGood) => {
      if (last && parts.now() - last.madeAtMs < SNAPSHOT_EVERY_MS && isGood(last.shot)) return Promise.resolve(last.shot)
      making ??= makeNow().finally(() => {
        making = null
      })
      return making
    },
  }
}
