import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'

/** Runs what verifies a password; refuses when too many stand in line. */
export type Turns = <Answer extends object>(run: () => Promise<Answer | Refusal>) => Promise<Answer | Refusal>

/** Verifying costs a tenth of a second of a core: few stand in line, the others are asked to come again. */
export const openTurns = (): Turns => {
  let waiting = 0
  return async (run) => {
    if (waiting >= WAITING_MAX) return refuse('access.sign-in-locked', { seconds: 1 })
    waiting += 1
    try {
      return await run()
    } finally {
      waiting -= 1
    }
  }
}

const WAITING_MAX = 32
