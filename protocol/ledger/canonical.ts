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
    return canonicalText(value) === text ? value : undefined
  } catch {
    return undefined
  }
}
