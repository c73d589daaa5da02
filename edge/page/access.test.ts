import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_ROUTES, type NodeRoute } from '@lotkeeper/protocol/api/node.ts'
import { afterEach, expect, test } from 'vitest'
import { endAll, endWith, KEEPERS, openServed, PIN } from './fixtures/served.ts'

afterEach(endAll)

const routes = Object.entries(NODE_ROUTES) as [NodeRoute, (typeof NODE_ROUTES)[NodeRoute]][]

test.for(routes.filter(([, { open: isOpen }]) => !isOpen))('%s asks who is there', async ([, { method, path }]) => {
  const { ask, site } = await openServed()
  const head = site.ledger.head()
  const answer = await ask(method, path, method === 'POST' ? { action: 'action-01' } : undefined)
  expect([answer.status, answer.json.code]).toEqual([401, 'access.not-signed-in'])
  expect(site.ledger.head()).toEqual(head)
})

test('a keeper signs in by PIN alone, and out again', async () => {
  const { ask, signIn, cookie } = await openServed()
  expect((await signIn('135791')).json.code).toBe('access.sign-in-wrong')
  const answer = await signIn('135790')
  const [until, idleAt] = ['2026-11-21T16:00:00.000Z', '2026-11-21T16:00:00.000Z']
  expect(answer.json).toEqual({ keeper: 'keeper-2', name: '李强', role: 'keeper', until, idleAt })
  expect(answer.headers.getSetCookie()[0]).toMatch(/^lotkeeper-qinglong=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
  expect((await ask('GET', '/api/session')).json).toEqual(answer.json)
  const kept = cookie()
  expect((await ask('DELETE', '/api/session')).status).toBe(200)
  expect((await ask('GET', '/api/session', undefined, { cookie: kept })).status).toBe(401)
})

const reworded = (cookie: string): string => {
  const [name = '', text = ''] = cookie.split('=')
  return `${name}=${Buffer.from(Buffer.from(text, 'base64url').toString().replace('keeper-1', 'keeper-2')).toString('base64url')}`
}

test.for([
  ['cut', (cookie: string) => cookie.slice(0, -2)],
  ['changed', (cookie: string) => cookie.replace('=', '=A')],
  ['of another node', (cookie: string) => cookie.replace('qinglong', 'baihe')],
  ['none', () => 'lotkeeper-qinglong='],
  ['written for somebody else', (cookie: string) => `${reworded(cookie.split('.')[0] ?? '')}.${cookie.split('.')[1]}`],
  ['without its seal', (cookie: string) => cookie.split('.')[0] ?? ''],
] as const)('a cookie that is %s opens nothing', async ([, spoil]) => {
  const { ask, signIn, cookie } = await openServed()
  await signIn()
  expect((await ask('GET', '/api/state')).status).toBe(200)
  expect((await ask('GET', '/api/state', undefined, { cookie: spoil(cookie()) })).status).toBe(401)
})

test('a session ends after twelve hours, when the clock is set back, and when its keeper is taken out', async () => {
  const { ask, signIn, site } = await openServed()
  await signIn()
  const start = site.clock.now()
  site.clock.set(start + 12 * 3_600_000 - 1)
  expect((await ask('GET', '/api/state')).status).toBe(200)
  site.clock.set(start + 12 * 3_600_000)
  expect((await ask('GET', '/api/state')).status).toBe(401)
  site.clock.set(start - 2 * 3_600_000)
  expect((await ask('GET', '/api/state')).status).toBe(401)
  site.clock.set(start)
  const secret = { sessionSecret: new Uint8Array(32).fill(7) }
  const without = await openServed({ ...secret, keepers: KEEPERS.slice(1) })
  expect((await ask('GET', '/api/state')).status).toBe(200)
  expect((await without.ask('GET', '/api/state')).status).toBe(401)
})

test('an assistant books, and sets no rule aside', async () => {
  const assistant = { ...KEEPERS[1], role: 'assistant' } as (typeof KEEPERS)[number]
  const { ask, signIn, site } = await openServed({ keepers: [...KEEPERS.slice(0, 1), assistant] })
  const past = { item: 'gauze', lotNumber: 'OLD', expiry: '2026-01-31', room: 'main', quantity: 1, pack: 'carton' }
  const override = { rule: 'rules.lot-expired', reason: '急救' }
  await signIn('135790')
  const refused = await ask('POST', '/api/receive', { ...past, action: 'past-0001', override })
  expect([refused.status, refused.json.code, refused.json.facts]).toEqual([403, 'access.role-missing', { keeper: '李强' }])
  const several = await ask('POST', '/api/receive', { ...past, action: 'past-0002', overrides: [override] })
  expect([several.status, several.json.code]).toEqual([403, 'access.role-missing'])
  expect((await ask('POST', '/api/receive', { ...past, action: 'past-0003', expiry: '2028-01-31' })).status).toBe(200)
  await signIn()
  expect((await ask('POST', '/api/receive', { ...past, action: 'past-0001', override })).status).toBe(200)
  expect(site.ledger.read.movements({ limit: 1 })[0]?.entry).toMatchObject({ actor: 'keeper-1', body: { override } })
})

test('who guesses is shut out, for longer each time', async () => {
  const { ask, signIn, site } = await openServed()
  const guess = async () => (await ask('POST', '/api/session', { pin: '000000' })).json
  for (let tries = 0; tries < 4; tries += 1) expect((await guess()).code).toBe('access.sign-in-wrong')
  expect(await guess()).toMatchObject({ code: 'access.sign-in-locked', status: 423, facts: { seconds: 15 } })
  // The right PIN too: else the answer would tell.
  const locked = await signIn()
  expect([locked.status, locked.headers.get('retry-after')]).toEqual([423, '15'])
  site.clock.pass(15_000)
  expect(await guess()).toMatchObject({ facts: { seconds: 30 } })
  site.clock.pass(30_000)
  expect((await signIn()).status).toBe(200)
  expect((await guess()).code).toBe('access.sign-in-wrong')
})

/** A raw request, because fetch does not let a test lie about its host. */
const raw = (base: string, headers: Record<string, string>, method = 'GET', path = '/api/health') =>
  new Promise<{ status: number; code: string | null }>((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const sent = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).code ?? null }))
    })
    sent.on('error', reject).end()
  })

