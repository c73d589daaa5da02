import type { RosterAskBody } from '@lotkeeper/protocol/wire/roster.ts'
import type { openNamedTimers } from './named-timers.ts'

/** What a line asks and tells of who may sign in here; what it means is decided elsewhere. */
export interface RosterLine {
  readonly ask: () => RosterAskBody
  /** An answer of the hub that is obeyed. */
  readonly take: (payload: string) => void
  /** Whether nothing is awaited. */
  readonly isComplete: () => boolean
  /** Calls after a directive or an answer changed something. */
  readonly follow: (listener: () => void) => () => void
}

/** Asks the hub who may sign in: when the line comes up, when a directive tells of others, and once an hour, so that it is known how old the list is. */
export interface RosterAsks {
  readonly begin: () => void
  readonly end: () => void
  readonly close: () => void
}

export const openRosterAsks = (
  timers: Pick<ReturnType<typeof openNamedTimers>, 'set' | 'clear'>,
  roster: RosterLine | null,
  /** Rejects while the line does not carry this topic. */
  say: (body: RosterAskBody) => Promise<void>,
): RosterAsks => {
  if (!roster) return { begin: () => {}, end: () => {}, close: () => {} }
  let up = false
  let pauseMs = PAUSE_MS
  const next = (ms: number) => up && timers.set('roster', ms, ask)
  /** Each wait is twice the one before: what does not come soon comes with the next change, or the next line. */
  const slower = () => {
    next(pauseMs)
    pauseMs = Math.min(AGAIN_MS, pauseMs * 2)
  }
  const ask = () => {
    if (!up) return
    say(roster.ask()).then(
      () => (roster.isComplete() ? next(AGAIN_MS) : slower()),
      // The topic is not agreed upon yet, or this hub does not know it at all.
      slower,
    )
  }
  const unfollow = roster.follow(() => {
    pauseMs = PAUSE_MS
    if (!roster.isComplete()) next(SOON_MS)
  })
  const end = () => {
    up = false
    timers.clear('roster')
  }
  return {
    begin: () => {
      up = true
      pauseMs = PAUSE_MS
      ask()
    },
    end,
    close: () => {
      end()
      unfollow()
    },
  }
}

const AGAIN_MS = 3_600_000
const PAUSE_MS = 1_000
/** Above the pause in which a hub answers one node once. */
const SOON_MS = 600
