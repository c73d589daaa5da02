/**
 * CRC-16 of `bytes[from, to)` as UHFReader18/288 and CF send it: poly 1021 reflected (8408), init FFFF, no final XOR (CRC-16/MCRF4XX).
 * Over a whole UHF288 frame, its CRC included, it is 0 [UHF RFID Reader Series User Manual V2.20, 3].
 */
export const crc8408 = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0xffff
  for (let at = from; at < to; at += 1) crc = (crc >> 8) ^ (REFLECTED[(crc ^ (bytes[at] as number)) & 0xff] as number)
  return crc
}

/** CRC-16 of `bytes[from, to)` as the 5A family sends it: poly 1021, init 0, no final XOR (XMODEM). */
export const crcXmodem = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0
  for (let at = from; at < to; at += 1) crc = ((crc << 8) & 0xff00) ^ (PLAIN[(crc >> 8) ^ (bytes[at] as number)] as number)
  return crc
}

/**
 * CRC-16 of `bytes[from, to)` as ThingMagic sends it: poly 1021, init FFFF, but each byte is shifted in from below instead of being mixed in on top,
 * so the last two bytes count less than in any CRC of the catalogues.
 */
export const crcThingMagic = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0xffff
  for (let at = from; at < to; at += 1) crc = (((crc << 8) & 0xff00) | (bytes[at] as number)) ^ (PLAIN[crc >> 8] as number)
  return crc
}

/** The tag's own CRC over `bytes[from, to)`, PC word to the end of the EPC, where it lies [EPC Gen2 6.3.2.1.2]: init FFFF, final XOR FFFF. */
export const tagCrcIn = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0xffff
  for (let at = from; at < to; at += 1) crc = ((crc << 8) & 0xff00) ^ (PLAIN[(crc >> 8) ^ (bytes[at] as number)] as number)
  return crc ^ 0xffff
}

const table = (step: (crc: number) => number, place: (byte: number) => number): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = place(byte)
    for (let bit = 0; bit < 8; bit += 1) crc = step(crc)
    return crc
  })

const REFLECTED = table(
  (crc) => (crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1),
  (byte) => byte,
)
const PLAIN = table(
  (crc) => (crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1),
  (byte) => byte << 8,
)
