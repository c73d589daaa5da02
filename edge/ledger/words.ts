/** Text as it is looked for: letters of one width and one case. */
export const plainText = (text: string): string => text.normalize('NFKC').toLowerCase()

/** The words of a search; none finds everything. */
export const wordsAsked = (search: string | undefined): readonly string[] =>
  plainText(search ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
