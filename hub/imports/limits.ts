/** What an import of a table takes at most, and why. */
export const LIMITS = {
  /** The file as it is uploaded: 50,000 rows of CSV are about 10 MB. */
  fileBytesMax: 20 * 1024 ** 2,
  /** Rows below the header: the largest county has some 20,000 items. */
  rowsMax: 50_000,
  columnsMax: 100,
  /** One cell: a pack graph of 32 levels with their codes. */
  cellCharsMax: 10_000,
  /** A workbook unpacked: five times what 50,000 full rows take. */
  unpackedBytesMax: 100 * 1024 ** 2,
  /** Parts of a workbook; one that a person made has a few dozen. */
  partsMax: 2_000,
  /** Bytes out for one byte in: sheets pack 10 to 50 times, a bomb a thousand times. */
  ratioMax: 200,
  /** Reading alone, in its own thread; after that it is ended from outside. */
  readMsMax: 120_000,
} as const
export type Limits = { readonly [Name in keyof typeof LIMITS]: number }
