/**
 * The check word of the ThingMagic serial protocol over `bytes[from, to)`. Its documents call it CCITT, but the data enters at the low end of the
 * register (MercuryAPI: two nibbles a byte, here one table step), so the CRC everybody else calls CCITT differs (rfid.md 1.4).
 */
export const crcThingMagic = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0xffff
  for (let at = from; at < to; at += 1) crc = (((crc << 8) & 0xffff) | (bytes[at] as number)) ^ (TABLE[crc >> 8] as number)
  return crc
}

/** The tag's own CRC over `bytes[from, to)`, PC word to the end of the EPC, without copying them [EPC Gen2 6.3.2.1.2]. */
export const tagCrcIn = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0xffff
  for (let at = from; at < to; at += 1) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ (bytes[at] as number)] as number)
  return crc ^ 0xffff
}

/** Polynomial 1021, a byte at a time: both use it. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})
