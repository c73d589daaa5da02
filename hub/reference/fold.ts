import { pinyinOf } from './pinyin.ts'

/** A text as it is searched: one width, one case, letters and digits alone. */
export const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

/** What a name is found by beside itself: its sound in full, and the first letters of it. Letters and digits stand for themselves. */
export interface Sound {
  readonly pinyin: string
  readonly initials: string
}
export const soundOf = (folded: string): Sound => {
  const runs = folded.split(/(\p{Script=Han}+)/u).map((run, at) => (at % 2 === 1 ? pinyinOf(run) : null) ?? [run])
  // Every second run is Chinese; without one there is nothing to sound.
  if (runs.length === 1) return { pinyin: '', initials: '' }
  const initials = runs.map((run, at) => (at % 2 === 1 ? run.map((syllable) => syllable[0] ?? '') : run).join(''))
  return { pinyin: runs.flat().join(''), initials: initials.join('') }
}

/**
 * The words a text is indexed by, so that any part of it is found: each letter and each two letters of its name, three letters of its initials,
 * four of its full sound. The lengths keep them apart in one index: names are asked for by one or two letters, sounds by three or four.
 */
export const gramsOf = (folded: string, { pinyin, initials }: Sound): readonly string[] => [
  ...new Set([...cut(folded, 1), ...cut(folded, 2), ...cut(initials, INITIALS_GRAM), ...cut(pinyin, PINYIN_GRAM)]),
]

/** The words all of which a text holds in which `part` stands. */
export const nameGrams = (part: string): readonly string[] => (part.length <= 2 ? [part] : [...new Set(cut(part, 2))])
export const initialsGrams = (part: string): readonly string[] => [...new Set(cut(part, INITIALS_GRAM))]
export const pinyinGrams = (part: string): readonly string[] => [...new Set(cut(part, PINYIN_GRAM))]

export const INITIALS_GRAM = 3
export const PINYIN_GRAM = 4

const cut = (text: string, length: number): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length))
