import type { Ask, InputWatch } from './family.ts'
import type { ReaderAtWork } from './state.ts'

/** Questions about the inputs to be put in front of a next round, when it is time for them. */
export const inputsBetween = (reader: ReaderAtWork): readonly Ask[] => {
  const watch = watchOf(reader)
  if (watch?.way !== 'between' || reader.parts.clock.monotonic() - reader.inputsAskedAt < watch.everyMs) return []
  reader.inputsAskedAt = reader.parts.clock.monotonic()
  return watch.asks
}

/**
 * After a turn in which inputs were asked for: a module that refused, or told none several times running, is not asked again in this life; why stands
 * among its troubles. One answer may be lost to noise.
 */
export const weighInputs = (reader: ReaderAtWork): void => {
  reader.inputsMissed = reader.inputsToldAt < reader.inputsAskedAt ? reader.inputsMissed + 1 : 0
  if (reader.inputsMissed === 0) return
  const asks = watchOf(reader)?.asks ?? []
  const isRefused = reader.troubles.some(({ ask, code }) => code !== 'silent' && asks.some(({ name }) => name === ask))
  reader.isInputless = isRefused || reader.inputsMissed === MISSES_MAX
}

/** Looks at the inputs again and again while this life lasts, for modules that need not wait for the end of a round. */
export const watchInputs = (reader: ReaderAtWork, over: () => boolean, look: (watch: InputWatch) => Promise<void>): void => {
  const watch = watchOf(reader)
  if (watch === null || watch.way === 'between') return
  reader.cancelInputs = reader.parts.timers.after(watch.everyMs, async () => {
    if (over()) return
    if (reader.phase === 'reading' && !reader.rearming) {
      reader.inputsAskedAt = reader.parts.clock.monotonic()
      await look(watch)
      if (over()) return
      weighInputs(reader)
    }
    watchInputs(reader, over, look)
  })
}

/** A module without inputs costs so many waits, once. */
const MISSES_MAX = 3

const watchOf = ({ talk, isInputless }: ReaderAtWork): InputWatch | null => (isInputless ? null : (talk.inputs?.() ?? null))
