import { randomBytes } from 'node:crypto'
import type { HubAnswer, HubBody, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Grant, type Right, ROLES } from '@lotkeeper/protocol/rules/access.ts'
import { base32Of } from '@lotkeeper/protocol/wire/enrolment.ts'
import { digestOf, sameText } from './digests.ts'
import { paged } from './paged.ts'
import type { Sessions } from './sessions.ts'
import type { PeopleStore, UserRow } from './store.ts'

/** Users as administrators keep them. Nobody changes their own roles, and one administrator always remains. */
export interface Users {
  readonly list: (query: HubQuery<'users'>) => HubAnswer<'users'> | Refusal
  readonly names: () => HubAnswer<'names'>
  readonly save: (body: HubBody<'saveUser'>, by: string) => HubAnswer<'saveUser'> | Refusal
  readonly end: (user: string, by: string) => UserView | Refusal
  readonly resume: (user: string) => UserView | Refusal
  readonly resetPassword: (user: string, by: string) => HubAnswer<'resetPassword'> | Refusal
  readonly resetTotp: (user: string, by: string) => UserView | Refusal
  /** The digest a node keeps of a PIN; `null` takes it away. */
  readonly setPin: (user: string, pin: string | null) => UserView | Refusal
  /** Forgets who somebody was; the opaque id stays in the books and in the audit. */
  readonly erase: (user: string, by: string) => Refusal | null
  /** Whether a code was the user's; it counts once. */
  readonly takeCode: (login: string, code: string) => UserRow | null
  readonly byLogin: (login: string) => UserRow | null
  readonly change: (row: UserRow, change: Partial<UserRow>) => UserRow
  readonly view: (row: UserRow) => UserView
}

export interface UsersParts {
  readonly store: Pick<PeopleStore, 'users' | 'machines' | 'scrub'>
  readonly sessions: Sessions
  readonly now: () => number
}

export const openUsers = ({ store, sessions, now }: UsersParts): Users => {
  const { users, machines } = store
  const byLogin = (login: string): UserRow | null => {
    const wanted = foldedOf(login)
    return users.all().find((one) => one.state !== 'erased' && foldedOf(one.login) === wanted) ?? null
  }
  const view = (row: UserRow): UserView => viewOf(row, sessions.list(row.id)[0]?.seenMs ?? null)
  const put = (row: UserRow): UserRow => {
    users.put(row)
    sessions.changed(row.id)
    return row
  }
  const change = (row: UserRow, changes: Partial<UserRow>): UserRow =>
    put({ ...row, ...changes, version: row.version + 1, changedMs: now() })
  const known = (user: string): UserRow | Refusal => {
    const row = users.get(user) ?? byLogin(user)
    return row && row.state !== 'erased' ? row : refuse('access.user-unknown', { user })
  }
  /** Whether the county could still be administered if a user stood like this. */
  const isLeaderless = (changed: UserRow): boolean => {
    const hadOne = users.all().some(isAdministrator)
    return hadOne && ![...users.all().filter(({ id }) => id !== changed.id), changed].some(isAdministrator)
  }
  const edited = (row: UserRow, changes: Partial<UserRow>, by: string): UserRow | Refusal => {
    if (row.id === by) return refuse('access.self-change')
    const next = { ...row, ...changes }
    return isLeaderless(next) ? refuse('access.last-administrator') : change(row, changes)
  }
  const oneTime = (): { readonly code: string; readonly until: number; readonly kept: Pick<UserRow, 'code' | 'codeUntilMs'> } => {
    const code = (
      base32Of(randomBytes(16))
        .toLowerCase()
        .match(/.{1,4}/g) ?? []
    ).join('-')
    const until = now() + CODE_MS
    return { code, until, kept: { code: digestOf(code), codeUntilMs: until } }
  }
  const make = (body: HubBody<'saveUser'>): HubAnswer<'saveUser'> => {
    const { code, until, kept } = oneTime()
    const row = put({ ...NEW, ...fieldsOf(body), ...kept, id: `u-${randomBytes(8).toString('hex')}`, madeMs: now(), changedMs: now() })
    return { user: view(row), code, until: new Date(until).toISOString() }
  }
  return {
    list: ({ search = '', state, ...page }) => {
      const wanted = foldedOf(search)
      const rows = users
        .all()
        .filter((row) => (state === undefined || row.state === state) && `${foldedOf(row.login)} ${foldedOf(row.name)}`.includes(wanted))
        .toSorted((one, other) => (one.login < other.login ? -1 : 1))
      return paged(rows, page, ({ id }) => id, view)
    },
    names: () => ({ rows: [...users.all(), ...machines.all()].map(({ id, name }) => ({ id, name })) }),
    save: (body, by) => {
      const row = body.user === undefined ? null : known(body.user)
      if (row && 'refused' in row) return row
      const holder = byLogin(body.login)
      if (holder && holder.id !== row?.id) return refuse('access.login-taken', { login: body.login })
      if (row === null) return make(body)
      if (body.knownVersion !== undefined && body.knownVersion !== row.version) return refuse('access.user-changed')
      const next = fieldsOf(body)
      const keepsRoles = JSON.stringify(next.grants) === JSON.stringify(row.grants)
      const saved = keepsRoles ? change(row, next) : edited(row, next, by)
      return 'refused' in saved ? saved : { user: view(saved), code: null, until: null }
    },
    end: (user, by) => {
      const row = known(user)
      const ended = 'refused' in row ? row : edited(row, { state: 'ended', code: null }, by)
      if ('refused' in ended) return ended
      sessions.endAll(ended.id)
      return view(ended)
    },
    resume: (user) => {
      const row = known(user)
      return 'refused' in row ? row : view(change(row, { state: 'active' }))
    },
    resetPassword: (user, by) => {
      const row = known(user)
      if ('refused' in row) return row
      if (row.id === by) return refuse('access.self-change')
      if (row.state !== 'active') return refuse('access.user-ended')
      const { code, until, kept } = oneTime()
      change(row, { ...kept, password: null })
      sessions.endAll(row.id)
      return { user: row.id, code, until: new Date(until).toISOString() }
    },
    resetTotp: (user, by) => {
      const row = known(user)
      if ('refused' in row) return row
      if (row.id === by) return refuse('access.self-change')
      const changed = change(row, { totp: null, totpOn: false })
      sessions.endAll(row.id)
      return view(changed)
    },
    setPin: (user, pin) => {
      const row = known(user)
      return 'refused' in row ? row : view(change(row, { pin }))
    },
    erase: (user, by) => {
      const row = known(user)
      if ('refused' in row) return row
      const ended = edited(row, { ...ERASED, login: row.id }, by)
      if ('refused' in ended) return ended
      sessions.endAll(row.id)
      store.scrub()
      return null
    },
    takeCode: (login, code) => {
      const row = byLogin(login)
      const isRight =
        row?.state === 'active' && row.code !== null && row.codeUntilMs > now() && sameText(row.code, digestOf(code.trim().toLowerCase()))
      return isRight ? row : null
    },
    byLogin,
    change,
    view,
  }
}

