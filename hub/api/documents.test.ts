import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import { WEBHOOK_EVENT_NAMES } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { DOCUMENTS } from './documents.ts'
import { HUB_EXAMPLES } from './examples.ts'

const document = JSON.parse(JSON.stringify(DOCUMENTS['/api/openapi.json']?.('0.1.0'))) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}
interface Operation {
  readonly operationId: string
  readonly security?: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly example?: unknown }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> }
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>> }>
  >
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, and every reference leads somewhere', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document) as never)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
    expect(new Set(named)).toEqual(new Set(Object.keys(document.components.schemas)))
  })

  it('shows what a webhook is told, with all it is told', () => {
    expect(Object.keys(document.webhooks)).toEqual(WEBHOOK_EVENT_NAMES)
    const headers = document.webhooks['movement.booked']?.post.parameters?.map(({ name }) => name)
    expect(headers).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature'])
  })

  it('would be found out if it were wrong', async () => {
    const broken = { ...structuredClone(document), paths: { '/api/x': { get: { responses: 'none' } } } }
    expect(await new Validator().validate(broken as never)).toMatchObject({ valid: false })
  })

  it.each(Object.entries(HUB_ROUTES))('shows %s as it is, with an example', (name, route) => {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()]
    expect(operation?.operationId).toBe(name)
    expect(operation?.security).toEqual(ROUTE_RIGHTS[name as HubRoute].right === 'anyone' ? [] : undefined)
    const { query, body, answer } = HUB_EXAMPLES[name as keyof typeof HUB_EXAMPLES] as { query?: object; body?: object; answer: object }
    const { sends = ['application/json'], gives = ['application/json'] } = route as Route
    expect(Object.keys(operation?.responses['200']?.content ?? {})).toEqual(gives)
    expect(Object.keys(operation?.requestBody?.content ?? {})).toEqual((route as Route).body || (route as Route).sends ? sends : [])
    if (gives[0] === 'application/json') expect(operation?.responses['200']?.content['application/json']?.example).toEqual(answer)
    expect(operation?.requestBody?.content['application/json']?.example).toEqual(body)
    const shown = (operation?.parameters ?? []).filter(({ example }) => example !== undefined)
    expect(Object.fromEntries(shown.map(({ name: parameter, example }) => [parameter, example]))).toEqual(query ?? {})
    expect(operation?.responses['default']?.content['application/problem+json']?.schema).toEqual({ $ref: '#/components/schemas/Problem' })
  })
})
