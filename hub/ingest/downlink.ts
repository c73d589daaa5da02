import { openSender, type Sender } from '@lotkeeper/protocol/ledger/sender.ts'
import { type EpochTip, stretchesToSend, type Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import { type NodeId, STREAM_TO_ALL, type StreamId, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { Broker } from '../broker/broker.ts'
import type { HubLedger, Outcome } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'

/**
 * Sends every connected node what it lacks: the hub's directives, and its own history when it lost it. A node hears nothing before it said
 * what it has; its word rules, also when it goes backwards.
 */
export interface Downlink {
  readonly listening: (node: NodeId) => void
  readonly gone: (node: NodeId) => void
  readonly told: (node: NodeId, tips: readonly Tip[]) => void
  /** The node sent us this itself, so it certainly has it, whatever it said before. */
  readonly came: (outcome: Outcome) => void
  readonly grown: (streams: readonly StreamId[]) => void
  /** The node's side took a batch off the broker. */
  readonly acknowledged: (node: NodeId) => void
  /** Entries of the hub's own that the node is not known to hold. */
  readonly waiting: (node: NodeId) => number
}

export const openDownlink = (
  parts: Pick<HubParts, 'clock' | 'timers'>,
  ledger: Pick<HubLedger, 'tips' | 'batch' | 'passed' | 'openDiscrepancy'>,
  broker: Pick<Broker, 'publish'>,
  failed: (why: unknown) => void,
): Downlink => {
  const nodes = new Map<NodeId, Peer>()

  const send = async (node: NodeId, peer: Peer): Promise<void> => {
    if (!peer.tips) return
    peer.passed = await ledger.passed(node)
    const held = await ledger.tips(streamsOf(node, peer))
    peer.held = held
    // What came meanwhile is newer than the node's last word (H-008).
    const { said, brought } = wordOf(peer)
    peer.sender.told(said, brought)
    for (let next = peer.sender.next(held, nowMs()); next; next = peer.sender.next(held, nowMs())) {
      const batch = await ledger.batch(next)
      if (!batch || nodes.get(node) !== peer) return
      const time = new Date(parts.clock.now()).toISOString()
      broker.publish(topicOf('downLog', node), writeBatch(batch, { source: '/hub', time }))
      peer.sender.sent({ stream: batch.stream, epoch: batch.epoch, from: batch.from, upto: batch.upto }, nowMs())
    }
    const againMs = peer.sender.resendIn(held, nowMs())
    peer.again()
    if (againMs !== null && nodes.get(node) === peer) peer.again = parts.timers.after(Math.max(againMs, AGAIN_MS_MIN), () => pump(node))
  }
  const nowMs = () => parts.clock.monotonic()
  /** One sending at a time per node; what happens meanwhile is looked at once more afterwards. */
  const pump = (node: NodeId): void => {
    const peer = nodes.get(node)
    if (!peer) return
    if (peer.busy) {
      peer.more = true
      return
    }
    peer.busy = true
    send(node, peer)
      .then(() => {
        peer.busy = false
        if (!peer.more) return
        peer.more = false
        pump(node)
      })
      .catch(failed)
  }
  /** A lost tail is named before it is given back: a hub that dies in between would have mended it in silence. */
  const judge = (node: NodeId, peer: Peer): void => {
    const { tips } = peer
    if (!tips?.some(({ stream }) => stream === streamOfNode(node))) return
    judgeTail(parts, ledger, node, () => wordOf(peer))
      .then((known) => {
        if (!known || nodes.get(node) !== peer || peer.tips !== tips) return
        peer.ownTold = true
        pump(node)
      })
      .catch(failed)
  }
  const gone = (node: NodeId) => {
    nodes.get(node)?.again()
    nodes.delete(node)
  }
  return {
    listening: (node) => {
      gone(node)
      nodes.set(node, {
        sender: openSender(),
        tips: null,
        own: new Map(),
        ownTold: false,
        passed: [],
        held: [],
        busy: false,
        more: false,
        again: NOTHING,
      })
    },
    gone,
    told: (node, tips) => {
      const peer = nodes.get(node)
      if (!peer) return
      peer.tips = tips
      for (const [epoch, { atMs }] of peer.own) if (nowMs() - atMs >= OVERTAKEN_MS) peer.own.delete(epoch)
      peer.ownTold = false
      judge(node, peer)
      pump(node)
    },
    came: ({ node, stream, epoch, upto, taken }) => {
      if (taken > 0) for (const [heir, { passed }] of nodes) if (passed.includes(node)) pump(heir)
      const peer = nodes.get(node)
      if (!peer || stream !== streamOfNode(node) || epoch === null) return
      const held = Math.max(peer.own.get(epoch)?.held ?? 0, upto)
      peer.own.set(epoch, { stream, epoch, held, headHash: '', applied: held, refused: [], atMs: nowMs() })
      if (!peer.ownTold) judge(node, peer)
    },
    grown: (streams) => {
      for (const node of nodes.keys()) if (streams.includes(STREAM_TO_ALL) || streams.includes(streamToNode(node))) pump(node)
    },
    acknowledged: (node) => {
      nodes.get(node)?.sender.taken()
      pump(node)
    },
    waiting: (node) => {
      const peer = nodes.get(node)
      return peer ? peer.sender.waiting(peer.held.filter(({ stream }) => stream !== streamOfNode(node))) : 0
    },
  }
}

interface Peer {
  readonly sender: Sender
  /** The node's last word; nothing is sent before it. */
  tips: readonly Tip[] | null
  /** What the node sent us of its own stream since it came, by epoch, and when: newer than its word for a while. */
  readonly own: Map<string, Tip & { readonly atMs: number }>
  /** Whether its last word spoke of its own stream and was judged; only then can something of it be missing. */
  ownTold: boolean
  /** Nodes whose places passed to it: it is sent what they wrote. */
  passed: readonly NodeId[]
  held: readonly EpochTip[]
  busy: boolean
  more: boolean
  again: () => void
}
const NOTHING = () => {}
/** What a peer certainly holds: what it said, and what it sent since it said so (H-008), which says nothing of what it did not send. */
const wordOf = ({ tips, own }: Peer): Word => ({ said: tips ?? [], brought: [...own.values()] })
interface Word {
  readonly said: readonly Tip[]
  readonly brought: readonly Tip[]
}
/**
 * A word that was overtaken by entries arrives within this time. One that comes later was said after them and rules, also when it names less: a
 * card forgets, and what came under the node's name need not be of this machine (H-008).
 */
const OVERTAKEN_MS = 10_000
/** A stretch that cannot be sent now (no seal ends in it yet) must not be asked for in a circle. */
const AGAIN_MS_MIN = 100

const streamsOf = (node: NodeId, { ownTold, passed }: Peer): readonly StreamId[] => [
  STREAM_TO_ALL,
  streamToNode(node),
  ...(ownTold ? [streamOfNode(node)] : []),
  ...passed.map(streamOfNode),
]

/**
 * A node that lacks entries of its own which the hub holds lost its tail (an old image, a new card): it gets them back, and a person is told.
 * Answers `false` where that cannot be told yet: the disk has no room for it, or the node speaks of an epoch of which the hub has nothing, or of one
 * that goes on from such an epoch, so nobody here knows what that in turn goes on from.
 */
const judgeTail = async (
  parts: Pick<HubParts, 'clock'>,
  ledger: Pick<HubLedger, 'tips' | 'openDiscrepancy'>,
  node: NodeId,
  wordNow: () => Word,
): Promise<boolean> => {
  const held = await ledger.tips([streamOfNode(node)])
  // Asked only now: what was taken while the ledger answered, the node has.
  const { said, brought } = wordNow()
  const tips = [...said, ...brought]
  const strange = tips.some((tip) => tip.stream === streamOfNode(node) && tip.held > 0 && !isRooted(tip.epoch, held))
  if (strange) return false
  for (const { epoch, from: lacking, upto } of stretchesToSend(held, said, brought)) {
    // What took effect there is not lost: a damaged text is asked back, and the rows beyond it with it (P-013).
    const from = Math.max(lacking, 1 + Math.max(0, ...tips.flatMap((tip) => (tip.epoch === epoch ? tip.applied : []))))
    if (from > upto) continue
    const facts = { epoch, from, upto }
    const subject = `${node} ${epoch}/${from}`
    const named = await ledger.openDiscrepancy({ kind: 'lost-tail', site: node, subject, entry: null, atMs: parts.clock.now(), facts })
    if (!named) return false
  }
  return true
}

/** Whether an epoch and all that it goes on from are known here; one that is refused from its first entry on is known by name only. */
const isRooted = (epoch: string, held: readonly EpochTip[]): boolean => {
  const known = new Map(held.flatMap((tip) => (tip.held > 0 ? [[tip.epoch, tip] as const] : [])))
  for (let at: string | undefined = epoch; at !== undefined; ) {
    const tip = known.get(at)
    if (!tip) return false
    // Each is looked at once, whatever a forger writes as its parent.
    known.delete(at)
    at = tip.parent?.epoch
  }
  return true
}
