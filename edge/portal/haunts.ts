/** Tags that come into range again and again and never cross: they lie somewhere near, and are heard when somebody's body turns a wave their way. */
export interface Haunts {
  /** A tag left; whether it crossed. */
  readonly left: (epc: string, atMs: number, isCrossed: boolean) => void
  /** How often a tag came that haunts the door; 0 of any other. */
  readonly timesOf: (epc: string) => number
  /** Forgets tags that were not heard for long. */
  readonly forget: (atMs: number) => void
}

/** No tag haunts a door just opened. */
export const openHaunts = (): Haunts => {
  const known = new Map<string, { readonly sinceMs: number; readonly lastMs: number; readonly times: number }>()
  let sweptMs = Number.NEGATIVE_INFINITY
  return {
    left: (epc, atMs, isCrossed) => {
      const before = known.get(epc)
      known.delete(epc)
      if (isCrossed || !Number.isFinite(atMs)) return
      known.set(epc, { sinceMs: before?.sinceMs ?? atMs, lastMs: atMs, times: (before?.times ?? 0) + 1 })
      const [oldest] = known.keys()
      if (known.size > TAGS_MAX && oldest !== undefined) known.delete(oldest)
    },
    timesOf: (epc) => {
      const { times = 0, sinceMs = 0, lastMs = 0 } = known.get(epc) ?? {}
      return times >= TIMES_MIN && lastMs - sinceMs >= SINCE_MS ? times : 0
    },
    forget: (atMs) => {
      if (Math.abs(atMs - sweptMs) < FORGET_MS / 10) return
      sweptMs = atMs
      for (const [epc, { lastMs }] of known) if (Math.abs(atMs - lastMs) > FORGET_MS) known.delete(epc)
    },
  }
}

/** The certainty from which one that came so often and never crossed is believed to have crossed: ever less, as far as nets tell it. */
export const haunterDecides = (times: number, usual: number): number => Math.min(SUREST, Math.max(SURE, 1 - (1 - usual) / times))
const [SURE, SUREST] = [0.999, 0.9995]

/** Who brings a box to the door and takes it away again twice is rare; a shelf is heard every minute. */
const TIMES_MIN = 3
const SINCE_MS = 60_000
/** Half a working day: longer than a door stands unused. */
const FORGET_MS = 4 * 3_600_000
const TAGS_MAX = 4096
