import type { PortalThresholds, Side } from './thresholds.ts'
import { cutMiddle, epochsOf, forgetBefore, type Track, timeOf } from './track.ts'
import {
  deafPassage,
  isResident,
  type Known,
  type Passage,
  passagesOf,
  type Stillness,
  stillnessOf,
  type Verdict,
  verdictOf,
  type Who,
} from './verdict.ts'

/** A tag's time in range. */
export interface Session {
  readonly track: Track
  /** When it came, or last crossed while staying in range. */
  sinceMs: number
  judgedMs: number
  /** The last reading before the silence that was judged already. */
  pausedMs: number | null
  /** Where its last passage left it, if it stayed in range since. */
  cameFrom: Side | null
}

/** What a moment settled of a session; `stillness` counts when it `left` without a passage. */
export interface Settled {
  readonly passages: readonly Passage[]
  readonly left: boolean
  readonly stillness: Stillness
}

/** Settles what can be settled at a moment: a departure, a clear crossing fallen silent, a crossing whose tag stays. */
export const settle = (who: Who, session: Session, atMs: number, thresholds: PortalThresholds): Settled => {
  const silentMs = atMs - session.track.lastMs
  if (silentMs >= thresholds.departureMs) return depart(who, session, thresholds)
  if (silentMs >= thresholds.settleMs) return session.pausedMs === session.track.lastMs ? NOTHING : settleEarly(who, session, thresholds)
  if (atMs - session.judgedMs < JUDGE_EVERY_MS) return NOTHING
  session.judgedMs = atMs
  return settleStaying(who, session, thresholds)
}

const depart = (who: Who, session: Session, thresholds: PortalThresholds): Settled => {
  const { track } = session
  const known = knownOf(session, thresholds)
  const verdict = verdictOf(track, thresholds, known)
  const deaf = known.resident ? null : deafPassage(who, track, verdict, thresholds)
  const passages = deaf ? [deaf] : passagesOf(who, track, verdict, thresholds)
  return { passages, left: true, stillness: stillnessOf(track, verdict, known.resident) }
}

/** A clear crossing need not wait for the departure; what comes after opens a new session. */
const settleEarly = (who: Who, session: Session, thresholds: PortalThresholds): Settled => {
  const { track } = session
  session.pausedMs = track.lastMs
  const verdict = verdictOf(track, thresholds, knownOf(session, thresholds))
  const clear = verdict.crossings.every(({ certainty }) => certainty >= thresholds.settleCertainty)
  if (!clear || verdict.crossings.length === 0) return NOTHING
  return { ...NOTHING, passages: passagesOf(who, track, verdict, thresholds), left: true }
}

/** A tag that crossed and stays in range is settled once it has stayed; its past is then forgotten, as is the past of one that never crosses. */
const settleStaying = (who: Who, session: Session, thresholds: PortalThresholds): Settled => {
  const { track } = session
  const known = knownOf(session, thresholds)
  const verdict = verdictOf(track, thresholds, known)
  const last = verdict.crossings.at(-1)
  const arrivedEpoch = last ? (verdict.levels[last.after.from]?.epoch ?? 0) : 0
  const arrivedMs = timeOf(track, arrivedEpoch, thresholds.epochMs)
  if (!last || track.lastMs - arrivedMs < thresholds.dwellMs) {
    shorten(track, verdict, thresholds)
    return NOTHING
  }
  const passages = passagesOf(who, track, verdict, thresholds)
  forgetBefore(track, arrivedEpoch, thresholds.epochMs)
  session.sinceMs = arrivedMs
  session.cameFrom = last.after.side
  return { ...NOTHING, passages }
}

const knownOf = ({ track, sinceMs, cameFrom }: Session, thresholds: PortalThresholds): Known => ({
  resident: isResident(track, sinceMs, thresholds),
  cameFrom,
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

const NOTHING: Settled = { passages: [], left: false, stillness: 'passed-by' }
/** How often a tag in range is judged; the answer to a crossing waits for a dwell of seconds anyway. */
const JUDGE_EVERY_MS = 1000
