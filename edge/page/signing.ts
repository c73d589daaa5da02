import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import type { NODE_PEOPLE } from '@lotkeeper/protocol/api/node-people.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Keeper, People } from '../access/roster.ts'
import type { Pins } from './pins.ts'
import type { Answers } from './question.ts'
import type { Session, Sessions } from './session.ts'

interface SigningParts {
  readonly people: People
  readonly pins: Pins
  readonly sessions: Sessions
  readonly idleMs: number
}

/** Who may sign in, and who is: the answers of `NODE_PEOPLE`. */
export const openSigning = ({ people, pins, sessions, idleMs }: SigningParts): Pick<Answers, keyof typeof NODE_PEOPLE> => {
  const signedIn = (session: Session | null): NodeAnswer<'session'> | Refusal => {
    const known = session && keeperOf(people, session)
    if (!known) return refuse('access.not-signed-in')
    const [until, idleAt] = [session.untilMs, sessions.idleAtMs(session)].map((ms) => new Date(ms).toISOString())
    return { keeper: known.keeper, name: known.name, role: known.role ?? 'keeper', until: until ?? '', idleAt: idleAt ?? '' }
  }
  return {
    people: () => {
      const { from, checkedAtMs, complete } = people.standing()
      return {
        keepers: people.keepers().map(({ keeper, name }) => ({ keeper, name })),
        roster: { from, checkedAt: checkedAtMs === null ? null : new Date(checkedAtMs).toISOString(), complete },
        idleSeconds: Math.round(idleMs / 1_000),
      }
    },
    signIn: async ({ body, remote, secure, session: before, setCookie }) => {
      const keeper = await pins.signIn({ ...body, remote })
      if (isRefusal(keeper)) return keeper
      // Whoever takes a place over ends the session that was there.
      if (before) sessions.end(before)
      const { session, cookie } = sessions.open(keeper.keeper, secure)
      setCookie(cookie)
      return signedIn(session)
    },
    session: ({ session }) => signedIn(session),
    stay: ({ session }) => {
      if (session) sessions.touch(session)
      return signedIn(session)
    },
    signOut: ({ session, setCookie }) => {
      if (session) setCookie(sessions.end(session))
      return {}
    },
  }
}

/** Whose session it is, as long as he is one of the people and has been since before it began. */
export const keeperOf = (people: Pick<People, 'keepers'>, session: Session): Keeper | null =>
  people.keepers().find(({ keeper, sinceMs = 0 }) => keeper === session.keeper && session.issuedMs >= sinceMs) ?? null