/** A user of nothing yet. */
export const NEW: Omit<UserRow, 'id' | 'login' | 'name' | 'madeMs' | 'changedMs'> = {
  ...{ grants: [], password: null, code: null, codeUntilMs: 0, totp: null, totpOn: false, totpStep: 0 },
  ...{ pin: null, sso: null, subject: null, state: 'active', version: 1 },
}

const ERASED: Partial<UserRow> = {
  ...{ state: 'erased', name: '已抹去 / erased', grants: [], password: null, code: null, totp: null, totpOn: false },
  ...{ pin: null, sso: null, subject: null },
}

const fieldsOf = ({ login, name, roles, sso }: HubBody<'saveUser'>): Pick<UserRow, 'login' | 'name' | 'grants'> & Partial<UserRow> => ({
  login: login.normalize('NFKC'),
  name: name.trim(),
  grants: roles as readonly Grant[],
  ...(sso === undefined ? {} : { sso, subject: null }),
})

const ADMINISTERS: Right = 'users.write'
const isAdministrator = ({ state, grants, password, code, subject, sso }: UserRow): boolean =>
  state === 'active' &&
  (password ?? code ?? subject ?? sso) !== null &&
  grants.some(({ role, sites }) => sites === 'all' && (ROLES[role].rights as readonly Right[]).includes(ADMINISTERS))

const viewOf = (row: UserRow, seenMs: number | null): UserView => ({
  ...{ user: row.id, login: row.login, name: row.name, state: row.state, version: row.version },
  roles: row.grants.map(({ role, sites }) => ({ role, sites: sites === 'all' ? 'all' : [...sites] })),
  ...{ hasPassword: row.password !== null, hasTotp: row.totpOn, hasPin: row.pin !== null, sso: row.sso },
  madeAt: new Date(row.madeMs).toISOString(),
  changedAt: new Date(row.changedMs).toISOString(),
  seenAt: seenMs === null ? null : new Date(seenMs).toISOString(),
})

const foldedOf = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
/** Long enough to reach a person who is away for the week-end. */
const CODE_MS = 3 * 86_400_000
