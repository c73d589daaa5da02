import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** Reads a body or a query by its schema. Compiled when first asked for: a node starts with twenty of them unused. */
export type Check = (value: unknown) => { readonly ok: true; readonly value: unknown } | Refusal

/** A body is taken as it stands: a number written as text is no number. */
export const openBodyCheck = (schema: TSchema): Check => {
  let compiled: ReturnType<typeof Compile> | null = null
  return (value) => {
    compiled ??= Compile(schema)
    if (!compiled.Check(value)) return refusalOf(compiled.Errors(value)[0], value)
    return isWellFormed(value) ? { ok: true, value } : refuse('api.request-malformed', { where: '/', why: 'lone surrogate' })
  }
}

/** A query is text; numbers in it are read as numbers. */
export const openQueryCheck = (schema: TSchema): Check => {
  let compiled: ReturnType<typeof Compile> | null = null
  return (query) => {
    compiled ??= Compile(schema)
    const value = compiled.Convert(query)
    return compiled.Check(value) ? { ok: true, value } : refusalOf(compiled.Errors(value)[0], value)
  }
}

interface Fault {
  readonly instancePath: string
  readonly message: string
  readonly keyword?: string
  readonly params?: unknown
}

const refusalOf = (fault: Fault | undefined, value: unknown): Refusal => {
  const { instancePath: path = '', message = '' } = fault ?? {}
  const missing = missingOf(fault)
  if (path === '' && missing.includes('action')) return refuse('api.action-missing')
  const [, field = ''] = path.split('/')
  if (COUNTS.includes(field)) {
    const told = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : null
    return refuse('ledger.quantity-not-whole', { units: typeof told === 'number' ? told : JSON.stringify(told).slice(0, 40) })
  }
  return refuse('api.request-malformed', { where: path === '' ? '/' : path.slice(0, 100), why: message.slice(0, 200) })
}

const missingOf = (fault: Fault | undefined): readonly unknown[] => {
  const required = (fault?.params as { readonly requiredProperties?: unknown } | undefined)?.requiredProperties
  return fault?.keyword === 'required' && Array.isArray(required) ? required : []
}

/** A lone surrogate has no canonical form [RFC 8785]: it could never be hashed. */
const isWellFormed = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isWellFormed)
}

const COUNTS = ['quantity', 'units']
