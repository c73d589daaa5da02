/** A crossing as the tags beside it see it. Times in ms. */
export interface Member {
  readonly direction: 'in' | 'out'
  /** When it was in the door plane. */
  readonly atMs: number
  /** When the tag came into range. */
  readonly fromMs: number
}

/** What other tags did at the moment of a crossing, in doublings of their number. */
export interface Agreement {
  readonly agree: number
  readonly contradict: number
}

/** The clear crossings of a door's last seconds: tags on one cart cross together. */
export interface Company {
  /** What is known of a tag's clear crossings now, in place of what was before; none forgets the tag. */
  readonly note: (epc: string, members: readonly Member[]) => void
  readonly around: (epc: string, member: Member) => Agreement
  readonly forget: (beforeMs: number) => void
}

/** Opens a door's company, empty. */
export const openCompany = (): Company => {
  const known = new Map<string, readonly Member[]>()
  return {
    note: (epc, members) => {
      if (members.length > 0) known.set(epc, members)
      else known.delete(epc)
    },
    around: (epc, member) => {
      let withIt = 0
      let against = 0
      for (const [other, members] of known) {
        if (other === epc) continue
        const way = wayBeside(members, member)
        if (way === member.direction) withIt += 1
        else if (way !== null) against += 1
      }
      // Two carts that meet in the door say nothing of a tag that may lie on either.
      return {
        agree: against === 0 ? Math.min(DOUBLINGS_MAX, Math.log2(1 + withIt)) : 0,
        contradict: withIt === 0 ? Math.min(DOUBLINGS_MAX, Math.log2(1 + against)) : 0,
      }
    },
    forget: (beforeMs) => {
      for (const [epc, members] of known) if (members.every(({ atMs }) => atMs < beforeMs)) known.delete(epc)
    },
  }
}

/** The way another tag went at that moment, if it came into range at the same time; what stood there before was not on the cart. */
const wayBeside = (members: readonly Member[], { atMs, fromMs }: Member): Member['direction'] | null => {
  for (const other of members) {
    if (Math.abs(other.atMs - atMs) <= BESIDE_MS && Math.abs(other.fromMs - fromMs) <= TOGETHER_MS) return other.direction
  }
  return null
}

/** A cart's length and the error of the moment at walking pace. */
const BESIDE_MS = 1200
const TOGETHER_MS = 3000
/** More than fifteen tags say nothing new. */
const DOUBLINGS_MAX = 4
