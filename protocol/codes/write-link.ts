import { type Refusal, refuse } from '../refusals.ts'
import { AIS } from './ais.ts'
import type { Element } from './elements.ts'
import { pathAmong } from './link-paths.ts'

/**
 * The canonical GS1 Digital Link of elements [GS1 Digital Link URI 4.12]: key and qualifiers are the path, everything else is the query, values
 * of predefined length first. Refuses where no key is among them, or where one of them may not stand in a link. `pathLength` says how many of
 * them are the path already; without it the path is chosen. Every letter that an address gives a meaning is escaped.
 */
export const linkOf = (elements: readonly Element[], pathLength: number | null = null): string | Refusal => {
  const ais = elements.map((element) => element[0])
  const path = pathLength === null ? pathAmong(ais) : ais.slice(0, pathLength)
  if (path === null) return refuse('codes.link-key-missing')
  let link = ROOT
  for (const ai of path) link += `/${ai}/${escaped(elements[ais.indexOf(ai)]?.[1] ?? '')}`
  let fixed = ''
  let open = ''
  for (const [at, ai] of ais.entries()) {
    if (path.includes(ai) || ais.indexOf(ai) < at) continue
    const row = AIS.get(ai)
    if (row?.attribute !== true) return refuse('codes.link-attribute-wrong', { ai })
    const pair = `&${ai}=${escaped(elements[at]?.[1] ?? '')}`
    if (row.predefined) fixed += pair
    else open += pair
  }
  const query = fixed + open
  return query === '' ? link : `${link}?${query.slice(1)}`
}

const ROOT = 'https://id.gs1.org'

const escaped = (value: string): string =>
  PLAIN.test(value)
    ? value
    : encodeURIComponent(value).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
const PLAIN = /^[-.0-9A-Z_a-z~]*$/
