import { type Static, Type } from 'typebox'
import { INSTANT, NODE } from '../ledger/fields.ts'
import { RIGHTS, type Right, ROLES, type Role, type SiteScope } from '../rules/access.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Sites for which something holds. */
export const SITE_SCOPE = Type.Union([Type.Literal('all'), Type.Array(NODE, { minItems: 1, maxItems: 500 })], {
  description: 'all sites, or which',
})
export const GRANT = Type.Object({ role: Type.Enum(Object.keys(ROLES) as Role[]), sites: SITE_SCOPE }, closed)
const GRANTS = Type.Array(GRANT, { maxItems: 32 })
const RIGHT = Type.Enum(Object.keys(RIGHTS) as Right[])

/** Somebody signed in: who, what they may do and where; the token is told once, at the sign-in. */
export const SESSION = Type.Object(
  {
    /** Opaque, as it stands in entries. */
    user: text(64),
    name: text(120),
    token: text(400),
    until: text(32),
    roles: GRANTS,
    /** Every right held, and for which sites. */
    rights: Type.Unsafe<Readonly<Partial<Record<Right, SiteScope>>>>(
      Type.Object(Object.fromEntries(Object.keys(RIGHTS).map((right) => [right, Type.Optional(SITE_SCOPE)])), closed),
    ),
  },
  closed,
)

const LOGIN = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._@-]*$',
  description: 'what is typed at the sign-in; not told apart by case',
})
const USER_ID = text(64)
const PERSON_NAME = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' })
const PASSWORD = Type.String({ minLength: 1, maxLength: 200 })
const CODE = Type.String({ minLength: 1, maxLength: 64 })
const PIN = Type.String({ pattern: '^[0-9]{4,8}$' })
const REASON = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })
const NOTHING = Type.Object({}, closed)
const user = { user: USER_ID }

export const USER_ROW = Type.Object(
  {
    ...user,
    login: text(64),
    name: text(120),
    state: Type.Enum(['active', 'ended', 'erased']),
    version: Type.Integer({ minimum: 1 }),
    roles: GRANTS,
    hasPassword: Type.Boolean(),
    hasTotp: Type.Boolean(),
    hasPin: Type.Boolean(),
    /** Name at the identity provider, where one is set. */
    sso: nullable(text(200)),
    madeAt: INSTANT,
    changedAt: INSTANT,
    /** The last use of a session that still counts. */
    seenAt: nullable(INSTANT),
  },
  closed,
)
export type UserView = Static<typeof USER_ROW>

export const SESSION_ROW = Type.Object(
  {
    session: text(16),
    ...user,
    name: text(120),
    by: Type.Enum(['password', 'code', 'oidc']),
    madeAt: INSTANT,
    seenAt: INSTANT,
    until: INSTANT,
    address: text(64),
    agent: text(200),
    /** The one that asks. */
    own: Type.Boolean(),
  },
  closed,
)
export type SessionView = Static<typeof SESSION_ROW>

export const MACHINE_ROW = Type.Object(
  {
    machine: text(64),
    name: text(120),
    roles: GRANTS,
    /** Narrower than its roles, where set. */
    scopes: nullable(Type.Array(RIGHT)),
    perMinute: Type.Integer(),
    state: Type.Enum(['active', 'ended', 'expired']),
    madeBy: USER_ID,
    madeAt: INSTANT,
    until: INSTANT,
    seenAt: nullable(INSTANT),
  },
  closed,
)
export type MachineView = Static<typeof MACHINE_ROW>

const ONE_TIME = Type.Object({ ...user, code: text(64), until: INSTANT }, closed)

