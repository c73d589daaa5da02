/** What a block of typed or scanned text holds: EPCs ready to register, and lines that are none. */
export interface EpcList {
  readonly epcs: readonly string[]
  readonly wrong: readonly string[]
  readonly twice: number
}

/** Reads EPCs from text: one a line, or parted by blanks, commas or semicolons; spaces inside a hex group are not mended, they may hide a lost digit. */
export const readEpcs = (text: string): EpcList => {
  const words = text
    .toUpperCase()
    .split(/[\s,;，；、]+/)
    .filter((word) => word !== '')
  const right = words.filter((word) => EPC.test(word))
  const epcs = [...new Set(right)]
  return { epcs, wrong: words.filter((word) => !EPC.test(word)), twice: right.length - epcs.length }
}

/** Whole words of 16 bits, as a tag's EPC bank holds them [Gen2 6.3.2.1]. */
const EPC = /^(?:[0-9A-F]{4}){1,31}$/
/** Most tags of one registration; the contract's limit. */
export const TAGS_MAX = 500
