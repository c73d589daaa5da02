/**
 * What a door's antennas hear when somebody walks through: passages of one moment are one walk, so a cart of 200 tags is one opinion and not 200.
 * Pure; the same passages give the same figures.
 */
export interface DoorFigures {
  /** Walks that are over, oldest first; the last ones only. */
  readonly walks: readonly Walk[]
  /** Passages of the walk that may still go on. */
  readonly open: readonly Crossing[]
  /** Tags that were heard close by and of which no passage came; oldest first, the last ones only. */
  readonly visits: readonly Walk[]
  /** The first walks and visits: how many of those who come near usually cross, and how the sides compare then. */
  readonly early: readonly Walk[]
  /** By `reader:port`. */
  readonly antennas: Readonly<Record<string, AntennaFigures>>
  /** What the books said to the last decided passages they could judge, oldest first. */
  readonly words: readonly { readonly atMs: number; readonly says: 'agrees' | 'contradicts' }[]
  /** Tags whose place the books may have wrong: they contradicted them once, or passed undecided. What they do next says nothing of the door. */
  readonly doubted: readonly string[]
}

/** One passage as the health of a door sees it; times in ms since 1970. */
export interface Crossing {
  readonly epc: string
  readonly atMs: number
  readonly decided: boolean
  /** By `reader:port`; who heard nothing is not named. */
  readonly heard: Readonly<Record<string, Heard>>
  /** Readers that were not reading then: what they did not hear says nothing of them. */
  readonly away: readonly string[]
  /** Whether the books agree with the direction; `nothing` where they cannot tell. */
  readonly says: 'agrees' | 'contradicts' | 'nothing'
}

/** What one antenna heard of a tag, or in the middle of the tags of a walk; the loudest level in dBm, `null` where the family tells none. */
export interface Heard {
  readonly reads: number
  readonly peakDbm: number | null
}

export interface Walk {
  readonly atMs: number
  readonly tags: number
  readonly decided: boolean
  readonly heard: Readonly<Record<string, Heard>>
  readonly away: readonly string[]
}

export interface AntennaFigures {
  /** What the figures hold for: family, power, side. With another setup they begin anew. */
  readonly setup: string
  readonly begunAtMs: number
  /** The first walks, until there are enough of them. */
  readonly learning: readonly Share[]
  readonly usual: Usual | null
}

/** One antenna's part of a walk: its own figures, and against the others, which a fast walker or a full cart changes as well. */
export interface Share extends Heard {
  /** Of the reads of all antennas, 0..1. */
  readonly share: number
  /** How much louder than the loudest of the other side, dB. */
  readonly leadDb: number | null
}

export interface Usual extends Share {
  /** What it was learnt with: the usual follows the seasons, but not a slow death. */
  readonly first: Share
  readonly walks: number
}

/** An antenna of a door as the settings have it. */
export interface DoorAntenna {
  /** `reader:port` */
  readonly antenna: string
  readonly reader: string
  readonly port: number
  readonly side: 'inside' | 'outside'
  readonly setup: string
  /** What is shown of a level in place of dBm, where the family's number has no unit. */
  readonly strengthOf?: (levelDb: number) => number
}

export const NO_FIGURES: DoorFigures = { walks: [], open: [], visits: [], early: [], antennas: {}, words: [], doubted: [] }

/** The figures after one more passage. Answers the walk it ended, if it ended one. */
export const learnCrossing = (
  figures: DoorFigures,
  antennas: readonly DoorAntenna[],
  crossing: Crossing,
): { readonly figures: DoorFigures; readonly ended: readonly Crossing[] } => {
  const first = figures.open[0]
  const goesOn = first !== undefined && Math.abs(crossing.atMs - first.atMs) <= WALK_MS
  const { figures: before, ended } = goesOn ? { figures, ended: [] } : endWalk(figures, antennas)
  return { figures: { ...before, ...hearWord(before, crossing), open: [...before.open, crossing].slice(-TAGS_MAX) }, ended }
}

const hearWord = ({ words, doubted }: DoorFigures, { epc, atMs, says, decided }: Crossing): Pick<DoorFigures, 'words' | 'doubted'> => {
  if (doubted.includes(epc)) return { words, doubted }
  const heard = says === 'nothing' ? words : [...words, { atMs, says }].slice(-WORDS_KEPT)
  return { words: heard, doubted: says === 'contradicts' || !decided ? [...doubted, epc].slice(-TAGS_MAX) : doubted }
}

