import type { DeviceFinding } from '@lotkeeper/protocol/rules/device-findings.ts'
import { type DoorAntenna, type DoorFigures, LEARN_WALKS, lastNear, lastWalks, median, shareOf, type Walk } from './walks.ts'

/** What a look at the figures found of one thing that may be wrong: it is so, it is not so, or too little is known to change one's mind. */
export interface Judged {
  readonly code: FindingCode
  readonly device: string
  /** Port of the reader, where one antenna is meant. */
  readonly antenna: number | null
  /** Tag that is meant. */
  readonly epc: string | null
  readonly is: 'so' | 'not' | 'unsure'
  readonly facts: Facts
}
export type FindingCode = DeviceFinding
/** Figures a sentence needs. */
export type Facts = Readonly<Record<string, number>>

/** What else a judgement of a door looks at; ms since 1970. */
export interface DoorSeen {
  readonly nowMs: number
  /** When an antenna last heard any tag; by `reader:port`. */
  readonly heardAtMs: (antenna: string) => number | null
  /** Last time each resident tag of a reader was heard. */
  readonly residents: (reader: string) => readonly number[]
  /** Whether frames come from the reader now. */
  readonly reads: (reader: string) => boolean
}

/** Judges the antennas and readers of a door. */
export const judgeDoor = (figures: DoorFigures, antennas: readonly DoorAntenna[], seen: DoorSeen): readonly Judged[] => {
  const known = knownAntennas(figures, antennas, seen)
  const dead = known.map((one) => deadOf(figures, known, one, seen))
  const weak = known.map((one) => weakOf(figures, known, one))
  const readers = [...new Set(known.map(({ reader }) => reader))]
  const deaf = readers.map((reader) => {
    const own = dead.filter(({ device }) => device === reader)
    return deafOf(reader, own, seen)
  })
  // What hears nothing is not called weak as well, and what a deaf reader does not hear is no dead antenna.
  const silent = [...dead, ...deaf].filter(({ is }) => is === 'so')
  const stillWeak = weak.map((one) => (silent.some((other) => isPart(one, other)) ? { ...one, is: 'unsure' as const } : one))
  const alone = dead.map((one) => (deaf.some((other) => other.is === 'so' && isPart(one, other)) ? { ...one, is: 'not' as const } : one))
  return [...alone, ...deaf, ...stillWeak, swappedOf(figures, antennas)]
}

/** Antennas that ever heard a tag; of a reader none of whose antennas did, the first, for that one should have. */
const knownAntennas = (figures: DoorFigures, antennas: readonly DoorAntenna[], seen: DoorSeen): readonly DoorAntenna[] => {
  const heard = antennas.filter((one) => figures.antennas[one.antenna] !== undefined || seen.heardAtMs(one.antenna) !== null)
  const silent = antennas.filter(
    (one) => !heard.some(({ reader }) => reader === one.reader) && antennas.find(({ reader }) => reader === one.reader) === one,
  )
  return [...heard, ...silent]
}

const judged = (code: FindingCode, device: string, more: Partial<Judged>): Judged => ({
  ...{ code, device, antenna: null, epc: null, is: 'unsure', facts: {} },
  ...more,
})

/** The other side hears who walks by, and this antenna hears nobody at all any more. */
const deadOf = (figures: DoorFigures, antennas: readonly DoorAntenna[], one: DoorAntenna, seen: DoorSeen): Judged => {
  const others = antennas.filter(({ side }) => side !== one.side).map(({ antenna }) => antenna)
  const heardAtMs = seen.heardAtMs(one.antenna) ?? Number.NEGATIVE_INFINITY
  const isMissed = ({ heard, atMs }: Walk) =>
    heard[one.antenna] === undefined && atMs > heardAtMs && others.some((other) => heard[other] !== undefined)
  const walks = lastWalks(figures, LOOK_BACK_WALKS, one.reader)
  const met = walks.findIndex(({ heard }) => heard[one.antenna] !== undefined)
  const missed = walks.slice(0, met === -1 ? undefined : met).filter(isMissed).length
  const sinceMs = walks[met]?.atMs ?? Number.NEGATIVE_INFINITY
  const visits = figures.visits.filter((visit) => visit.atMs > sinceMs && !visit.away.includes(one.reader) && isMissed(visit)).length
  const hears = walks.slice(0, 3).filter(({ heard }) => heard[one.antenna] !== undefined).length
  const isSo = missed + visits * VISIT_WEIGHT >= DEAD_WALKS && seen.reads(one.reader)
  return judged('antenna-dead', one.reader, {
    antenna: one.port,
    is: isSo ? 'so' : hears >= 2 || (missed + visits === 0 && heardAtMs > 0) ? 'not' : 'unsure',
    facts: { walks: missed + visits },
  })
}

