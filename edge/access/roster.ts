import type { RosterBody } from '@lotkeeper/protocol/ledger/roster.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { ROSTER_TOLD, type Roster, type RosterAskBody, readRoster, rosterDigest, sealedFor } from '@lotkeeper/protocol/wire/roster.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import type { RosterLine } from '../uplink/rosters.ts'
import type { Kept, KeptRoster } from './kept.ts'
import type { Unseal } from './seal.ts'

/** Someone who may sign in: an opaque id (it stands in entries), a name (it does not), and what was made of the PIN. */
export interface Keeper {
  readonly keeper: string
  readonly name: string
  readonly pinHash: string
  /** A keeper unless said otherwise. An assistant books, but sets no rule aside. */
  readonly role?: 'keeper' | 'assistant' | undefined
  /** A session begun before counts no more, ms; none: any session counts. */
  readonly sinceMs?: number
}

/** Who may sign in at this node: the people of its settings until the county tells a first roster, and from then on those of the county alone. */
export interface People {
  readonly keepers: () => readonly Keeper[]
  readonly standing: () => PeopleStanding
  /** Calls after who may sign in, or what is known of it, changed. */
  readonly follow: (listener: () => void) => () => void
}
export interface PeopleStanding {
  readonly from: 'settings' | 'county'
  /** When the county last said so, ms by the node's clock; `null` where it never did. */
  readonly checkedAtMs: number | null
  /** False while the names of the newest roster are still on their way: who left is out, who came is not in yet. */
  readonly complete: boolean
}

/** The people as the county tells them, and the line's end for it. */
export interface CountyPeople extends People {
  readonly line: RosterLine
  readonly close: () => void
}

export interface PeopleParts {
  readonly node: NodeId
  readonly clock: Pick<EdgeParts['clock'], 'now'>
  readonly crypto: EdgeParts['crypto']
  readonly ledger: Pick<EdgeLedger, 'follow'> & { readonly read: Pick<EdgeLedger['read'], 'roster'> }
  readonly kept: KeptRoster
  readonly unseal: Unseal
  /** Id of the node's signing key, to which it lets itself be sealed. */
  readonly key: string
  /** Those of the settings. */
  readonly settled: readonly Keeper[]
  /** What a person should see in the log. */
  readonly note: (what: string, facts: Readonly<Record<string, unknown>>) => void
}

export const openPeople = (parts: PeopleParts): CountyPeople => {
  const { clock, ledger } = parts
  const listeners = new Set<() => void>()
  let kept = parts.kept.read()
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  const keep = (next: Kept): void => {
    kept = { ...next, since: sinceOf(kept, next, clock.now()) }
    const why = parts.kept.write(kept)
    if (why !== null) parts.note('who may sign in could not be written down', { why })
    tell()
  }
  /** The ledger's word, unless a higher one was heard: an old image of the card forgets who was taken out. */
  const heed = (): void => {
    const told = ledger.read.roster()
    if (told && told.version > (kept.told?.version ?? 0)) keep({ ...kept, told, roster: without(kept.roster, told) })
  }
  heed()
  const leave = ledger.follow(({ entries }) => {
    if (entries.some(({ entry }) => entry.kind === 'roster')) heed()
  })
  const line: RosterLine = {
    ask: (): RosterAskBody => ({ told: kept.told?.version ?? null, held: kept.roster?.version ?? null, key: parts.key }),
    isComplete: () => isComplete(kept),
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    take: (payload) => {
      const told = ROSTER_TOLD.read(payload)?.body.roster ?? null
      // What is older than the chain's last word is a replay, what is newer comes again when the chain says so.
      if (!told || told.version !== kept.told?.version || told.digest !== kept.told.digest) return
      const roster = told.sealed ? opened(parts, kept.told, told.sealed) : held(kept)
      if (roster) keep({ ...kept, roster, checkedAt: new Date(clock.now()).toISOString() })
      else if (told.sealed) parts.note('a roster could not be opened', { version: told.version, key: told.sealed.key })
    },
  }
  return {
    keepers: () => (kept.told ? countyKeepers(kept) : parts.settled),
    standing: () => ({
      from: kept.told ? 'county' : 'settings',
      checkedAtMs: kept.checkedAt === null ? null : Date.parse(kept.checkedAt),
      complete: isComplete(kept),
    }),
    follow: line.follow,
    line,
    close: leave,
  }
}

/** The people of the settings, where no county can speak of any: a node that is not enrolled. */
export const openSettledPeople = (keepers: readonly Keeper[]): People => ({
  keepers: () => keepers,
  standing: () => ({ from: 'settings', checkedAtMs: null, complete: true }),
  follow: () => () => {},
})

const isComplete = ({ told, roster }: Kept): boolean => !told || (roster?.version ?? 0) >= told.version

/** Who was taken out is also gone from the disk, at once. */
const without = (roster: Roster | null, { keepers }: RosterBody): Roster | null =>
  roster && { ...roster, keepers: roster.keepers.filter((one) => keepers.some(({ keeper }) => keeper === one.keeper)) }

const held = (kept: Kept): Roster | null => (kept.roster?.version === kept.told?.version ? kept.roster : null)

const opened = ({ node, crypto, unseal }: PeopleParts, told: RosterBody, sealed: Parameters<Unseal>[0]): Roster | null => {
  const text = unseal(sealed, sealedFor(node, told))
  const roster = text === null ? null : readRoster(text)
  return text !== null && roster?.version === told.version && rosterDigest(crypto, text) === told.digest ? roster : null
}

/** Those of whom the newest directive knows, in the role it gives them, with the names and verifiers that came so far. */
const countyKeepers = ({ told, roster, since }: Kept): readonly Keeper[] => {
  const roles = new Map(told?.keepers.map(({ keeper, role }) => [keeper, role]))
  return (roster?.keepers ?? []).flatMap(({ keeper, name, pinHash }) => {
    const role = roles.get(keeper)
    return role ? [{ keeper, name, pinHash, role, sinceMs: since[keeper] ?? Number.MAX_SAFE_INTEGER }] : []
  })
}

/** Who stays with the PIN he had keeps his sessions; whoever is new, is back, or has another PIN signs in anew. */
const sinceOf = (before: Kept, next: Kept, nowMs: number): Kept['since'] => {
  const known = new Map(countyKeepers(before).map((one) => [one.keeper, one]))
  const still = (one: Keeper) => known.get(one.keeper)?.pinHash === one.pinHash
  return Object.fromEntries(countyKeepers(next).map((one) => [one.keeper, still(one) ? (before.since[one.keeper] ?? nowMs) : nowMs]))
}
