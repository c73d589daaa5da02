/**
 * The X25519 public key that belongs to an Ed25519 one, both raw 32 bytes: u = (1 + y) / (1 - y) [RFC 7748 4.1]. `null` for what is no such key: not 32
 * bytes, y beyond the field, or a point of small order, with which everybody would share the same secret.
 */
export const montgomeryOf = (signingKey: Uint8Array): Uint8Array | null => {
  if (signingKey.length !== BYTES) return null
  const y = numberOf(signingKey) & SIGN_CLEARED
  if (y >= P || SMALL.includes(y)) return null
  return bytesOf(modulo((1n + y) * inverse(modulo(1n - y))))
}

const BYTES = 32
const P = 2n ** 255n - 19n
/** The top bit is the sign of x and no part of y [RFC 8032 5.1.2]. */
const SIGN_CLEARED = 2n ** 255n - 1n
/** y of the points of order 1, 2, 4 and 8 [RFC 7748 6.1, by the map above]. */
const ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n
const SMALL: readonly bigint[] = [0n, 1n, P - 1n, ORDER_8, P - ORDER_8]

const modulo = (value: bigint): bigint => ((value % P) + P) % P

/** By Fermat: value ^ (P - 2). The key is public, so the time taken may tell it. */
const inverse = (value: bigint): bigint => {
  let result = 1n
  let base = value
  for (let power = P - 2n; power > 0n; power >>= 1n) {
    if (power & 1n) result = modulo(result * base)
    base = modulo(base * base)
  }
  return result
}

/** Little-endian, as both curves write their numbers. */
const numberOf = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
const bytesOf = (value: bigint): Uint8Array => Uint8Array.from({ length: BYTES }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))
