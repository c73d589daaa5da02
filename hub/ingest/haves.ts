import { HAVE_MS } from '@lotkeeper/protocol/ledger/sender.ts'
import { type EpochTip, type Tip, tipsToTell } from '@lotkeeper/protocol/ledger/stream.ts'
import { type NodeId, STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { HAVE } from '@lotkeeper/protocol/wire/have.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { Broker } from '../broker/broker.ts'
import type { HubLedger, HubTip, Outcome } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'

/** Tells each connected node what the hub holds: at once after something changed, then paced, and now and then unasked. */
export interface Haves {
  /** The node must be told soon. */
  readonly due: (node: NodeId) => void
  /** The node hears us from now on; it is told first when it speaks. */
  readonly listening: (node: NodeId) => void
  /** The node spoke; if it was told nothing yet, it is told now. */
  readonly greet: (node: NodeId) => void
  /** The node brought something: if it was asked for a damaged text, this is its answer. */
  readonly came: (outcome: Outcome) => void
  readonly gone: (node: NodeId) => void
}

/** A have is told unasked this often, give or take a fifth, so that nodes do not speak in chorus. */
export const HEARTBEAT_MS = 10_000
/** A node that had no better text for a hole is asked again after this time: another hub, or a copy of its card, may have given it back. */
export const ASK_AGAIN_MS = 3_600_000
/** As many tips as one message may carry. */
const TIPS_MAX = 256

export const openHaves = (
  parts: Pick<HubParts, 'clock' | 'timers' | 'random'>,
  ledger: Pick<HubLedger, 'tips' | 'passed'>,
  broker: Pick<Broker, 'publish'>,
  waitingFor: (node: NodeId) => number,
  failed: (why: unknown) => void,
): Haves => {
  const nodes = new Map<NodeId, Teller>()
  let told = 0

  const tell = async (node: NodeId): Promise<void> => {
    const passed = (await ledger.passed(node)).map(streamOfNode)
    const held = await ledger.tips([streamOfNode(node), STREAM_TO_ALL, streamToNode(node), ...passed])
    const teller = nodes.get(node)
    if (!teller) return
    told += 1
    const at = new Date(parts.clock.now()).toISOString()
    const asking = held.map((tip) => (tip.stream === streamOfNode(node) ? askFor(teller, tip, parts.clock.monotonic()) : tip))
    const body = { tips: [...tipsOf(asking)], at, waiting: waitingFor(node) }
    broker.publish(topicOf('downHave', node), HAVE.write({ id: `have-${told}`, source: '/hub', time: at }, body))
  }
  const beat = (node: NodeId) => {
    const teller = nodes.get(node)
    if (!teller) return
    teller.beat()
    const ms = HEARTBEAT_MS * (0.8 + 0.4 * parts.random.fraction())
    teller.beat = parts.timers.after(ms, () => due(node))
  }
  const due = (node: NodeId): void => {
    const teller = nodes.get(node)
    if (!teller || teller.scheduled) return
    teller.scheduled = true
    const waitMs = Math.max(0, teller.lastMs + HAVE_MS - parts.clock.monotonic())
    const run = () => {
      teller.scheduled = false
      teller.lastMs = parts.clock.monotonic()
      tell(node).then(() => beat(node), failed)
    }
    if (waitMs === 0) run()
    else teller.pause = parts.timers.after(waitMs, run)
  }
  const gone = (node: NodeId) => {
    const teller = nodes.get(node)
    nodes.delete(node)
    teller?.beat()
    teller?.pause()
  }
  return {
    due,
    listening: (node) => {
      gone(node)
      nodes.set(node, {
        scheduled: false,
        lastMs: Number.NEGATIVE_INFINITY,
        beat: NOTHING,
        pause: NOTHING,
        asked: new Map(),
        vain: new Map(),
      })
    },
    greet: (node) => {
      if (nodes.get(node)?.lastMs === Number.NEGATIVE_INFINITY) due(node)
    },
    came: ({ node, stream, epoch, from, upto }) => {
      const teller = nodes.get(node)
      const seq = teller?.asked.get(epoch ?? '')
      if (!teller || epoch === null || seq === undefined || stream !== streamOfNode(node) || seq < from || seq > upto) return
      teller.asked.delete(epoch)
      // Had it brought the text, there would be no hole to ask for.
      teller.vain.set(`${epoch}/${seq}`, parts.clock.monotonic())
    },
    gone,
  }
}

interface Teller {
  scheduled: boolean
  lastMs: number
  beat: () => void
  pause: () => void
  /** The hole that the node was asked to fill on this line, by epoch, and those it was asked for in vain, with the time. */
  readonly asked: Map<string, number>
  readonly vain: Map<string, number>
}
const NOTHING = () => {}

/**
 * A node may have the true text of what it once brought as a hole. It is asked for as a node asks for its own: the tip says that the hub holds what
 * stands before it (P-013).
 */
const askFor = ({ asked, vain }: Teller, tip: HubTip, nowMs: number): HubTip & { readonly asks?: true } => {
  const hole = tip.holes?.find(({ seq }) => nowMs - (vain.get(`${tip.epoch}/${seq}`) ?? Number.NEGATIVE_INFINITY) >= ASK_AGAIN_MS)
  if (!hole) return tip
  asked.set(tip.epoch, hole.seq)
  return { ...tip, held: hole.seq - 1, headHash: hole.before, asks: true }
}

/** Tips from which nothing goes on, and every epoch with a refused stretch or a text that is asked for, newest last. */
const tipsOf = (held: readonly (HubTip & { readonly asks?: true })[]): readonly Tips[] => {
  const ends = new Set<EpochTip>(tipsToTell(held))
  return held
    .filter((tip) => ends.has(tip) || tip.refused.length > 0 || tip.asks)
    .slice(-TIPS_MAX)
    .map(({ stream, epoch, held: count, headHash, applied, refused }) => ({
      stream,
      epoch,
      held: count,
      headHash,
      applied,
      refused: refused.map((mark) => ({ ...mark })),
    }))
}
type Tips = Omit<Tip, 'refused'> & { refused: { from: number; hash: string; code: string }[] }
