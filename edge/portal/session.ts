import { type Carts, SEVERAL } from './carts.ts'
import type { Fellow } from './company.ts'
import type { PortalThresholds, Side } from './thresholds.ts'
import { cutMiddle, epochsOf, forgetBefore, type Track, timeOf } from './track.ts'
import {
  type Adoption,
  adoptedPassages,
  adoptionFor,
  againstCart,
  deafPassage,
  isResident,
  type Known,
  type Passage,
  passagesOf,
  returnedPassage,
  type Stillness,
  stillnessOf,
  stretchOf,
  type Verdict,
  verdictOf,
  type Who,
} from './verdict.ts'

/** A tag's time in range. */
export interface Session {
  /** `null` once it was settled: until it is gone for good only `cameFrom` is remembered. */
  track: Track | null
  /** The last reading. */
  lastMs: number
  /** When it came into range. */
  cameMs: number
  /** When it came, or last crossed while staying in range. */
  sinceMs: number
  judgedMs: number
  /** The last reading before the silence that was judged already. */
  pausedMs: number | null
  /** Where its last passage left it, if it stayed in range since. */
  cameFrom: Side | null
}

/** What a moment settled of a session; `stillness` counts when it `left` without a passage. `fellow`: what other tags are told of it now. */
export interface Settled {
  readonly passages: readonly Passage[]
  readonly left: boolean
  /** Where its passage left it, if it is surely known. */
  readonly restsAt: Side | null
  readonly stillness: Stillness | null
  readonly fellow: Fellow | null | undefined
  /** The side that should have heard it and did not. */
  readonly missed: Side | null
}

/** What is weighed when something may be told of a tag. */
export interface Weighed {
  readonly epc: string
  readonly moment: 'departs' | 'pauses' | 'stays'
  readonly track: Track
  readonly verdict: Verdict
  readonly adoption: Adoption | null
}

/** What the door knows beside the session. */
export interface Judging extends Pick<Known, 'beamBetween' | 'company' | 'floorDbm' | 'carts'> {
  readonly tags: Carts
  readonly weighed?: (weighed: Weighed) => void
  readonly knownDeaf: boolean
  readonly isHaunting: boolean
  readonly who: Who
  readonly thresholds: PortalThresholds
  /** For what lies near the door: believed only when next to nothing speaks against it. */
  readonly wary: PortalThresholds
}

/** Settles what can be settled at a moment: a departure, a clear crossing fallen silent, a crossing whose tag stays. */
export const settle = (session: Session, atMs: number, judging: Judging): Settled => {
  const { thresholds } = judging
  const silentMs = atMs - session.lastMs
  if (silentMs >= thresholds.departureMs) return depart(session, atMs, judging)
  if (session.track === null) return NOTHING
  if (silentMs >= thresholds.settleMs) return session.pausedMs === session.lastMs ? NOTHING : settleEarly(session, session.track, judging)
  if (atMs - session.judgedMs < JUDGE_EVERY_MS) return NOTHING
  session.judgedMs = atMs
  return settleStaying(session, session.track, judging)
}

const depart = (session: Session, atMs: number, judging: Judging): Settled => {
  const { track } = session
  if (track === null) return { ...NOTHING, left: true, restsAt: session.cameFrom }
  // One that waits is looked at again once a second.
  if (
    silentFor(session, atMs) < judging.thresholds.waitMs &&
    session.judgedMs > session.lastMs + judging.thresholds.departureMs - 1 &&
    atMs - session.judgedMs < JUDGE_EVERY_MS
  )
    return NOTHING
  session.judgedMs = atMs
  const { who, thresholds } = judging
  const known = knownOf(session, track, judging)
  const bounds = known.resident ? judging.wary : thresholds
  const verdict = verdictOf(track, bounds, known)
  const { fellow } = verdict
  const isClear = isClearOf(verdict, bounds.decideCertainty)
  note(judging, track, verdict)
  if (!isClear && !known.resident && silentFor(session, atMs) < thresholds.waitMs) {
    // It stands in a hole of the air, and is heard again; or it was hardly heard, and went with others who still tell where they go.
    const isNew = session.lastMs - session.cameMs < LINGER_MS
    if (isNew || (fellow !== null && judging.company.isHeardAfter(fellow, atMs - thresholds.settleMs))) return { ...NOTHING, fellow }
  }
  const own = passagesOf(who, track, verdict, bounds)
  const adoption = adoptionFor(track, verdict, known, thresholds)
  judging.weighed?.({ epc: who.epc, moment: 'departs', track, verdict, adoption })
  const adopted = adoption ? withCart(own, isClear, adoption, adoptedPassages(who, track, adoption, thresholds)) : null
  const returned = isClear || adopted ? null : returnedPassage(who, track, verdict, known, thresholds)
  const deaf =
    known.resident || returned || own.length > 0 || adopted
      ? null
      : deafPassage(who, track, verdict, { ...thresholds, knownDeaf: judging.knownDeaf })
  const passages = adopted ?? (returned ? [returned] : deaf?.passage ? [deaf.passage] : own)
  keep(judging, track, verdict, passages)
  const stillness = passages.length > 0 ? null : stillnessOf(track, verdict, known.resident)
  return { passages, left: true, restsAt: restsAtOf(passages), stillness, fellow, missed: deaf?.missed ?? null }
}

