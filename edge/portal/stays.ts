import type { Level } from './levels.ts'
import type { PortalThresholds, Side } from './thresholds.ts'

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
  /** Epochs its side led, faint and narrow leads counting less; what the other side led in between is taken off. */
  readonly mass: number
}

/** The stays of a tag in order, flutter of the levels taken out. */
export const staysOf = (levels: readonly Level[], thresholds: PortalThresholds): readonly Stay[] => {
  let stays = rawStays(levels, thresholds.marginDb)
  const massMin = thresholds.visitMs / thresholds.epochMs
  while (stays.length > 1) {
    const flutter = indexOfLeast(
      stays,
      ({ mass }) => mass,
      ({ mass }) => mass < massMin || stays.length > STAYS_MAX,
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
    mass: kept.reduce((sum, { mass }) => sum + mass, -flutter.mass),
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
  const stays: { side: Side; from: number; to: number; clearFrom: number; clearTo: number; mass: number }[] = []
  levels.forEach(({ lead, share }, at) => {
    if (Math.abs(lead) < marginDb) return
    const side: Side = lead > 0 ? 'inside' : 'outside'
    const mass = share * Math.min(1, Math.abs(lead) / FULL_LEAD_DB)
    const last = stays.at(-1)
    if (last?.side === side) {
      last.clearTo = at
      last.mass += mass
    } else stays.push({ side, from: last ? at : 0, to: at, clearFrom: at, clearTo: at, mass })
  })
  stays.forEach((stay, at) => {
    stay.to = (stays[at + 1]?.from ?? levels.length) - 1
  })
  return stays
}

/** Nobody goes through a door more often within a track's memory; more changes are noise, and each costs time. */
const STAYS_MAX = 8
const SILENT = Number.NEGATIVE_INFINITY
/** A lead of this much is as good as any. */
const FULL_LEAD_DB = 10
