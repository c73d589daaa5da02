import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { endAll, openServed } from './fixtures/served.ts'

afterEach(endAll)

type Headers = Readonly<Record<string, string>>
interface Wire {
  readonly target?: string
  readonly method?: string
  readonly version?: string
  readonly headers?: Headers
  readonly body?: string
}

/** One request as bytes, because every client would mend it; answers the status, the code and the raw head. */
const say = async (base: string, { target = '/api/health', method = 'GET', version = '1.1', headers = {}, body = '' }: Wire) => {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  const lines = Object.entries({ connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n${body}`)
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    // A line that was to become something else stays open after its refusal.
    if (headers['connection'] === 'Upgrade') socket.destroy()
  })
  await once(socket, 'close')
  const [head = ''] = text.split('\r\n\r\n', 1)
  return { status: Number(head.split(' ')[1]), code: /"code":"([a-z.-]+)"/.exec(text)?.[1] ?? null, head: head.toLowerCase() }
}

const hostOf = (base: string) => new URL(base).host
const FOREIGN = [403, 'access.origin-foreign']

test.for([
  ['a name with a dot behind it', 'localhost.'],
  ['a name with a user before it', 'localhost@evil.example'],
  ['a port that is none', 'localhost:80:evil'],
  ['a name behind the port', 'localhost:80.evil.example'],
  ['an address that everybody has', '0.0.0.0'],
  ['an address as one number', '2130706433'],
  ['an address in hex', '0x7f.0.0.1'],
  ['an address cut short', '127.1'],
  ['a public IPv6 literal', '[2001:db8::1]:8480'],
  ['a public address in an IPv6 literal', '[::ffff:8.8.8.8]'],
  ['an IPv6 literal without brackets', '::1'],
  ['brackets with something behind', '[::1]evil'],
  ['a space and a name', 'localhost evil.example'],
  ['nothing', ''],
] as const)('a host that is %s is none of this node', async ([, host]) => {
  const { base } = await openServed()
  const told = await say(base, { headers: { host } })
  expect([told.status, told.code]).toEqual(FOREIGN)
})

test('no host at all, or an authority in the target, is refused', async () => {
  const { base } = await openServed()
  const host = hostOf(base)
  expect((await say(base, {})).status).toBe(400)
  const old = await say(base, { version: '1.0' })
  expect([old.status, old.code]).toEqual(FOREIGN)
  for (const target of ['http://evil.example/api/health', `http://${host}/api/health`, 'evil.example:80'])
    expect((await say(base, { target, headers: { host } })).status, target).toBeGreaterThanOrEqual(400)
})

const EVIL = { origin: 'https://evil.example' }
test.for([
  ['a read by a script', { headers: EVIL }],
  ['a stream of events', { target: '/api/events', headers: { ...EVIL, accept: 'text/event-stream' } }],
  ['a read with nothing but the browser saying so', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }],
  ['a read from another port of this machine', { headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' } }],
  ['a HEAD', { method: 'HEAD', headers: { 'sec-fetch-site': 'cross-site' } }],
  [
    'a link that leads into the API',
    { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } },
  ],
  ['a frame', { target: '/', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } }],
  [
    'a picture',
    { target: '/icon.png', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } },
  ],
  ['a page in a sandbox', { headers: { origin: 'null' } }],
  ['a preflight', { method: 'OPTIONS', target: '/api/issue', headers: { ...EVIL, 'access-control-request-method': 'POST' } }],
  [
    'a web socket',
    { target: '/api/events', headers: { ...EVIL, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' } },
  ],
  [
    'a form that sends plain text',
    { method: 'POST', target: '/api/session', headers: { ...EVIL, 'content-type': 'text/plain', 'content-length': '2' }, body: '{}' },
  ],
  ['a method nobody knows', { method: 'PROPFIND', target: '/api/health', headers: EVIL }],
] as const)('from another site %s is refused, and may not be read', async ([, wire]) => {
  const { base } = await openServed()
  const { connection = 'close', ...headers } = { ...wire.headers } as Record<string, string>
  const told = await say(base, { ...wire, headers: { ...headers, host: hostOf(base), connection } })
  expect(told.status).toBe(403)
  expect(told.head).toContain('cross-origin-resource-policy: same-origin')
  expect(told.head).not.toContain('access-control-')
})

test('what may be read says nowhere that another origin may read it', async () => {
  const { base } = await openServed()
  const own = { host: hostOf(base), origin: base, 'sec-fetch-site': 'same-origin' }
  for (const target of ['/api/health', '/', '/nothing', '/api/state']) {
    const { head } = await say(base, { target, headers: own })
    expect(head, target).toContain('cross-origin-resource-policy: same-origin')
    expect(head, target).toContain('x-content-type-options: nosniff')
    expect(head, target).not.toContain('access-control-')
  }
})

test('a link of another site leads to the page, and a body that is plain text is no request', async () => {
  const { base } = await openServed()
  const led = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect((await say(base, { target: '/', headers: { host: hostOf(base), ...led } })).code).not.toBe('access.origin-foreign')
  const plain = { host: hostOf(base), 'content-type': 'text/plain', 'content-length': '2' }
  expect((await say(base, { method: 'POST', target: '/api/session', headers: plain, body: '{}' })).status).toBe(415)
})

test('whoever is not signed in raises no alarm by the head a page remembers', async () => {
  const { ask, signIn, site, alarms } = await openServed()
  const { epoch, seq, hash } = site.ledger.head()
  const lost = { 'lotkeeper-head': `${epoch}/${seq + 3}/${hash}` }
  await ask('GET', '/api/health', undefined, lost)
  expect(alarms.rings(`lost-tail:${epoch}/${seq + 3}`)).toBe(false)
  await signIn()
  await ask('GET', '/api/state', undefined, lost)
  expect(alarms.rings(`lost-tail:${epoch}/${seq + 3}`)).toBe(true)
})
