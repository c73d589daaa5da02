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
    return isPlainlyCanonical(value, text) || canonicalText(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * A quick yes for what honest writers send: keys in order and the very text that JSON itself writes is RFC 8785 form. Anything else (an escape,
 * deep nesting) is left to the library; an intake of thousands of entries a second spends a third of its time there.
 */
const isPlainlyCanonical = (value: unknown, text: string): boolean =>
  !text.includes('\\u') && isInOrder(value, DEPTH_MAX) && JSON.stringify(value) === text

/** Whether the keys of every object stand in UTF-16 order [RFC 8785 3.2.3]. */
const isInOrder = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  if (Array.isArray(value)) {
    for (const one of value) if (!isInOrder(one, depth - 1)) return false
    return true
  }
  let last: string | null = null
  for (const key of Object.keys(value)) {
    if ((last !== null && key <= last) || !isInOrder((value as Readonly<Record<string, unknown>>)[key], depth - 1)) return false
    last = key
  }
  return true
}

const DEPTH_MAX = 16
