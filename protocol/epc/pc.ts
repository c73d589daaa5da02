/** What a tag's protocol control word says [EPC Gen2 6.3.2.1.2.2]. */
export interface ProtocolControl {
  readonly words: number
  /** Length of the EPC that follows; never assume 12. */
  readonly epcBytes: number
  /** User memory is in use. */
  readonly umi: 0 | 1
  /** An XPC word follows the PC. */
  readonly xpc: 0 | 1
  /** 1: the tag holds no EPC; the attribute byte is an ISO AFI. */
  readonly toggle: 0 | 1
  /** Attribute bits or AFI, two hexadecimal digits. */
  readonly attr: string
}

/** Reads a 16-bit protocol control word. */
export const protocolControlOf = (word: number): ProtocolControl => ({
  words: (word >> 11) & 0x1f,
  epcBytes: ((word >> 11) & 0x1f) * 2,
  umi: ((word >> 10) & 1) as 0 | 1,
  xpc: ((word >> 9) & 1) as 0 | 1,
  toggle: ((word >> 8) & 1) as 0 | 1,
  attr: (word & 0xff).toString(16).toUpperCase().padStart(2, '0'),
})

/** The word for an EPC of whole words: no user memory, no XPC, EPC. */
export const protocolControlFor = (epcBytes: number): number => (epcBytes / 2) << 11

/** What the extended protocol control words of a tag say [TDS 9.4]. */
export interface Xpc {
  /** One or two. */
  readonly words: 1 | 2
  /** Four hexadecimal digits each. */
  readonly hex: string
  /** Names of the indicators that are set, in the order of their bits. */
  readonly set: readonly XpcIndicator[]
}

/** Reads them; the second word counts where the first announces it. */
export const xpcOf = (first: number, second: number): Xpc => {
  const words = (first & 0x8000) === 0 ? 1 : 2
  const hex = hexWord(first) + (words === 2 ? hexWord(second) : '')
  return { words, hex, set: INDICATORS.flatMap(([name, bit]) => ((first & bit) === 0 ? [] : [name])) }
}

const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')

/** Bits 210h to 21Fh; 211h to 213h are reserved. */
const INDICATORS = [
  ['second-word', 0x8000],
  ['sensor-alarm', 0x0800],
  ['simple-sensor', 0x0400],
  ['full-function-sensor', 0x0200],
  ['snapshot-sensor', 0x0100],
  ['battery-assisted', 0x0080],
  ['computed-response', 0x0040],
  ['selected', 0x0020],
  ['notification', 0x0010],
  ['untraceable', 0x0008],
  ['killable', 0x0004],
  ['not-removable', 0x0002],
  ['hazardous', 0x0001],
] as const
type XpcIndicator = (typeof INDICATORS)[number][0]
