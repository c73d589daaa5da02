import { hexOf } from '../bytes.ts'
import { type Refusal, refuse } from '../refusals.ts'
import { bytesOfTagHex, EPC_BYTES_MAX } from './bits.ts'
import type { EpcIdentity } from './identity.ts'
import { decodePartitioned } from './partitioned.ts'
import { decodePlus, PLUS_ROWS } from './plus.ts'
import { SCHEME_ROWS } from './schemes.ts'

/** Reads the EPC of a tag (without PC word and CRC) and what is appended to it; refusals `epc.*`. */
export const decodeEpc = (bytes: Uint8Array): EpcIdentity | Refusal => {
  const header = bytes[0]
  if (header === undefined) return refuse('epc.empty')
  const decode = BY_HEADER[header]
  if (bytes.length > EPC_BYTES_MAX) return refuse('epc.length-wrong', { scheme: 'EPC', bits: EPC_BYTES_MAX * 8, found: bytes.length * 8 })
  if (decode) return decode(bytes)
  return header === FACTORY_HEADER
    ? refuse('epc.factory-default', { hex: hexOf(bytes) })
    : refuse('epc.header-unassigned', { header: hexOf(bytes.subarray(0, 1)) })
}

/** The same from hexadecimal text; that of a scheme of variable length may end on half a byte. */
export const decodeEpcHex = (hex: string): EpcIdentity | Refusal => {
  const bytes = bytesOfTagHex(hex)
  return bytes ? decodeEpc(bytes) : refuse('epc.hex-wrong', { hex: hex.slice(0, 64) })
}

/** Not a scheme: chips leave the factory with an EPC that begins with their class identifier [TDS 16]. */
const FACTORY_HEADER = 0xe2

const BY_HEADER: readonly (((bytes: Uint8Array) => EpcIdentity | Refusal) | undefined)[] = Array.from({ length: 256 }, (_, header) => {
  const old = SCHEME_ROWS.find((row) => row.header === header)
  const plus = PLUS_ROWS.find((row) => row.header === header)
  if (old) return (bytes: Uint8Array) => decodePartitioned(bytes, old)
  return plus && ((bytes: Uint8Array) => decodePlus(bytes, plus))
})
