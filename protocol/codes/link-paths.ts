import { AIS } from './ais.ts'

/** Whether these AIs may be the path of a Digital Link: a key and some of its qualifiers in their order [GS1 Digital Link URI 4.9]. */
export const isPath = (ais: readonly string[]): boolean => {
  const qualifiers = AIS.get(ais[0] ?? '')?.qualifiers ?? []
  return qualifiers.some((list) => isInOrder(ais, list))
}

/** Whether an AI in the query would lengthen the path, and so belongs there. */
export const belongsInPath = (ai: string, path: readonly string[]): boolean =>
  QUALIFIERS.has(ai) && path.some((_, at) => isPath([...path.slice(0, at + 1), ai, ...path.slice(at + 1)]))

/**
 * The path of elements that name no path of their own: the first key, and the longest sequence of qualifiers that are there; of two as long
 * the lesser in the order of letters. `null` without a key.
 */
export const pathAmong = (present: readonly string[]): readonly string[] | null => {
  const key = present.find((ai) => AIS.get(ai)?.qualifiers != null)
  if (key === undefined) return null
  let longest: readonly string[] = [key]
  for (const list of AIS.get(key)?.qualifiers ?? []) {
    const path = [key, ...list.filter((ai) => present.includes(ai))]
    if (path.length > longest.length || (path.length === longest.length && path.join(' ') < longest.join(' '))) longest = path
  }
  return longest
}

/** Whether all but the first stand in the list, in its order. */
const isInOrder = (ais: readonly string[], list: readonly string[]): boolean => {
  let at = 0
  for (let next = 1; next < ais.length; next += 1) {
    while (at < list.length && list[at] !== ais[next]) at += 1
    if (at === list.length) return false
    at += 1
  }
  return true
}

const QUALIFIERS: ReadonlySet<string> = new Set([...AIS.values()].flatMap(({ qualifiers }) => qualifiers?.flat() ?? []))
