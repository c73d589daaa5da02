import { afterSilence, type SilenceParts } from '../../serial/silence.ts'
import type { ScannerAnswer, ScannerAsk } from './kind.ts'

/** Asks a scanner one question after another, however many ask at once: one command is in flight, and only its own answer completes it. */
export const createOpening = (parts: SilenceParts, write: (bytes: Uint8Array) => void): Opening => {
  const opening: State = { waiting: null, settle: () => {}, turn: 0, tail: Promise.resolve() }
  return {
    run: (asks, on) => {
      const { turn } = opening
      const given = () => opening.turn !== turn
      opening.tail = opening.tail.then(async () => {
        for (const ask of asks) {
          if (given()) return
          const answer = await askOne(opening, ask, { parts, write, given })
          if (!given() && ask.answer !== null) on(ask, answer)
        }
      })
    },
    asks: () => opening.waiting !== null && opening.waiting.answer !== null,
    hear: (bytes) => {
      const answer = opening.waiting?.answer?.(bytes) ?? null
      if (answer !== null) opening.settle(answer)
      return answer
    },
    abandon: () => {
      opening.turn += 1
      opening.settle(null)
    },
  }
}

export interface Opening {
  /** Runs all questions after those that wait; each is told with its answer, `null` when none came. An abandoned run tells nothing more. */
  readonly run: (asks: readonly ScannerAsk[], on: (ask: ScannerAsk, answer: ScannerAnswer | null) => void) => void
  /** Whether an answer is awaited now. */
  readonly asks: () => boolean
  /** The answer that stands in these bytes, or `null`. */
  readonly hear: (bytes: Uint8Array) => ScannerAnswer | null
  /** Ends every run. */
  readonly abandon: () => void
}

interface State {
  waiting: ScannerAsk | null
  settle: (answer: ScannerAnswer | null) => void
  /** Counts abandonings: a run of an earlier turn says nothing more. */
  turn: number
  tail: Promise<void>
}

interface Means {
  readonly parts: SilenceParts
  readonly write: (bytes: Uint8Array) => void
  readonly given: () => boolean
}

const askOne = async (opening: State, ask: ScannerAsk, { parts, write, given }: Means): Promise<ScannerAnswer | null> => {
  for (let tried = 0; tried < ask.tries && !given(); tried += 1) {
    const answer = await new Promise<ScannerAnswer | null>((resolve) => {
      const late = afterSilence(parts, ask.waitMs, () => opening.settle(null))
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
