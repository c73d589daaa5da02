import { type Refusal, refuse } from '../refusals.ts'
import { bytesOfTagHex } from './bits.ts'
import { tagCrc } from './crc.ts'
import { type ProtocolControl, protocolControlOf, type Xpc, xpcOf } from './pc.ts'

/** What a tag answers in an inventory round: its protocol control, perhaps extended, its EPC, perhaps a CRC over both [Gen2 6.3.2.1.2]. */
export interface TagRead {
  /** Four hexadecimal digits. */
  readonly word: string
  readonly pc: ProtocolControl
  readonly xpc: Xpc | null
  readonly epc: Uint8Array
  /** Whether the CRC is that of the rest; `null` when there is none. */
  readonly isCrcRight: boolean | null
}

/** Takes apart `[PC][XPC..][EPC][CRC]`; refusals `epc.hex-wrong`, `epc.tag-short`, `epc.length-wrong`. The EPC is not read yet. */
export const readTag = (hex: string): TagRead | Refusal => {
  const bytes = hex.length % 4 === 0 ? bytesOfTagHex(hex) : null
  if (!bytes) return refuse('epc.hex-wrong', { hex: hex.slice(0, 64) })
  if (bytes.length < WORD_BYTES) return refuse('epc.tag-short', { bytes: bytes.length })
  const pc = protocolControlOf(wordAt(bytes, 0))
  // The length a tag answers with counts the extended words too [Gen2 6.3.2.1.2.2].
  const behind = WORD_BYTES + pc.epcBytes
  const crcBytes = bytes.length - behind
  if (crcBytes !== 0 && crcBytes !== WORD_BYTES)
    return refuse('epc.length-wrong', { scheme: 'PC', bits: pc.epcBytes * 8, found: (bytes.length - WORD_BYTES) * 8 })
  const xpc = pc.xpc === 1 && pc.words > 0 ? xpcOf(wordAt(bytes, WORD_BYTES), pc.words > 1 ? wordAt(bytes, 2 * WORD_BYTES) : 0) : null
  return {
    word: hex.slice(0, 4).toUpperCase(),
    pc,
    xpc,
    epc: bytes.subarray(WORD_BYTES + (xpc === null ? 0 : xpc.words * WORD_BYTES), behind),
    isCrcRight: crcBytes === 0 ? null : tagCrc(bytes.subarray(0, behind)) === wordAt(bytes, behind),
  }
}

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

const WORD_BYTES = 2
