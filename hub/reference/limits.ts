/** What an import of the reference takes at most, and why; a release of May 2026 is said to have 1,136 parts [C, H-041]. */
export const LIMITS = {
  /** The packed file, as it is uploaded. */
  fileBytesMax: 4 * 1024 ** 3,
  /** Parts in one file. */
  entriesMax: 20_000,
  /** One part unpacked: far above what a part holds, far below what fills a disk. */
  entryBytesMax: 512 * 1024 ** 2,
  /** Bytes out for one byte in: XML with long tags packs 10 to 40 times, a bomb a thousand times. */
  ratioMax: 200,
  /** Parts below this size are too small to be a bomb, whatever their ratio. */
  ratioFreeBytes: 1024 ** 2,
  /** Records in one file. */
  recordsMax: 20_000_000,
  /** One record as text: the longest fields together stay below a tenth. */
  recordCharsMax: 262_144,
  /** Text of a part that stands in no record: the header and the tags around. */
  frameCharsMax: 1_048_576,
  /** Elements within elements inside a record; its lists need three. */
  depthMax: 8,
  /** One field. */
  textCharsMax: 8_192,
  /** Rows of one list of a record. */
  rowsMax: 64,
  /** Refused records whose reason is kept by name; all are counted. */
  errorsKept: 200,
} as const
export type Limits = { readonly [Name in keyof typeof LIMITS]: number }
