import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { SessionView } from '@lotkeeper/protocol/api/hub-people.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Session } from '../access/caller.ts'
import { passwordHash, passwordRefusal, pinHash } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import type { PeopleStore, SessionRow, UserRow } from './store.ts'
import { newTotp, totpStep } from './totp.ts'
import type { Tries } from './tries.ts'
import type { Turns } from './turns.ts'
import type { Users } from './users.ts'

/** What everybody does about themselves; each is asked for the password again where a session alone should not be enough. */
export interface Own {
  /** Every session of the person ends, the one that asks too: a new one under a new token takes its place. */
  readonly changePassword: (by: Self, body: HubBody<'changePassword'>) => Promise<Session | Refusal>
  readonly startTotp: (by: Self, body: HubBody<'startTotp'>) => Promise<{ readonly secret: string; readonly uri: string } | Refusal>
  readonly confirmTotp: (by: Self, body: HubBody<'confirmTotp'>) => object | Refusal
  readonly endTotp: (by: Self, body: HubBody<'endTotp'>) => Promise<object | Refusal>
  readonly setPin: (by: Self, body: HubBody<'setOwnPin'>) => Promise<object | Refusal>
  readonly sessions: (by: Self) => HubAnswer<'ownSessions'>
  readonly endSession: (by: Self, body: HubBody<'endOwnSession'>) => object | Refusal
}

/** Who asks about themselves: the id, the token of the session, the address and what the browser calls itself. */
export interface Self {
  readonly user: string
  readonly token: string
  readonly address: string
  readonly agent?: string
}

export interface OwnParts {
  readonly store: Pick<PeopleStore, 'users'>
  readonly users: Users
  readonly sessions: Sessions
  readonly proved: (user: UserRow, password: string) => Promise<boolean>
  readonly turns: Turns
  readonly tries: Tries
  readonly now: () => number
}

export const openOwn = ({ store, users, sessions, proved, turns, tries, now }: OwnParts): Own => {
  /** Acts for a person who proved to be there by the password; guesses count as at the sign-in. */
  const withPassword = <Answer extends object>(by: Self, password: string, act: (user: UserRow) => Promise<Answer | Refusal>) =>
    turns(async () => {
      const user = store.users.get(by.user)
      if (!user) return refuse('access.machine-cannot')
      const who = { login: user.login, address: by.address }
      const locked = tries.refusal(who)
      if (locked) return locked
      if (!(await proved(user, password))) {
        tries.failed(who)
        return refuse('access.sign-in-wrong')
      }
      const done = await act(store.users.get(by.user) ?? user)
      // Whoever has the password and guesses the code is no less a guesser.
      if (isRefusal(done) && done.code === 'access.code-wrong') tries.failed(who)
      else tries.succeeded(who)
      return done
    })
  return {
    changePassword: (by, { password, next }) =>
      withPassword(by, password, async (user) => {
        const weak = passwordRefusal(next, user.login)
        if (weak) return weak
        const hash = await passwordHash(next)
        const changed = users.change(store.users.get(user.id) ?? user, { password: hash })
        sessions.endAll(user.id)
        return sessions.open(changed, 'password', { address: by.address, agent: by.agent ?? '' })
      }),
    startTotp: (by, { password }) =>
      withPassword(by, password, async (user) => {
        if (user.totpOn) return refuse('access.totp-on')
        const made = newTotp(user.login)
        users.change(user, { totp: made.secret })
        return made
      }),
    confirmTotp: (by, { code }) => {
      const user = store.users.get(by.user)
      if (!user) return refuse('access.machine-cannot')
      if (user.totp === null || user.totpOn) return refuse('access.totp-none')
      const step = totpStep(user.totp, code, now(), user.totpStep)
      if (step === null) return refuse('access.code-wrong')
      users.change(user, { totpOn: true, totpStep: step })
      return {}
    },
    endTotp: (by, { password, code }) =>
      withPassword(by, password, async (user) => {
        if (user.totp === null || !user.totpOn) return refuse('access.totp-none')
        if (totpStep(user.totp, code, now(), user.totpStep) === null) return refuse('access.code-wrong')
        users.change(user, { totp: null, totpOn: false })
        return {}
      }),
    setPin: (by, { password, pin }) =>
      withPassword(by, password, async (user) => {
        const kept = await pinHash(pin)
        users.change(store.users.get(user.id) ?? user, { pin: kept })
        return {}
      }),
    sessions: ({ user, token }) => {
      const own = sessions.idOf(token)
      return { rows: sessions.list(user).map((row) => sessionView(row, store.users.get(row.user)?.name ?? '', own)) }
    },
    endSession: ({ user, token }, { session }) => {
      if (session !== null) return sessions.end(session, user) ?? {}
      sessions.endAll(user, token)
      return {}
    },
  }
}

/** A session as people see it; `own` is the id of the one that asks. */
export const sessionView = (row: SessionRow, name: string, own: string | null): SessionView => ({
  ...{ session: row.id, user: row.user, name, by: row.by, address: row.address, agent: row.agent },
  madeAt: new Date(row.madeMs).toISOString(),
  seenAt: new Date(row.seenMs).toISOString(),
  until: new Date(row.untilMs).toISOString(),
  own: row.id === own,
})
