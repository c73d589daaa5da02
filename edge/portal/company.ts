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
  /** When it came into range. */
  readonly fromMs: number
  readonly members: readonly Member[]
}

/** What other tags that came into range together did at the moment of a change of side; all but `lone` in doublings of their number. */
export interface Agreement {
  /** Crossed the same way. */
  readonly agree: number
  /** Crossed the other way. */
  readonly contradict: number
  /** Did not cross. */
  readonly apart: number
  /** Crossed the same way and crossed back, while this one only crossed. */
  readonly half: number
  /** 1: nobody came with it. */
  readonly lone: number
}

/** The tags of a door's last seconds: those on one cart come together and cross together. */
export interface Company {
  /** What is known of a tag now, in place of what was before; `null` forgets it. */
  readonly note: (epc: string, fellow: Fellow | null) => void
  /** `around`: other changes of side of the same tag. */
  readonly beside: (epc: string, fromMs: number, change: Pick<Member, 'direction' | 'atMs'> & { readonly around: number }) => Agreement
  /** Forgets tags that came before a moment. */
  readonly forget: (beforeMs: number) => void
}

/** Opens a door's company, empty. */
export const openCompany = (): Company => {
  const known = new Map<string, Fellow>()
  return {
    note: (epc, fellow) => {
      if (fellow === null) known.delete(epc)
      else known.set(epc, fellow)
    },
    beside: (epc, fromMs, change) => {
      let [agree, contradict, apart, half] = [0, 0, 0, 0]
      for (const [other, fellow] of known) {
        if (other === epc || Math.abs(fellow.fromMs - fromMs) > TOGETHER_MS) continue
        const [same, opposite, back] = waysOf(fellow.members, change)
        agree += same
        contradict += opposite
        apart += Math.max(0, 1 - same - opposite)
        if (change.around === 0) half += Math.min(same, back)
      }
      const lone = agree + contradict + apart < 1 ? 1 : 0
      return { agree: doublings(agree), contradict: doublings(contradict), apart: doublings(apart), half: doublings(half), lone }
    },
    forget: (beforeMs) => {
      for (const [epc, { fromMs }] of known) if (fromMs < beforeMs) known.delete(epc)
    },
  }
}

/** How surely a tag crossed the same way at that moment, the other way, and at any other moment. */
const waysOf = (members: readonly Member[], { direction, atMs }: Pick<Member, 'direction' | 'atMs'>): readonly [number, number, number] => {
  let [same, opposite, back] = [0, 0, 0]
  for (const member of members) {
    if (Math.abs(member.atMs - atMs) > BESIDE_MS) back = Math.max(back, member.alone)
    else if (member.direction === direction) same = Math.max(same, member.alone)
    else opposite = Math.max(opposite, member.alone)
  }
  return [same, opposite, back]
}

const doublings = (count: number): number => Math.min(DOUBLINGS_MAX, Math.log2(1 + count))

/** A cart's length and the error of the moment, at walking pace. */
const BESIDE_MS = 1500
const TOGETHER_MS = 3000
/** More than fifteen tags say nothing new. */
const DOUBLINGS_MAX = 4
