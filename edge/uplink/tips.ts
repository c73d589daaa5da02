import { type EpochTip, type Tip, tipsToTell } from '@lotkeeper/protocol/ledger/stream.ts'
import { type NodeId, STREAM_TO_ALL, type StreamId, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import type { HaveBody } from '@lotkeeper/protocol/wire/have.ts'

/** What the hub refuses of this node's stream. */
export interface RefusedStretch {
  readonly epoch: string
  readonly from: number
  readonly code: string
  readonly at: number
}

/** Streams a node holds: its own, what the hub tells it and everybody, and those of nodes whose places passed to it. */
export const streamsOf = (node: NodeId, passed: readonly NodeId[]): readonly StreamId[] => [
  streamOfNode(node),
  streamToNode(node),
  STREAM_TO_ALL,
  ...passed.map(streamOfNode),
]

/** A tip as it stands in a `have`. */
export const toldTip = ({
  stream,
  epoch,
  held,
  headHash,
  applied,
  refused,
}: EpochTip & Pick<Tip, 'refused'>): HaveBody['tips'][number] => ({
  stream,
  epoch,
  held,
  headHash,
  applied,
  refused: refused.map((one) => ({ ...one })),
})

/**
 * The tips a node tells. A tip implies its ancestors only to a hub that knows it: of the own stream every epoch since the newest one the hub is
 * known to hold is told too, or each start would look like a lost tail (P-010). An epoch that lacks what another goes on from is told, for
 * otherwise it would be taken for whole.
 */
export const tellable = <Known extends EpochTip>(tips: readonly Known[], own: StreamId, heldByHub: Held | null): readonly Known[] => {
  const telling = new Set<EpochTip>(tipsToTell(tips))
  const mine = tips.filter((tip) => tip.stream === own)
  const known = mine.findIndex((tip) => tip.epoch === heldByHub?.epoch)
  for (const tip of mine.slice(Math.max(0, known))) telling.add(tip)
  for (const { tip } of lacking(tips)) telling.add(tip)
  return tips.filter((tip) => telling.has(tip))
}

/** Epochs of which less is held than another of the same stream goes on from: the middle of a past is missing. */
export const lacking = <Known extends EpochTip>(tips: readonly Known[]): readonly { readonly tip: Known; readonly goesOnAt: number }[] => {
  const goesOnAt = new Map<string, number>()
  for (const { stream, parent, held } of tips) {
    const name = `${stream}\n${parent?.epoch}`
    if (parent && held > 0) goesOnAt.set(name, Math.max(parent.seq, goesOnAt.get(name) ?? 0))
  }
  return tips.flatMap((tip) => {
    const at = goesOnAt.get(`${tip.stream}\n${tip.epoch}`) ?? 0
    return at > tip.held ? [{ tip, goesOnAt: at }] : []
  })
}

/** Whether a node waits for nothing of its own past: no middle is missing, no text is damaged, and the hub names nothing beyond it. */
export const isWhole = (own: readonly EpochTip[], told: readonly EpochTip[], hub: readonly Tip[]): boolean =>
  lacking(own).length === 0 &&
  own.every((tip, at) => told[at]?.held === tip.held) &&
  own.every(({ stream }) => surplusOf(own, hub, stream).length === 0)

/** Before the hub speaks again: what it held by the last word before the restart. */
export const rememberedTips = (held: Held | null, stream: StreamId): readonly Tip[] =>
  held ? [{ stream, epoch: held.epoch, held: held.seq, headHash: '', applied: held.seq, refused: [] }] : []

interface Held {
  readonly epoch: string
  readonly seq: number
}

/** The newest of our epochs that the hub holds something of. */
export const newestHeld = (tips: readonly EpochTip[], peer: readonly Tip[]): Held | null => {
  for (const { stream, epoch } of tips.toReversed()) {
    const told = peer.find((one) => one.stream === stream && one.epoch === epoch && one.held > 0)
    if (told) return { epoch, seq: told.held }
  }
  return null
}

export const refusedOf = (peer: readonly Tip[], own: StreamId, at: number): readonly RefusedStretch[] =>
  peer.flatMap((tip) => (tip.stream === own ? tip.refused.map(({ from, code }) => ({ epoch: tip.epoch, from, code, at })) : []))

/** What the hub holds of our stream and we do not; of the running epoch, for nobody else may write it, the work of a second machine. */
export const surplusOf = (
  tips: readonly EpochTip[],
  peer: readonly Tip[],
  own: StreamId,
): readonly { readonly epoch: string; readonly from: number; readonly upto: number }[] =>
  peer.flatMap((tip) => {
    const held = tips.find((one) => one.epoch === tip.epoch)?.held ?? 0
    return tip.stream === own && tip.held > held ? [{ epoch: tip.epoch, from: held + 1, upto: tip.held }] : []
  })
