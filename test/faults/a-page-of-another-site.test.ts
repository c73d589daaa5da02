import { hostname } from 'node:os'
import { describe, expect } from 'vitest'
import { LOGIN, NAME, sayBytes, hubTest as test } from './lone-hub.ts'

const JSON_BODY = 'application/json'
const request = (line: string, headers: Readonly<Record<string, string>>, body = ''): string => {
  const all = { host: '127.0.0.1', connection: 'close', ...headers, ...(body === '' ? {} : { 'content-length': String(body.length) }) }
  return `${line} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`
}
const statusOf = (said: string): string => /^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 'none'
const codeOf = (said: string): string => `${statusOf(said)} ${/"code":"([a-z.-]+)"/.exec(said)?.[1] ?? ''}`.trim()

describe('a page of another site', () => {
  const site = JSON.stringify({ action: 'csrf-site-0001', site: 'evil', name: { zh: 'x', en: 'x' }, zone: 'Asia/Shanghai', rooms: [] })
  const own = (port: number) => `http://127.0.0.1:${port}`
  test('has nothing done with the cookie of its visitor, by a form, a script or a link', async ({ hub }) => {
    const { cookie } = await hub.signIn()
    const host = `127.0.0.1:${hub.port}`
    const say = async (headers: Readonly<Record<string, string>>, type = JSON_BODY, body = site) =>
      codeOf(await sayBytes(hub, request('POST /api/sites', { host, cookie, 'content-type': type, ...headers }, body)))
    const from: readonly Readonly<Record<string, string>>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: '' },
      { origin: 'file://' },
      { origin: `http://127.0.0.1:${hub.port + 1}` },
      { origin: `http://localhost:${hub.port}` },
      { origin: `${own(hub.port)}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ]
    for (const headers of from) {
      for (const type of [JSON_BODY, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
        expect({ headers, type, code: await say(headers, type) }).toEqual({ headers, type, code: '403 access.origin-foreign' })
      const read = await sayBytes(hub, request('GET /api/sites', { host, cookie, ...headers }))
      expect({ headers, read: codeOf(read) }).toEqual({ headers, read: '403 access.origin-foreign' })
    }
    // A form of our own page, or one that says nothing of where it is: its types are none of ours.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp'])
      expect([type, await say({}, type)]).toEqual([type, '415 api.media-type-unknown'])
    expect(await sayBytes(hub, request('GET /api/sites', { host, cookie }))).not.toContain('evil')
    expect(await say({ origin: own(hub.port) })).toBe('200')
  })

  test('listens to nothing either', async ({ hub }) => {
    const { cookie } = await hub.signIn()
    const ask = (headers: Readonly<Record<string, string>>) =>
      sayBytes(hub, request('GET /api/live/?EIO=4&transport=polling', { host: `127.0.0.1:${hub.port}`, cookie, ...headers }))
    expect(statusOf(await ask({}))).toBe('200')
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect(statusOf(await ask(headers))).toBe('403')
    expect(statusOf(await ask({ host: 'rebound.evil.example' }))).toBe('403')
  })

  test('that points a name of its own at the hub is told nothing', async ({ hub }) => {
    const say = async (host: string, path = '/api/health') => codeOf(await sayBytes(hub, request(`GET ${path}`, { host })))
    for (const host of [
      'evil.example',
      `evil.example:${hub.port}`,
      `${NAME}.evil.example`,
      '127.0.0.1.evil.example',
      '',
      'a b',
      '[::1',
      'localhost:x',
    ])
      for (const path of ['/api/health', '/', '/api/openapi.json', '/api/nowhere'])
        expect({ host, path, code: (await say(host, path)).slice(0, 3) }).toMatchObject({ code: expect.stringMatching(/^4(21|00)$/) })
    expect(await say('evil.example')).toBe('421 access.host-unknown')
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST.', `[::1]:${hub.port}`, '10.1.2.3', NAME, `${NAME}:443`, hostname()])
      expect([host, await say(host)]).toEqual([host, '200'])
  })

  test('behind a proxy that is named in the settings a person works as ever', async ({ hub }) => {
    const { cookie } = await hub.signIn()
    const headers = { host: NAME, origin: `https://${NAME}`, cookie, 'content-type': JSON_BODY, 'sec-fetch-site': 'same-origin' }
    const body = JSON.stringify({ ...JSON.parse(site), action: 'csrf-site-0002', site: 'good' })
    expect(codeOf(await sayBytes(hub, request('POST /api/sites', headers, body)))).toBe('200')
  })
})

