import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { PROBLEM } from '@lotkeeper/protocol/api/views.ts'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HUB_EXAMPLES } from './examples.ts'
import { type ServedHub, serveHub, type Told } from './fixtures/served.ts'
import { listenOn } from './listening.ts'

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

const problemCheck = Compile(PROBLEM)
const expectProblem = ({ status, headers, body }: Told, code: string, expected: number) => {
  expect({ status, code: body['code'] }).toEqual({ status: expected, code })
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(problemCheck.Errors(body)).toEqual([])
}

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

  it('over HTTPS marks the cookie so, under a certificate of the county', async () => {
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
  it('a full disk refuses what is written and goes on answering', async () => {
    const small = await serveHub({ mbMax: 1 })
    for (const name of ['createSite', 'createItem'] as const)
      await small.ask('POST', HUB_ROUTES[name].path, { body: HUB_EXAMPLES[name].body })
    const [tag] = HUB_EXAMPLES.registerTags.body.tags
    let told: Told | null = null
    for (let n = 10; n < 30 && told?.status !== 507; n += 1) {
      const tags = Array.from({ length: 200 }, (_, at) => ({ ...tag, epc: `3074${n}${1000 + at}00` }))
      told = await small.ask('POST', '/api/tags', { body: { action: `full-disk-${n}`, site: 'xinghe', doc: null, tags } })
    }
    expectProblem(told as Told, 'ledger.disk-full', 507)
    expect((await small.ask('GET', '/api/items?limit=1')).status).toBe(200)
    expect((await small.ask('GET', '/api/health')).body).toMatchObject({ state: 'disk-full' })
    await small.close()
  })

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
