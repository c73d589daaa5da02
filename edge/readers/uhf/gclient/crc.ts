/** CRC-16/XMODEM over `bytes[from, to)`: polynomial 1021, begun at 0, no final XOR. */
export const crcXmodem = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0
  for (let at = from; at < to; at += 1) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ (bytes[at] as number)] as number)
  return crc
}

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})
