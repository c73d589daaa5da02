/** Bytes of EPC that a PC word announces: bits 15..11 count 16-bit words [Gen2 6.3.2.1.2.2]. */
export const epcBytesOf = (pc: number): number => (pc >> 11) * 2

/** PC word for an EPC of so many bytes (an even number up to 62): no user memory, no XPC, an EPC rather than an AFI. */
export const pcOf = (epcBytes: number): number => (epcBytes / 2) << 11

/** The tag's own CRC-16 over PC and EPC: polynomial 1021, begun at FFFF, inverted at the end [Gen2 Annex F.2]. */
export const tagCrcOf = (pc: number, epc: Uint8Array): number => {
  let crc = step(step(0xffff, pc >> 8), pc & 0xff)
  for (const byte of epc) crc = step(crc, byte)
  return crc ^ 0xffff
}

const POLYNOMIAL = 0x1021
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  return crc & 0xffff
})
const step = (crc: number, byte: number): number => ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] as number)
