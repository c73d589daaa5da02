import { HUB_EXAMPLES } from '@lotkeeper/hub/api/examples.ts'
import type { ServedHub, Told } from '@lotkeeper/hub/api/fixtures/served.ts'
import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { type Grant, ROLES, type Role } from '@lotkeeper/protocol/rules/access.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Marks, marksOf, serveTwoSites } from './hub-two-sites.ts'

/** Every route there is, asked by somebody who may do everything at one site: of the other not a byte comes back, nor whether it is there. */
const ANLE = marksOf('qxanle')
const BAIMA = marksOf('qxbaima')
const NOWHERE = marksOf('qxchaye')
const PAIRS = [
  { own: ANLE, other: BAIMA },
  { own: BAIMA, other: ANLE },
]
const ROUTES = Object.entries(HUB_ROUTES) as [HubRoute, Route][]
const ASKED = ROUTES.filter(([, { method }]) => method === 'GET')
const PAGED = ASKED.filter(([, { query }]) => query !== undefined && 'cursor' in propertiesOf(query))

let hub: ServedHub
const tokens = new Map<string, string>()
beforeAll(async () => {
  hub = await serveTwoSites()
  for (const { own } of PAIRS) tokens.set(own.site, hub.sessionFor(everyRoleAt(own.site)).token)
})
afterAll(() => hub.close())
const everyRoleAt = (site: string): readonly Grant[] => (Object.keys(ROLES) as Role[]).map((role) => ({ role, sites: [site] }))

interface Shape {
  readonly properties: Readonly<Record<string, object>>
  readonly required?: readonly string[]
}
function propertiesOf(schema: object): Shape['properties'] {
  return (schema as Shape).properties
}
type Query = Readonly<Record<string, string>>

/** What a field is filled with that speaks of a site; a field nobody here knows is filled with the site's name: a new route is walked too. */
const fillOf = (name: HubRoute, field: string, marks: Marks): string => {
  if (field === 'id') return name === 'portal' ? marks.portal : name === 'costCentre' ? marks.costCentre : marks.site
  if (field === 'text' || field === 'search') return marks.lot.split('/')[1] ?? ''
  const known: Readonly<Record<string, string>> = {
    ...{ site: marks.site, node: marks.site, lot: marks.lot, epc: marks.epc, entry: marks.entry, aside: marks.aside, act: marks.act },
    ...{ item: 'gauze-10x10-ex', date: '2026-11-23', by: 'true', limit: '500', waiting: 'true', open: 'true', retired: 'false' },
    ...{ expiring: '3650', within: '3650', kind: 'lot', state: 'open' },
  }
  const example = (HUB_EXAMPLES[name] as { readonly query?: Readonly<Record<string, unknown>> }).query?.[field]
  return known[field] ?? String(example ?? marks.site)
}

/** Every question of a route about a site: what must be said, and each other field beside it. */
const queriesOf = (name: HubRoute, marks: Marks, base: Marks = marks): readonly Query[] => {
  const { query }: Route = HUB_ROUTES[name]
  if (!query) return [{}]
  const { properties, required = [] } = query as unknown as Shape
  const must = Object.fromEntries(required.map((field) => [field, fillOf(name, field, base)]))
  const others = Object.keys(properties).filter((field) => field !== 'cursor' && field !== 'limit')
  return [must, ...others.map((field) => ({ ...must, [field]: fillOf(name, field, marks) }))]
}
const ask = (name: HubRoute, query: Query, token: string): Promise<Told> => {
  const { method, path } = HUB_ROUTES[name]
  return hub.ask(method, `${path}?${new URLSearchParams(query)}`, { token })
}
const textOf = ({ bytes }: Told): string => Buffer.from(bytes).toString('utf8')
const tellsOf = (text: string, { tells }: Marks): readonly string[] => tells.filter((word) => text.toLowerCase().includes(word))
/** An answer with the names taken out that were asked for, and the moments. */
const blanked = (told: Told, { tells }: Marks): string =>
  tells.reduce((text, word) => text.replaceAll(new RegExp(word, 'gi'), '#'), textOf(told)).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '@')

