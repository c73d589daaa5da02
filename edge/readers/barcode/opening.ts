import type { Timers } from '../../parts.ts'
import type { ScannerAnswer, ScannerAsk } from './kind.ts'

/** Asks a scanner one question after another; what is heard meanwhile goes through `hear` first and comes back without the answers. */
export const createOpening = (timers: Timers, write: (bytes: Uint8Array) => void): Opening => {
  const opening: State = { waiting: null, settle: () => {}, cancel: () => {} }
  return {
    run: async (asks, on) => {
      opening.cancel()
      let given = false
      opening.cancel = () => {
        given = true
        opening.settle(null)
      }
      for (const ask of asks) {
        const answer = await askOne(opening, ask, { timers, write, given: () => given })
        if (given) return
        if (ask.answer !== null) on(ask, answer)
      }
    },
    asks: () => opening.waiting !== null,
    hear: (bytes) => {
      const answer = opening.waiting?.answer?.(bytes) ?? null
      if (answer !== null) opening.settle(answer)
      return answer
    },
    abandon: () => opening.cancel(),
  }
}

export interface Opening {
  /** Runs all questions; each is told with its answer, `null` when none came. An abandoned run tells nothing more. */
  readonly run: (asks: readonly ScannerAsk[], on: (ask: ScannerAsk, answer: ScannerAnswer | null) => void) => Promise<void>
  /** Whether an answer is awaited now. */
  readonly asks: () => boolean
  /** The answer that stands in these bytes, or `null`. */
  readonly hear: (bytes: Uint8Array) => ScannerAnswer | null
  readonly abandon: () => void
}

interface State {
  waiting: ScannerAsk | null
  settle: (answer: ScannerAnswer | null) => void
  cancel: () => void
}

interface Means {
  readonly timers: Timers
  readonly write: (bytes: Uint8Array) => void
  readonly given: () => boolean
}

const askOne = async (opening: State, ask: ScannerAsk, { timers, write, given }: Means): Promise<ScannerAnswer | null> => {
  for (let tried = 0; tried < ask.tries && !given(); tried += 1) {
    const answer = await new Promise<ScannerAnswer | null>((resolve) => {
      const late = timers.after(ask.waitMs, () => opening.settle(null))
      opening.waiting = ask
      opening.settle = (came) => {
        late()
        opening.waiting = null
        opening.settle = () => {}
        resolve(came)
      }
      write(ask.bytes)
    })
    if (answer !== null) return answer
  }
  return null
}
