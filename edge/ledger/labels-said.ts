import type { BodyOf, Entry, PassageBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EntryId, LotKey, PlaceId, StreamId } from '@lotkeeper/protocol/names.ts'
import { SAME_BOX_MS } from '@lotkeeper/protocol/rules/crossing.ts'
import type { TruthSource } from '../portal/scenario.ts'

export interface LabelledEntry {
  readonly id: EntryId
  readonly entry: Entry
}

/** A passage of the book, and what is known to have truly happened. */
export interface Said extends Pick<PassageBody, 'door' | 'epc' | 'ring' | 'algorithm' | 'at'> {
  readonly atMs: number
  readonly boot: string
  readonly truth: { readonly direction: string; readonly source: TruthSource } | null
}

/** Takes the entries of a node one by one and remembers what they say of its passages. */
export interface SaidReader {
  readonly see: (one: LabelledEntry) => void
  readonly passages: () => readonly Said[]
}

/** What one person's act says is never worth more than the act itself: an answer that is undone says nothing any more. */
export const openSaid = (own: StreamId): SaidReader => {
  const passages = new Map<EntryId, Seen>()
  const keys = new Map<string, EntryId>()
  const answers = new Map<EntryId, EntryId>()
  const known = new Set<string>()
  /** When a person last received a tag by scan, ms: the door then finds it inside already. */
  const scanned = new Map<string, number>()
  const posted = openPosted()
  const notePassage = (id: EntryId, entry: Entry, passage: PassageBody): void => {
    // The answer "the same box" writes the passage once more, as the door would have.
    if (passage.ring !== null && keys.has(passage.ring)) return
    if (passage.ring !== null) keys.set(passage.ring, id)
    const seen = seenOf(entry, passage, known.has(passage.epc))
    passages.set(id, seen)
    posted.add(seen)
    const agrees = entry.refs.length > 0 || (passage.direction === 'in' && seen.atMs - (scanned.get(passage.epc) ?? 0) <= SAME_BOX_MS)
    if (seen.outcome === 'confirmed' && agrees) tell(seen, passage.direction, 'confirmed')
  }
  const settle = (id: EntryId, body: BodyOf<'settle'>): void => {
    const seen = passages.get(body.task)
    const direction = seen && truthBy(body.answer, seen)
    if (!seen || !direction) return
    answers.set(id, body.task)
    seen.truth = { direction, source: 'settled' }
  }
  const reverse = ({ reverses }: Entry): void => {
    const answered = passages.get(answers.get(reverses?.entry ?? '') ?? '')
    if (answered) answered.truth = null
    const seen = passages.get(reverses?.entry ?? '')
    if (seen?.moved) seen.truth = { direction: `not-${seen.direction}`, source: 'reversed' }
  }
  const agree = (entry: Entry): void => {
    if (entry.kind === 'receive') for (const epc of entry.lines.flatMap(({ tags }) => tags)) scanned.set(epc, Date.parse(entry.occurredAt))
    for (const seen of posted.agreeing(entry, (one) => passages.get(one))) {
      // Booked again by hand the same way: the door was right about the way, whatever else was wrong.
      if (seen.truth?.source === 'reversed') seen.truth = null
      else tell(seen, seen.direction, 'confirmed')
    }
  }
  return {
    see: ({ id, entry }) => {
      for (const epc of tagsIn(entry)) known.add(epc)
      if (entry.stream !== own) return
      const passage = entry.body['passage'] as PassageBody | undefined
      if (passage) notePassage(id, entry, passage)
      else if (entry.kind === 'settle') settle(id, entry.body as BodyOf<'settle'>)
      else if (entry.kind === 'reverse') reverse(entry)
      else agree(entry)
    },
    passages: () => [...passages.values()],
  }
}

interface Seen extends Said {
  readonly direction: PassageBody['direction']
  readonly outcome: string
  /** What it booked: where the box was put, or taken from. */
  readonly moved: { readonly lot: LotKey; readonly from: PlaceId; readonly to: PlaceId } | null
  readonly isKnown: boolean
  truth: Said['truth']
}

const seenOf = (entry: Entry, passage: PassageBody, isKnown: boolean): Seen => {
  const { door, epc, ring, algorithm, at, direction } = passage
  const line = entry.lines.find(({ tags }) => tags.includes(epc))
  const moved = line ? { lot: line.lot, from: line.from, to: line.to } : null
  const outcome = String(entry.body['outcome'] ?? '')
  return { ...{ door, epc, ring, algorithm, at, direction, outcome, moved, isKnown }, atMs: Date.parse(at), boot: entry.boot, truth: null }
}

/** What a person has answered or taken back weighs more than what merely agrees. */
const tell = (seen: Seen, direction: string, source: TruthSource): void => {
  if (direction !== 'uncertain' && seen.truth === null) seen.truth = { direction, source }
}

/** Of a tag that stands for nothing, "nothing moved" says that it does not matter, and not where it went. */
const truthBy = (answer: string, { direction, outcome, isKnown }: Seen): string | null => {
  if (answer === 'in' || answer === 'out') return answer
  if (answer === 'same') return 'in'
  if (answer === 'bind') return direction === 'out' ? 'out' : 'in'
  return answer === 'none' && isKnown && outcome !== 'retired-tag' ? 'none' : null
}

/** The passages that moved something, by what an act of a person can agree with: the door's entry, the tag where the door put it, the lot counted there. */
interface Posted {
  readonly add: (seen: Seen) => void
  /** Those that this entry agrees with: it confirms them, names their tag at the place, or counted there and found no difference. */
  readonly agreeing: (entry: Entry, byEntry: (id: EntryId) => Seen | undefined) => readonly Seen[]
}

const openPosted = (): Posted => {
  const byTag = new Map<string, Seen>()
  const byPlace = new Map<string, Seen[]>()
  return {
    add: (seen) => {
      if (seen.moved === null) return
      byTag.set(seen.epc, seen)
      const place = `${seen.moved.lot} ${seen.moved.to}`
      byPlace.set(place, [...(byPlace.get(place) ?? []).filter(({ atMs }) => seen.atMs - atMs <= WITNESS_MS), seen])
    },
    agreeing: (entry, byEntry) => {
      const nowMs = Date.parse(entry.occurredAt)
      const isFresh = (seen: Seen | undefined): seen is Seen => seen?.moved != null && nowMs - seen.atMs <= WITNESS_MS
      if (entry.kind === 'receive' && entry.lines.length === 0) return entry.refs.map(byEntry).filter(isFresh)
      if (entry.kind === 'count' && entry.lines.length === 0) {
        const { lot, place } = entry.body as BodyOf<'count'>
        return (byPlace.get(`${lot} ${place}`) ?? []).filter(isFresh)
      }
      return entry.lines.flatMap(({ from, to, tags }) =>
        tags
          .map((epc) => byTag.get(epc))
          .filter(isFresh)
          .filter(({ moved }) => from === moved?.to || to === moved?.to),
      )
    },
  }
}

/** What a scan or a count of the next day says of a box is still about its way in; later it may have been anywhere. */
const WITNESS_MS = 86_400_000

/** Tags an entry makes known: registrations, advices of shipments, lines of own acts. */
const tagsIn = (entry: Entry): readonly string[] => {
  if (entry.kind === 'tag') return [(entry.body as BodyOf<'tag'>).epc]
  if (entry.kind !== 'document') return entry.lines.flatMap(({ tags }) => tags)
  const { lines } = entry.body as { readonly lines?: readonly { readonly tags?: readonly string[] }[] }
  return (lines ?? []).flatMap(({ tags }) => tags ?? [])
}
