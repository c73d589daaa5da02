import { HUB_EXAMPLES } from '@lotkeeper/hub/api/examples.ts'
import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { describe, expect } from 'vitest'
import { type LoneHub, hubTest as test } from './lone-hub.ts'

const ROUTES = Object.entries(HUB_ROUTES) as [HubRoute, Route][]
const exampleOf = (name: HubRoute) => HUB_EXAMPLES[name] as { readonly query?: object; readonly body?: object }

/** What means something to a database, a page, a header, a spreadsheet, a disk, a template, or to JavaScript itself. */
const HOSTILE = [
  `'); drop table user; --`,
  '" or 1=1 --',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a\r\nx-injected: yes\r\n\r\n<html>',
  'a\u0000b\u0007',
  '=HYPERLINK("http://evil","x")',
  '../../../../etc/passwd',
  '..\\..\\hub.json',
  '%2e%2e%2fhub.json',
  '__proto__',
  'constructor',
  '{{7*7}} #{7*7} %s%n',
  'a'.repeat(30_000),
] as const

interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}
type Path = readonly (string | number)[]

/** Every place of a schema where a text may stand. */
const placesIn = (
  { type, properties = {}, patternProperties = {}, items, anyOf = [], allOf = [], ...rest }: Schema,
  at: Path = [],
): readonly Path[] => [
  ...(type === 'string' && rest.const === undefined ? [at] : []),
  ...Object.entries(properties).flatMap(([name, part]) => placesIn(part, [...at, name])),
  ...Object.values(patternProperties).flatMap((part) => placesIn(part, [...at, 'x'])),
  ...(items ? placesIn(items, [...at, 0]) : []),
  ...[...anyOf, ...allOf].flatMap((part) => placesIn(part, at)),
]

/** The same value with another text at a place, which is made where it was left out. */
const withText = (value: unknown, [step, ...rest]: Path, text: string): unknown => {
  if (step === undefined) return text
  if (typeof step === 'number') {
    const list = Array.isArray(value) ? value : []
    return [withText(list[0], rest, text), ...list.slice(1)]
  }
  const known = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}
  return { ...known, [step]: withText(known[step], rest, text) }
}

let asked = 0
const ask = async (
  hub: LoneHub,
  route: Route,
  { query, body }: { readonly query?: unknown; readonly body?: string | undefined },
  token = hub.adminToken,
) => {
  asked += 1
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) search.set(key, String(value))
  const sent = body === undefined ? {} : { body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } }
  const answer = await fetch(`${hub.http}${route.path}?${search}`, {
    method: route.method,
    headers: { authorization: `Bearer ${token}` },
    ...sent,
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, type: (answer.headers.get('content-type') ?? '').split(';')[0] ?? '', text }
}

/** What may come back: never a fault, always the type the route gives, no header that somebody else wrote. */
const wrongIn = (route: Route, said: Awaited<ReturnType<typeof ask>>): string | null => {
  if (said.status >= 500 && said.status !== 507) return `${said.status} ${said.text.slice(0, 200)}`
  if (said.headers.has('x-injected')) return 'a header was injected'
  if (said.headers.get('x-content-type-options') !== 'nosniff') return 'no nosniff'
  const right = said.status === 200 ? (route.gives ?? ['application/json']) : ['application/problem+json']
  return right.some((type) => type.startsWith(said.type)) ? null : `${said.status} as ${said.type}`
}

/** What nothing was written of, for it stood so before: both are told how it stands. */
const STANDING: readonly string[] = ['mergeRecords', 'revokeKeys']

// First, for the knocks of a minute are spent by what follows.
describe("another person's action", () => {
  test('tells nobody else what came of it, on every route that takes one', async ({ hub }) => {
    const { token } = await hub.signIn()
    const outcomes: Record<string, string> = {}
    for (const [name, route] of ROUTES) {
      const { query, body } = exampleOf(name)
      // A drawing of the same is the same, whoever asks.
      if (!body || !('action' in body) || /Labels$/.test(name)) continue
      const sent = { query, body: JSON.stringify({ ...body, action: `first-${name}-0001` }) }
      const first = await ask(hub, route, sent)
      if (first.status !== 200) continue
      const second = await ask(hub, route, sent, token)
      outcomes[name] =
        second.status === 200
          ? second.text === first.text
            ? 'the same'
            : 'an own one'
          : (JSON.parse(second.text) as { code: string }).code
    }
    // What leaves no trace but its own result may be had by both; what a first answer told stays with whom it told.
    expect(Object.keys(outcomes).length).toBeGreaterThan(10)
    expect(Object.entries(outcomes).filter(([name, outcome]) => outcome === 'the same' && !STANDING.includes(name))).toEqual([])
  })
})

