/**
 * Names that are compared with a wish, each under an id: how alike two are, from 0 to 100, is the share of their pairs of letters that both have
 * (Sørensen-Dice), blind to case, width, blanks and punctuation. Names are kept by their pairs, so a wish looks only at what shares one with it.
 */
export interface Likeness {
  /** Keeps a name, instead of the one that id had. */
  readonly put: (id: string, text: string) => void
  readonly drop: (id: string) => void
  /** The names most like a wish, best first; of equals the one with the lower id. */
  readonly likest: (wish: string, limits: { readonly least: number; readonly rows: number }) => readonly Alike[]
}

export interface Alike {
  readonly id: string
  readonly score: number
}

export const openLikeness = (): Likeness => {
  const kept = new Map<string, Row>()
  let rows: Row[] = []
  let byPair = new Map<string, number[]>()
  const add = (id: string, text: string): void => {
    const pairs = pairsOf(text)
    const row = { id, text, pairs: pairs.size }
    for (const pair of pairs) {
      const list = byPair.get(pair)
      if (list) list.push(rows.length)
      else byPair.set(pair, [rows.length])
    }
    rows.push(row)
    kept.set(id, row)
  }
  /** What was given up is passed over; once it is half of all, everything is kept anew. */
  const sweep = (): void => {
    if (rows.length - kept.size <= kept.size + GIVEN_UP_MIN) return
    const left = [...kept.values()]
    rows = []
    byPair = new Map()
    for (const { id, text } of left) add(id, text)
  }
  const drop = (id: string): void => {
    kept.delete(id)
    sweep()
  }
  return {
    drop,
    put: (id, text) => {
      if (kept.get(id)?.text === text) return
      drop(id)
      add(id, text)
    },
    likest: (wish, { least, rows: most }) => {
      const wanted = pairsOf(wish)
      const best: Alike[] = []
      // Most of a county shares a pair with any wish: whoever is not among the best so far costs one comparison and no memory.
      let edge = least
      const { touched, shared } = sharedWith(wanted, byPair, rows.length)
      for (const at of touched) {
        const row = rows[at] as Row
        const common = shared[at] ?? 0
        const score = Math.floor((200 * common) / (wanted.size + row.pairs))
        if (score < edge || kept.get(row.id) !== row) continue
        best.push({ id: row.id, score })
        best.sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
        if (best.length > most) best.pop()
        if (best.length === most) edge = Math.max(least, best[most - 1]?.score ?? least)
      }
      return best
    },
  }
}

/** Rows that share a pair with a wish, and how many pairs each. */
const sharedWith = (wanted: ReadonlySet<string>, byPair: ReadonlyMap<string, readonly number[]>, rows: number) => {
  const shared = new Uint16Array(rows)
  const touched: number[] = []
  for (const pair of wanted)
    for (const at of byPair.get(pair) ?? []) {
      if (shared[at] === 0) touched.push(at)
      shared[at] = (shared[at] ?? 0) + 1
    }
  return { touched, shared }
}

interface Row {
  readonly id: string
  readonly text: string
  /** How many pairs its text has. */
  readonly pairs: number
}

/** Fewer are not worth keeping everything anew. */
const GIVEN_UP_MIN = 1_000

/** A name of one letter is a pair with nothing. */
const pairsOf = (text: string): ReadonlySet<string> => {
  const letters = [...text.normalize('NFKC').toLowerCase().replace(NO_LETTER, '')]
  return new Set(letters.length === 1 ? letters : letters.slice(1).map((letter, at) => `${letters[at]}${letter}`))
}
const NO_LETTER = /[^\p{L}\p{N}]/gu
