/** The character sets of GS1 values, one bit each [GenSpecs 7.11]: digits, set 82, set 39, base64url with its padding. */
export const SETS = { N: 1, X: 2, Y: 4, Z: 8 } as const
export type CharacterSet = keyof typeof SETS

/** Whether all characters of a text from `from` to before `to` are in a set. */
export const isWithin = (set: CharacterSet, text: string, from: number, to: number): boolean => {
  const bit = SETS[set]
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    if (code > CODE_MAX || ((MEMBERS[code] ?? 0) & bit) === 0) return false
  }
  return true
}

/** Whether a text is digits only; the empty text is. */
export const isDigits = (text: string): boolean => isWithin('N', text, 0, text.length)

/** Set 82 in the order of its weights, which is the order of its codes. */
export const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

const CODE_MAX = 127
const LETTERS: Readonly<Record<CharacterSet, string>> = {
  N: '0123456789',
  X: SET_82,
  Y: '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Z: '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz=',
}
const MEMBERS = new Uint8Array(CODE_MAX + 1)
for (const set of ['N', 'X', 'Y', 'Z'] as const)
  for (const letter of LETTERS[set]) MEMBERS[letter.charCodeAt(0)] = (MEMBERS[letter.charCodeAt(0)] ?? 0) | SETS[set]