/** The figures after a tag left without a passage; one from afar is nobody's fault. */
export const learnVisit = (figures: DoorFigures, antennas: readonly DoorAntenna[], visit: Omit<Crossing, 'says'>): DoorFigures => {
  const heard = antennas.filter(({ antenna }) => visit.heard[antenna] !== undefined)
  const isNear = heard.some(({ antenna }) => {
    const { reads, peakDbm } = visit.heard[antenna] ?? { reads: 0, peakDbm: null }
    const usual = figures.antennas[antenna]?.usual ?? null
    return peakDbm === null ? reads >= (usual?.reads ?? NEAR_READS * 2) / 2 : peakDbm >= (usual?.peakDbm ?? NEAR_DBM) - NEAR_BELOW_DB
  })
  if (!isNear) return figures
  const { atMs, away } = visit
  const before = figures.visits.filter((one) => Math.abs(one.atMs - atMs) > WALK_MS)
  const doubted = figures.doubted.includes(visit.epc) ? figures.doubted : [...figures.doubted, visit.epc].slice(-TAGS_MAX)
  const one: Walk = { atMs, tags: 1, decided: false, heard: visit.heard, away }
  return { ...figures, doubted, early: learnEarly(figures.early, one), visits: [...before, one].slice(-WALKS_KEPT) }
}

const learnEarly = (early: readonly Walk[], one: Walk): readonly Walk[] =>
  early.length < LEARN_WALKS && one.away.length === 0 ? [...early, one] : early

/** Ends the walk that is going on: its figures are learnt. */
export const endWalk = (
  figures: DoorFigures,
  antennas: readonly DoorAntenna[],
): { readonly figures: DoorFigures; readonly ended: readonly Crossing[] } => {
  const walk = openWalk(figures)
  if (walk === null) return { figures, ended: [] }
  const learnt = antennas.flatMap((one) => {
    const known = figures.antennas[one.antenna]
    const before = known?.setup === one.setup ? known : begin(one, walk.atMs)
    const after = learnWalk(before, figures, { walk, antennas, one })
    return after.learning.length > 0 || after.usual !== null || known !== undefined ? [[one.antenna, after] as const] : []
  })
  const walks = [...figures.walks, walk].slice(-WALKS_KEPT)
  const isSame = antennas.every((one) => (figures.antennas[one.antenna]?.setup ?? one.setup) === one.setup)
  const early = learnEarly(isSame ? figures.early : [], walk)
  return { figures: { ...figures, walks, early, open: [], antennas: Object.fromEntries(learnt) }, ended: figures.open }
}

/** Whether the walk that is going on must be over. */
export const isWalkOver = ({ open }: DoorFigures, nowMs: number): boolean => Math.abs(nowMs - (open[0]?.atMs ?? nowMs)) > WALK_MS

/** Work on an antenna: what was usual holds no longer, and walks from before say nothing. */
export const beginAnew = (figures: DoorFigures, touched: readonly DoorAntenna[], atMs: number): DoorFigures => ({
  ...{
    walks: figures.walks.filter((walk) => walk.atMs > atMs),
    visits: figures.visits.filter((visit) => visit.atMs > atMs),
    open: figures.open.filter((one) => one.atMs > atMs),
  },
  words: figures.words.filter((word) => word.atMs > atMs),
  ...{ doubted: [], early: [] },
  antennas: { ...figures.antennas, ...Object.fromEntries(touched.map((one) => [one.antenna, begin(one, atMs)])) },
})

/** The last walks, newest first, the one that is going on included; of a reader those in which it was reading. */
export const lastWalks = (figures: DoorFigures, count: number, reader?: string): readonly Walk[] => {
  const open = openWalk(figures)
  const walks = (open ? [...figures.walks, open] : figures.walks).filter(({ away }) => reader === undefined || !away.includes(reader))
  return walks.slice(-count).toReversed()
}

/** Everybody who came near, walks and visits, newest first. */
export const lastNear = (figures: DoorFigures, count: number, reader: string): readonly Walk[] =>
  [...lastWalks(figures, count, reader), ...figures.visits.filter(({ away }) => !away.includes(reader))]
    .toSorted((one, other) => other.atMs - one.atMs)
    .slice(0, count)

/** An antenna's part of a walk; nothing heard is a part of nothing. */
export const shareOf = (walk: Walk, antennas: readonly DoorAntenna[], { antenna, side }: DoorAntenna): Share => {
  const { reads, peakDbm } = walk.heard[antenna] ?? { reads: 0, peakDbm: null }
  const all = Object.values(walk.heard).reduce((sum, heard) => sum + heard.reads, 0)
  const others = antennas.flatMap((other) => (other.side === side ? [] : (walk.heard[other.antenna]?.peakDbm ?? [])))
  const leadDb = peakDbm === null || others.length === 0 ? null : peakDbm - Math.max(...others)
  return { reads, peakDbm, share: all === 0 ? 0 : reads / all, leadDb }
}

