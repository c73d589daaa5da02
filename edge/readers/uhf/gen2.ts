import { tagCrc } from '@lotkeeper/protocol/epc/crc.ts'
import { protocolControlFor } from '@lotkeeper/protocol/epc/pc.ts'

/** Bytes of EPC that a PC word announces, by its first five bits. */
export const epcBytesOf = (pc: number): number => ((pc >> 11) & 0x1f) * 2

/** PC word for an EPC of so many bytes (an even number up to 62). */
export const pcOf = protocolControlFor

/** The tag's own CRC-16 as a reader reports it: over the PC word and the EPC [Gen2 Annex F.2]. */
export const tagCrcOf = (pc: number, epc: Uint8Array): number => tagCrc(Uint8Array.of(pc >> 8, pc & 0xff, ...epc))
