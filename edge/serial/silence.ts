import type { EdgeParts } from '../parts.ts'

/**
 * Calls once a device has said nothing for `ms` while this process could hear it; the answer cancels it. Where the process itself stood still (a flush
 * to a slow disk takes that long), the bytes that came meanwhile lie in the system: they get their turn before the device is called silent.
 */
export const afterSilence = ({ clock, timers }: SilenceParts, ms: number, run: () => void): (() => void) => {
  let left = TURNS_MAX
  let cancel = () => {}
  const listen = (turnMs: number) => {
    const dueMs = clock.monotonic() + turnMs
    cancel = timers.after(turnMs, () => {
      left -= 1
      if (left === 0 || clock.monotonic() - dueMs < STOOD_STILL_MS) run()
      else listen(TURN_MS)
    })
  }
  // Also after a stall that ended shortly before: the last of the wait is a turn of its own.
  const lastMs = Math.min(TURN_MS, ms / 2)
  cancel = timers.after(ms - lastMs, () => listen(lastMs))
  return () => cancel()
}

export type SilenceParts = Pick<EdgeParts, 'clock' | 'timers'>

/** What is in the system is read within it: bytes gather for 16 ms, and are fetched by another thread. */
const TURN_MS = 50
/** A timer of a process that runs is late by less. */
const STOOD_STILL_MS = 20
/** A machine so busy that every timer is late hears all the same, only late. */
const TURNS_MAX = 8
