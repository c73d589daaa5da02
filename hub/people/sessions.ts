import { createHash, randomBytes } from 'node:crypto'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Grant, type Holder, rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import type { Session } from '../access/caller.ts'
import type { PeopleStore, SessionRow, UserRow } from './store.ts'

/** Where a request comes from: the address, and what the browser calls itself. */
export interface Origin {
  readonly address: string
  readonly agent: string
}

/** Sign-ins that last: random tokens of which only digests are kept, so that each can be listed and ended. */
export interface Sessions {
  /** A new session under a new token; one that the browser had before ends. */
  readonly open: (user: UserRow, by: SessionRow['by'], from: Origin & { readonly before?: string | null }) => Session
  /** The session of a token, or `null` when it is none, ended, or unused for too long. Noted as used. */
  readonly check: (token: string) => Session | null
  /** Sessions that still count, newest use first; of one user, or of all. */
  readonly list: (user: string | null) => readonly SessionRow[]
  /** The id under which people see the session of a token. */
  readonly idOf: (token: string) => string | null
  readonly end: (id: string, user: string | null) => Refusal | null
  /** Ends all of a user but one. */
  readonly endAll: (user: string, butToken?: string) => void
  /** Called with users whose sessions ended or whose rights changed: whoever listens for them is to ask again. */
  readonly follow: (listener: (user: string) => void) => () => void
  readonly changed: (user: string) => void
}

export const openSessions = ({ users, sessions }: Pick<PeopleStore, 'users' | 'sessions'>, now: () => number): Sessions => {
  const listeners = new Set<(user: string) => void>()
  const changed = (user: string): void => {
    for (const listener of listeners) listener(user)
  }
  const isOver = ({ untilMs, seenMs }: SessionRow): boolean => untilMs <= now() || seenMs + IDLE_MS <= now()
  const drop = ({ key, user }: SessionRow): void => {
    sessions.drop(key)
    changed(user)
  }
  const rightsKnown = openRightsKnown()
  return {
    open: (user, by, { address, agent, before }) => {
      for (const row of sessions.all()) if (isOver(row) || row.key === keyOf(before ?? '')) drop(row)
      const own = sessions.all().filter((row) => row.user === user.id)
      const [oldest] = own.toSorted((one, other) => one.seenMs - other.seenMs)
      if (own.length >= SESSIONS_A_USER_MAX && oldest) drop(oldest)
      const token = randomBytes(32).toString('base64url')
      const untilMs = now() + SESSION_MS
      const times = { madeMs: now(), seenMs: now(), untilMs }
      const key = keyOf(token)
      sessions.putLoosely({ key, id: key.slice(0, ID_LETTERS), user: user.id, by, ...times, address, agent: agent.slice(0, AGENT_LETTERS) })
      return { ...rightsKnown(user), user: user.id, name: user.name, token, until: new Date(untilMs).toISOString() }
    },
    check: (token) => {
      const row = sessions.get(keyOf(token))
      const user = row ? users.get(row.user) : null
      if (!row || !user || user.state !== 'active') return null
      if (isOver(row)) {
        drop(row)
        return null
      }
      if (now() - row.seenMs >= SEEN_EVERY_MS) sessions.putLoosely({ ...row, seenMs: now() })
      return { ...rightsKnown(user), user: user.id, name: user.name, token, until: new Date(row.untilMs).toISOString() }
    },
    list: (user) =>
      sessions
        .all()
        .filter((row) => (user === null || row.user === user) && !isOver(row))
        .toSorted((one, other) => other.seenMs - one.seenMs),
    idOf: (token) => sessions.get(keyOf(token))?.id ?? null,
    end: (id, user) => {
      const row = sessions.all().find((one) => one.id === id && (user === null || one.user === user))
      if (!row) return refuse('access.session-unknown')
      drop(row)
      return null
    },
    endAll: (user, butToken) => {
      const kept = butToken === undefined ? null : keyOf(butToken)
      for (const row of sessions.all()) if (row.user === user && row.key !== kept) sessions.drop(row.key)
      changed(user)
    },
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    changed,
  }
}

/** What grants amount to, in the form an answer has. */
export const heldBy = (holder: Holder): Pick<Session, 'roles' | 'rights'> => ({
  roles: holder.grants.map(({ role, sites }: Grant) => ({ role, sites: sites === 'all' ? 'all' : [...sites] })),
  rights: rightsOf(holder),
})

/** Rights are worked out once a version of a user. */
const openRightsKnown = () => {
  const known = new WeakMap<UserRow, Pick<Session, 'roles' | 'rights'>>()
  return (user: UserRow): Pick<Session, 'roles' | 'rights'> => {
    const before = known.get(user)
    if (before) return before
    const held = heldBy(user)
    known.set(user, held)
    return held
  }
}

/** Tokens are 256 random bits: a plain digest cannot be guessed back. */
const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** A working day; and a forenoon without a request [OWASP ASVS 5, 7.3]. */
const SESSION_MS = 12 * 3_600_000
const IDLE_MS = 4 * 3_600_000
const SEEN_EVERY_MS = 60_000
const SESSIONS_A_USER_MAX = 20
const ID_LETTERS = 12
const AGENT_LETTERS = 200
