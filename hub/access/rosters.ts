import { KEEPERS_MAX } from '@lotkeeper/protocol/ledger/roster.ts'
import { type NodeId, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import {
  isRosterKeeper,
  ROSTER_ASK,
  ROSTER_TOLD,
  type Roster,
  type RosterAskBody,
  type RosterKeeper,
  type RosterTold,
  rosterDigest,
  sealedFor,
  writeRoster,
} from '@lotkeeper/protocol/wire/roster.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { Broker } from '../broker/broker.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import type { KeyFolder } from './folder.ts'
import { openNodeKeys } from './node-keys.ts'
import { sealTo } from './seal.ts'
import { openToldRosters, type Told } from './told-rosters.ts'

/**
 * Who may sign in at each node: told by a directive of ids, roles and a digest, and with names and verifiers sealed to the node that asks. A site of which
 * nobody was ever told keeps the people of its own settings.
 */
export interface Rosters {
  /** The node's line is up: what its people became meanwhile is written. */
  readonly listening: (node: NodeId) => void
  /** The node asks; anything but an ask is kept in quarantine. */
  readonly asked: (node: NodeId, payload: Uint8Array) => void
  /** Settles when nothing is under way; what the disk had no room for comes later. */
  readonly idle: () => Promise<void>
  readonly close: () => void
}

/** Where the people of a site come from. */
export interface RosterPeople {
  readonly keepersOf: (site: NodeId) => readonly RosterKeeper[]
  /** Calls when people changed, with the sites where it is known which; the answer ends it. */
  readonly follow: (listener: (sites?: readonly NodeId[]) => void) => () => void
}

export interface RosterParts {
  readonly parts: Pick<HubParts, 'crypto' | 'clock' | 'timers'>
  readonly ledger: Pick<HubLedger, 'write' | 'nodes' | 'follow' | 'quarantine' | 'openDiscrepancy'>
  readonly broker: Pick<Broker, 'publish'>
  readonly people: RosterPeople
  /** Raw Ed25519 key of the county: whose word on a node's key counts. */
  readonly countyKey: Uint8Array
  /** Remembers the versions told, beside the keys: a hub restored from an old backup goes on above them. */
  readonly folder: Pick<KeyFolder, 'has' | 'text' | 'write'>
  /** What could not be told, for the log. */
  readonly note: (what: string, facts: Readonly<Record<string, unknown>>) => void
  readonly failed: (why: unknown) => void
}

/** Opens it and writes what is due of every enrolled node. */
export const openRosters = (house: RosterParts): Rosters => {
  const { parts, ledger, people } = house
  const told = openToldRosters(house.folder)
  const keys = openNodeKeys(parts.crypto, ledger, house.countyKey)
  /** Which version certainly stands in the ledger; asked for at every start, for the ledger may be an older one than the file. */
  const standing = new Map<NodeId, Standing>()
  const turns = openTurns(house.failed)
  const asks = new Map<NodeId, RosterAskBody>()
  const answeredAt = new Map<NodeId, number>()
  const settle = async (node: NodeId, heard: number): Promise<void> => {
    const due = dueOf(house, node, { before: told.of(node), heard })
    if (due === null) return
    const { version, digest } = due.told
    if (standing.get(node)?.told.version === version) return
    if (!(await keys.all()).has(node)) return
    const unkept = told.keep(node, due.told)
    if (unkept !== null) return later(node, unkept)
    const body = { version, digest, keepers: due.roster.keepers.map(({ keeper, role }) => ({ keeper, role })) }
    const rest = { action: `roster/${node}/${version}`, part: 0, actor: null, doc: null, lines: [] }
    const written = await ledger.write([{ ...rest, stream: streamToNode(node), kind: 'roster', body }])
    if (!isRefusal(written)) standing.set(node, due)
    else later(node, written.code)
  }
  const take = (node: NodeId, heard = 0) => turns.take(() => settle(node, heard))
  let closed = false
  const later = (node: NodeId, why: string): void => {
    house.note('a roster was not written; it will be', { node, why })
    parts.timers.after(AGAIN_MS, () => closed || take(node))
  }
  const answer = async (node: NodeId): Promise<void> => {
    const ask = asks.get(node)
    asks.delete(node)
    if (!ask) return
    // A hub put back to an older state has told more than it knows: it goes on above what its node heard.
    await settle(node, Math.min(ask.told ?? 0, HEARD_MAX))
    const now = standing.get(node)
    const roster = now ? { ...now.told, sealed: ask.held === now.told.version ? null : await seal(node, ask, now) } : null
    const at = new Date(parts.clock.now()).toISOString()
    const body: RosterTold = { at, roster: roster && { version: roster.version, digest: roster.digest, sealed: roster.sealed } }
    house.broker.publish(topicOf('downRoster', node), ROSTER_TOLD.write({ id: `roster-${node}-${at}`, source: '/hub', time: at }, body))
  }
  const seal = async (node: NodeId, ask: RosterAskBody, now: Standing) => {
    const find = async () => (await keys.all()).get(node)?.find(({ key }) => key === ask.key)
    let to = await find()
    if (!to) {
      keys.forget()
      to = await find()
    }
    return to ? sealTo(to, { text: textOf(now.roster), about: sealedFor(node, now.told) }) : null
  }
  const settleAll = (): void =>
    void turns.take(async () => {
      for (const node of (await keys.all()).keys()) await settle(node, 0)
    })
  const unfollow = people.follow((sites) => {
    if (sites === undefined) settleAll()
    else for (const site of sites) take(site)
  })
  settleAll()
  return {
    listening: (node) => take(node),
    asked: (node, payload) => {
      const ask = ROSTER_ASK.read(parts.crypto.text(payload))
      if (!ask) return turns.take(() => setAside(house, node, payload))
      const now = parts.clock.monotonic()
      if (now - (answeredAt.get(node) ?? Number.NEGATIVE_INFINITY) < ANSWER_MS_MIN) return
      answeredAt.set(node, now)
      asks.set(node, ask.body)
      turns.take(() => answer(node))
    },
    idle: turns.idle,
    close: () => {
      closed = true
      unfollow()
      keys.close()
      turns.close()
    },
  }
}

/** What a node is told, and what it says in full. */
interface Standing {
  readonly told: Told
  readonly roster: Roster
}

/** What the node must have been told by now; `null`: nothing, for nobody of that site was ever kept here. */
const dueOf = (
  { parts, people, note }: RosterParts,
  node: NodeId,
  { before, heard }: { readonly before: Told | null; readonly heard: number },
): Standing | null => {
  const keepers = peopleOf(people, node, note)
  if (!before && heard === 0 && keepers.length === 0) return null
  const standingOf = ({ version, at }: Pick<Told, 'version' | 'at'>): Standing => {
    const roster = { version, at, keepers: [...keepers] }
    return { told: { version, at, digest: rosterDigest(parts.crypto, textOf(roster)) }, roster }
  }
  const same = before && before.version >= heard ? standingOf(before) : null
  if (same && same.told.digest === before?.digest) return same
  const nowMs = parts.clock.now()
  // By the clock, so that a hub that forgot what it told does not say the same number twice; and never less than before.
  const version = Math.max(nowMs, (before?.version ?? 0) + 1, heard + 1)
  return standingOf({ version, at: new Date(nowMs).toISOString() })
}

/** The people a node takes. A row that none takes is left out and told: it must not keep somebody else from being taken out. */
const peopleOf = (people: RosterPeople, node: NodeId, note: RosterParts['note']): readonly RosterKeeper[] => {
  const rows = people.keepersOf(node).map(({ keeper, name, pinHash, role }) => ({ keeper, name, pinHash, role }))
  const good = new Map(rows.filter(isRosterKeeper).map((row) => [row.keeper, row]))
  const taken = [...good.values()].toSorted((one, other) => (one.keeper < other.keeper ? -1 : 1)).slice(0, KEEPERS_MAX)
  if (taken.length < rows.length) note('people of a site were left out of its roster', { node, left: rows.length - taken.length })
  return taken
}

const textOf = (roster: Roster): string => {
  const text = writeRoster(roster)
  if (text === null) throw new TypeError('a roster of rows that were judged breaks its schema')
  return text
}

/** One thing after the other: two changes of one site must not be told in the wrong order. */
const openTurns = (failed: (why: unknown) => void) => {
  let last: Promise<void> = Promise.resolve()
  let closed = false
  return {
    take: (turn: () => Promise<void>): void => {
      last = last
        .then(() => (closed ? undefined : turn()))
        .catch((why) => {
          if (!closed) failed(why)
        })
    },
    idle: async (): Promise<void> => {
      for (let seen: Promise<void> | null = null; seen !== last; ) {
        seen = last
        await seen
      }
    },
    close: () => {
      closed = true
    },
  }
}

const setAside = async ({ parts, ledger }: RosterParts, node: NodeId, payload: Uint8Array): Promise<void> => {
  const code = 'wire.envelope-malformed'
  const atMs = parts.clock.now()
  await ledger.quarantine(node, code, payload, atMs)
  await ledger.openDiscrepancy({ kind: 'message-unreadable', site: node, subject: node, entry: null, atMs, facts: { code } })
}

/** A full disk is looked at again after so long. */
const AGAIN_MS = 30_000
/** A node asks once when its line comes up, once for each change and once an hour; more often is nobody who needs an answer. */
const ANSWER_MS_MIN = 500
/** What a node may claim to have been told: counted up from there a million times it is still a whole number. */
const HEARD_MAX = Number.MAX_SAFE_INTEGER - 1_000_000
