import { randomBytes } from 'node:crypto'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Grant, isWithin, ROLES, type Role, rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import { base32Of } from '@lotkeeper/protocol/wire/enrolment.ts'
import type { Session } from '../access/caller.ts'
import { digestOf, sameText } from './digests.ts'
import { KEY_PREFIX, type Machines, openMachines } from './machines.ts'
import { type Own, openOwn } from './own.ts'
import { isOutdated, isPassword, passwordHash, passwordRefusal } from './passwords.ts'
import { type Origin, openSessions, type Sessions } from './sessions.ts'
import { openPeopleStore, type UserRow } from './store.ts'
import { totpStep } from './totp.ts'
import { openTries } from './tries.ts'
import { openTurns } from './turns.ts'
import { openUsers, type Users } from './users.ts'

/** A login that the settings or an earlier version's key folder name: it becomes the first user of a county that has none. */
export interface Login {
  readonly user: string
  readonly name: string
  readonly passwordHash: string
}

/** Somebody who works at a site's node, and what the node needs to know them by. */
export interface SiteKeeper {
  readonly keeper: string
  readonly name: string
  readonly pinHash: string
  readonly role: 'keeper' | 'assistant'
}

/** Everybody who may come in: people and machines, by session, key or the token of this machine's owner. */
export interface People {
  readonly signIn: (body: HubBody<'signIn'>, from: SignInFrom) => Promise<Session | Refusal>
  readonly setUp: (body: HubBody<'setUp'>, from: SignInFrom) => Promise<Session | Refusal>
  readonly redeemCode: (body: HubBody<'redeemCode'>, from: SignInFrom) => Promise<Session | Refusal>
  /** Signs in whom the county's identity provider vouches for; bound to its subject at the first time. */
  readonly signInBySso: (said: { readonly name: string; readonly subject: string }, from: SignInFrom) => Session | Refusal
  readonly signOut: (token: string) => void
  /** Who a token stands for, or `null`. */
  readonly check: (token: string) => (Session & { readonly perMinute?: number; readonly isConsole?: boolean }) | null
  readonly own: Own
  readonly users: Users
  readonly machines: Machines
  readonly sessions: Sessions
  /** What the first administrator is made with; `null` once there is a user. */
  readonly setUpCode: () => string | null
  readonly keepersOf: (site: NodeId) => readonly SiteKeeper[]
  /** Called with somebody whose sessions, rights or PIN changed. */
  readonly follow: (listener: (who: string) => void) => () => void
  /** Called when what nodes need to know of a keeper changed. */
  readonly followKeepers: (listener: () => void) => () => void
  readonly close: () => void
}

/** Where somebody signs in from, and the token their browser had before. */
export type SignInFrom = Origin & { readonly before?: string | null }

export interface PeopleParts {
  readonly file: string
  readonly login: Login | null
  /** Of this machine's owner. */
  readonly adminToken: string
  readonly now: () => number
}