describe.each(PAIRS)('asked at $own.site', ({ own, other }) => {
  const token = () => tokens.get(own.site) ?? ''

  it.each(ASKED)('%s tells nothing of another site, nor that it is there', async (name) => {
    const asked = [...queriesOf(name, other), ...queriesOf(name, other, own)]
    const missing = [...queriesOf(name, NOWHERE), ...queriesOf(name, NOWHERE, own)]
    for (const [at, query] of asked.entries()) {
      const [told, none] = [await ask(name, query, token()), await ask(name, missing[at] ?? {}, token())]
      // What is told of a site that stands is what is told of one that never was.
      expect({ query, status: told.status, text: blanked(told, other) }).toEqual({
        query,
        status: none.status,
        text: blanked(none, NOWHERE),
      })
      // What was typed may be said again; nothing else of it is.
      const echoes = tellsOf(JSON.stringify(query), other).length > 0
      if (told.status === 200 && !echoes) expect({ query, told: tellsOf(textOf(told), other) }).toEqual({ query, told: [] })
    }
  })

  it.each(ASKED.filter(([name]) => ROUTE_RIGHTS[name].site === 'rows'))('%s tells of its own', async (name) => {
    for (const query of queriesOf(name, own)) {
      const told = await ask(name, query, token())
      expect({ query, told: tellsOf(textOf(told), other) }).toEqual({ query, told: [] })
    }
    const told = await ask(name, queriesOf(name, own)[0] ?? {}, token())
    if (SAY_NOTHING.includes(name)) return
    expect({ status: told.status, own: tellsOf(textOf(told), own).length > 0 }).toEqual({ status: 200, own: true })
  })

  it.each(PAGED)('%s by a cursor of another scope tells nothing more, and its own pages are full', async (name) => {
    const must = queriesOf(name, own)[0] ?? {}
    for (const foreign of [hub.adminToken, tokens.get(other.site) ?? '']) {
      for (const cursor of (await pagesOf(name, queriesOf(name, other)[0] ?? {}, foreign)).cursors) {
        const told = await ask(name, { ...must, cursor }, token())
        expect([200, 400, 403, 409, 410]).toContain(told.status)
        expect(tellsOf(textOf(told), other)).toEqual([])
      }
    }
    // A question about the audit is a row of it.
    if (ROUTE_RIGHTS[name].site === 'county' || name === 'audit') return
    const { pages } = await pagesOf(name, must, token())
    const whole = (await ask(name, { ...must, limit: '500' }, token())).body['rows'] as readonly unknown[]
    expect(pages.slice(0, -1).every(({ length }) => length === 1)).toBe(true)
    expect(pages.flat()).toEqual(whole)
  })

  it.each(ROUTES.filter(([name, { method }]) => method !== 'GET' && !UNSCOPED.includes(ROUTE_RIGHTS[name].right)))(
    '%s does nothing at another site',
    async (name) => {
      const { site } = ROUTE_RIGHTS[name]
      const before = await tips()
      const [told, none] = [await write(name, other, token()), await write(name, NOWHERE, token())]
      expect({ status: told.status, text: blanked(told, other) }).toEqual({ status: none.status, text: blanked(none, NOWHERE) })
      if (site === 'body' || site === 'named') expect(told.body['code']).toBe('access.site-foreign')
      if (site === 'county') expect(told.body['code']).toBe('access.county-only')
      expect(await tips()).toEqual(before)
    },
  )

  it('counts only what it shows', async () => {
    const rows = async (name: HubRoute) => (await ask(name, {}, token())).body['rows'] as readonly Readonly<Record<string, unknown>>[]
    const overview = (await ask('overview', {}, token())).body
    const open = (await rows('discrepancies')).filter(({ closedAt }) => closedAt === null)
    const met = (await ask('provisionals', {}, token())).body
    expect([open.length > 0, overview['discrepancies']]).toEqual([true, open.length])
    expect([met['open'], (met['counts'] as { open: number }).open, (met['rows'] as unknown[]).length]).toEqual([2, 2, 2])
  })

  it('what is kept aside is shown to those it is of', async () => {
    const kept = async (site: string): Promise<string> => {
      const { rows } = (await ask('asides', {}, tokens.get(site) ?? '')).body as { rows: readonly { readonly aside: string }[] }
      return rows[0]?.aside ?? ''
    }
    const mine = await ask('aside', { aside: await kept(own.site) }, token())
    expect([mine.status, tellsOf(textOf(mine), own).length > 0]).toEqual([200, true])
    const theirs = await ask('aside', { aside: await kept(other.site) }, token())
    expect([theirs.status, theirs.body['code']]).toEqual([403, 'access.site-foreign'])
  })

  it('a record of another site is not taken over by naming it', async () => {
    const name = { zh: '夺', en: 'Taken' }
    const bodies = [
      [
        '/api/portals',
        { action: `steal-door-${own.site}`, id: other.portal, site: own.site, name, inside: 'main', outside: null, knownVersion: 1 },
      ],
      ['/api/cost-centres', { action: `steal-cost-${own.site}`, id: other.costCentre, site: own.site, name, knownVersion: 1 }],
      ['/api/cost-centres', { action: `steal-whole-${own.site}`, id: 'cost-county', site: own.site, name, knownVersion: 1 }],
    ] as const
    for (const [path, body] of bodies)
      expect((await hub.ask('POST', path, { body, token: token() })).body['code']).toBe('catalog.record-unknown')
  })

  it('an act of another site is not repeated to learn what it said', async () => {
    const announce = { site: own.site, doc: null, prefixDigits: 7 }
    const label = { item: 'gauze-10x10-ex', pack: 'case', lotNumber: `${own.site.toUpperCase()}1`, expiry: null, copies: 1 }
    const look = { form: 'svg', size: '60x40', dpi: 203, symbol: 'datamatrix', scheme: 'gs1', labels: [label] }
    for (const path of ['/api/labels/preview', '/api/labels/print']) {
      const told = await hub.ask('POST', path, { body: { ...look, action: `act-tags-${other.site}`, announce }, token: token() })
      expect([told.status, told.body['code']]).toEqual([409, 'api.action-reused'])
    }
    const plain = { ...look, announce: null, labels: [{ ...label, lotNumber: other.lot.split('/')[1] ?? '' }] }
    const told = await hub.ask('POST', '/api/labels/preview', { body: { ...plain, action: 'preview-plain-1' }, token: token() })
    // The last day of a lot that stands elsewhere is not printed for whoever only guesses its number.
    expect([told.status, textOf(told).includes('281031'), textOf(told).includes('2028')]).toEqual([200, false, false])
  })
})

