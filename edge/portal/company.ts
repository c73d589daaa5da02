/** A change of side as the tags beside it see it. Times in ms. */
export interface Member {
  readonly direction: 'in' | 'out'
  /** When it was in the door plane. */
  readonly atMs: number
  /** 0..1, by itself. */
  readonly alone: number
}

/** A tag in range, or gone a moment ago, and its changes of side. */
export interface Fellow {
  /** When it came into range, and when it was last heard. */
  readonly fromMs: number
  readonly toMs: number
  readonly reads: number
  readonly members: readonly Member[]
}

/** When a tag was in range, as far as is known. */
export type Presence = Pick<Fellow, 'fromMs' | 'toMs'>

/** What other tags that were in range together did at the moment of a change of side. */
export interface Agreement {
  /** Doublings of those that crossed the same way. */
  readonly agree: number
  /** Doublings of those that crossed the other way; did not cross. */
  readonly contradict: number
  readonly apart: number
  /** Doublings of those that crossed the same way and back, while this one only crossed. */
  readonly half: number
  /** Those of all that crossed the same way, less the others: -1..1. */
  readonly share: number
  /** 1: nobody came with it. */
  readonly lone: number
}

/** The tags of a door's last seconds: those on one cart come together and cross together. */
export interface Company {
  /** What is known of a tag now, in place of what was before; `null` forgets it. */
  readonly note: (epc: string, fellow: Fellow | null) => void
  /** `around`: other changes of side of the same tag. */
  readonly beside: (epc: string, presence: Presence, change: Pick<Member, 'direction' | 'atMs'> & { readonly around: number }) => Agreement
  /** Whether a tag in range with it was heard after a moment. */
  readonly isHeardAfter: (epc: string, presence: Presence, atMs: number) => boolean
  /** Forgets tags last heard before a moment. */
  readonly forget: (beforeMs: number) => void
}

/** Opens a door's company, empty. */
export const openCompany = (): Company => {
  const known = new Map<string, Fellow>()
  return {
    note: (epc, fellow) => {
      known.delete(epc)
      if (fellow === null) return
      known.set(epc, fellow)
      const [oldest] = known.keys()
      if (known.size > FELLOWS_MAX && oldest !== undefined) known.delete(oldest)
    },
    beside: (epc, presence, change) => {
      let [agree, contradict, apart, half] = [0, 0, 0, 0]
      for (const [other, fellow] of known) {
        if (other === epc || !isTogether(fellow, presence)) continue
        const [same, opposite, back] = waysOf(fellow.members, change)
        agree += same
        contradict += opposite
        // One that was hardly heard may have crossed unnoticed.
        apart += Math.max(0, 1 - same - opposite) * Math.min(1, fellow.reads / READS_FULL)
        if (change.around === 0) half += Math.min(same, back)
      }
      const all = agree + contradict + apart
      return {
        ...{ agree: doublings(agree), contradict: doublings(contradict), apart: doublings(apart), half: doublings(half) },
        ...{ share: (agree - contradict - apart) / (FEW + all), lone: all < 1 ? 1 : 0 },
      }
    },
    isHeardAfter: (epc, presence, atMs) => {
      for (const [other, fellow] of known) if (fellow.toMs > atMs && other !== epc && isTogether(fellow, presence)) return true
      return false
    },
    forget: (beforeMs) => {
      for (const [epc, { toMs }] of known) if (toMs < beforeMs) known.delete(epc)
    },
  }
}

/** Came together, or one was heard only while the other was: a label that is hard to read is heard near the antennas alone. */
const isTogether = (fellow: Presence, { fromMs, toMs }: Presence): boolean =>
  Math.abs(fellow.fromMs - fromMs) <= TOGETHER_MS ||
  (Math.abs(fellow.fromMs - fromMs) <= WAY_MS &&
    ((fromMs >= fellow.fromMs - WITHIN_MS && toMs <= fellow.toMs + WITHIN_MS) ||
      (fellow.fromMs >= fromMs - WITHIN_MS && fellow.toMs <= toMs + WITHIN_MS)))

/** How surely a tag crossed the same way about that moment, the other way at that moment, and the other way at another moment. */
const waysOf = (members: readonly Member[], { direction, atMs }: Pick<Member, 'direction' | 'atMs'>): readonly [number, number, number] => {
  let [same, opposite, back] = [0, 0, 0]
  for (const member of members) {
    const gapMs = Math.abs(member.atMs - atMs)
    if (member.direction === direction) {
      if (gapMs <= SAME_MS) same = Math.max(same, member.alone)
    } else if (gapMs <= BESIDE_MS) opposite = Math.max(opposite, member.alone)
    else back = Math.max(back, member.alone)
  }
  return [same, opposite, back]
}

const doublings = (count: number): number => Math.min(DOUBLINGS_MAX, Math.log2(1 + count))

/** A cart's length and the error of the moment: at a slow pace for those that agree, at a walking pace for those that do not. */
const SAME_MS = 4000
const BESIDE_MS = 1500
const TOGETHER_MS = 3000
const WITHIN_MS = 1000
/** From where the best labels are heard to the antennas, at a slow walk. */
const WAY_MS = 8000
/** More than sixty tags say nothing new. */
const DOUBLINGS_MAX = 6
/** One or two others may be strangers who walk there too. */
const FEW = 3
/** More than lie on any cart; of a room full of tags those heard of last are looked at. */
const FELLOWS_MAX = 300
/** A tag read this often would show a crossing if it had made one. */
const READS_FULL = 20
