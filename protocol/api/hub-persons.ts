import { type Static, Type } from 'typebox'
import { INSTANT } from '../ledger/fields.ts'
import { sensitive } from '../sensitive.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const
const COUNT = Type.Integer({ minimum: 0 })
const VERSION = Type.Integer({ minimum: 1 })
const OF = Type.Enum(['party', 'user'])
const ID = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'of a party or of a user' })

/** That something of a person was erased: when, by whom, how much; never what. */
export const ERASURE_VIEW = Type.Object(
  {
    action: ACTION,
    of: OF,
    id: ID,
    /** Versions of a party. */
    from: nullable(VERSION),
    upto: nullable(VERSION),
    actor: text(64),
    at: INSTANT,
    /** Texts that were erased. */
    texts: COUNT,
    /** Versions that stand with their text in entries of an earlier program: shown to nobody any more, but in the chain for good. */
    chained: COUNT,
  },
  closed,
)
export type ErasureView = Static<typeof ERASURE_VIEW>

/** Where a text of a person is kept: beside the ledger, in an old entry, or in a row of a table that was brought in. */
export const PERSON_TEXT = Type.Object(
  {
    where: Type.Enum(['beside', 'entry', 'import']),
    /** The party; of a row that became none: none. */
    id: nullable(text(64)),
    version: nullable(VERSION),
    import: nullable(Type.Integer({ minimum: 1 })),
    row: nullable(Type.Integer({ minimum: 2 })),
    at: nullable(INSTANT),
    text: sensitive('contacts', Type.String({ maxLength: 10_000 })),
  },
  closed,
)
export type PersonText = Static<typeof PERSON_TEXT>

/** What is kept of a person: found, given out, erased. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_PERSONS = {
  erase: {
    method: 'POST',
    path: '/api/erasures',
    body: Type.Object({ action: ACTION, of: OF, id: ID, from: Type.Optional(VERSION), upto: Type.Optional(VERSION) }, closed),
    answer: ERASURE_VIEW,
    zh: '抹去一个人的资料',
    en: 'Erase whom to call at a party, of those versions or of all so far, or a user; what is left says that and when, not what',
  },
  erasures: {
    method: 'GET',
    path: '/api/erasures',
    answer: Type.Object({ rows: Type.Array(ERASURE_VIEW) }, closed),
    zh: '抹去记录',
    en: 'What was erased, newest first',
  },
  // A telephone number does not belong into an address: addresses are written down on the way.
  personTexts: {
    method: 'POST',
    path: '/api/persons/texts',
    body: Type.Object(
      { words: Type.String({ minLength: 2, maxLength: 200, description: 'whole names and numbers, all of them' }) },
      closed,
    ),
    answer: Type.Object({ rows: Type.Array(PERSON_TEXT), more: Type.Boolean() }, closed),
    zh: '查找并导出一个人的资料',
    en: 'What is kept under a name or a telephone number, to be given out or erased; whole words only, so that nobody guesses letter by letter',
  },
} as const
