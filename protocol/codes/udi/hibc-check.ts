/** The check character of the text before it: the sum of the characters' values modulo 43; `null` where one is outside the alphabet. */
export const checkCharacterOf = (text: string): string | null => {
  let sum = 0
  for (let at = 0; at < text.length; at += 1) {
    const value = VALUES[text.charCodeAt(at)] ?? OUTSIDE
    if (value === OUTSIDE) return null
    sum += value
  }
  return ALPHABET.charAt(sum % ALPHABET.length)
}

/** Of Code 39; the place of a character is its value. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'
const OUTSIDE = -1
const VALUES = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)))
