import type { Identification } from '@lotkeeper/protocol/codes/identification.ts'
import { normalLotNumber } from '@lotkeeper/protocol/names.ts'

/** The symbols a text holds: of a pair that a scan session joined both, one a line; else the text itself. */
export const symbolsOf = (text: string): readonly string[] => {
  const lines = text.split(LINE_END)
  return lines.length === 2 && lines.every((line) => line !== '') ? lines : [text]
}

/** Both texts of a pair as one, as an entry keeps what was scanned; neither may hold a line end itself. */
export const textOfPair = (first: string, second: string): string => `${bareOf(first)}${LINE_END}${bareOf(second)}`

/** What a label's other symbol would have to say: the product, or what the first symbol left out. `null`: it is no half of a label. */
export const wantedBeside = (said: Identification): 'key' | 'parts' | null => {
  if (hasKey(said)) return namesProduct(said) && (said.lot === null || said.expiry === null) ? 'parts' : null
  return FACTS.some(([fact]) => said[fact] !== null) || said.elements.length > 0 ? 'key' : null
}

/** What two symbols make together, whichever came first: one label, two that contradict each other, or nothing to do with each other. */
export type PairOf =
  | { readonly is: 'joined'; readonly said: Identification }
  | { readonly is: 'apart'; readonly differs: readonly Phrase[] }
  | null

export const pairOf = (one: Identification, other: Identification): PairOf => {
  const [key, parts] = hasKey(one) ? [one, other] : [other, one]
  if (wantedBeside(key) !== 'parts' || wantedBeside(parts) !== 'key' || key.issuer !== parts.issuer) return null
  const differs = differencesOf(key, parts)
  if (differs.length > 0) return { is: 'apart', differs }
  const isNew = FACTS.some(([fact]) => key[fact] === null && parts[fact] !== null) || newElements(key, parts).length > 0
  return isNew ? { is: 'joined', said: joined(key, parts) } : null
}

type Fact = 'lot' | 'serial' | 'expiry' | 'produced' | 'count'
interface Phrase {
  readonly zh: string
  readonly en: string
}

/** The facts of a symbol of its own; what names the thing is never among them. */
const FACTS: readonly (readonly [Fact, string, string])[] = [
  ['lot', '批号', 'lot'],
  ['serial', '序列号', 'serial'],
  ['expiry', '有效期', 'expiry'],
  ['produced', '生产日期', 'production date'],
  ['count', '数量', 'count'],
]

/** Whatever names a thing or a logistic unit by itself: such a symbol is a label of its own. */
const hasKey = (said: Identification): boolean => namesProduct(said) || said.sscc !== null || said.content !== null
const namesProduct = ({ gtin14, agency }: Identification): boolean => gtin14 !== null || (agency?.di ?? null) !== null

/** Every field the product's symbol leaves open is filled from the other one: a second symbol adds, it never takes away. */
const joined = (key: Identification, parts: Identification): Identification => {
  const filled = Object.fromEntries(Object.entries(key).map(([field, value]) => [field, value ?? parts[field as keyof Identification]]))
  const added = newElements(key, parts)
  const keyElements = key.elements.length > 0 || key.gtin14 === null ? key.elements : ([['01', key.gtin14]] as const)
  const elements = [...keyElements, ...added]
  const { agency } = key
  return {
    ...(filled as unknown as Identification),
    ...(agency ? { agency: { ...agency, kind: 'concatenated' as const, fields: { ...parts.agency?.fields, ...agency.fields } } } : {}),
    elements,
    ai: elements.length === 0 ? null : elements.map(([ai, value]) => `(${ai})${value.replaceAll('(', '\\(')}`).join(''),
    canonical: `${key.canonical}${LINE_END}${parts.canonical}`,
    raw: textOfPair(key.raw, parts.raw),
    notices: [...new Set([...key.notices, ...parts.notices.filter((notice) => notice !== 'codes.key-missing')])],
  }
}

const newElements = (key: Identification, parts: Identification) =>
  parts.elements.filter(([ai]) => !key.elements.some(([known]) => known === ai))

const differencesOf = (key: Identification, parts: Identification): readonly Phrase[] => {
  const facts = FACTS.filter(([fact]) => differs(fact, key[fact], parts[fact])).map(([, zh, en]) => ({ zh, en }))
  if (facts.length > 0) return facts
  // Of HIBC the second symbol carries the check character of the first [ANSI/HIBC 2.6].
  const [check, link] = [key.agency?.fields['check'], parts.agency?.fields['link']]
  if (check !== undefined && link !== undefined && check !== link) return [{ zh: '连接字符', en: 'link character' }]
  return parts.elements.flatMap(([ai, value]) =>
    key.elements.some(([known, other]) => known === ai && other !== value && !READ_AS_FACTS.includes(ai))
      ? [{ zh: `(${ai})`, en: `(${ai})` }]
      : [],
  )
}

const differs = (fact: Fact, one: string | number | null, other: string | number | null): boolean => {
  if (one === null || other === null) return false
  return fact === 'lot' ? normalLotNumber(String(one)) !== normalLotNumber(String(other)) : one !== other
}

/** Two writings of one fact (a lot in small letters, day 00 and the last day) do not contradict each other. */
const READ_AS_FACTS: readonly string[] = ['10', '11', '17', '21', '30']

const bareOf = (text: string): string => text.replace(/[\r\n]+$/, '')
/** No symbol a scanner reads as one line holds it. */
const LINE_END = '\n'
