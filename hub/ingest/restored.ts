import type { EpochTip, Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import { HUB, type NodeId, STREAM_TO_ALL, type StreamId, streamToNode, writerOf } from '@lotkeeper/protocol/names.ts'
import type { HubLedger, Outcome } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'

/**
 * Tells from the tips nodes name what became of this hub. Entries of the hub's own that it does not hold: it was put back to an older state, and
 * nodes give back what it lacks. Such entries that a node did not have when it spoke last: another hub of this county is alive and writes.
 */
export interface Restored {
  readonly told: (node: NodeId, tips: readonly Tip[]) => Promise<void>
  /** A node brought entries of the hub's own, which it may do before it says that it holds them. */
  readonly came: (outcome: Pick<Outcome, 'node' | 'stream' | 'epoch' | 'upto' | 'taken'>) => Promise<void>
  /** A line came up: who speaks on it is not known before its birth is heard, and two machines may share a name. */
  readonly listening: (node: NodeId) => void
  /** A birth; of a process that began `anew` what was said before is no measure. */
  readonly born: (node: NodeId, anew: boolean) => void
  readonly close: () => void
}

/** What the rest of the hub does about it. */
export interface HubStanding {
  /** The county-signed number of this hub's life, and the highest any hub of the county is known to have. */
  readonly incarnations: () => Promise<{ readonly own: number; readonly highest: number }>
  /** Takes the next number, tells nodes so, and answers it. */
  readonly raise: () => Promise<number>
}

/** So long at most the hub waits to have back what it was told of before it takes a new number. */
export const TAKE_BACK_MS = 10_000

export const openRestored = (
  parts: Pick<HubParts, 'clock' | 'timers'>,
  ledger: Pick<HubLedger, 'tips' | 'openDiscrepancy'>,
  standing: HubStanding,
  failed: (why: unknown) => void,
): Restored => {
  const said = new Map<NodeId, ReadonlyMap<string, number>>()
  const unborn = new Set<NodeId>()
  const owed = new Map<string, Pick<Tip, 'stream' | 'epoch' | 'held'>>()
  let raised = false
  let firstNode: NodeId | null = null
  let cancel = () => {}

  const raise = async (): Promise<void> => {
    const site = firstNode
    if (raised || site === null) return
    raised = true
    cancel()
    const facts = { incarnation: await standing.raise() }
    await ledger.openDiscrepancy({ kind: 'hub-restored', site, subject: 'hub', entry: null, atMs: parts.clock.now(), facts })
  }
  const lacking = async (node: NodeId, tips: readonly Tip[]): Promise<readonly Tip[]> => {
    const own = tips.filter(({ stream, held }) => writerOf(stream) === HUB && held > 0)
    if (own.length === 0) return []
    const held = heldOf(await ledger.tips([STREAM_TO_ALL, streamToNode(node)]))
    return own.filter((tip) => tip.held > (held.get(nameOf(tip)) ?? 0))
  }
  const settle = async (): Promise<void> => {
    const streams: readonly StreamId[] = [...new Set([...owed.values()].map(({ stream }) => stream))]
    const held = heldOf(streams.length > 0 ? await ledger.tips(streams) : [])
    for (const [name, tip] of owed) if ((held.get(name) ?? 0) >= tip.held) owed.delete(name)
    if (owed.size === 0) await raise()
  }
  /** Whether an epoch is one that those named go on from, or may be, as long as one of them is not held whole. */
  const isBehind = async (stream: StreamId, epoch: string, named: ReadonlyMap<string, number>): Promise<boolean> => {
    const held = await ledger.tips([stream])
    const parents = new Map(held.map((tip) => [tip.epoch, tip.parent?.epoch]))
    const heldUpto = heldOf(held)
    return [...named].some(([name, upto]) => {
      if (!name.startsWith(`${stream}\n`)) return false
      if ((heldUpto.get(name) ?? 0) < upto) return true
      let at = parents.get(name.slice(stream.length + 1))
      for (let steps = 0; at !== undefined && at !== epoch && steps < held.length; steps += 1) at = parents.get(at)
      return at === epoch
    })
  }
  const nameTwo = async (node: NodeId): Promise<void> => {
    const { own, highest } = await standing.incarnations()
    const facts = { incarnation: own, obeyed: highest }
    await ledger.openDiscrepancy({ kind: 'two-hubs', site: node, subject: 'hub', entry: null, atMs: parts.clock.now(), facts })
  }
  return {
    told: async (node, tips) => {
      if (unborn.has(node)) return
      const before = said.get(node)
      const now = heldOf(tips)
      if (before && sameHeld(before, now) && owed.size === 0) return
      said.set(node, now)
      const unknown = await lacking(node, tips)
      const fresh = unknown.filter((tip) => before !== undefined && tip.held > (before.get(nameOf(tip)) ?? 0))
      if (fresh.length > 0) await nameTwo(node)
      if (raised) return
      for (const tip of unknown) if (!fresh.includes(tip)) owed.set(nameOf(tip), tip)
      if (owed.size > 0 && firstNode === null) {
        firstNode = node
        cancel = parts.timers.after(TAKE_BACK_MS, () => void raise().catch(failed))
      }
      if (firstNode !== null) await settle()
    },
    came: async ({ node, stream, epoch, upto, taken }) => {
      const before = said.get(node)
      if (taken === 0 || stream === null || epoch === null || writerOf(stream) !== HUB || !before || unborn.has(node)) return
      const name = nameOf({ stream, epoch })
      if (upto <= (before.get(name) ?? 0)) return
      // A word names the last epochs only: what they go on from the node had too.
      if (!before.has(name) && (await isBehind(stream, epoch, before))) return
      said.set(node, new Map([...before, [name, upto]]))
      await nameTwo(node)
    },
    listening: (node) => void (said.has(node) && unborn.add(node)),
    born: (node, anew) => {
      unborn.delete(node)
      if (anew) said.delete(node)
    },
    close: () => cancel(),
  }
}

const nameOf = ({ stream, epoch }: Pick<Tip, 'stream' | 'epoch'>): string => `${stream}\n${epoch}`
const heldOf = (tips: readonly Pick<EpochTip, 'stream' | 'epoch' | 'held'>[]): ReadonlyMap<string, number> =>
  new Map(tips.filter(({ stream }) => writerOf(stream) === HUB).map((tip) => [nameOf(tip), tip.held]))
const sameHeld = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean =>
  one.size === other.size && [...one].every(([name, held]) => other.get(name) === held)
