import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, readCanonical } from './canonical.ts'

describe('canonical text', () => {
  test.each([
    ['keys out of order', '{"b":1,"a":2}'],
    ['keys out of order further in', '{"a":[{"d":1,"c":2}]}'],
    ['number keys as JavaScript orders them', '{"9":1,"10":2}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['another way to write a number', '{"a":1.0}'],
    ['an array between keys out of order', '{"b":[{"a":1}],"a":2}'],
    ['a key twice, an object between', '{"a":{"b":1},"a":1}'],
    ['a key before its own beginning', '{"ab":1,"a":1}'],
    ['an exponent that need not be', '{"a":1E2}'],
    ['digits that are rounded', '[12345678901234567890]'],
    ['a line end', '{"a":1}\n'],
    ['minus nothing', '{"a":-0}'],
    ['an escape that need not be', '{"a":"\\u0041"}'],
    ['half a character, escaped', '{"a":"\\ud800"}'],
    ['half a character, plain', '{"a":"\ud800"}'],
    ['no JSON', '{'],
  ])('%s is not it', (_why, text) => {
    expect(readCanonical(text)).toBeUndefined()
  })

  test.each([
    '{"10":1,"9":2}',
    '{"a":1,"ab":[2,"b",{"":-1}],"b":{"a":1.5}}',
    '{"a":999999999999999,"b":-1}',
    '{"a":"[{,:-0.e"}',
    '{"a":"\\u0001\\n"}',
    '[]',
    'null',
    '1e+30',
    '{"":{"é":1,"😀":[true]}}',
    '{"__proto__":{"a":1}}',
    '['.repeat(40) + ']'.repeat(40),
  ])('%s is it', (text) => {
    expect(readCanonical(text)).toEqual(JSON.parse(text))
  })

  test('the quick way says what the library says, of every value and of every text next to one', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), fc.constantFrom(' ', '"', '\\', '0', ',', '}'), (value, at, letter) => {
        const text = canonicalText(value)
        expect(canonicalText(readCanonical(text))).toBe(text)
        const touched = text.slice(0, at % (text.length + 1)) + letter + text.slice(at % (text.length + 1))
        expect(readCanonical(touched) !== undefined).toBe(isCanonicalByLibrary(touched))
      }),
    )
  })
})

const isCanonicalByLibrary = (text: string): boolean => {
  try {
    return canonicalText(JSON.parse(text)) === text
  } catch {
    return false
  }
}