/** All antennas of a reader dead at once, or everything that stands before it vanished in one moment: frames come, and no tag. */
const deafOf = (reader: string, dead: readonly Judged[], { residents, nowMs, reads }: DoorSeen): Judged => {
  if (!reads(reader)) return judged('reader-deaf', reader, {})
  const all = dead.length > 1 && dead.every(({ is }) => is === 'so')
  const seenAt = residents(reader)
  const newest = Math.max(...seenAt)
  const vanished = seenAt.length >= RESIDENTS_MIN && nowMs - newest >= VANISHED_MS && newest - Math.min(...seenAt) <= AT_ONCE_MS
  const isSingle = dead.some(({ is }) => is === 'so')
  const hears = dead.some(({ is }) => is === 'not') || (seenAt.length > 0 && nowMs - newest < VANISHED_MS)
  return judged('reader-deaf', reader, {
    is: all || (vanished && !isSingle) ? 'so' : hears ? 'not' : 'unsure',
    facts: { tags: seenAt.length, minutes: seenAt.length === 0 ? 0 : Math.round((nowMs - newest) / 60_000) },
  })
}

const isPart = (one: Judged, of: Judged): boolean => one.device === of.device && (of.antenna === null || of.antenna === one.antenna)

/** Against what is usual, and against the other side: a fast walker weakens both, a loose plug one. */
const weakOf = (figures: DoorFigures, antennas: readonly DoorAntenna[], one: DoorAntenna): Judged => {
  const usual = figures.antennas[one.antenna]?.usual ?? null
  const weak = (more: Partial<Judged>) => judged('antenna-weak', one.reader, { antenna: one.port, ...more })
  if (usual === null) return weak({ is: 'not' })
  const all = lastWalks(figures, LONG_WALKS, one.reader)
  const sure = all.filter(({ decided }) => decided)
  // Where hardly a walk is decided any more, the undecided ones are what a weak antenna makes.
  const walks = sure.length < WEAK_WALKS ? all : sure
  const lost = lostOf(figures, antennas, one)
  if (lost !== null) return weak({ is: 'so', facts: { ...lost, walks: LONG_WALKS } })
  if (walks.length < WEAK_WALKS) return weak({})
  const shares = walks.map((walk) => shareOf(walk, antennas, one))
  const of = (count: number, name: 'reads' | 'share' | 'peakDbm' | 'leadDb') => median(shares.slice(0, count).map((share) => share[name]))
  const fall = (name: 'peakDbm' | 'leadDb', count = WEAK_WALKS): number => {
    const [was, is] = [usual[name], of(count, name)]
    return was === null ? 0 : was - (is ?? was - UNHEARD_DB)
  }
  const left = (name: 'reads' | 'share'): number => (usual[name] === 0 ? 1 : (of(WEAK_WALKS, name) ?? 0) / usual[name])
  const [fallDb, leadDb] = [fall('peakDbm'), fall('leadDb')]
  const alone = leadDb >= WEAK_DB && fallDb >= WEAK_DB - 2
  const seldom = left('share') <= 0.4 && left('reads') <= 0.5
  const both = walks.length >= LONG_WALKS && fall('peakDbm', LONG_WALKS) >= WEAK_TOGETHER_DB
  const well = (leadDb < WEAK_DB / 2 || fallDb < WEAK_DB / 2) && (left('share') > 0.6 || left('reads') > 0.7) && fallDb < WEAK_DB
  const facts = {
    fallDb: Math.round(fallDb),
    left: Math.round(left('reads') * 100),
    walks: both && !alone && !seldom ? LONG_WALKS : WEAK_WALKS,
  }
  return weak({ is: alone || seldom || both ? 'so' : well ? 'not' : 'unsure', facts })
}

