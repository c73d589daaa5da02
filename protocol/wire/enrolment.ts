import { isNodeId, type NodeId } from '../names.ts'
import type { Parts } from '../parts.ts'

/**
 * A one-time enrolment code as a person carries it from the hub to a node: `<node>.<secret>.<fingerprint>`. Secret and fingerprint are 26
 * base32 letters each (128 bits) [RFC 4648 6], upper or lower case. The fingerprint lets the node know the county before it trusts anybody.
 */
export interface EnrolmentCode {
  readonly node: NodeId
  readonly secret: string
  readonly fingerprint: string
}

export const writeEnrolmentCode = ({ node, secret, fingerprint }: EnrolmentCode): string => `${node}.${secret}.${fingerprint}`

/** The code a person typed or pasted, or `null` when it is none. */
export const readEnrolmentCode = (text: string): EnrolmentCode | null => {
  const [node = '', secret = '', fingerprint = '', more] = text.trim().split('.')
  if (more !== undefined || !isNodeId(node)) return null
  const code = { node, secret: secret.toUpperCase(), fingerprint: fingerprint.toUpperCase() }
  return LETTERS.test(code.secret) && LETTERS.test(code.fingerprint) ? code : null
}

/** Fingerprint of the county's X.509 authority: the first 128 bits of SHA-256 over its certificate in DER, base32. */
export const authorityFingerprint = (parts: Parts, der: Uint8Array): string => base32Of(parts.sha256(der).subarray(0, 16))

/** Unpadded upper-case base32 [RFC 4648 6]. */
export const base32Of = (bytes: Uint8Array): string => {
  let text = ''
  let word = 0
  let bits = 0
  for (const byte of bytes) {
    word = ((word << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((word >> bits) & 31)
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((word << (5 - bits)) & 31) : text
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const LETTERS = /^[A-Z2-7]{26}$/