/** Who may come in: people, their sessions, machines. Part of `HUB_ROUTES`. */
export const HUB_PEOPLE = {
  setUp: {
    method: 'POST',
    path: '/api/setup',
    body: Type.Object({ code: CODE, login: LOGIN, name: PERSON_NAME, password: PASSWORD }, closed),
    answer: SESSION,
    zh: '首次设置：建立第一位管理员',
    en: 'First set-up: the code the hub printed makes the first administrator',
  },
  signIn: {
    method: 'POST',
    path: '/api/session',
    body: Type.Object({ user: text(64), password: text(200), code: Type.Optional(text(16)) }, closed),
    answer: SESSION,
    zh: '登录',
    en: 'Sign in, with the code of the authenticator app where one is set; the token also comes as a cookie',
  },
  session: { method: 'GET', path: '/api/session', answer: SESSION, zh: '当前登录', en: 'Who is signed in' },
  signOut: { method: 'DELETE', path: '/api/session', answer: NOTHING, zh: '退出', en: 'Sign out: the session ends' },
  changePassword: {
    method: 'POST',
    path: '/api/password',
    body: Type.Object({ password: PASSWORD, next: PASSWORD }, closed),
    answer: SESSION,
    zh: '修改自己的口令（换新会话，其余全部退出）',
    en: 'Change your own password; every session ends, and a new one takes the place of this',
  },
  redeemCode: {
    method: 'POST',
    path: '/api/password/code',
    body: Type.Object({ user: text(64), code: CODE, password: PASSWORD }, closed),
    answer: SESSION,
    zh: '凭一次性代码设口令',
    en: 'Set a password by a one-time code, and sign in',
  },
  startTotp: {
    method: 'POST',
    path: '/api/totp',
    body: Type.Object({ password: PASSWORD }, closed),
    answer: Type.Object({ secret: text(64), uri: text(400), svg: text(20_000) }, closed),
    zh: '绑定动态口令',
    en: 'Begin with an authenticator app; it counts once confirmed',
  },
  confirmTotp: {
    method: 'POST',
    path: '/api/totp/confirm',
    body: Type.Object({ code: text(16) }, closed),
    answer: NOTHING,
    zh: '确认动态口令',
    en: 'Confirm the authenticator app by one code',
  },
  endTotp: {
    method: 'POST',
    path: '/api/totp/end',
    body: Type.Object({ password: PASSWORD, code: text(16) }, closed),
    answer: NOTHING,
    zh: '停用动态口令',
    en: 'Stop using the authenticator app',
  },
  setOwnPin: {
    method: 'POST',
    path: '/api/pin',
    body: Type.Object({ password: PASSWORD, pin: PIN }, closed),
    answer: NOTHING,
    zh: '设定自己的节点 PIN',
    en: 'Set your own PIN at nodes',
  },
  ownSessions: {
    method: 'GET',
    path: '/api/sessions/own',
    answer: Type.Object({ rows: Type.Array(SESSION_ROW) }, closed),
    zh: '自己的登录',
    en: 'Your own sessions',
  },
  endOwnSession: {
    method: 'POST',
    path: '/api/sessions/own/end',
    body: Type.Object({ session: nullable(text(16)) }, closed),
    answer: NOTHING,
    zh: '结束自己的登录',
    en: 'End your own session; null: all but this one',
  },
  names: {
    method: 'GET',
    path: '/api/names',
    answer: Type.Object({ rows: Type.Array(Type.Object({ id: text(64), name: text(120) }, closed)) }, closed),
    zh: '经办人姓名',
    en: 'Names of those whose ids stand in entries',
  },
  users: {
    method: 'GET',
    path: '/api/users',
    query: Type.Object(
      { search: Type.Optional(text(100)), state: Type.Optional(Type.Enum(['active', 'ended', 'erased'])), ...PAGE_QUERY },
      closed,
    ),
    answer: pageOf(USER_ROW),
    zh: '用户',
    en: 'Users, by login',
  },
  saveUser: {
    method: 'POST',
    path: '/api/users',
    body: Type.Object(
      {
        action: ACTION,
        user: Type.Optional(USER_ID),
        login: LOGIN,
        name: PERSON_NAME,
        roles: GRANTS,
        sso: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 200 }))),
        knownVersion: Type.Optional(Type.Integer({ minimum: 1 })),
      },
      closed,
    ),
    answer: Type.Object({ user: USER_ROW, code: nullable(text(64)), until: nullable(INSTANT) }, closed),
    zh: '新建或修改用户',
    en: 'Make or change a user; a new one gets a one-time code, told once',
  },
  endUser: {
    method: 'POST',
    path: '/api/users/end',
    body: Type.Object({ action: ACTION, ...user, reason: REASON }, closed),
    answer: USER_ROW,
    zh: '停用用户',
    en: 'End a user: all sessions end, nodes are told',
  },
  resumeUser: {
    method: 'POST',
    path: '/api/users/resume',
    body: Type.Object({ action: ACTION, ...user }, closed),
    answer: USER_ROW,
    zh: '恢复用户',
    en: 'Let an ended user in again',
  },
  resetPassword: {
    method: 'POST',
    path: '/api/users/password',
    body: Type.Object({ action: ACTION, ...user }, closed),
    answer: ONE_TIME,
    zh: '重设口令',
    en: 'A one-time code to set a password by; the old password counts no longer',
  },
  resetTotp: {
    method: 'POST',
    path: '/api/users/totp',
    body: Type.Object({ action: ACTION, ...user }, closed),
    answer: USER_ROW,
    zh: '解除动态口令',
    en: 'Take the authenticator app off a user who lost it',
  },
  setPin: {
    method: 'POST',
    path: '/api/users/pin',
    body: Type.Object({ action: ACTION, ...user, pin: nullable(PIN) }, closed),
    answer: USER_ROW,
    zh: '设定节点 PIN',
    en: 'Set the PIN of a user at nodes, or take it away',
  },
  sessions: {
    method: 'GET',
    path: '/api/sessions',
    query: Type.Object({ user: Type.Optional(USER_ID), ...PAGE_QUERY }, closed),
    answer: pageOf(SESSION_ROW),
    zh: '登录中的会话',
    en: 'Sessions that count, last used first',
  },
  endSession: {
    method: 'POST',
    path: '/api/sessions/end',
    body: Type.Object({ session: text(16) }, closed),
    answer: NOTHING,
    zh: '结束会话',
    en: 'End the session of somebody',
  },
  machines: {
    method: 'GET',
    path: '/api/machines',
    query: Type.Object({ ...PAGE_QUERY }, closed),
    answer: pageOf(MACHINE_ROW),
    zh: '接口密钥',
    en: 'API keys',
  },
  saveMachine: {
    method: 'POST',
    path: '/api/machines',
    body: Type.Object(
      {
        action: ACTION,
        name: PERSON_NAME,
        roles: Type.Array(GRANT, { minItems: 1, maxItems: 16 }),
        scopes: nullable(Type.Array(RIGHT, { minItems: 1, maxItems: 64 })),
        days: Type.Integer({ minimum: 1, maximum: 730, description: 'how long it counts' }),
        perMinute: Type.Integer({ minimum: 1, maximum: 60_000, description: 'requests a minute' }),
      },
      closed,
    ),
    answer: Type.Object({ machine: MACHINE_ROW, key: text(200) }, closed),
    zh: '新建接口密钥',
    en: 'Make an API key; the key is told once',
  },
  endMachine: {
    method: 'POST',
    path: '/api/machines/end',
    body: Type.Object({ action: ACTION, machine: text(64), reason: REASON }, closed),
    answer: MACHINE_ROW,
    zh: '停用接口密钥',
    en: 'End an API key at once',
  },
} as const