/**
 * A side so weak that the door sees nobody cross any more: people come near as before, nearly no passage comes of it, and this antenna fell behind the
 * other side. How far in dB, or where no levels are told in what is left of its reads, percent; `null` where it is not so.
 */
const lostOf = (figures: DoorFigures, antennas: readonly DoorAntenna[], one: DoorAntenna): Facts | null => {
  const { early } = figures
  const near = lastNear(figures, LONG_WALKS, one.reader)
  if (early.length < LEARN_WALKS || near.length < LONG_WALKS) return null
  const crossed = (walks: readonly Walk[]) => walks.filter(({ decided }) => decided).length / walks.length
  const leadOf = (walk: Walk): number | null => {
    const { leadDb, reads, peakDbm, share } = shareOf(walk, antennas, one)
    // Without levels the reads must tell: who is heard worse is heard less often.
    const inReads = share === 1 ? UNHEARD_DB : 20 * Math.log10(share / (1 - share))
    return leadDb ?? (reads === 0 ? -UNHEARD_DB : peakDbm === null ? inReads : UNHEARD_DB)
  }
  const [was, is] = [median(early.map(leadOf)), median(near.map(leadOf))]
  const isLost = crossed(early) >= CROSS_SHARE && crossed(near) <= LOST_SHARE
  if (!isLost || was === null || is === null || was - is < LOST_DB) return null
  const usual = figures.antennas[one.antenna]?.usual ?? null
  if (usual?.peakDbm != null) return { fallDb: Math.round(was - is), left: 100 }
  const reads = median(near.map((walk) => shareOf(walk, antennas, one).reads)) ?? 0
  return { fallDb: 0, left: Math.round((100 * reads) / Math.max(1, usual?.reads ?? 1)) }
}

/** The books contradict nearly every decided passage: what was announced goes out, what stands inside comes in. */
const swappedOf = ({ words }: DoorFigures, antennas: readonly DoorAntenna[]): Judged => {
  const against = words.filter(({ says }) => says === 'contradicts')
  const moments = against.filter(({ atMs }, at) => atMs - (against[at - 1]?.atMs ?? Number.NEGATIVE_INFINITY) > MOMENT_MS).length
  const isSo = against.length >= SWAPPED_WORDS && moments >= SWAPPED_MOMENTS
  return judged('antennas-swapped', antennas[0]?.reader ?? '', {
    is: isSo ? 'so' : against.length <= words.length - SWAPPED_MOMENTS || words.length === 0 ? 'not' : 'unsure',
    facts: { against: against.length, of: words.length },
  })
}

/** Five people walked by: one box hidden by a body is nothing. */
const DEAD_WALKS = 5
/** Who passes in the corridor is heard by one side too: eight of them for five who went through. */
const VISIT_WEIGHT = 5 / 8
const LOOK_BACK_WALKS = 20
const WEAK_WALKS = 10
const LONG_WALKS = 20
/** Half the level of the wave: more than a wet day or another cart. */
const WEAK_DB = 6
/** Both sides together: heavier goods do that too, so it must be much and last. */
const WEAK_TOGETHER_DB = 10
/** Of those who come near a door in use so many cross; where hardly one does any more, the door is blind. */
const CROSS_SHARE = 0.4
const LOST_SHARE = 0.1
const LOST_DB = 5
/** An antenna that hears nobody in the middle walk counts as so much below. */
const UNHEARD_DB = 20
const RESIDENTS_MIN = 3
/** A shelf that is tidied stands empty for minutes; a deaf reader stays deaf. */
const VANISHED_MS = 600_000
const AT_ONCE_MS = 60_000
const SWAPPED_WORDS = 5
/** One cart is one mistake, however many boxes lie on it. */
const SWAPPED_MOMENTS = 3
const MOMENT_MS = 10_000
