import { type Static, Type } from 'typebox'
import { INSTANT } from '../ledger/fields.ts'
import { KEEPER_ID, KEEPER_ROLE } from '../ledger/roster.ts'
import type { NodeRow } from './route.ts'
import { nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Who is signed in: until when at the longest, and when the node signs out by itself if nothing is touched. */
const SIGNED_IN = Type.Object({ keeper: text(64), name: text(120), role: KEEPER_ROLE, until: text(32), idleAt: INSTANT }, closed)

/** Who may sign in here, by name, and whose list that is. Only what stands on the tiles of the sign-in: nobody is asked who looks. */
export const PEOPLE_VIEW = Type.Object(
  {
    keepers: Type.Array(Type.Object({ keeper: text(64), name: text(120) }, closed)),
    roster: Type.Object(
      {
        from: Type.Union([Type.Literal('settings'), Type.Literal('county')]),
        /** When the county last said that this is the list, by the node's clock; null where it never did. */
        checkedAt: nullable(INSTANT),
        /** False while names of a newer list are on their way. */
        complete: Type.Boolean(),
      },
      closed,
    ),
    /** After so many seconds without a touch the node signs out. */
    idleSeconds: Type.Integer({ minimum: 60 }),
  },
  closed,
)
export type PeopleView = Static<typeof PEOPLE_VIEW>

/** Signing in at a node, and out again. */
export const NODE_PEOPLE = {
  people: { method: 'GET', path: '/api/people', open: true, answer: PEOPLE_VIEW, zh: '谁可以登录', en: 'Who may sign in here' },
  signIn: {
    method: 'POST',
    path: '/api/session',
    open: true,
    /** By name and PIN; by the PIN alone only where nobody else has the same. */
    body: Type.Object({ pin: Type.String({ pattern: '^[0-9]{4,12}$' }), keeper: Type.Optional(KEEPER_ID) }, closed),
    answer: SIGNED_IN,
    zh: '选人并输入口令登录',
    en: 'Sign in by name and PIN',
  },
  session: { method: 'GET', path: '/api/session', open: false, answer: SIGNED_IN, zh: '当前登录', en: 'Who is signed in' },
  stay: {
    method: 'POST',
    path: '/api/session/stay',
    open: false,
    answer: SIGNED_IN,
    zh: '有人在用，先不要退出',
    en: 'Somebody is at the page: do not sign out yet',
  },
  signOut: { method: 'DELETE', path: '/api/session', open: false, answer: Type.Object({}, closed), zh: '退出', en: 'Sign out' },
} as const satisfies Record<string, NodeRow>
