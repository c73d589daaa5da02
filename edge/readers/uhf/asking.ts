import { afterSilence, type SilenceParts } from '../../serial/silence.ts'
import type { Answer, Ask } from './family.ts'

/**
 * Puts questions to a module, one in flight. A question is answered only by a frame that its own row recognises; reads and idle frames
 * that stream past never complete it.
 */
export const createAsker = (parts: SilenceParts, write: (bytes: Uint8Array) => void): Asker => {
  let pending: { readonly ask: Ask; readonly end: (outcome: Outcome) => void } | null = null
  const once = (ask: Ask, dialect: string): Promise<Outcome> =>
    new Promise((resolve) => {
      const late = afterSilence(parts, ask.waitMs, () =>
        end(ask.silence === undefined ? { kind: 'silent' } : { kind: 'answered', answer: ask.silence }),
      )
      const end = (outcome: Outcome) => {
        late()
        pending = null
        resolve(outcome)
      }
      pending = { ask, end }
      write(ask.bytes(dialect))
    })
  return {
    ask: async (ask, dialectOf) => {
      if (pending !== null) throw new Error(`bug: ${ask.name} asked while ${pending.ask.name} waits`)
      for (let tried = 0; tried < ask.tries; tried += 1) {
        const outcome = await once(ask, dialectOf(tried))
        if (outcome.kind !== 'silent') return outcome
      }
      return { kind: 'silent' }
    },
    hear: (frame) => {
      const answer = pending?.ask.answer(frame) ?? null
      if (answer === null) return false
      pending?.end({ kind: 'answered', answer })
      return true
    },
    abandon: () => pending?.end({ kind: 'gone' }),
  }
}

export interface Asker {
  /** `dialectOf(n)` names the header style of the n-th try. */
  readonly ask: (ask: Ask, dialectOf: (tried: number) => string) => Promise<Outcome>
  /** Whether the frame answered what was asked. */
  readonly hear: (frame: Uint8Array) => boolean
  /** The line is gone: whoever waits is told so. */
  readonly abandon: () => void
}

/** `silent`: no try was answered; `gone`: the line was lost while waiting. */
export type Outcome = { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'silent' } | { readonly kind: 'gone' }
