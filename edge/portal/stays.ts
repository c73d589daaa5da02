import type { Level } from './levels.ts'
import type { PortalThresholds, Side } from './thresholds.ts'
import type { Track } from './track.ts'

/**
 * A time a tag spent on one side of the door; indexes are into the levels, both included. Between `clearFrom` and `clearTo` its side led by the
 * margin at both ends; what lies outside them was spent in the door plane, or too far away to tell.
 */
export interface Stay {
  readonly side: Side
  readonly from: number
  readonly to: number
  readonly clearFrom: number
  readonly clearTo: number
}

/** The stays of a tag in order, flutter of the levels taken out. */
export const staysOf = (track: Track, levels: readonly Level[], thresholds: PortalThresholds): readonly Stay[] => {
  let stays = rawStays(levels, thresholds.marginDb)
  while (stays.length > 1) {
    const flutter = indexOfLeast(
      stays,
      ({ from, to }) => to - from,
      (stay) => isFlutter(track, levels, stay, thresholds),
    )
    if (flutter < 0) break
    stays = without(stays, flutter)
  }
  return stays
}

/** Index of the level at which a stay's own side was loudest. */
export const loudest = (levels: readonly Level[], { side, from, to }: Stay): number => {
  let best = from
  for (let at = from; at <= to; at += 1) if ((levels[at]?.[side] ?? SILENT) > (levels[best]?.[side] ?? SILENT)) best = at
  return best
}

/** Takes one stay out; its neighbours, now on the same side, become one. */
export const without = (stays: readonly Stay[], gone: number): readonly Stay[] => {
  const flutter = stays[gone]
  const before = stays[gone - 1]
  const after = stays[gone + 1]
  if (!flutter) return stays
  const kept = [before, after].filter((stay) => stay !== undefined)
  const joined = {
    side: kept[0]?.side ?? flutter.side,
    from: before?.from ?? flutter.from,
    to: after?.to ?? flutter.to,
    clearFrom: kept[0]?.clearFrom ?? flutter.clearFrom,
    clearTo: kept.at(-1)?.clearTo ?? flutter.clearTo,
  }
  return [...stays.slice(0, Math.max(0, gone - 1)), joined, ...stays.slice(gone + 2)]
}

/** Index of the smallest of those that count, or -1. */
export const indexOfLeast = <T>(all: readonly T[], sizeOf: (one: T) => number, counts: (one: T) => boolean): number => {
  let best = -1
  all.forEach((one, at) => {
    const least = all[best]
    if (counts(one) && (least === undefined || sizeOf(one) < sizeOf(least))) best = at
  })
  return best
}

/** A side holds until the other leads by the margin; what comes before the first lead belongs to it. */
const rawStays = (levels: readonly Level[], marginDb: number): readonly Stay[] => {
  const stays: Stay[] = []
  levels.forEach(({ lead }, at) => {
    if (Math.abs(lead) < marginDb) return
    const side: Side = lead > 0 ? 'inside' : 'outside'
    const last = stays.at(-1)
    if (last?.side === side) stays[stays.length - 1] = { ...last, to: at, clearTo: at }
    else stays.push({ side, from: last ? at : 0, to: at, clearFrom: at, clearTo: at })
  })
  return stays.map((stay, at) => ({ ...stay, to: (stays[at + 1]?.from ?? levels.length) - 1 }))
}

const isFlutter = (
  track: Track,
  levels: readonly Level[],
  { side, from, to }: Stay,
  { visitMs, epochMs, readsMin }: PortalThresholds,
): boolean => {
  const first = levels[from]?.epoch ?? 0
  const last = levels[to]?.epoch ?? first
  if ((last - first + 1) * epochMs < visitMs) return true
  let reads = 0
  for (let epoch = first; epoch <= last; epoch += 1) reads += track[side][epoch]?.reads ?? 0
  return reads < readsMin
}

const SILENT = Number.NEGATIVE_INFINITY
