import type { TSchema } from 'typebox'
import { describe, expect, it } from 'vitest'
import { HUB_ROUTES } from './hub.ts'
import { NODE_ROUTES } from './node.ts'
import type { Route } from './route.ts'

/** A schema as far as its limits go. */
interface Part {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly maxLength?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly additionalProperties?: unknown
  readonly properties?: Readonly<Record<string, Part>>
  readonly patternProperties?: Readonly<Record<string, Part>>
  readonly items?: Part
  readonly anyOf?: readonly Part[]
  readonly allOf?: readonly Part[]
}

/** Deeper than this no request goes: a reader that follows what came needs an end. */
const DEPTH_MAX = 8

/** A pattern bounds a text when it is anchored at both ends and repeats nothing without an end. */
const isBounded = (pattern: string): boolean => {
  const outside = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  return /^\^.*\$$/.test(outside) && !/[*+]|\{\d+,\}/.test(outside) && !/^\^[^(]*\|/.test(outside)
}

const unboundedIn = (part: Part, where: string, depth = 0): readonly string[] => {
  if (depth > DEPTH_MAX) return [`${where}: deeper than ${DEPTH_MAX}`]
  const { type, properties = {}, patternProperties = {}, items, anyOf = [], allOf = [] } = part
  const own: string[] = []
  const isFixed = part.const !== undefined || part.enum !== undefined
  if (!isFixed && type === undefined && anyOf.length + allOf.length === 0) own.push(`${where}: anything`)
  if (type === 'string' && !isFixed && part.maxLength === undefined && !isBounded(part.pattern ?? ''))
    own.push(`${where}: a text without an end`)
  if (type === 'array' && part.maxItems === undefined) own.push(`${where}: a list without an end`)
  const isRecord = Object.keys(patternProperties).length > 0
  if (type === 'object' && (isRecord ? part.maxProperties === undefined : part.additionalProperties !== false))
    own.push(`${where}: names without an end`)
  return [
    ...own,
    ...Object.entries({ ...properties, ...patternProperties }).flatMap(([name, one]) => unboundedIn(one, `${where}/${name}`, depth + 1)),
    ...(items ? unboundedIn(items, `${where}[]`, depth + 1) : []),
    ...[...anyOf, ...allOf].flatMap((one) => unboundedIn(one, where, depth)),
  ]
}

const CASES = [...Object.entries(HUB_ROUTES), ...Object.entries(NODE_ROUTES)] as readonly (readonly [string, Route])[]

describe('every text, list and name that may be sent has an end', () => {
  it.each(CASES)('%s', (_name, { query, body }) => {
    const asked = [query, body].filter((schema): schema is TSchema => schema !== undefined)
    expect(asked.flatMap((schema) => unboundedIn(schema as Part, ''))).toEqual([])
  })

  it.each<readonly [string, Part, number]>([
    ['a bare text', { type: 'string' }, 1],
    ['a text with an end', { type: 'string', maxLength: 4 }, 0],
    ['a pattern with an end', { type: 'string', pattern: '^[0-9+*]{4,8}$' }, 0],
    ['a pattern without one', { type: 'string', pattern: '^[0-9]+$' }, 1],
    ['a pattern that looks inside', { type: 'string', pattern: '\\S' }, 1],
    ['an open list', { type: 'array', items: { type: 'integer' } }, 1],
    ['an open object', { type: 'object', properties: {} }, 1],
    [
      'a list in a list',
      { type: 'array', maxItems: 1, items: { anyOf: [{ type: 'null' }, { type: 'array', items: { type: 'string' } }] } },
      2,
    ],
    ['anything', {}, 1],
  ])('would be found out otherwise: %s', (_what, part, found) => {
    expect(unboundedIn(part, '')).toHaveLength(found)
  })
})