/** The middle of some figures; `null` of none. */
export const median = (figures: readonly (number | null)[]): number | null => {
  const sorted = figures.filter((one) => one !== null).toSorted((one, other) => one - other)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

const begin = ({ setup }: DoorAntenna, begunAtMs: number): AntennaFigures => ({ setup, begunAtMs, learning: [], usual: null })

const openWalk = ({ open }: DoorFigures): Walk | null => {
  const [first] = open
  if (first === undefined) return null
  const names = new Set(open.flatMap(({ heard }) => Object.keys(heard)))
  const heard = [...names].map((name) => {
    const parts = open.flatMap((one) => one.heard[name] ?? [])
    // A tag this antenna did not hear counts as none, or a cart of which it heard one tag well would look sound.
    const reads = open.map((one) => one.heard[name]?.reads ?? 0)
    return [name, { reads: median(reads) ?? 0, peakDbm: median(parts.map(({ peakDbm }) => peakDbm)) }] as const
  })
  const away = [...new Set(open.flatMap((one) => one.away))]
  return { atMs: first.atMs, tags: open.length, decided: open.some(({ decided }) => decided), heard: Object.fromEntries(heard), away }
}

const learnWalk = (
  before: AntennaFigures,
  figures: DoorFigures,
  at: { readonly walk: Walk; readonly antennas: readonly DoorAntenna[]; readonly one: DoorAntenna },
): AntennaFigures => {
  // An undecided walk may be somebody in the corridor; it judges nobody.
  if (!at.walk.decided || at.walk.heard[at.one.antenna] === undefined) return before
  const share = shareOf(at.walk, at.antennas, at.one)
  if (before.usual !== null) return { ...before, usual: follow(before.usual, share, figures, at) }
  const learning = [...before.learning, share]
  return learning.length < LEARN_WALKS ? { ...before, learning } : { ...before, learning: [], usual: usualOf(learning) }
}

const usualOf = (learning: readonly Share[]): Usual => {
  const of = (name: keyof Share) => median(learning.map((one) => one[name]))
  const first = { reads: of('reads') ?? 0, share: of('share') ?? 0, leadDb: of('leadDb'), peakDbm: of('peakDbm') }
  return { ...first, first, walks: learning.length }
}

/** What is usual follows slowly, step by step towards the walk's side; not while the last walks lie clearly below, or a weak antenna would become its own measure. */
const follow = (
  usual: Usual,
  share: Share,
  figures: DoorFigures,
  { antennas, one }: { readonly antennas: readonly DoorAntenna[]; readonly one: DoorAntenna },
): Usual => {
  const recent = median(lastWalks(figures, RECENT_WALKS, one.reader).map((walk) => shareOf(walk, antennas, one).peakDbm))
  if (usual.peakDbm !== null && recent !== null && usual.peakDbm - recent > STEADY_DB) return usual
  const { first } = usual
  return {
    reads: followed(usual.reads, share.reads, { by: usual.reads * STEP_SHARE, least: first.reads * STEADY_SHARE }) ?? usual.reads,
    share: followed(usual.share, share.share, { by: usual.share * STEP_SHARE, least: first.share * STEADY_SHARE }) ?? usual.share,
    leadDb: followed(usual.leadDb, share.leadDb, { by: STEP_DB, least: (first.leadDb ?? 0) - STEADY_DB }),
    peakDbm: followed(usual.peakDbm, share.peakDbm, { by: STEP_DB, least: (first.peakDbm ?? 0) - STEADY_DB }),
    first,
    walks: usual.walks + 1,
  }
}

/** A small step towards a figure, down to a floor. */
const followed = (from: number | null, to: number | null, { by, least }: { readonly by: number; readonly least: number }): number | null =>
  from === null || to === null ? from : Math.max(least, from + Math.sign(to - from) * Math.min(by, Math.abs(to - from)))

/** Whoever walks through a door is through after three seconds; the next one comes later. */
const WALK_MS = 3_000
/** Walks a verdict looks back on; a busy door has them in a morning. */
const WALKS_KEPT = 20
/** A median of thirty holds against a third of odd ones. */
export const LEARN_WALKS = 30
const RECENT_WALKS = 10
/** The books must speak against a door five times of six. */
const WORDS_KEPT = 6
/** More than any cart holds. */
const TAGS_MAX = 500
/** 600 walks to follow 6 dB: weeks of a busy door. */
const STEP_DB = 0.01
const STEP_SHARE = 0.002
/** Ordinary change from walk to walk and season to season. */
const STEADY_DB = 3
/** As close as somebody who goes through, where nothing is learnt yet. */
const NEAR_DBM = -49
const NEAR_BELOW_DB = 6
const NEAR_READS = 8
const STEADY_SHARE = 0.8
