import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { PeopleStore, TriesRow } from './store.ts'

/** Counts wrong tries and makes whoever guesses wait; kept over restarts. */
export interface Tries {
  /** Why somebody must wait before the next try; null: nothing. */
  readonly refusal: (who: Guesser) => Refusal | null
  readonly failed: (who: Guesser) => void
  readonly succeeded: (who: Guesser) => void
}

/** Who tries, and from where. */
export interface Guesser {
  readonly login: string
  readonly address: string
}

/**
 * Three counts: a user at one address (few tries are free), a user over all addresses and an address over all users (many are, so that
 * somebody far away cannot lock a person out who signs in from the usual place).
 */
export const openTries = ({ tries }: Pick<PeopleStore, 'tries'>, now: () => number): Tries => {
  const known = (name: string): TriesRow => tries.get(name) ?? { name, wrong: 0, untilMs: 0, atMs: 0 }
  const forgetOld = (): void => {
    const rows = tries.all()
    if (rows.length < NAMES_MAX) return
    const oldest = [...rows].sort((one, other) => one.atMs - other.atMs)
    for (const { name } of oldest.slice(0, rows.length - NAMES_MAX / 2)) tries.drop(name)
  }
  return {
    refusal: (who) => {
      const waits = countsOf(who).map(({ name }) => {
        const { untilMs } = known(name)
        return untilMs - now()
      })
      const leftMs = Math.max(...waits)
      return leftMs > 0 ? refuse('access.sign-in-locked', { seconds: Math.ceil(leftMs / 1000) }) : null
    },
    failed: (who) => {
      forgetOld()
      for (const { name, free } of countsOf(who)) {
        const before = known(name)
        const wrong = (now() - before.atMs > FORGIVEN_MS ? 0 : before.wrong) + 1
        const over = wrong - free
        const untilMs = over < 0 ? 0 : now() + Math.min(LOCK_MAX_MS, LOCK_FIRST_MS * 2 ** Math.min(over, 20))
        tries.putLoosely({ name, wrong, untilMs, atMs: now() })
      }
    },
    succeeded: (who) => {
      const [own] = countsOf(who)
      if (own && tries.get(own.name)) tries.drop(own.name)
    },
  }
}

const countsOf = ({ login, address }: Guesser) =>
  [
    { name: `${login.toLowerCase()} ${address}`, free: 5 },
    { name: login.toLowerCase(), free: 50 },
    { name: `@${address}`, free: 100 },
  ] as const

const LOCK_FIRST_MS = 30_000
const LOCK_MAX_MS = 3_600_000
/** After a day without a wrong try the count begins anew. */
const FORGIVEN_MS = 86_400_000
const NAMES_MAX = 20_000