describe('texts that mean something to a machine, in every field of every route', () => {
  test('break nothing and come through nowhere', { timeout: 300_000 }, async ({ hub }) => {
    const wrong: unknown[] = []
    let fields = 0
    // To turn a key takes its time, and its one text is that of `revokeKeys`.
    for (const [name, route] of ROUTES.filter(([known]) => known !== 'rotateHubKey')) {
      const { query, body } = exampleOf(name)
      for (const part of ['query', 'body'] as const) {
        const places = placesIn((route[part] ?? {}) as Schema)
        fields += places.length
        for (const [at, place] of places.entries())
          for (const [which, text] of HOSTILE.entries()) {
            // Long texts are refused by their length, which one field of a route shows; addresses hold no more than a line.
            if (text.length > 1_000 && (part === 'query' || at > 0)) continue
            const whole = withText(
              part === 'query' ? query : { ...body, ...(body && 'action' in body ? { action: `hostile-${asked}` } : {}) },
              place,
              text,
            )
            const sent = part === 'query' ? { query: whole, body: body && JSON.stringify(body) } : { query, body: JSON.stringify(whole) }
            const trouble = wrongIn(route, await ask(hub, route, sent))
            if (trouble !== null) wrong.push({ name, place: place.join('/'), which, trouble })
          }
      }
    }
    expect(wrong).toEqual([])
    expect(fields).toBeGreaterThan(250)
    expect(hub.log()).not.toMatch(/"level":50/)
  })

  test('names that JavaScript knows are names like any other', async ({ hub }) => {
    // Doors anybody may knock at have counted their knocks by now.
    for (const [name, route] of ROUTES.filter(([known, { body }]) => body && ROUTE_RIGHTS[known].right !== 'anyone'))
      for (const key of ['__proto__', 'constructor', 'prototype', 'toString']) {
        const text = JSON.stringify({ ...exampleOf(name).body, surplus: 1 }).replace(
          '"surplus":1',
          `"${key}":{"isAdmin":true,"right":"all"}`,
        )
        const said = await ask(hub, route, { query: exampleOf(name).query, body: text })
        expect({ name, key, status: said.status }).toEqual({ name, key, status: 400 })
      }
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect((await ask(hub, HUB_ROUTES.createItem, { body: deep })).status).toBe(400)
    expect((await ask(hub, HUB_ROUTES.health, {})).status).toBe(200)
  })
})

describe('a table that goes out', () => {
  test('holds no cell that a spreadsheet would run', async ({ hub }) => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1+1', '=HYPERLINK("http://evil","x")']
    for (const [at, text] of formulas.entries()) {
      const body = JSON.stringify({
        action: `formula-${at}-0001`,
        id: `formula-${at}`,
        name: { zh: text, en: text },
        roles: ['supplier'],
        contact: text,
        licences: [],
      })
      expect((await ask(hub, HUB_ROUTES.saveParty, { body })).status).toBe(200)
      const { text: shown } = await ask(hub, HUB_ROUTES.party, { query: { id: `formula-${at}` } })
      expect(JSON.parse(shown)).toMatchObject({ record: { name: { zh: text, en: text }, contact: text } })
    }
    const tables = [
      await ask(hub, HUB_ROUTES.exportTable, { query: { kind: 'parties', form: 'csv' } }),
      await ask(hub, HUB_ROUTES.auditExport, { query: { form: 'csv' } }),
    ]
    for (const table of tables) {
      expect([table.status, table.type]).toEqual([200, 'text/csv'])
      expect(table.text.match(/(?:^|,|\n)"?[=+@\t-][^,\n]{0,40}/g) ?? []).toEqual([])
    }
    expect(tables[0]?.text).toContain("'=1+1")
  })
})
