import type { Agreement, Consensus } from './company.ts'
import type { Side } from './thresholds.ts'
import { epochsOf, type Track, timeOf } from './track.ts'
import type { AdoptionMarks, AdoptionWeights } from './weights.ts'

/** The names of all marks. */
export const ADOPTION_MARKS = [
  ...(['agree', 'contradict', 'apart', 'half', 'share'] as const),
  ...(['right', 'wrong', 'both', 'own', 'against', 'mixed'] as const),
] as const satisfies readonly (keyof AdoptionMarks)[]

/** Reads off a track whether it was heard where the others were. */
export const adoptionMarksOf = (
  track: Track,
  { direction, atMs, mixed }: Consensus,
  beside: Agreement,
  { own, against, epochMs }: { readonly own: number; readonly against: number; readonly epochMs: number },
): AdoptionMarks => {
  const entered: Side = direction === 'in' ? 'inside' : 'outside'
  let [right, wrong, before, after] = [0, 0, 0, 0]
  const epochs = epochsOf(track)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const fromPlaneMs = timeOf(track, epoch, epochMs) + epochMs / 2 - atMs
    if (Math.abs(fromPlaneMs) < PLANE_MS) continue
    for (const side of ['inside', 'outside'] as const) {
      if (!track[side][epoch]) continue
      if ((side === entered) !== fromPlaneMs > 0) wrong += 1
      else {
        right += 1
        if (fromPlaneMs > 0) after += 1
        else before += 1
      }
    }
  }
  const { agree, contradict, apart, half, share } = beside
  const both = before > 0 && after > 0 ? 1 : 0
  return { agree, contradict, apart, half, share, right: Math.log2(1 + right), wrong: Math.log2(1 + wrong), both, own, against, mixed }
}

/** 0..1. */
export const adoptionOf = (marks: AdoptionMarks, weights: AdoptionWeights): number => {
  let score = weights.even
  for (const name of ADOPTION_MARKS) score += weights[name] * marks[name]
  return 1 / (1 + Math.exp(-score))
}

/** While the others were in the plane either side may hear it. */
const PLANE_MS = 500
