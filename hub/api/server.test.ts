import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { HUB_ROUTES, type HubRoute, type Route } from '@lotkeeper/protocol/api/hub.ts'
import { PROBLEM } from '@lotkeeper/protocol/api/views.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawPublicKey } from '../crypto.ts'
import { HUB_EXAMPLES } from './examples.ts'
import { listenOn } from './listening.ts'
import { type ServedHub, serveHub, type Told } from './served.ts'

let hub: ServedHub
let pages: string
beforeAll(async () => {
  pages = mkdtempSync(join(tmpdir(), 'pages-'))
  mkdirSync(join(pages, 'assets'))
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>county</title>')
  writeFileSync(join(pages, 'assets', 'page-8f3a.js'), 'let plain')
  writeFileSync(join(pages, 'assets', 'page-8f3a.js.gz'), gzipSync('let packed'))
  hub = await serveHub({ pages })
})
afterAll(async () => {
  await hub.close()
  rmSync(pages, { recursive: true })
})

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
const PLAYED: readonly HubRoute[] = ['signIn', 'createSite', 'createItem', 'registerTags', 'createEnrolment']

describe('every route of the table', () => {
  it.each([...PLAYED, ...ROUTES.map(([name]) => name).filter((name) => ![...PLAYED, 'enrol'].includes(name))])(
    'answers its own example by its own schema: %s',
    async (name) => {
      const { method, path, answer }: Route = HUB_ROUTES[name]
      const { query, body } = exampleOf(name)
      const told = await hub.ask(method, `${path}${search(query)}`, { body })
      expect({ name, status: told.status, body: told.status === 200 ? {} : told.body }).toEqual({ name, status: 200, body: {} })
      expect(Compile(answer).Errors(told.body)).toEqual([])
    },
  )

  it.each(ROUTES)('shows an example that keeps its schemas: %s', (name, { query, body, answer }) => {
    const example = exampleOf(name)
    expect(Compile(answer).Errors(example.answer)).toEqual([])
    if (body) expect(Compile(body).Errors(example.body)).toEqual([])
    if (query) expect(Compile(query).Errors(example.query)).toEqual([])
  })

  it.each(ROUTES.filter(([, { open }]) => !open))('asks for a sign-in: %s', async (name, { method, path }) => {
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
          `POST /api/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${hub.adminToken}\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n`,
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
  })
})

describe('signing in', () => {
  const { user, password } = HUB_EXAMPLES.signIn.body
  const cookieOf = (told: Told) => (told.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

  it('by cookie: kept from scripts and from other sites, not told again', async () => {
    const told = await hub.ask('POST', '/api/session', { body: { user, password }, token: null })
    expect(told.headers.get('set-cookie')).toMatch(/^lotkeeper-hub=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=4\d{4}$/)
    const cookie = cookieOf(told)
    const session = await hub.ask('GET', '/api/session', { token: null, headers: { cookie: `other=1; ${cookie}` } })
    expect(session.body).toMatchObject({ user, token: '' })
    const out = await hub.ask('DELETE', '/api/session', { token: null, headers: { cookie, origin: hub.url } })
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
  })

  it('is refused with a wrong password, and locked after many', async () => {
    const wrong = { user: 'somebody', password: 'x' }
    for (let n = 0; n < 5; n += 1)
      expectProblem(await hub.ask('POST', '/api/session', { body: wrong, token: null }), 'access.sign-in-wrong', 401)
    expectProblem(await hub.ask('POST', '/api/session', { body: wrong, token: null }), 'access.sign-in-locked', 423)
  })

  it('over HTTPS marks the cookie so, under the county’s certificate', async () => {
    const answer = await secure('POST', '/api/session', { user, password })
    expect(answer.cookie).toMatch(/^__Host-lotkeeper-hub=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/)
    const session = await secure('GET', '/api/session', null, answer.cookie.split(';')[0])
    expect(JSON.parse(session.body)).toMatchObject({ user })
  })

  const secure = (method: string, path: string, body: unknown, cookie = '') =>
    new Promise<{ cookie: string; body: string }>((resolve, reject) => {
      const sent = request(
        `${hub.secureUrl}${path}`,
        { method, ca: hub.authority, headers: { cookie, 'content-type': 'application/json' } },
        (answer) => {
          let text = ''
          answer.on('data', (chunk: Buffer) => {
            text += chunk
          })
          answer.on('end', () => resolve({ cookie: answer.headers['set-cookie']?.[0] ?? '', body: text }))
        },
      )
      sent.on('error', reject)
      sent.end(body === null ? undefined : JSON.stringify(body))
    })
})

describe('pages and documents', () => {
  const get = (path: string, accept: string, encoding = 'identity') =>
    fetch(`${hub.url}${path}`, { headers: { accept, 'accept-encoding': encoding } })

  it('shows the county page at every address of its own, never instead of an answer', async () => {
    for (const path of ['/', '/lots/gauze', '/nodes']) expect(await (await get(path, 'text/html')).text()).toContain('county')
    expect((await get('/api/nowhere', 'text/html')).status).toBe(404)
    expect((await get('/missing.js', '*/*')).status).toBe(404)
    expect((await get('/..%2f..%2fetc/passwd', '*/*')).status).toBe(404)
  })

  it('serves packed files as they were packed, for as long as their names hold', async () => {
    const packed = await get('/assets/page-8f3a.js', '*/*', 'gzip')
    expect(await packed.text()).toBe('let packed')
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('cache-control')).toContain('immutable')
    expect(await (await get('/assets/page-8f3a.js', '*/*')).text()).toBe('let plain')
    expect((await get('/', 'text/html')).headers.get('cache-control')).toBe('no-cache')
  })

  it.each(['/', '/api/health', '/api/nowhere', '/api/overview', '/missing.js'])('lets no browser be fooled: %s', async (path) => {
    const { headers } = await get(path, 'text/html')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).not.toContain("script-src 'unsafe")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
  })

  it('describes itself to machines', async () => {
    const document = (await hub.ask('GET', '/api/openapi.json', { token: null })).body
    const operations = Object.values(document['paths'] as object).flatMap(
      (path: object) => Object.values(path) as { operationId: string }[],
    )
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(HUB_ROUTES).sort())
    expect((await hub.ask('GET', '/api/asyncapi.json', { token: null })).body).toMatchObject({ asyncapi: '3.0.0' })
  })

  it('does without pages when there are none', async () => {
    const bare = await serveHub({ pages: join(pages, 'nowhere') })
    expect((await fetch(bare.url, { headers: { accept: 'text/html' } })).status).toBe(404)
    await bare.close()
  })
})

describe('when something breaks', () => {
  it('says so without saying what, and puts it on record', async () => {
    const broken = await serveHub()
    await broken.ledger.close()
    expectProblem(await broken.ask('GET', '/api/items'), 'api.fault', 500)
    expect(String(broken.noted[0])).toContain('database')
    await broken.close()
  })

  it('names the port it cannot have', async () => {
    const taken = createServer()
    await expect(listenOn(taken, { host: '127.0.0.1', port: hub.ports.http })).rejects.toMatchObject({ code: 'api.cannot-listen' })
  })
})