test.for([
  ['localhost:8480', 200],
  ['127.0.0.1', 200],
  ['[::1]:8480', 200],
  ['192.168.3.7:8480', 200],
  ['Qinglong.LAN:8480', 200],
  ['evil.example:8480', 403],
  ['8.8.8.8', 403],
  ['localhost.evil.example', 403],
  ['192.168.3.7.evil.example', 403],
] as const)('a request to %s: %s', async ([host, status]) => {
  const { base } = await openServed()
  expect(await raw(base, { host })).toEqual({ status, code: status === 200 ? null : 'access.origin-foreign' })
})

test.for([
  ['the page itself', (base: string) => ({ origin: base }), 401],
  ['a script without a browser', () => ({}), 401],
  ['another site', () => ({ origin: 'https://evil.example' }), 403],
  ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), 403],
  ['a page from a file', () => ({ origin: 'null' }), 403],
  ['an old browser from elsewhere', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
] as const)('a write from %s: %s', async ([, headersOf, status]) => {
  const { base } = await openServed()
  const host = new URL(base).host
  expect((await raw(base, { host, ...headersOf(base) }, 'POST', '/api/issue')).status).toBe(status)
})

test('the built page stands at /, with assets that may be kept for ever', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-pages-'))
  endWith(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'stockroom.html'), '<!doctype html><title>库房</title>')
  writeFileSync(join(folder, 'assets', 'a-1.js'), 'export {}')
  writeFileSync(join(folder, '.secret'), 'no')
  const { ask } = await openServed({ pages: folder })
  const index = await ask('GET', '/')
  expect([index.status, index.json, index.headers.get('cache-control')]).toEqual([200, '<!doctype html><title>库房</title>', 'no-cache'])
  expect(index.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect((await ask('GET', '/assets/a-1.js')).headers.get('cache-control')).toContain('immutable')
  expect((await ask('GET', '/.secret')).status).toBe(404)
  expect((await ask('GET', '/../page.ts')).status).toBe(404)
  expect((await ask('GET', '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd')).status).toBeGreaterThanOrEqual(400)
  expect((await ask('GET', '/nothing.js')).json.code).toBe('api.not-found')
})

test('tablets are served over TLS by the same routes, with a cookie that stays there', async () => {
  const { page } = await openServed({ https: { host: '127.0.0.1', port: 0, key: KEY, certificate: CERTIFICATE } })
  const base = page.addresses.https ?? ''
  expect(base).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const { hostname, port, host } = new URL(base)
  const answer = await new Promise<{ status: number; cookie: string }>((resolve, reject) => {
    const headers = { host, origin: base, 'content-type': 'application/json' }
    const options = { hostname, port, path: '/api/session', method: 'POST', headers, ca: CERTIFICATE, servername: 'localhost' }
    const sent = httpsRequest(options, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.[0] ?? '' }))
    })
    sent.on('error', reject).end(JSON.stringify({ pin: PIN }))
  })
  expect(answer).toEqual({ status: 200, cookie: expect.stringMatching(/; Secure$/) })
})

test('an address that is taken is a fault with the address in it', async () => {
  const { base } = await openServed()
  const port = Number(new URL(base).port)
  await expect(openServed({ http: { host: '127.0.0.1', port } })).rejects.toMatchObject({
    code: 'page.listen-failed',
    facts: { address: base },
  })
})

// A key and a certificate of its own for localhost, good for a hundred years.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrvXtgEkYvXBka8BL
6rglDmT5UIHOBDOJBN8FHn2hvGOhRANCAARdrY0mJ/HYa18RB3ikrT678DjXSDNh
C3DqZqK2L1R89N7B3s3YTHdOefxs4VrbuuVkI5ZnNbDVQ5oL0ctU7Yil
-----END PRIVATE KEY-----
`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUcypHgKzYYqS58w1sqvnyaTo6Nk8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA0MzMzNFoYDzIxMjYxMDI5
MDQzMzM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARdrY0mJ/HYa18RB3ikrT678DjXSDNhC3DqZqK2L1R89N7B3s3YTHdO
efxs4VrbuuVkI5ZnNbDVQ5oL0ctU7Yilo28wbTAdBgNVHQ4EFgQUUoTk/JKPFMe6
8W4mf7Xubtj8DzowHwYDVR0jBBgwFoAUUoTk/JKPFMe68W4mf7Xubtj8DzowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAMps72u7pH8woA3iqAOvK7+afpUs03vT11UD3iBZX4MBAiEA
1fm1C9w4LFYtkTHdso0ByyN66ERMkNgiqZxFfk4atiY=
-----END CERTIFICATE-----
`