/** Opens the people of the county; throws the faults of `openDatabase`. */
export const openPeople = ({ file, login, adminToken, now }: PeopleParts): People => {
  const store = openPeopleStore(file)
  const sessions = openSessions(store, now)
  const users = openUsers({ store, sessions, now })
  const machines = openMachines({ store, changed: sessions.changed, now })
  const tries = openTries(store, now)
  const { users: kept } = store
  if (login && kept.all().length === 0) kept.put(seeded(login, now()))
  const code = kept.all().length === 0 ? readable(randomBytes(16)) : null
  const isSetUp = (): boolean => kept.all().length > 0
  const welcome = (user: UserRow, by: 'password' | 'code' | 'oidc', from: SignInFrom): Session => sessions.open(user, by, from)
  const wrong = (who: { readonly login: string; readonly address: string }, why: Refusal): Refusal => {
    tries.failed(who)
    return why
  }
  const turns = openTurns()
  const proved = async (user: UserRow, password: string): Promise<boolean> => {
    if (!(await isPassword(password, user.password))) return false
    if (user.password !== null && isOutdated(user.password)) kept.put({ ...user, password: await passwordHash(password) })
    return true
  }
  return {
    signIn: ({ user: typed, password, code: digits }, from) =>
      turns(async () => {
        if (!isSetUp()) return refuse('access.set-up-needed')
        const who = { login: typed, address: from.address }
        const locked = tries.refusal(who)
        if (locked) return locked
        const user = users.byLogin(typed)
        const isRight = user === null ? await isPassword(password, null) : await proved(user, password)
        if (!user || !isRight || user.state !== 'active') return wrong(who, refuse('access.sign-in-wrong'))
        const row = kept.get(user.id) ?? user
        if (row.totpOn && row.totp !== null) {
          if (digits === undefined || digits.trim() === '') return refuse('access.totp-needed')
          const step = totpStep(row.totp, digits, now(), row.totpStep)
          if (step === null) return wrong(who, refuse('access.code-wrong'))
          kept.putLoosely({ ...row, totpStep: step })
        }
        tries.succeeded(who)
        return welcome(kept.get(user.id) ?? row, 'password', from)
      }),
    setUp: (body, from) =>
      turns(async () => {
        if (isSetUp() || code === null) return refuse('access.set-up-over')
        const who = { login: 'setup', address: from.address }
        const locked = tries.refusal(who)
        if (locked) return locked
        if (!sameText(digestOf(body.code.trim().toLowerCase()), digestOf(code))) return wrong(who, refuse('access.code-wrong'))
        const weak = passwordRefusal(body.password, body.login)
        if (weak) return weak
        const password = await passwordHash(body.password)
        if (isSetUp()) return refuse('access.set-up-over')
        const first = {
          ...seeded({ user: body.login, name: body.name.trim(), passwordHash: password }, now()),
          id: `u-${randomBytes(8).toString('hex')}`,
        }
        kept.put(first)
        return welcome(first, 'code', from)
      }),
    redeemCode: (body, from) =>
      turns(async () => {
        const who = { login: body.user, address: from.address }
        const locked = tries.refusal(who)
        if (locked) return locked
        const user = users.takeCode(body.user, body.code)
        if (!user) return wrong(who, refuse('access.code-wrong'))
        const weak = passwordRefusal(body.password, user.login)
        if (weak) return weak
        const password = await passwordHash(body.password)
        // Once: whoever came with the same code meanwhile was first.
        const now = users.takeCode(body.user, body.code)
        if (!now) return refuse('access.code-wrong')
        const changed = users.change(now, { password, code: null, codeUntilMs: 0 })
        sessions.endAll(changed.id)
        // A code takes the place of the password, never of the authenticator app.
        return changed.totpOn ? refuse('access.totp-needed') : welcome(changed, 'code', from)
      }),
    signInBySso: ({ name, subject }, from) => {
      const user = kept.all().find((one) => one.subject === subject) ?? kept.all().find((one) => one.sso === name && one.subject === null)
      if (subject === '' || user?.state !== 'active') return refuse('access.sign-in-wrong')
      return welcome(user.subject === null ? users.change(user, { subject }) : user, 'oidc', from)
    },
    signOut: (token) => {
      const id = sessions.idOf(token)
      if (id !== null) sessions.end(id, null)
    },
    check: (token) => {
      if (token.startsWith(KEY_PREFIX)) return machines.check(token)
      if (sameText(token, adminToken))
        return { ...EVERYTHING, isConsole: true, user: CONSOLE, name: CONSOLE, token, until: new Date(now() + CONSOLE_MS).toISOString() }
      return sessions.check(token)
    },
    own: openOwn({ store, users, sessions, proved, turns, tries, now }),
    users,
    machines,
    sessions,
    setUpCode: () => (isSetUp() ? null : code),
    keepersOf: (site) =>
      kept.all().flatMap((user) => {
        const role = roleAt(user, site)
        return role !== null && user.pin !== null ? [{ keeper: user.id, name: user.name, pinHash: user.pin, role }] : []
      }),
    follow: sessions.follow,
    followKeepers: (listener) => {
      const known = new Map(kept.all().map((user) => [user.id, keeperText(user)]))
      return sessions.follow((who) => {
        const user = kept.get(who)
        const now = user ? keeperText(user) : undefined
        if (now === known.get(who)) return
        if (now === undefined) known.delete(who)
        else known.set(who, now)
        listener()
      })
    },
    close: store.close,
  }
}

/** Whoever owns this machine, by the token in its key folder. */
const CONSOLE = 'admin'
const CONSOLE_MS = 12 * 3_600_000

/** All that a person may be: the first user of a county, who then shares it out. */
const ALL_ROLES: readonly Grant[] = (Object.keys(ROLES) as Role[])
  .filter((role) => role !== 'integrator' && role !== 'auditor')
  .map((role) => ({ role, sites: 'all' }))
const EVERYTHING = ((): Pick<Session, 'roles' | 'rights'> => {
  const grants: readonly Grant[] = [...ALL_ROLES, { role: 'integrator', sites: 'all' }, { role: 'auditor', sites: 'all' }]
  return { roles: [], rights: rightsOf({ grants }) }
})()

const seeded = ({ user, name, passwordHash: password }: Login, nowMs: number): UserRow => ({
  ...{ id: user, login: user, name: name === '' ? user : name, grants: ALL_ROLES, password, code: null, codeUntilMs: 0 },
  ...{ totp: null, totpOn: false, totpStep: 0, pin: null, sso: null, subject: null, state: 'active', version: 1 },
  ...{ madeMs: nowMs, changedMs: nowMs },
})

/** What of somebody stands at nodes. */
const keeperText = ({ name, state, pin, grants }: UserRow): string => JSON.stringify([name, state, pin, grants])

/** A keeper where one is granted; whoever only receives and inspects books, but sets no rule aside. */
const roleAt = ({ state, grants }: UserRow, site: NodeId): SiteKeeper['role'] | null => {
  if (state !== 'active') return null
  const roles = grants.filter(({ sites }) => isWithin(sites, site)).map(({ role }) => role)
  if (roles.includes('keeper')) return 'keeper'
  return roles.includes('inspector') ? 'assistant' : null
}

const readable = (bytes: Uint8Array): string =>
  (
    base32Of(bytes)
      .toLowerCase()
      .match(/.{1,4}/g) ?? []
  ).join('-')
