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
