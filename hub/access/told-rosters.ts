import { HASH, INSTANT } from '@lotkeeper/protocol/ledger/fields.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { KeyFolder } from './folder.ts'

const TOLD = Type.Object({ version: Type.Integer({ minimum: 1 }), at: INSTANT, digest: HASH }, { additionalProperties: false })
/** The last roster a site was told: no names, no verifiers, no ids. */
export type Told = Static<typeof TOLD>

/** What was told to each site, in one file, written whole or not at all. */
export interface ToldRosters {
  readonly of: (site: NodeId) => Told | null
  /** Answers why it could not be written, such as a full disk; `null` when it was. */
  readonly keep: (site: NodeId, told: Told) => string | null
}

/** A file that cannot be read is begun anew: versions follow the clock, and nodes say what they have heard. */
export const openToldRosters = (folder: Pick<KeyFolder, 'has' | 'text' | 'write'>): ToldRosters => {
  let sites: ReadonlyMap<NodeId, Told> = new Map(folder.has(FILE) ? rowsOf(folder.text(FILE, () => '[]')) : [])
  return {
    of: (site) => sites.get(site) ?? null,
    keep: (site, told) => {
      const known = sites.get(site)
      if (known?.version === told.version && known.digest === told.digest) return null
      const next = new Map(sites).set(site, told)
      try {
        folder.write(FILE, `${JSON.stringify([...next])}\n`)
      } catch (cause) {
        return String(cause)
      }
      sites = next
      return null
    },
  }
}

const rowsOf = (text: string): readonly (readonly [NodeId, Told])[] => {
  try {
    const rows: unknown = JSON.parse(text)
    return check.Check(rows) ? (rows as readonly (readonly [NodeId, Told])[]) : []
  } catch {
    return []
  }
}

const FILE = 'rosters.json'
const check = Compile(Type.Array(Type.Tuple([Type.String(), TOLD])))