const isClearOf = ({ crossings, whole }: Verdict, from: number): boolean => crossings.length > 0 && whole >= from

/** What is told of a tag that seems to lie on a cart; `null`: what it let be heard itself. */
const withCart = (
  own: readonly Passage[],
  isClear: boolean,
  adoption: Adoption,
  adopted: readonly Passage[],
): readonly Passage[] | null => {
  if (isClear && cameBack(own, adoption)) return own.map((one, at) => (at < own.length - 1 ? one : againstCart(one, adoption)))
  if (isClear && (adoption.isOwn || adoption.ride.cart.size < SEVERAL)) return null
  if (adopted.length > 0 && adopted.every(({ direction }) => direction !== 'uncertain')) return adopted
  // What lies on a cart that surely did not cross, or of which all was told, did not either.
  if (adoption.rest.length === 0 && !isClear) return adoption.certainty >= NONE && adoption.ride.cart.size >= SEVERAL ? [] : null
  if (adoption.isNone) return null
  // A clear way of its own that is not the cart's is asked about.
  if (isClear) return adoption.certainty >= CONFLICT ? own.map((one) => againstCart(one, adoption)) : null
  return own.length > 0 || adopted.length === 0 ? null : adopted
}

/** What it surely lies on went the same way and then on, and the tag was not heard to: it went too, or was set down. */
const cameBack = (own: readonly { readonly direction: string }[], { rest, certainty, ride }: Adoption): boolean =>
  certainty >= ON_IT &&
  ride.cart.size >= ANOTHER &&
  rest.length > own.length &&
  own.every(({ direction }, at) => direction === rest[at]?.direction)

/** A cart likely went another way. */
const isContrary = (own: readonly { readonly direction: string }[], adoption: Adoption | null): boolean =>
  adoption !== null &&
  (cameBack(own, adoption) || (!adoption.isOwn && adoption.certainty >= CONFLICT && adoption.ride.cart.size >= SEVERAL))

const note = ({ tags, who }: Judging, track: Track, verdict: Verdict): void =>
  tags.note(who.epc, verdict.fellow === null ? null : stretchOf(track, verdict, []), track.lastMs)

const keep = ({ tags, who }: Judging, track: Track, verdict: Verdict, passages: readonly Passage[]): void =>
  tags.keep(who.epc, stretchOf(track, verdict, passages))

const silentFor = ({ lastMs }: Session, atMs: number): number => atMs - lastMs

const restsAtOf = (passages: readonly Passage[]): Side | null => {
  const direction = passages.at(-1)?.direction
  return direction === 'in' ? 'inside' : direction === 'out' ? 'outside' : null
}

/** A clear crossing need not wait for the departure; what comes after is a new time in range of a tag whose place is known. */
const settleEarly = (session: Session, track: Track, judging: Judging): Settled => {
  session.pausedMs = session.lastMs
  const known = knownOf(session, track, judging)
  const bounds = known.resident ? judging.wary : judging.thresholds
  const verdict = verdictOf(track, bounds, known)
  const { crossings, fellow } = verdict
  const clear = isClearOf(verdict, bounds.settleCertainty)
  const last = crossings.at(-1)
  note(judging, track, verdict)
  const adoption = last && (clear || judging.weighed) ? adoptionFor(track, verdict, known, judging.thresholds) : null
  if (last) judging.weighed?.({ epc: judging.who.epc, moment: 'pauses', track, verdict, adoption })
  if (!clear || !last) return { ...NOTHING, fellow }
  if (isContrary(crossings, adoption)) return { ...NOTHING, fellow }
  const passages = passagesOf(judging.who, track, verdict, bounds)
  keep(judging, track, verdict, passages)
  session.track = null
  session.cameFrom = last.after.side
  return { ...NOTHING, passages, fellow }
}

