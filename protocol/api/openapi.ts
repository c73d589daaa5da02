import type { TSchema } from 'typebox'
import type { RouteRight } from './hub-rights.ts'
import type { Route } from './route.ts'
import {
  DISCREPANCY_VIEW,
  ITEM_VIEW,
  LOT_VIEW,
  MOVEMENT_ROW,
  NODE_VIEW,
  PROBLEM,
  SITE_ROW,
  SITE_SUMMARY,
  STOCK_ROW,
  TAG_VIEW,
} from './views.ts'

/** What a call of a route looks like: what is sent and what comes back. */
export interface RouteExample {
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: unknown
  readonly answer: unknown
}

/** What the document says about itself and about each route, beside the table. */
export interface OpenApiGiven {
  readonly title: string
  readonly description: string
  readonly version: string
  /** Name of the session cookie. */
  readonly cookie: string
  readonly examples: Readonly<Record<string, RouteExample>>
  readonly rights: Readonly<Record<string, RouteRight>>
  /** What the house itself calls, by the name of the event: what it sends there as `data`. */
  readonly told?: Readonly<Record<string, { readonly zh: string; readonly en: string; readonly body: TSchema }>>
}

/** The OpenAPI 3.1 document of a route table, made from its rows so that it cannot drift from them. The shared shapes are its components. */
export const openApiDocument = (routes: Readonly<Record<string, Route>>, given: OpenApiGiven): OpenApiDocument => {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [name, route] of Object.entries(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(name, route, given) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: given.title,
      version: given.version,
      description: given.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    ...(given.told
      ? { webhooks: Object.fromEntries(Object.entries(given.told).map(([name, event]) => [name, webhookOf(name, event)])) }
      : {}),
    components: {
      schemas: Object.fromEntries(COMPONENTS.map(([name, schema]) => [name, plain(schema, name)])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: '`token` of the sign-in' },
        cookie: { type: 'apiKey', in: 'cookie', name: given.cookie },
      },
    },
  }
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: object
  readonly servers: readonly object[]
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly webhooks?: Readonly<Record<string, object>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>>; readonly securitySchemes: object }
}
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly security?: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: object
  readonly responses: object
}
interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: unknown
  readonly example?: string | number
}

const COMPONENTS: readonly (readonly [string, TSchema])[] = [
  ['StockRow', STOCK_ROW],
  ['MovementRow', MOVEMENT_ROW],
  ['Item', ITEM_VIEW],
  ['Site', SITE_ROW],
  ['Node', NODE_VIEW],
  ['SiteSummary', SITE_SUMMARY],
  ['Discrepancy', DISCREPANCY_VIEW],
  ['Lot', LOT_VIEW],
  ['Tag', TAG_VIEW],
  ['Problem', PROBLEM],
]
const NAMES = new Map(COMPONENTS.map(([name, schema]) => [JSON.stringify(schema), name]))

const operationOf = (
  name: string,
  { zh, en, query, body, answer, sends, gives }: Route,
  { examples: { [name]: example }, rights: { [name]: needs } }: OpenApiGiven,
): Operation => ({
  operationId: name,
  summary: `${zh} · ${en}`,
  description: `${en}. ${needOf(needs?.right)}`,
  ...(needs?.right === 'anyone' ? { security: [] } : {}),
  ...(query || body ? { parameters: [...(query ? parametersOf(query, example?.query) : []), ...headersOf(body)] } : {}),
  ...(body ? { requestBody: { required: true, content: contentOf(body, example?.body) } } : {}),
  ...(sends ? { requestBody: { required: true, content: bytesOf(sends) } } : {}),
  responses: {
    '200': { description: zh, content: gives ? bytesOf(gives) : contentOf(answer, example?.answer) },
    default: {
      description: '拒绝或故障 · a refusal or a fault [RFC 9457]',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
})

/** A call of the house's own [OpenAPI 3.1 4.8.1], signed by Standard Webhooks 1.0. */
const webhookOf = (name: string, { zh, en, body }: { readonly zh: string; readonly en: string; readonly body: TSchema }) => ({
  post: {
    operationId: `told.${name}`,
    summary: `${zh} · ${en}`,
    description:
      'Told at least once, in order, under one `webhook-id`. The signature is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` under the secret; refuse what is older than five minutes. Any 2xx takes it, 410 ends the webhook.',
    security: [],
    parameters: SIGNED.map((header) => ({ in: 'header', name: header, required: true, schema: { type: 'string' } })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['type', 'timestamp', 'data'],
            properties: { type: { const: name }, timestamp: { type: 'string', format: 'date-time' }, data: plain(body) },
          },
        },
      },
    },
    responses: { '2XX': { description: '收下 · taken' }, '410': { description: '不再需要 · the webhook ends' } },
  },
})
const SIGNED = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

const needOf = (right: RouteRight['right'] | undefined): string => {
  if (right === 'anyone') return 'Needs no sign-in.'
  return right === undefined || right === 'self' ? 'Whoever is signed in may ask.' : `Needs the right \`${right}\`.`
}

const contentOf = (schema: TSchema, example: unknown) => ({
  'application/json': { schema: plain(schema), ...(example === undefined ? {} : { example }) },
})

/** Bytes as they are [OpenAPI 3.1 4.8.14.2]. */
const bytesOf = (types: readonly string[]) => Object.fromEntries(types.map((type) => [type, {}]))

/** Headers that say the same as fields of the body. */
const headersOf = (body: TSchema | undefined): readonly Parameter[] => {
  const { properties = {} } = (body ?? {}) as { readonly properties?: object }
  return CONDITIONS.filter(({ field }) => field in properties).map(({ field: _, ...header }) => ({
    in: 'header',
    required: false,
    ...header,
  }))
}
const CONDITIONS = [
  { field: 'action', name: 'Idempotency-Key', description: 'the same as `action`, which may then be left out', schema: { type: 'string' } },
  {
    field: 'knownVersion',
    name: 'If-Match',
    description: 'the ETag of the record as it was read, the same as `knownVersion`; 412 when it has changed since',
    schema: { type: 'string' },
  },
] as const

const parametersOf = (query: TSchema, example: RouteExample['query']): readonly Parameter[] => {
  const { properties, required = [] } = query as {
    readonly properties?: Readonly<Record<string, TSchema>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties ?? {}).map(([name, schema]) => {
    const { description } = schema as { readonly description?: string }
    const shown = example?.[name]
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: plain(schema),
      ...(shown === undefined ? {} : { example: shown }),
    }
  })
}

/** The schema as plain JSON, with shared shapes as references; `self` is the component being written, which must not refer to itself. */
const plain = (schema: unknown, self?: string): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => plain(one))
  if (typeof schema !== 'object' || schema === null) return schema
  const name = NAMES.get(JSON.stringify(schema))
  if (name !== undefined && name !== self) return { $ref: `#/components/schemas/${name}` }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, plain(value)]))
}
