/**
 * Whether a text says all of these words, each as a whole: runs of digits, of Han or of other letters, in whatever width and case, digits however
 * they are spaced. Parts of a word do not count, so that nobody who may not see a text can guess it piece by piece.
 */
export const saidBy = (words: string, text: string): boolean => {
  const wanted = wordsIn(words)
  const said = new Set(wordsIn(text))
  return wanted.length > 0 && wanted.every((word) => said.has(word))
}

const wordsIn = (text: string): readonly string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\d)[\s.-]+(?=\d)/gu, '')
    .match(/\d+|\p{Script=Han}+|[^\P{L}\p{Script=Han}]+/gu) ?? []