/** A tag that crossed and stays in range is settled once it has stayed; its past is then forgotten, as is the past of one that never crosses. */
const settleStaying = (session: Session, track: Track, judging: Judging): Settled => {
  const { who } = judging
  const known = knownOf(session, track, judging)
  const thresholds = known.resident ? judging.wary : judging.thresholds
  const verdict = verdictOf(track, thresholds, known)
  const { fellow } = verdict
  const last = verdict.crossings.at(-1)
  note(judging, track, verdict)
  const arrivedEpoch = last ? (verdict.levels[last.after.from]?.epoch ?? 0) : 0
  const arrivedMs = timeOf(track, arrivedEpoch, thresholds.epochMs)
  // Who stands before a shelf for a while moves its levels as a crossing would, and goes away again.
  if (last && track.lastMs - arrivedMs >= thresholds.dwellMs)
    judging.weighed?.({ epc: who.epc, moment: 'stays', track, verdict, adoption: null })
  // What is not quite clear is told while its beginning is still remembered.
  const waitMs =
    known.resident || !isClearOf(verdict, thresholds.settleCertainty) ? thresholds.memoryMs / 2 - JUDGE_EVERY_MS : thresholds.dwellMs
  if (!last || track.lastMs - arrivedMs < waitMs) {
    shorten(track, verdict, thresholds)
    return { ...NOTHING, fellow }
  }
  // What a cart of several speaks against is settled with them, when it left or they are gone.
  if (isContrary(verdict.crossings, adoptionFor(track, verdict, known, thresholds))) return { ...NOTHING, fellow }
  const passages = passagesOf(who, track, verdict, thresholds)
  keep(judging, { ...track, inside: track.inside.slice(), outside: track.outside.slice() }, verdict, passages)
  forgetBefore(track, arrivedEpoch, thresholds.epochMs)
  session.sinceMs = arrivedMs
  session.cameFrom = last.after.side
  return { ...NOTHING, passages, fellow }
}

const knownOf = (
  { sinceMs, cameMs, cameFrom }: Session,
  track: Track,
  { who, thresholds, beamBetween, company, floorDbm, isHaunting, tags, carts }: Judging,
): Known => ({
  resident: isHaunting || isResident(track, sinceMs + (cameFrom === null ? 0 : SETTLES_MS), thresholds),
  cameFrom,
  cameMs,
  beamBetween,
  company,
  floorDbm,
  carts,
  past: tags.pastOf(who.epc),
  told: tags.toldOf(who.epc),
})

/**
 * Keeps a long track within its memory. While the tag's latest stay fills the recent half, the rest says nothing more; a tag that pauses in the door
 * plane keeps its beginning, which tells where it came from.
 */
const shorten = (track: Track, { stays, levels }: Verdict, { memoryMs, epochMs, marginDb }: PortalThresholds): void => {
  const room = Math.floor(memoryMs / epochMs)
  const epochs = epochsOf(track)
  if (epochs <= room) return
  const recent = epochs - Math.floor(room / 2)
  const latest = stays.at(-1)
  const since = latest ? (levels[latest.from]?.epoch ?? epochs) : epochs
  const leads = levels.filter(({ epoch }) => epoch >= recent).map(({ lead }) => Math.abs(lead))
  const isClear = leads.filter((lead) => lead >= marginDb).length > leads.length / 2
  if (isClear && since <= recent) forgetBefore(track, recent, epochMs)
  else cutMiddle(track, { from: Math.floor(room / 3), count: epochs - room + Math.floor(room / 6) }, epochMs)
}

/** So likely lies a tag on a cart that its own other way is asked about. */
const CONFLICT = 0.5
/** So likely lies a tag on a cart, be it of one other tag, that it is asked about when the cart went on without it being heard to. */
const ON_IT = 0.9
const ANOTHER = 0.9
/** So surely lies a tag on a cart that did not cross that nobody is asked. */
const NONE = 0.96
/** What crossed may be carried back within this time more; what lies there then is part of the place. */
const SETTLES_MS = 40_000
/** What was in range this long and then fell silent does not come out of a hole of the air again. */
const LINGER_MS = 30_000
const NOTHING: Settled = { passages: [], left: false, restsAt: null, stillness: null, fellow: undefined, missed: null }
/** How often a tag in range is judged; the answer to a crossing waits for a dwell of seconds anyway. */
const JUDGE_EVERY_MS = 1000
