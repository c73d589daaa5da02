import type { TSchema } from 'typebox'
import type { Right } from './rules/access.ts'

/**
 * What not everybody who may read a row may see in it, and the right it takes. `siteless`: who sees it in a row that belongs to no site: whoever
 * has the right anywhere, or only those who have it for the whole county.
 */
export const SENSITIVE = {
  contacts: { right: 'contacts.see', siteless: 'anywhere', zh: '联系人和电话', en: 'contacts and telephone numbers' },
  prices: { right: 'prices.see', siteless: 'county', zh: '价格和金额', en: 'prices and amounts' },
  cases: { right: 'cases.see', siteless: 'county', zh: '病例号', en: 'case numbers' },
} as const satisfies Readonly<Record<string, SensitiveRow>>
export type Sensitive = keyof typeof SENSITIVE
interface SensitiveRow {
  readonly right: Right
  readonly siteless: 'anywhere' | 'county'
  readonly zh: string
  readonly en: string
}

/** Keywords in a schema: what it is, and that it is so only where the text, a scanned code, names a person. */
export const SENSITIVE_KEY = 'x-sensitive'
export const SENSITIVE_WHERE_KEY = 'x-sensitive-where'

/** Stands for a text that is there and that the asker may not see; sent back, it leaves the field as it is. */
export const MASKED = '***'
/** Stands for a text that was erased, and for one that is not in the store at hand; sent back, they leave the field as it is. */
export const ERASED = '（已抹去）'
export const ABSENT = '（不在此库）'
export const MARKS: readonly string[] = [MASKED, ERASED, ABSENT]

/**
 * A schema whose values only those see who have the right: said here, once, and kept to wherever the schema is an answer, a body, an event or a
 * column. It must allow a mask: be a text that takes `***`, or nullable, or optional, or a list that may be empty.
 */
export const sensitive = <Schema extends TSchema>(kind: Sensitive, schema: Schema): Schema => annotated(schema, { [SENSITIVE_KEY]: kind })

/** A scanned code as it came: it names a person only where it carries the AIs that do [GS1 General Specifications 3.8.2-3.8.20]. */
export const sensitiveCode = <Schema extends TSchema>(schema: Schema): Schema =>
  annotated(schema, { [SENSITIVE_KEY]: 'contacts', [SENSITIVE_WHERE_KEY]: 'code' })

/** A copy with keywords; what TypeBox keeps beside the JSON of a schema goes along. */
const annotated = <Schema extends TSchema>(schema: Schema, keywords: Readonly<Record<string, string>>): Schema =>
  Object.assign(Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema)) as Schema, keywords)
