/** CRC-16/GENIBUS (poly 1021, init FFFF, final XOR FFFF) that a Gen2 tag stores over PC and EPC [EPC Gen2 6.3.2.1.2]. */
export const tagCrc = (pcAndEpc: Uint8Array): number => {
  let crc = 0xffff
  for (const byte of pcAndEpc) crc = ((crc << 8) ^ (TABLE[((crc >> 8) ^ byte) & 0xff] ?? 0)) & 0xffff
  return crc ^ 0xffff
}

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})
