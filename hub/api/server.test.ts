import { createHash, generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { PROBLEM } from '@lotkeeper/protocol/api/views.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawPublicKey } from '../crypto.ts'
import { HUB_EXAMPLES } from './examples.ts'
import { PEOPLE_EXAMPLES } from './examples-people.ts'
import { type ServedHub, serveHub, type Told } from './fixtures/served.ts'

let hub: ServedHub
let asideKept: readonly { readonly aside: string }[]
beforeAll(async () => {
  hub = await serveHub()
  // A batch of a revoked key, and the other site the examples speak of.
  await hub.ledger.quarantine('xinghe', 'wire.key-revoked', Buffer.from(writeBatch(REVOKED, HEAD)), Date.now())
  asideKept = (await hub.ask('GET', '/api/asides')).body['rows'] as readonly { readonly aside: string }[]
  await hub.ask('POST', '/api/sites', { body: { ...HUB_EXAMPLES.createSite.body, action: 'another-site-1', site: 'qinglong' } })
})
afterAll(() => hub.close())

const REVOKED = {
  ...{ stream: 'xinghe>*', epoch: '8f3a1c5e7b9d2046', from: 119, upto: 119, headHash: 'A'.repeat(64), key: '0123456789ABCDEF' },
  ...{ signature: new Uint8Array(64), entries: ['{}'] },
}
const HEAD = { source: '/nodes/xinghe', time: '2026-11-22T03:24:00.000Z' }
const ROUTES = Object.entries(HUB_ROUTES) as [HubRoute, Route][]
/** A PKCS#10 request of a node named `newnode`, over P-256; its key is gone. */
const REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIHLMHQCAQAwEjEQMA4GA1UEAxMHbmV3bm9kZTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABAC682TiN/856h4Orer8QoN/TcRmID1Pe3LEt4Oy7Cc8fytxRrwM5mSB
D1XHjQjWxU9jINVQJfdL+usLvQjjW4ygADAKBggqhkjOPQQDAgNHADBEAiBDwc3x
jBQtfRs4adm+d1HFRMRkGBDrOEX09p/9ttd4xAIgVMxbE45vhIM3nrNSNQbjufLb
I3l2V1+5oOpde/JhTyo=
-----END CERTIFICATE REQUEST-----`
const problemCheck = Compile(PROBLEM)
const expectProblem = ({ status, headers, body }: Told, code: string, expected: number) => {
  expect({ status, code: body['code'] }).toEqual({ status: expected, code })
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(problemCheck.Errors(body)).toEqual([])
}
const search = (query: Readonly<Record<string, string | number>> | undefined) =>
  query ? `?${new URLSearchParams(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])))}` : ''
const exampleOf = (name: HubRoute) =>
  HUB_EXAMPLES[name] as { readonly query?: Readonly<Record<string, string | number>>; readonly body?: unknown; readonly answer: unknown }
/** The acts first, in the order that lets them build on each other; then the questions. */
const PLAYED: readonly HubRoute[] = [
  ...(['signIn', 'createSite', 'createItem', 'registerTags', 'createEnrolment', 'askNode', 'passOwnership'] as const),
  ...(['saveParty', 'saveCertificate', 'savePortal', 'saveCostCentre', 'saveFile'] as const),
]
/** What gives tables, or needs one that was read. */
const IMPORTS: readonly HubRoute[] = [
  ...(['tableImport', 'tableRows', 'chooseTableRow', 'chooseTableRows'] as const),
  ...(['commitTableImport', 'undoTableImport', 'cancelTableImport', 'tableErrors', 'tableTemplate', 'exportTable', 'auditExport'] as const),
]
/** What needs a secret of its own, a release that was imported, an import that runs, what a node met: played in tests of their own. */
const ELSEWHERE: readonly HubRoute[] = [
  ...IMPORTS,
  ...(Object.keys(PEOPLE_EXAMPLES) as HubRoute[]).filter((name) => !PLAYED.includes(name)),
  'enrol',
  'renewNodeCertificate',
  'device',
  'cancelImport',
  'decideProvisional',
]
/** The hub names a webhook itself. */
let webhookMade = ''
/** A PDF as far as anybody can tell from its beginning. */
const PAPER = Buffer.from('%PDF-1.7 a scanned paper')
const PAPER_HASH = createHash('sha256').update(PAPER).digest('hex').toUpperCase()

describe('every route of the table', () => {
  it.each([...PLAYED, ...ROUTES.map(([name]) => name).filter((name) => ![...PLAYED, ...ELSEWHERE].includes(name))])(
    'answers its own example by its own schema: %s',
    async (name) => {
      const { method, path, answer, sends, gives }: Route = HUB_ROUTES[name]
      // What is aside and what is a file are named by their hashes, a webhook by the hub: here those of what these tests made.
      const asked = JSON.stringify(exampleOf(name))
        .replaceAll(HUB_EXAMPLES.aside.query.aside, asideKept[0]?.aside ?? '')
        .replaceAll(HUB_EXAMPLES.file.query.file, name === 'file' ? PAPER_HASH : HUB_EXAMPLES.file.query.file)
        .replaceAll(HUB_EXAMPLES.webhookDeliveries.query.webhook, webhookMade)
      const { query, body } = JSON.parse(asked) as ReturnType<typeof exampleOf>
      const sent = sends ? { body: PAPER, headers: { 'content-type': sends[0] ?? '' } } : { body }
      const told = await hub.ask(method, `${path}${search(query)}`, sent)
      expect({ name, status: told.status, body: told.status === 200 ? {} : told.body }).toEqual({ name, status: 200, body: {} })
      if (name === 'saveWebhook') webhookMade = (told.body as { readonly webhook: { readonly webhook: string } }).webhook.webhook
      if (gives) expect([gives.includes(told.headers.get('content-type') ?? ''), PAPER.equals(told.bytes)]).toEqual([true, true])
      else expect(Compile(answer).Errors(told.body)).toEqual([])
    },
  )

  it.each(ROUTES)('shows an example that keeps its schemas: %s', (name, { query, body, answer }) => {
    const example = exampleOf(name)
    expect(Compile(answer).Errors(example.answer)).toEqual([])
    if (body) expect(Compile(body).Errors(example.body)).toEqual([])
    if (query) expect(Compile(query).Errors(example.query)).toEqual([])
  })

  it.each(ROUTES.filter(([name]) => ROUTE_RIGHTS[name].right !== 'anyone'))('asks for a sign-in: %s', async (name, { method, path }) => {
    const { query, body } = exampleOf(name)
    for (const token of [null, 'forged', `${hub.adminToken}x`])
      expectProblem(await hub.ask(method, `${path}${search(query)}`, { body, token }), 'access.not-signed-in', 401)
  })

  it.each(ROUTES.filter(([, { method }]) => method !== 'GET'))(
    'refuses a write from a foreign page: %s',
    async (name, { method, path }) => {
      const { body } = exampleOf(name)
      for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
        expectProblem(await hub.ask(method, path, { body, headers: { origin } }), 'access.origin-foreign', 403)
    },
  )

  it.each(ROUTES.filter(([, { body }]) => body))(
    'refuses a name that does not belong into its body: %s',
    async (name, { method, path }) => {
      const told = await hub.ask(method, path, { body: { ...(exampleOf(name).body as object), surplus: 1 } })
      expectProblem(told, 'api.request-malformed', 400)
      expect(told.body['facts']).toMatchObject({ where: 'surplus' })
    },
  )

  it.each(ROUTES.filter(([, { query }]) => query))(
    'refuses a name that does not belong into its query: %s',
    async (name, { method, path }) => {
      expectProblem(await hub.ask(method, `${path}${search({ ...exampleOf(name).query, surplus: 1 })}`), 'api.request-malformed', 400)
    },
  )

  it.each(ROUTES.filter(([, { body }]) => (body as { required?: string[] } | undefined)?.required?.includes('action')))(
    'wants an action: %s',
    async (name, { method, path }) => {
      const { action: _, ...body } = exampleOf(name).body as { action: string }
      expectProblem(await hub.ask(method, path, { body }), 'api.action-missing', 400)
    },
  )

  it.each(ROUTES.filter(([, { query }]) => query && 'cursor' in ((query as { properties?: object }).properties ?? {})))(
    'refuses a forged cursor: %s',
    async (_, { method, path }) => {
      expectProblem(await hub.ask(method, `${path}?cursor=WyJ4Il0`), 'api.request-malformed', 400)
    },
  )
})

describe('bad input is named', () => {
  it.each([
    ['/api/stock?limit=0', 'limit'],
    ['/api/stock?limit=501', 'limit'],
    ['/api/stock?limit=ten', 'limit'],
    ['/api/stock?limit=1&limit=2', 'limit'],
    ['/api/stock?expiring=-1', 'expiring'],
    ['/api/stock?site=Qing%20Long', 'site'],
    ['/api/stock?lot=gauze', 'lot'],
    [`/api/stock?search=${'x'.repeat(101)}`, 'search'],
    ['/api/lot', 'lot'],
    ['/api/aside?aside=xinghe', 'aside'],
    ['/api/asides?waiting=perhaps', 'waiting'],
  ])('%s', async (path, where) => {
    const told = await hub.ask('GET', path)
    expectProblem(told, 'api.request-malformed', 400)
    expect(told.body['facts']).toMatchObject({ where })
    expect(told.body['title']).toMatch(/\p{Script=Han}/u)
  })

  it.each([
    ['packs/0/units', { packs: [{ gtin: null, pack: 'box', units: 1.5 }] }],
    ['packs/0/units', { packs: [{ gtin: null, pack: 'box', units: '5' }] }],
    ['packs/0/gtin', { packs: [{ gtin: '123', pack: 'box', units: 1 }] }],
    ['item', { item: 'a b' }],
    ['name', { name: 'gauze' }],
    ['nearDays/0', { nearDays: [-1] }],
    ['action', { action: 'short' }],
  ])('%s of an item', async (where, wrong) => {
    const told = await hub.ask('POST', '/api/items', { body: { ...HUB_EXAMPLES.createItem.body, ...wrong } })
    expectProblem(told, 'api.request-malformed', 400)
    expect(String((told.body['facts'] as { where: string }).where)).toContain(where)
  })

  it('a body that is no JSON, of another type, too large, or to nowhere', async () => {
    const text = (body: string, type: string) => hub.ask('POST', '/api/items', { body, headers: { 'content-type': type } })
    expectProblem(await text('{"a":', 'application/json'), 'api.request-malformed', 400)
    expectProblem(await text('', 'application/json'), 'api.request-malformed', 400)
    expectProblem(await text('[]', 'application/json'), 'api.action-missing', 400)
    expectProblem(await text('a=b', 'application/x-www-form-urlencoded'), 'api.media-type-unknown', 415)
    expectProblem(await text('{}', 'text/plain'), 'api.media-type-unknown', 415)
    expectProblem(await text(JSON.stringify({ a: 'x'.repeat(1_048_576) }), 'application/json'), 'api.body-too-large', 413)
    expectProblem(await hub.ask('GET', '/api/nowhere'), 'api.not-found', 404)
    expectProblem(await hub.ask('PUT', '/api/items', { body: {} }), 'api.not-found', 404)
    expectProblem(await hub.ask('GET', '/api/lot?lot=none/X'), 'api.not-found', 404)
    expectProblem(await hub.ask('GET', '/api/%zz'), 'api.request-malformed', 400)
  })

  it('10 MB are cut off before they are read', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(hub.ports.http, '127.0.0.1', () => {
        socket.write(
          `POST /api/items HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${hub.adminToken}\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n`,
        )
      })
      socket.once('data', (bytes) => resolve(String(bytes)))
      socket.once('error', reject)
    })
    expect(answer).toContain('413')
  })
})

describe('a write', () => {
  it('answers a repeated action with its first result, and refuses the action for something else', async () => {
    const body = { ...HUB_EXAMPLES.createItem.body, action: 'repeat-000001', item: 'repeat', packs: [] }
    const first = await hub.ask('POST', '/api/items', { body })
    expect((await hub.ask('POST', '/api/items', { body })).body).toEqual(first.body)
    expectProblem(await hub.ask('POST', '/api/items', { body: { ...body, model: 'other' } }), 'api.action-reused', 409)
    expectProblem(
      await hub.ask('POST', '/api/sites', { body: { ...HUB_EXAMPLES.createSite.body, action: body.action } }),
      'api.action-reused',
      409,
    )
  })

  it('answers a repeated enrolment with the same code', async () => {
    const body = { action: 'repeat-000002', node: 'once', name: { zh: '一', en: 'One' } }
    const first = await hub.ask('POST', '/api/enrolments', { body })
    expect(first.status).toBe(200)
    expect((await hub.ask('POST', '/api/enrolments', { body })).body).toEqual(first.body)
    expectProblem(await hub.ask('POST', '/api/enrolments', { body: { ...body, replace: true } }), 'api.action-reused', 409)
    expectProblem(
      await hub.ask('POST', '/api/enrolments', { body: { ...body, action: 'repeat-000003', node: 'hub' } }),
      'api.request-malformed',
      400,
    )
  })

  it('lets a node in by its code, once', async () => {
    const wish = { action: 'enrol-000001', node: 'newnode', name: { zh: '新', en: 'New' } }
    const { code } = (await hub.ask('POST', '/api/enrolments', { body: wish })).body
    const signing = generateKeyPairSync('ed25519')
    const body = {
      code,
      node: 'newnode',
      signingKey: base64urlOf(rawPublicKey(signing.privateKey)),
      tlsRequest: REQUEST,
      pageRequest: REQUEST,
    }
    const told = await hub.ask('POST', '/api/enrol', { body, token: null })
    expect(told.status).toBe(200)
    expect(Compile(HUB_ROUTES.enrol.answer).Errors(told.body)).toEqual([])
    const other = base64urlOf(rawPublicKey(generateKeyPairSync('ed25519').privateKey))
    expectProblem(await hub.ask('POST', '/api/enrol', { body: { ...body, signingKey: other }, token: null }), 'enrol.code-wrong', 409)
    const again = { ...wish, action: 'enrol-000002' }
    expectProblem(await hub.ask('POST', '/api/enrolments', { body: again }), 'enrol.node-taken', 409)
    const replaced = { ...wish, action: 'enrol-000003', replace: true }
    expect((await hub.ask('POST', '/api/enrolments', { body: replaced })).status).toBe(200)
  })
})
