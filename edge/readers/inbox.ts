import type { Clock, Timers } from '../parts.ts'
import type { Told } from './told.ts'

/**
 * What readers told and the door has not looked at yet: a bounded ring, so that a slow door never blocks a port. When it is full the oldest telling
 * goes, counted per reader; nothing is lost silently.
 */
export interface Inbox {
  /** Takes a telling; constant time, never waits. */
  readonly write: (told: Told) => void
  /** Steady clock of the oldest telling that waits; `null` when none does. A door's time must not run ahead of it. */
  readonly oldestMs: () => number | null
  /** Tellings dropped since the start, by reader. */
  readonly dropped: (reader: string) => number
  /** Gives everything that waits to the door and tells the last overrun. */
  readonly close: () => void
}

export interface InboxEvents {
  /** The door looks at one telling. */
  readonly take: (told: Told) => void
  /** Tellings of a reader were dropped; told when it has been over for a while, or lasted long. Wall clock of the first and the last, ms. */
  readonly overrun: (lost: Overrun) => void
}

export interface Overrun {
  readonly reader: string
  readonly from: number
  readonly to: number
  readonly reads: number
}

export const openInbox = (parts: { readonly clock: Clock; readonly timers: Timers }, on: InboxEvents, limit = INBOX_READS_MAX): Inbox => {
  const { clock, timers } = parts
  const ring: (Told | undefined)[] = []
  const overruns = openOverruns(timers, on.overrun)
  let first = 0
  let waiting = 0
  let cancel: (() => void) | null = null
  const takeOne = () => {
    const told = ring[first] as Told
    ring[first] = undefined
    first = (first + 1) % limit
    waiting -= 1
    on.take(told)
  }
  const slice = () => {
    cancel = null
    const beganMs = clock.monotonic()
    for (let taken = 1; waiting > 0; taken += 1) {
      takeOne()
      if (taken % LOOK_EVERY_READS === 0 && clock.monotonic() - beganMs >= SLICE_MS) break
    }
    if (waiting > 0) cancel = timers.after(0, slice)
  }
  return {
    write: (told) => {
      if (waiting === limit) {
        const lost = ring[first] as Told
        first = (first + 1) % limit
        waiting -= 1
        overruns.note(lost)
      }
      ring[(first + waiting) % limit] = told
      waiting += 1
      cancel ??= timers.after(GATHER_MS, slice)
    },
    oldestMs: () => (waiting === 0 ? null : (ring[first]?.monotonic ?? null)),
    dropped: overruns.reads,
    close: () => {
      cancel?.()
      cancel = null
      while (waiting > 0) takeOne()
      overruns.close()
    },
  }
}

/** Gathers what was dropped into one telling per reader and overrun, for each becomes an entry for ever. */
const openOverruns = (timers: Timers, tell: (lost: Overrun) => void) => {
  const totals = new Map<string, number>()
  let open = new Map<string, Overrun & { readonly fresh: boolean; readonly looks: number }>()
  let cancel: (() => void) | null = null
  const look = () => {
    cancel = null
    const before = open
    open = new Map()
    for (const [reader, { fresh, looks, ...lost }] of before) {
      if (fresh && looks < LOOKS_MAX) open.set(reader, { ...lost, fresh: false, looks: looks + 1 })
      else tell(lost)
    }
    if (open.size > 0) cancel = timers.after(QUIET_MS, look)
  }
  return {
    note: ({ reader, at }: Told) => {
      totals.set(reader, (totals.get(reader) ?? 0) + 1)
      const { from = at, reads = 0, looks = 0 } = open.get(reader) ?? {}
      open.set(reader, { reader, from, to: at, reads: reads + 1, fresh: true, looks })
      cancel ??= timers.after(QUIET_MS, look)
    },
    reads: (reader: string) => totals.get(reader) ?? 0,
    close: () => {
      cancel?.()
      for (const { fresh: _, looks: __, ...lost } of open.values()) tell(lost)
      open = new Map()
    },
  }
}

/** Four readers at full line rate for some eight seconds: longer than any commit or page takes; about 10 MB when full. */
const INBOX_READS_MAX = 32_768
/** Reads are gathered for so long before the door looks: a twentieth of its grain of silence costs nothing, and spares a timer per chunk. */
const GATHER_MS = 10
/** The door works so long at most before ports and pages have their turn. */
const SLICE_MS = 8
const LOOK_EVERY_READS = 16
/** An overrun is over when nothing was dropped for so long, and is told in pieces of a minute while it lasts. */
const QUIET_MS = 5_000
const LOOKS_MAX = 12
