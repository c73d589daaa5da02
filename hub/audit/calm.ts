/** Keeps a stranger from filling the disk with refusals: those alike are put on record one by one up to a number, and then by their count. */
export interface Calm {
  /** How many a row written now would stand for; 0: it is counted and told later. */
  readonly due: (kind: string) => number
  /** What was counted and never told, and is over. */
  readonly left: () => readonly { readonly kind: string; readonly count: number }[]
}

/** So many alike are written one by one in each window of time. */
export const ALIKE_MAX = 20
export const WINDOW_MS = 60_000

export const openCalm = (now: () => number): Calm => {
  const known = new Map<string, { since: number; written: number; held: number }>()
  const oneOf = (kind: string) => {
    const one = known.get(kind) ?? { since: now(), written: 0, held: 0 }
    // Whoever comes from thousands of addresses is counted as one.
    if (!known.has(kind) && known.size >= KINDS_MAX) return known.get('') ?? known.set('', one).get('') ?? one
    known.set(kind, one)
    return one
  }
  return {
    due: (kind) => {
      const one = oneOf(kind)
      const age = now() - one.since
      if (age >= WINDOW_MS || age < 0) Object.assign(one, { since: now(), written: 0 })
      if (one.written >= ALIKE_MAX) {
        one.held += 1
        return 0
      }
      const count = one.held + 1
      Object.assign(one, { written: one.written + 1, held: 0 })
      return count
    },
    left: () => {
      const over = [...known].filter(([, { since }]) => now() - since >= WINDOW_MS || now() < since)
      for (const [kind] of over) known.delete(kind)
      return over.filter(([, { held }]) => held > 0).map(([kind, { held }]) => ({ kind, count: held }))
    },
  }
}

/** Kinds counted apart: some hundred people and the addresses of a few scans. */
const KINDS_MAX = 5_000