describe('requests that two readers could read in two ways', () => {
  const signIn = JSON.stringify(LOGIN)
  const smuggled = 'GET /api/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
  const head = (more: string) => `POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${more}\r\n`
  const shapes: readonly (readonly [string, string])[] = [
    ['a length and chunks', `${head('content-length: 6\r\ntransfer-encoding: chunked\r\n')}0\r\n\r\n${smuggled}`],
    ['chunks and a length', `${head('transfer-encoding: chunked\r\ncontent-length: 6\r\n')}0\r\n\r\n${smuggled}`],
    ['two lengths', `${head('content-length: 5\r\ncontent-length: 6\r\n')}123456${smuggled}`],
    ['two lengths in one', `${head('content-length: 5, 6\r\n')}123456${smuggled}`],
    ['a length with a sign', `${head(`content-length: +${signIn.length}\r\n`)}${signIn}${smuggled}`],
    ['chunks and something else', `${head('transfer-encoding: chunked, identity\r\n')}0\r\n\r\n${smuggled}`],
    ['chunks by another name', `${head('transfer-encoding: xchunked\r\n')}0\r\n\r\n${smuggled}`],
    ['a folded header', `${head('transfer-encoding:\r\n chunked\r\ncontent-length: 6\r\n')}0\r\n\r\n${smuggled}`],
    ['a blank before the colon', `${head('content-length : 6\r\n')}123456${smuggled}`],
    ['a bare line feed', `POST /api/session HTTP/1.1\nhost: 127.0.0.1\ncontent-length: 6\n\n123456${smuggled}`],
    ['a NUL in a header', `${head('x-a: b\u0000c\r\n')}${smuggled}`],
    ['a chunk of no size', `${head('transfer-encoding: chunked\r\n')}-1\r\nx\r\n0\r\n\r\n${smuggled}`],
    ['a chunk without its end', `${head('transfer-encoding: chunked\r\n')}1\r\nxx\r\n0\r\n\r\n${smuggled}`],
    ['headers without end', `${head(`x-a: ${'a'.repeat(100_000)}\r\n`)}${smuggled}`],
    ['two hosts', 'GET /api/health HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\n\r\n'],
    ['no host', 'GET /api/health HTTP/1.1\r\n\r\n'],
    ['another version', 'GET /api/health HTTP/3.7\r\nhost: 127.0.0.1\r\n\r\n'],
    ['no HTTP', '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ]
  test.for(shapes)('%s', async ([_what, bytes], { hub }) => {
    const said = await sayBytes(hub, bytes)
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(said).not.toContain('"incarnation"')
  })
})

describe('methods and targets nobody serves', () => {
  const targets = [
    ...['OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'PURGE', 'LINK', 'M-SEARCH'].map((method) => `${method} /api/health`),
    ...['http://127.0.0.1/api/health', 'http://evil.example/api/health', '*', 'api/health', '//evil.example/api/health'].map(
      (at) => `GET ${at}`,
    ),
    ...['/api/../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..\\..\\hub.json', '/%00', '/%', '/%ff'].map(
      (at) => `GET ${at}`,
    ),
    ...['OPTIONS *', 'CONNECT 127.0.0.1:22', 'NONSENSE /api/health', 'get /api/health', 'HELLO'],
  ]
  test.for(targets)('%s', async (line, { hub }) => {
    const said = await sayBytes(hub, request(line, { 'x-secret': 'echoed' }))
    expect(statusOf(said)).toMatch(/^(4\d\d|none)$/)
    expect(said).not.toMatch(/echoed|root:|"incarnation"|access-control-allow/i)
  })
})
