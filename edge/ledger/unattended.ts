import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { EdgeParts } from '../parts.ts'
import type { Book, Draft, EdgeLedger } from './contract.ts'

/**
 * Books what happens without a person at it, crossings and gaps: in groups, and again later when the disk refuses, for nobody would repeat it.
 * What is refused for another reason is booked as `otherwise` says, so that nothing that was seen is lost; refused even so it is given up.
 */
export interface Unattended {
  readonly book: (acts: readonly UnattendedAct[]) => void
  /** Acts the disk did not take yet. */
  readonly waiting: () => number
  /** Tries once more, and ends. */
  readonly close: () => void
}

export interface UnattendedAct {
  readonly action: string
  readonly act: string
  readonly decide: (book: Book) => readonly Draft[] | Refusal
  readonly otherwise: (refused: Refusal) => readonly Draft[]
}

export interface UnattendedEvents {
  /** Refused by the disk and tried again, or given up because too much waits. */
  readonly refused: (code: string, waiting: number) => void
  /** Given up: too many waited for the disk, or it was refused even as an observation. */
  readonly dropped: (acts: number, why: string) => void
}

export const openUnattended = (
  parts: Pick<EdgeParts, 'timers'>,
  ledger: Pick<EdgeLedger, 'bookGroup'>,
  on: UnattendedEvents,
): Unattended => {
  let waiting: readonly Waiting[] = []
  let cancel = () => {}

  const tryAll = () => {
    cancel()
    const acts = waiting.slice(0, GROUP_MAX)
    const answers = ledger.bookGroup(acts)
    const refused = acts.filter((_, at) => isDiskRefusal(answers[at]))
    const strange = acts.flatMap((act, at): readonly Waiting[] => {
      const answer = answers[at]
      if (!isRefusal(answer) || isDiskRefusal(answer)) return []
      if (!act.refused) return [observationOf(act, answer)]
      on.dropped(1, answer.code)
      return []
    })
    waiting = [...refused, ...strange, ...waiting.slice(GROUP_MAX)]
    if (waiting.length > WAITING_MAX) {
      on.dropped(waiting.length - WAITING_MAX, 'ledger.disk-full')
      waiting = waiting.slice(-WAITING_MAX)
    }
    const [first] = answers.flatMap((answer) => (isRefusal(answer) && isDiskRefusal(answer) ? [answer.code] : []))
    if (first !== undefined) on.refused(first, waiting.length)
    return first === undefined
  }
  const run = () => {
    while (waiting.length > 0) {
      if (tryAll()) continue
      cancel = parts.timers.after(AGAIN_MS, run)
      return
    }
  }

  return {
    book: (acts) => {
      const idle = waiting.length === 0
      waiting = [...waiting, ...acts]
      if (idle) run()
    },
    waiting: () => waiting.length,
    close: () => {
      cancel()
      if (waiting.length > 0) tryAll()
      waiting = []
    },
  }
}

interface Waiting extends UnattendedAct {
  /** Refused once already, and booked as an observation now. */
  readonly refused?: boolean
}

/** What stands for another act already would be refused for ever under its name. */
const observationOf = (act: UnattendedAct, refusal: Refusal): Waiting => ({
  ...act,
  action: refusal.code === 'api.action-reused' ? `refused:${act.action}`.slice(0, ACTION_LENGTH_MAX) : act.action,
  decide: () => act.otherwise(refusal),
  refused: true,
})
/** An action holds no more. */
const ACTION_LENGTH_MAX = 96

/** One commit of a cart: more would keep the page waiting. */
const GROUP_MAX = 64
/** A disk that is full now may have room soon; trying costs nothing while it has none. */
const AGAIN_MS = 2_000
/** A day of a busy door. */
const WAITING_MAX = 10_000

const isDiskRefusal = (answer: unknown): boolean => isRefusal(answer) && answer.code.startsWith('ledger.disk-')
