import type { Element } from './elements.ts'

/**
 * The canonical GS1 Digital Link of elements that begin with a GTIN: the key, lot and serial are the path, everything else is the query
 * [GS1 Digital Link URI 4.9]. Every letter that an address gives a meaning is escaped.
 */
export const linkOf = (elements: readonly Element[]): string => {
  const values = new Map(elements)
  const path = PATH.flatMap((ai) => {
    const value = values.get(ai)
    return value === undefined ? [] : [`/${ai}/${escaped(value)}`]
  })
  const query = elements.filter(([ai]) => !PATH.includes(ai)).map(([ai, value]) => `${ai}=${escaped(value)}`)
  return ROOT + path.join('') + (query.length === 0 ? '' : `?${query.join('&')}`)
}

const ROOT = 'https://id.gs1.org'
/** Key, then its qualifiers in the order the grammar wants. */
const PATH: readonly string[] = ['01', '10', '21']

const escaped = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
