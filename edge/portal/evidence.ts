import type { PortalThresholds, Side } from './thresholds.ts'
import { type Track, timeOf } from './track.ts'

/** What one side heard of a tag in a span; times in ms after the passage's `from`. */
export interface SideEvidence {
  readonly reads: number
  /** dBm; `null` from a reader that tells no level. */
  readonly peak: number | null
  /** Middle of the readings in time, louder ones counting more. */
  readonly centroid: number
  readonly first: number
  readonly last: number
}

/** Why a passage was decided as it was; at most 300 bytes as JSON. */
export interface Evidence {
  readonly inside: SideEvidence | null
  readonly outside: SideEvidence | null
  readonly opposition: number | null
  readonly lead: number | null
  readonly imbalance: number | null
  /** -1..1 each, 0 where nothing is known; see `CrossingMarks`. */
  readonly motion: number
  readonly radial: number
  readonly beam: number
  /** Doublings of the tags that crossed with it; negative: the other way. */
  readonly agree: number
}

/** What a side heard between two epochs, both included; `null` if nothing. */
export const sideEvidence = (
  track: Track,
  side: Side,
  span: { readonly from: number; readonly to: number },
  { epochMs }: PortalThresholds,
): SideEvidence | null => {
  const startMs = timeOf(track, span.from, epochMs)
  let reads = 0
  let peak = Number.NEGATIVE_INFINITY
  let weight = 0
  let moment = 0
  const heard: number[] = []
  for (let epoch = span.from; epoch <= span.to; epoch += 1) {
    const cell = track[side][epoch]
    if (!cell) continue
    const at = timeOf(track, epoch, epochMs) - startMs
    // 20 dB louder counts ten times: near the antenna is when the tag is there.
    const share = cell.levels > 0 ? cell.reads * 10 ** ((cell.sumDbm / cell.levels + 60) / 20) : cell.reads
    heard.push(at)
    reads += cell.reads
    peak = Math.max(peak, cell.peakDbm)
    weight += share
    moment += share * at
  }
  const first = heard[0]
  const last = heard.at(-1)
  if (first === undefined || last === undefined) return null
  return { reads, peak: Number.isFinite(peak) ? peak : null, centroid: Math.round(moment / weight), first, last }
}