/** Of whom nobody asks which sites they see. */
const UNSCOPED: readonly string[] = ['anyone', 'self']
/** Printed by nobody here, or of no site by itself: what they leave out is looked at, what they show is not. */
const SAY_NOTHING: readonly HubRoute[] = ['labelActs', 'inclusion', 'aside', 'auditEntry']

const tips = () => hub.ledger.tips(['hub>all', 'hub>qxanle', 'hub>qxbaima', 'hub>qxchaye'])
let acts = 0
/** The example of a write, with another site in every place where it names one. */
const write = (name: HubRoute, marks: Marks, token: string): Promise<Told> => {
  const { method, path }: Route = HUB_ROUTES[name]
  const { body } = HUB_EXAMPLES[name] as { readonly body?: unknown }
  if (body === undefined) return hub.ask(method, path, { token })
  acts += 1
  const said = JSON.stringify(body)
    .replaceAll('xinghe', marks.site)
    .replaceAll('qinglong', marks.site)
    .replaceAll('gauze-10x10-ex/B2611', marks.lot)
    .replaceAll('3074257BF7194E4000001A85', marks.epc)
    .replace(/"action":"[^"]*"/, `"action":"walk-${acts}-action"`)
  const asked = JSON.parse(said) as Readonly<Record<string, unknown>>
  // Labels may be printed for nobody; here they are announced to that site.
  const sent =
    name === 'printLabels' || name === 'previewLabels' ? { ...asked, announce: { site: marks.site, doc: null, prefixDigits: 7 } } : asked
  return hub.ask(method, path, { body: sent, token })
}

/** A list row by row, as far as it goes, with the cursors between. */
const pagesOf = async (name: HubRoute, query: Query, token: string) => {
  const pages: (readonly unknown[])[] = []
  const cursors: string[] = []
  for (let cursor: string | null = ''; cursor !== null && pages.length < PAGES_MAX; ) {
    const { status, body } = await ask(name, { ...query, limit: '1', ...(cursor === '' ? {} : { cursor }) }, token)
    if (status !== 200) break
    pages.push(body['rows'] as readonly unknown[])
    cursor = body['next'] as string | null
    if (cursor !== null) cursors.push(cursor)
  }
  return { pages, cursors }
}
const PAGES_MAX = 40
