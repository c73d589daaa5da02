/** One thing the protocol or the ledger must not do, done on purpose: the text `find` of a file, once, becomes `replace`. */
export interface Mutant {
  readonly name: string
  /** From the root. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** What it would do to a county. */
  readonly why: string
  /** What finds it out. */
  readonly killer: Season | Promised | PowerCuts
}

/** A season that ends in a breach: a seed known to, of these faults. */
export interface Season {
  readonly seed: number
  readonly movements: number
  /** As `npm run season -- --faults` takes them. */
  readonly faults: string
}
/** A promise of `test/contracts`, or one of a node's ledger beside it, that is broken: what a season cannot see or seldom tries. */
export interface Promised {
  readonly promise: string
}

/** A scenario of `test/crash` that is not what it was when the power goes in the middle: seasons cut it between calls that hash or sign only. */
export interface PowerCuts {
  readonly scenario: string
}

/** The text of a file with the mutant in it; throws when the list is stale. */
export const mutated = ({ name, file, find, replace }: Mutant, text: string): string => {
  const times = text.split(find).length - 1
  if (times !== 1)
    throw new Error(`the mutant "${name}" is stale: ${file} holds its text ${times} times; look at the file and mend the list`)
  return text.replace(find, () => replace)
}
