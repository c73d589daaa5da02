import { type Static, Type } from 'typebox'
import { HASH } from './fields.ts'

const closed = { additionalProperties: false } as const

/** Opaque id of somebody who may sign in at a node; it stands in entries as their actor. */
export const KEEPER_ID = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'opaque id of a keeper' })
/** A keeper, or an assistant, who books but sets no rule aside. */
export const KEEPER_ROLE = Type.Union([Type.Literal('keeper'), Type.Literal('assistant')])
/** People of one site: as many as the settings of a node could name, and few enough for one entry of 16 KB. */
export const KEEPERS_MAX = 100

/**
 * Who may sign in at one node from now on, by opaque ids alone; whoever is not named is out. Names and verifiers travel beside the chain, sealed to the
 * node, and `digest` says which they are. Of several rosters the highest version rules, in whatever order they come.
 */
export const ROSTER_BODY = Type.Object(
  {
    version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    digest: HASH,
    keepers: Type.Array(Type.Object({ keeper: KEEPER_ID, role: KEEPER_ROLE }, closed), { maxItems: KEEPERS_MAX }),
  },
  closed,
)
export type RosterBody = Static<typeof ROSTER_BODY>
