import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { hexOf } from '../bytes.ts'
import { canonicalText } from '../ledger/canonical.ts'
import { HASH, INSTANT } from '../ledger/fields.ts'
import { KEEPER_ID, KEEPER_ROLE, KEEPERS_MAX } from '../ledger/roster.ts'
import type { NodeId } from '../names.ts'
import type { Parts } from '../parts.ts'
import { messageOf } from './envelope.ts'

const closed = { additionalProperties: false } as const
const VERSION = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const KEY_ID = Type.String({ pattern: '^[0-9A-F]{16}$', description: 'key id of a signing key' })

/**
 * A PIN as it is kept: scrypt [RFC 7914] with its cost, 16 bytes of salt and 32 of hash. At least 16 MB for each guess, at most what a small computer
 * can spare.
 */
export const PIN_HASH = Type.String({ pattern: '^scrypt\\$(16384|32768|65536)\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9_-]{43}$' })

const KEEPER = Type.Object(
  { keeper: KEEPER_ID, name: Type.String({ minLength: 1, maxLength: 120 }), pinHash: PIN_HASH, role: KEEPER_ROLE },
  closed,
)
/** What a node learns of its people: never in a chain, never in the clear on the wire. `at` is when the county made it so. */
export const ROSTER = Type.Object({ version: VERSION, at: INSTANT, keepers: Type.Array(KEEPER, { maxItems: KEEPERS_MAX }) }, closed)
export type Roster = Static<typeof ROSTER>
export type RosterKeeper = Static<typeof KEEPER>

/** A text sealed to one signing key: X25519 with a key made for it alone, HKDF-SHA-256, AES-256-GCM. Base64url, the tag at the end of `box`. */
const SEALED = Type.Object(
  {
    /** The signing key it is sealed to. */
    key: KEY_ID,
    ephemeral: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$' }),
    /** 100 people with the longest names are 100 KB. */
    box: Type.String({ pattern: '^[A-Za-z0-9_-]{22,150000}$' }),
  },
  closed,
)
export type Sealed = Static<typeof SEALED>

/** A node asks who its people are: the version its directives tell, the one it holds the names of, and the key it can open a seal with. */
export const ROSTER_ASK = messageOf(
  'rosterAsk',
  Type.Object({ told: Type.Union([VERSION, Type.Null()]), held: Type.Union([VERSION, Type.Null()]), key: KEY_ID }, closed),
)
export type RosterAskBody = NonNullable<ReturnType<typeof ROSTER_ASK.read>>['body']

/** The county's answer; `roster` is null where it keeps no people for the site, `sealed` where the node holds that version already. */
export const ROSTER_TOLD = messageOf(
  'roster',
  Type.Object(
    {
      at: INSTANT,
      roster: Type.Union([Type.Object({ version: VERSION, digest: HASH, sealed: Type.Union([SEALED, Type.Null()]) }, closed), Type.Null()]),
    },
    closed,
  ),
)
export type RosterTold = NonNullable<ReturnType<typeof ROSTER_TOLD.read>>['body']

/** Whether a row may stand in a roster; its name is whole letters. */
export const isRosterKeeper = (row: unknown): row is RosterKeeper => keeperCheck.Check(row) && (row as RosterKeeper).name.isWellFormed()

/** The roster's text, if every part of it is as it must be, names are whole letters, and nobody is in it twice; else `null`. */
export const writeRoster = (roster: Roster): string | null =>
  check.Check(roster) &&
  roster.keepers.every(isRosterKeeper) &&
  new Set(roster.keepers.map(({ keeper }) => keeper)).size === roster.keepers.length
    ? canonicalText(roster)
    : null

/** The roster a text holds, or `null`. */
export const readRoster = (text: string): Roster | null => {
  try {
    const value: unknown = JSON.parse(text)
    return check.Check(value) && writeRoster(value as Roster) === text ? (value as Roster) : null
  } catch {
    return null
  }
}

/** What stands in the chain for a roster. It tells nothing: every verifier in it has a random salt. */
export const rosterDigest = (parts: Parts, text: string): string => hexOf(parts.sha256(parts.utf8(`lotkeeper.roster.v1\n${text}\n`)))

/** What a seal binds beside its content: for which node, which version, which digest. */
export const sealedFor = (node: NodeId, { version, digest }: { readonly version: number; readonly digest: string }): string =>
  canonicalText({ what: 'lotkeeper.roster.v1', node, version, digest })

const check = Compile(ROSTER)
const keeperCheck = Compile(KEEPER)
