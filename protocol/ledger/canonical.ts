import canonicalize from 'canonicalize'

/** RFC 8785 text of a JSON value. A value that JSON cannot hold (NaN, lone surrogate, undefined) is a bug of the caller and throws. */
export const canonicalText = (value: unknown): string => {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('value has no JSON form')
  return text
}

/** The JSON value of a text that is already canonical, or `undefined` when it is not JSON or not in RFC 8785 form. */
export const readCanonical = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return isPlainlyCanonical(text) || canonicalText(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * A quick yes, in one walk over a text that is JSON, for what honest writers send: no white space, no escapes, whole numbers, well-formed
 * characters, and in every object keys in rising order, so that none stands twice [RFC 8785 3.2]. Anything else is left to the library: an intake
 * of thousands of entries a second would spend a third of its time there.
 */
const isPlainlyCanonical = (text: string): boolean => {
  let depth = 0
  let awaitsKey = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === QUOTE) {
      const end = stringEnd(text, at + 1)
      if (end < 0 || (awaitsKey && !isNextKey(text, depth, at + 1, end))) return false
      awaitsKey = false
      at = end
    } else if (sign === COMMA) awaitsKey = KEY_ENDS[depth] !== NO_OBJECT
    else if (sign === OPEN_BRACE || sign === OPEN_BRACKET) {
      depth += 1
      if (depth > DEPTH_MAX) return false
      awaitsKey = sign === OPEN_BRACE
      KEY_STARTS[depth] = NO_KEY
      KEY_ENDS[depth] = awaitsKey ? NO_KEY : NO_OBJECT
    } else if (sign === CLOSE_BRACE || sign === CLOSE_BRACKET) {
      depth -= 1
      awaitsKey = false
    } else if (sign === MINUS || (sign >= ZERO && sign <= NINE)) {
      at = wholeEnd(text, at)
      if (at < 0) return false
    } else if (sign <= SPACE) return false
  }
  return true
}

/** Where the string ends that begins here; -1 where its characters need a closer look. */
const stringEnd = (text: string, from: number): number => {
  for (let at = from; ; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === QUOTE) return at
    if (sign === BACKSLASH || (sign >= SURROGATES && sign <= SURROGATES_END)) return -1
  }
}

/** The last sign of the whole number that begins here; -1 where it is none, minus nothing, or so long that it may be rounded. */
const wholeEnd = (text: string, from: number): number => {
  let at = from
  if (text.charCodeAt(at) === MINUS) {
    at += 1
    if (text.charCodeAt(at) === ZERO) return -1
  }
  let sign = text.charCodeAt(at)
  while (sign >= ZERO && sign <= NINE) {
    at += 1
    sign = text.charCodeAt(at)
  }
  return at - from > DIGITS_MAX || sign === POINT || sign === EXPONENT || sign === EXPONENT_LARGE ? -1 : at - 1
}

/** Whether a key follows the last of its object in UTF-16 order [RFC 8785 3.2.3]; from now on it is the last. */
const isNextKey = (text: string, depth: number, from: number, upto: number): boolean => {
  let last = KEY_STARTS[depth] ?? NO_KEY
  const end = KEY_ENDS[depth] ?? NO_KEY
  KEY_STARTS[depth] = from
  KEY_ENDS[depth] = upto
  if (last === NO_KEY) return true
  let at = from
  while (last < end && at < upto && text.charCodeAt(last) === text.charCodeAt(at)) {
    last += 1
    at += 1
  }
  if (last === end) return at < upto
  return at < upto && text.charCodeAt(last) < text.charCodeAt(at)
}

const DEPTH_MAX = 16
/** Where the last key of the open object of each depth begins and ends; made once, for an entry is read every few microseconds. */
const KEY_STARTS = new Int32Array(DEPTH_MAX + 1)
const KEY_ENDS = new Int32Array(DEPTH_MAX + 1)
const NO_KEY = 0
/** An array is open at that depth. */
const NO_OBJECT = -1
/** Every whole number of so many signs is exact. */
const DIGITS_MAX = 15

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const EXPONENT_LARGE = 0x45
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const EXPONENT = 0x65
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SURROGATES = 0xd800
const SURROGATES_END = 0xdfff
