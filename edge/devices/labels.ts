import type { Judged } from './judge.ts'
import { type Crossing, median } from './walks.ts'

/** What is remembered of one tag: how loud it usually is, and how often in a row it was far too weak. */
export interface LabelFigures {
  readonly epc: string
  readonly atMs: number
  readonly walks: number
  /** Loudest level of a usual walk, dBm. */
  readonly usualDbm: number | null
  readonly low: number
  readonly good: number
  /** How far below it was the last low time, dB; 0 where only its reads are few. */
  readonly fallDb: number
}

/** Learns a walk that is over: each tag beside the tags that went with it, and beside its own earlier walks. */
export const learnLabels = (known: (epc: string) => LabelFigures | null, walk: readonly Crossing[]): readonly LabelFigures[] => {
  const loudest = walk.map(({ heard }) => peakOf(heard))
  const reads = walk.map(({ heard }) => Object.values(heard).reduce((sum, one) => sum + one.reads, 0))
  const many = walk.length >= COMPANY_TAGS
  const [midDbm, midReads] = many ? [median(loudest), median(reads)] : [null, null]
  // The whole cart far away or shadowed says nothing of one label: each is measured by how the others fare today.
  const today = median(walk.map(({ epc }, at) => difference(loudest[at] ?? null, known(epc)?.usualDbm ?? null))) ?? 0
  return walk.map(({ epc, atMs }, at) => {
    const before = known(epc) ?? { epc, atMs, walks: 0, usualDbm: null, low: 0, good: 0, fallDb: 0 }
    const peak = loudest[at] ?? null
    const beside = difference(midDbm, peak)
    const own = before.walks < OWN_WALKS ? null : difference(before.usualDbm, peak)
    const ownFall = own === null ? null : many ? own + Math.min(0, today) : own
    const fallDb = Math.max(beside ?? 0, ownFall ?? 0)
    const few = midReads !== null && midReads >= FEW_OF_READS && (reads[at] ?? 0) * FEW_TIMES <= midReads
    return learnt(before, { atMs, peak, isLow: fallDb >= FALL_DB || few, fallDb })
  })
}

/** The tags of a node: learnt since the start, and what the store still knew when one was first seen again. */
export const openLabels = (stored: (epc: string) => LabelFigures | null) => {
  const known = new Map<string, LabelFigures>()
  const dirty = new Set<string>()
  const of = (epc: string) => known.get(epc) ?? stored(epc)
  return {
    learn: (walk: readonly Crossing[]) => {
      for (const label of learnLabels(of, walk)) {
        known.delete(label.epc)
        known.set(label.epc, label)
        dirty.add(label.epc)
      }
      for (const epc of known.keys()) {
        if (known.size <= LABELS_MAX || dirty.has(epc)) break
        known.delete(epc)
      }
    },
    learnt: () => [...known.values()],
    dirty: () => [...dirty].flatMap((epc) => known.get(epc) ?? []),
    kept: () => dirty.clear(),
  }
}

/** Tags of these that are dying, or no longer; `reader` is whose door they pass. */
export const judgeLabels = (labels: readonly LabelFigures[], reader: string): readonly Judged[] =>
  labels.flatMap(({ epc, low, good, fallDb }) => {
    if (low === 0 && good < GOOD_TIMES) return []
    const facts = { times: low, fallDb: Math.round(fallDb) }
    const is = low >= LOW_TIMES ? ('so' as const) : good >= GOOD_TIMES ? ('not' as const) : ('unsure' as const)
    return [{ code: 'tag-dying' as const, device: reader, antenna: null, epc, is, facts }]
  })

const learnt = (
  before: LabelFigures,
  { atMs, peak, isLow, fallDb }: { readonly atMs: number; readonly peak: number | null; readonly isLow: boolean; readonly fallDb: number },
): LabelFigures => {
  if (isLow) return { ...before, atMs, walks: before.walks + 1, low: before.low + 1, good: 0, fallDb }
  const usualDbm = peak === null ? before.usualDbm : before.usualDbm === null ? peak : before.usualDbm + (peak - before.usualDbm) * FOLLOW
  // One good walk is an exception, not a recovery: what was counted stays until the second.
  const good = before.good + 1
  return { ...before, atMs, walks: before.walks + 1, usualDbm, good, low: good >= GOOD_TIMES ? 0 : before.low }
}

const peakOf = (heard: Crossing['heard']): number | null => {
  const peaks = Object.values(heard).flatMap(({ peakDbm }) => peakDbm ?? [])
  return peaks.length === 0 ? null : Math.max(...peaks)
}
const difference = (one: number | null, other: number | null): number | null => (one === null || other === null ? null : one - other)

/** With fewer companions a middle says little. */
const COMPANY_TAGS = 4
/** Walks of its own before a tag is measured by itself. */
const OWN_WALKS = 3
/** A label behind a bottle loses 6 to 10 dB; a torn aerial more, and every time. */
const FALL_DB = 12
const FEW_TIMES = 5
const FEW_OF_READS = 10
/** Where a box lies on the cart is chance; three times in a row is the label. */
const LOW_TIMES = 3
const GOOD_TIMES = 2
const FOLLOW = 0.3
/** Tags looked after at once; the store knows more. */
const LABELS_MAX = 5_000
