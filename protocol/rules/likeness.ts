/**
 * How alike two names are, from 0 to 100: the share of their pairs of letters that both have (Sørensen-Dice), blind to case, width, blanks and
 * punctuation. Of all `names` the ones most like each wish come first.
 */
export const likest = <Name extends { readonly text: string }>(
  wishes: readonly string[],
  names: Iterable<Name>,
  { least, rows }: { readonly least: number; readonly rows: number },
): readonly (readonly Alike<Name>[])[] => {
  const asked = wishes.map(pairsOf)
  const wanted = new Map<string, number[]>()
  for (const [at, pairs] of asked.entries()) for (const pair of pairs) wanted.set(pair, [...(wanted.get(pair) ?? []), at])
  const found: Alike<Name>[][] = wishes.map(() => [])
  for (const name of names) {
    const pairs = pairsOf(name.text)
    for (const [at, shared] of sharedWith(pairs, wanted)) {
      const score = Math.floor((200 * shared) / ((asked[at]?.size ?? 0) + pairs.size))
      if (score >= least) found[at]?.push({ name, score })
    }
  }
  return found.map((alike) => alike.toSorted((one, other) => other.score - one.score).slice(0, rows))
}

export interface Alike<Name> {
  readonly name: Name
  readonly score: number
}

/** A name of one letter is a pair with nothing. */
const pairsOf = (text: string): ReadonlySet<string> => {
  const letters = [...text.normalize('NFKC').toLowerCase().replace(NO_LETTER, '')]
  return new Set(letters.length === 1 ? letters : letters.slice(1).map((letter, at) => `${letters[at]}${letter}`))
}
const NO_LETTER = /[^\p{L}\p{N}]/gu

const sharedWith = (pairs: ReadonlySet<string>, wanted: ReadonlyMap<string, readonly number[]>): ReadonlyMap<number, number> => {
  const shared = new Map<number, number>()
  for (const pair of pairs) for (const at of wanted.get(pair) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1)
  return shared
}
