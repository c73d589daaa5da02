/** What a count comes to against the book it was compared with. */
export interface Difference {
  readonly is: 'same' | 'short' | 'over'
  /** Units the book will change by, without sign. */
  readonly units: number
}

export const differenceOf = (counted: number, book: number): Difference => {
  if (counted === book) return { is: 'same', units: 0 }
  return counted < book ? { is: 'short', units: book - counted } : { is: 'over', units: counted - book }
}

/** With its sign, as a person reads a difference: `-3`, `+2`. */
export const signed = (units: number): string => (units > 0 ? `+${units}` : String(units))

/** The book as it is now, told by a refusal because it moved since the page showed it; null when that is not why. */
export const movedBook = (trouble: { readonly code: string; readonly facts: Readonly<Record<string, unknown>> } | null): number | null => {
  if (trouble?.code !== 'stockroom.book-moved') return null
  const book = Number(trouble.facts['book'])
  return Number.isInteger(book) ? book : null
}
