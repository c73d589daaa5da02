import { INSTANT } from '@lotkeeper/protocol/ledger/fields.ts'
import { KEEPER_ID, ROSTER_BODY } from '@lotkeeper/protocol/ledger/roster.ts'
import { ROSTER } from '@lotkeeper/protocol/wire/roster.ts'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { KeyFolder } from '../join/keys.ts'

const KEPT = Type.Object(
  {
    /** The highest directive ever heard: a ledger put back to an older state lets nobody in again. */
    told: Type.Union([ROSTER_BODY, Type.Null()]),
    roster: Type.Union([ROSTER, Type.Null()]),
    /** Since when each of them may sign in with the PIN he has, ms by the node's clock: a session begun before is none. */
    since: Type.Record(KEEPER_ID, Type.Integer()),
    /** When the county last said that this is so, by the node's clock. */
    checkedAt: Type.Union([INSTANT, Type.Null()]),
  },
  { additionalProperties: false },
)
export type Kept = Static<typeof KEPT>

/** What a node knows of its people, in a file of its own that only its owner reads; never in the ledger. */
export interface KeptRoster {
  readonly read: () => Kept
  /** Answers why it could not be written; what is in memory counts all the same. */
  readonly write: (kept: Kept) => string | null
}

/** A file that is not there, or that nobody can read, holds nothing: the hub is asked again. */
export const openKeptRoster = (folder: Pick<KeyFolder, 'has' | 'text' | 'write'>): KeptRoster => ({
  read: () => {
    try {
      const value: unknown = folder.has(FILE) ? JSON.parse(folder.text(FILE, () => '')) : null
      return check.Check(value) ? (value as Kept) : NOTHING
    } catch {
      return NOTHING
    }
  },
  write: (kept) => {
    try {
      folder.write(FILE, `${JSON.stringify(kept)}\n`)
      return null
    } catch (cause) {
      return String(cause)
    }
  },
})

const FILE = 'roster.json'
const NOTHING: Kept = { told: null, roster: null, since: {}, checkedAt: null }
const check = Compile(KEPT)
