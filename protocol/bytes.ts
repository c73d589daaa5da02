/** Upper-case hexadecimal of bytes. */
export const hexOf = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

/** Bytes of an even-length hexadecimal text, or `null` when it is none. */
export const bytesOfHex = (text: string): Uint8Array | null => {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (nibbleAt(text, at * 2) << 4) | nibbleAt(text, at * 2 + 1)
  return bytes
}

/** Unpadded base64url [RFC 4648 5]. */
export const base64urlOf = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63)
    if (left > 1) text += ALPHABET.charAt((word >> 6) & 63)
    if (left > 2) text += ALPHABET.charAt(word & 63)
  }
  return text
}

/** Bytes of unpadded base64url, or `null` when the text is none or not in its shortest form. */
export const bytesOfBase64url = (text: string): Uint8Array | null => {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let filled = 0
  let word = 0
  let bits = 0
  for (const letter of text) {
    word = ((word << 6) | ALPHABET.indexOf(letter)) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[filled] = (word >> bits) & 0xff
      filled += 1
    }
  }
  return base64urlOf(bytes) === text ? bytes : null
}

/** Whether two byte strings are equal. */
export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}

/** Letters of either case differ from digits by bit 6, and are 9 more than their last four bits. */
const nibbleAt = (text: string, at: number): number => {
  const sign = text.charCodeAt(at)
  return (sign & 15) + (sign >> 6) * 9
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
