import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_ROUTES, type NodeRoute, type NodeState } from '@lotkeeper/protocol/api/node.ts'
import { PROBLEM } from '@lotkeeper/protocol/api/views.ts'
import { Compile } from 'typebox/compile'
import { afterEach, expect, test } from 'vitest'
import { openAlarms } from '../alarms/alarms.ts'
import { hashPin } from '../crypto.ts'
import { openDevices } from '../devices/devices.ts'
import { NODE, openRandom } from '../ledger/fixtures/bench.ts'
import { DOORS, openSite } from '../stockroom/fixtures/site.ts'
import { openPage, type PageParts, type PageSettings } from './page.ts'

const EPC = '3034257BF468D480000003E8'
const PIN = '246810'
const KEEPERS = [
  { keeper: 'keeper-1', name: '王芳', pinHash: hashPin(PIN) },
  { keeper: 'keeper-2', name: '李强', pinHash: hashPin('135790') },
]
const problem = Compile(PROBLEM)
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A node's page on free ports over a real ledger in memory. */
const open = async (settings: Partial<PageSettings> = {}, parts: Partial<PageParts> = {}) => {
  const site = openSite()
  const { ledger, stockroom, clock } = site
  const devices = openDevices({ clock }, [{ device: 'r1', kind: 'reader', address: 'tcp://127.0.0.1:9', door: 'gate', side: 'inside' }])
  const alarms = openAlarms({ node: NODE, clock, timers, ledger, devices, now: stockroom.now })
  const broken: unknown[] = []
  let link: NodeState['link'] = { state: 'offline', since: '2026-11-21T04:00:00.000Z', lastHaveAt: null, waiting: 3, booked: 0 }
  const linkListeners = new Set<() => void>()
  const page = await openPage({
    ...{ node: NODE, version: '0.1.0', ledger, stockroom, alarms, devices, clock, timers, random: openRandom() },
    doors: [{ ...DOORS.hall, name: { zh: '内门', en: 'Hall' } }],
    link: {
      state: () => link,
      follow: (listener) => {
        linkListeners.add(listener)
        return () => void linkListeners.delete(listener)
      },
    },
    broke: (error) => void broken.push(error),
    settings: {
      ...{ http: { host: '127.0.0.1', port: 0 }, https: null, names: ['qinglong.lan'], pages: '/nowhere', keepers: KEEPERS },
      sessionSecret: new Uint8Array(32).fill(7),
      ...settings,
    },
    ...parts,
  })
  ends.push(async () => {
    await page.close()
    alarms.close()
    stockroom.close()
    ledger.close()
  })
  const base = page.addresses.http
  let cookie = ''
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = { ...(cookie === '' ? {} : { cookie }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }
    const response = await fetch(base + path, {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
    if (response.status >= 400) expect(problem.Errors(json)).toEqual([])
    return { status: response.status, json, headers: response.headers }
  }
  const signIn = async (pin = PIN) => {
    const answer = await ask('POST', '/api/session', { pin })
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return answer
  }
  return {
    ...{ site, page, base, ask, signIn, broken, alarms, devices },
    cookie: () => cookie,
    setLink: (next: NodeState['link']) => {
      link = next
      for (const listener of linkListeners) listener()
    },
  }
}

const routes = Object.entries(NODE_ROUTES) as [NodeRoute, (typeof NODE_ROUTES)[NodeRoute]][]

test.for(routes.filter(([, { open: isOpen }]) => !isOpen))('%s asks who is there', async ([, { method, path }]) => {
  const { ask, site } = await open()
  const head = site.ledger.head()
  const answer = await ask(method, path, method === 'POST' ? { action: 'action-01' } : undefined)
  expect([answer.status, answer.json.code]).toEqual([401, 'access.not-signed-in'])
  expect(site.ledger.head()).toEqual(head)
})

test.for(routes.filter(([, route]) => route.method === 'GET'))('%s answers by its schema', async ([, { path, answer: schema }]) => {
  const { ask, signIn, site, devices } = await open()
  site.announce(EPC, 'gauze/B1', 100, '2026-11-22')
  site.cross(EPC, 'in')
  site.cross('3034257BF468D480000003E9', 'in')
  site.stockroom.accept({ action: 'accept-01', lot: 'gauze/B1', room: 'main', units: 40 }, 'keeper-1')
  site.stockroom.heard({ scanner: 's1', text: EPC, at: site.clock.now() })
  devices.gap({ device: 'r1', from: 0, to: null, lastedMs: null, why: 'serial.lost', detail: '' })
  await signIn()
  const answer = await ask('GET', path)
  expect(answer.status).toBe(200)
  expect(Compile(schema).Errors(answer.json)).toEqual([])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
})

test('a keeper signs in by PIN alone, and out again', async () => {
  const { ask, signIn, cookie } = await open()
  expect((await signIn('135791')).json.code).toBe('access.sign-in-wrong')
  const answer = await signIn('135790')
  expect(answer.json).toEqual({ keeper: 'keeper-2', name: '李强', until: '2026-11-21T16:00:00.000Z' })
  expect(answer.headers.getSetCookie()[0]).toMatch(/^lotkeeper-qinglong=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
  expect((await ask('GET', '/api/session')).json).toEqual(answer.json)
  const kept = cookie()
  expect((await ask('DELETE', '/api/session')).status).toBe(200)
  expect((await ask('GET', '/api/session', undefined, { cookie: kept })).status).toBe(401)
})

test.for([
  ['cut', (cookie: string) => cookie.slice(0, -2)],
  ['changed', (cookie: string) => cookie.replace('=', '=A')],
  ['of another node', (cookie: string) => cookie.replace('qinglong', 'baihe')],
  ['none', () => 'lotkeeper-qinglong='],
  ['without its seal', (cookie: string) => cookie.split('.')[0] ?? ''],
] as const)('a cookie that is %s opens nothing', async ([, spoil]) => {
  const { ask, signIn, cookie } = await open()
  await signIn()
  expect((await ask('GET', '/api/state')).status).toBe(200)
  expect((await ask('GET', '/api/state', undefined, { cookie: spoil(cookie()) })).status).toBe(401)
})

test('a session ends after twelve hours, when the clock is set back, and when its keeper is taken out', async () => {
  const { ask, signIn, site } = await open()
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
  const without = await open({ ...secret, keepers: KEEPERS.slice(1) })
  expect((await ask('GET', '/api/state')).status).toBe(200)
  expect((await without.ask('GET', '/api/state')).status).toBe(401)
})

test('who guesses is shut out, for longer each time', async () => {
  const { ask, signIn, site } = await open()
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
  const { base } = await open()
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
  const { base } = await open()
  const host = new URL(base).host
  expect((await raw(base, { host, ...headersOf(base) }, 'POST', '/api/issue')).status).toBe(status)
})

const RECEIVE = { action: 'receive-01', item: 'gauze', lotNumber: 'B1', expiry: '2027-08-31', room: 'main', quantity: 1, pack: 'carton' }

test('a booking, its repeat, and the same action for another act', async () => {
  const { ask, signIn, site } = await open()
  await signIn()
  const first = await ask('POST', '/api/receive', RECEIVE)
  expect(first).toMatchObject({ status: 200, json: { fresh: true, head: site.ledger.head() } })
  const again = await ask('POST', '/api/receive', RECEIVE)
  expect(again.json).toEqual({ ...first.json, fresh: false })
  const other = await ask('POST', '/api/receive', { ...RECEIVE, quantity: 2 })
  expect([other.status, other.json.code]).toEqual([409, 'api.action-reused'])
  expect(site.ledger.read.movements({ limit: 9 })[0]?.entry.actor).toBe('keeper-1')
  expect(site.standing()).toBe('gauze/B1 main/pending 100')
})

test.for([
  ['no action', { ...RECEIVE, action: undefined }, 400, 'api.action-missing'],
  ['an action too short', { ...RECEIVE, action: 'a' }, 400, 'api.request-malformed'],
  ['half a carton', { ...RECEIVE, quantity: 0.5 }, 400, 'ledger.quantity-not-whole'],
  ['no carton', { ...RECEIVE, quantity: 0 }, 400, 'ledger.quantity-not-whole'],
  ['minus one', { ...RECEIVE, quantity: -1 }, 400, 'ledger.quantity-not-whole'],
  ['a number as text', { ...RECEIVE, quantity: '3' }, 400, 'ledger.quantity-not-whole'],
  ['an unknown field', { ...RECEIVE, price: 3 }, 400, 'api.request-malformed'],
  ['half a letter', { ...RECEIVE, doc: 'a\ud83d' }, 400, 'api.request-malformed'],
  ['no JSON', '{"action":', 400, 'api.request-malformed'],
  ['a poisoned JSON', '{"__proto__":{"a":1}}', 400, 'api.request-malformed'],
  ['nothing', '', 400, 'api.request-malformed'],
  ['a list', '[]', 400, 'api.request-malformed'],
  ['a megabyte', { ...RECEIVE, doc: 'x'.repeat(1_000_000) }, 413, 'api.body-too-large'],
  ['an item nobody knows', { ...RECEIVE, item: 'catheter' }, 409, 'stockroom.item-unknown'],
  ['an expired lot', { ...RECEIVE, expiry: '2026-11-20' }, 409, 'rules.lot-expired'],
] as const)('%s is refused with a sentence in both languages', async ([, body, status, code]) => {
  const { ask, signIn, site, broken } = await open()
  await signIn()
  const head = site.ledger.head()
  const answer = await ask('POST', '/api/receive', body)
  expect([answer.status, answer.json.code]).toEqual([status, code])
  expect(answer.json).toMatchObject({ title: expect.stringMatching(/[\u4e00-\u9fff]/), titleEn: expect.stringMatching(/[a-z]/) })
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(site.ledger.head()).toEqual(head)
  expect(broken).toEqual([])
})

test('other media types, other paths, other methods', async () => {
  const { ask, signIn } = await open()
  await signIn()
  expect((await ask('POST', '/api/receive', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })).json.code).toBe(
    'api.media-type-unknown',
  )
  expect((await ask('GET', '/api/nothing')).json).toMatchObject({ status: 404, code: 'api.not-found' })
  expect((await ask('GET', '/api/receive')).json.code).toBe('api.not-found')
  expect((await ask('GET', '/api/stock?limit=0')).json.code).toBe('api.request-malformed')
  expect((await ask('GET', '/api/stock?limit=ten')).json.code).toBe('api.request-malformed')
  expect((await ask('GET', '/%')).status).toBeLessThan(500)
})

test('a bug is on record and says nothing of itself', async () => {
  const bug = new Error('the link is made of paper')
  const state = () => {
    throw bug
  }
  const { ask, signIn, broken } = await open({}, { link: { follow: () => () => {}, state } })
  await signIn()
  const answer = await ask('GET', '/api/state')
  expect([answer.status, answer.json.code, JSON.stringify(answer.json).includes('paper')]).toEqual([500, 'api.fault', false])
  expect(broken).toEqual([bug])
})

test('a full disk refuses bookings with its own status, rings, and lets people read on', async () => {
  const { ask, signIn, site, alarms } = await open()
  await signIn()
  site.db.pragma(`max_page_count = ${site.db.pragma('page_count', { simple: true })}`)
  let answer = await ask('POST', '/api/receive', RECEIVE)
  for (let number = 0; number < 200 && answer.status === 200; number += 1)
    answer = await ask('POST', '/api/receive', { ...RECEIVE, action: `receive-${number}`, lotNumber: `L${number}`, doc: 'x'.repeat(90) })
  expect([answer.status, answer.json.code]).toEqual([507, 'ledger.disk-full'])
  expect((await ask('GET', '/api/health')).json.state).toBe('disk-full')
  expect((await ask('GET', '/api/stock')).status).toBe(200)
  await expect.poll(() => alarms.rows().map(({ kind }) => kind)).toEqual(['disk'])
})

test('every act of the page, one after another', async () => {
  const { ask, signIn, site, alarms } = await open()
  await signIn()
  const post = async (path: string, body: object) => {
    const answer = await ask('POST', path, body)
    expect([answer.status, answer.json.code]).toEqual([200, undefined])
    return answer.json
  }
  const first = await post('/api/receive', { ...RECEIVE, expiry: '2026-11-25' })
  await post('/api/accept', { action: 'accept-01', lot: 'gauze/B1', room: 'main', units: 60 })
  const issued = await post('/api/issue', { action: 'issue-01', lot: 'gauze/B1', room: 'main', quantity: 2, pack: 'bag', to: 'ward' })
  await post('/api/reverse', { action: 'reverse-01', entry: issued.entries[0], reason: '拿错了' })
  const [task] = site.cross(EPC, 'in')
  await post('/api/settle', { action: 'settle-01', task, answer: 'bind', item: 'gauze', lotNumber: 'B2', expiry: null, pack: 'carton' })
  const [alarm] = alarms.rows()
  const ringing = alarm?.alarm ?? `near-30:gauze/B1@main.available`
  await post('/api/alarms', { action: 'alarm-01', alarm: ringing, reason: '先用' })
  expect(await post('/api/scan', { action: 'scan-0001', text: EPC })).toMatchObject({ lot: 'gauze/B2' })
  const rows = (await ask('GET', '/api/movements?limit=2')).json
  expect(rows.rows.map((row: { kind: string }) => row.kind)).toEqual(['settle', 'reverse'])
  const more = (await ask('GET', `/api/movements?cursor=${rows.next}&limit=9`)).json
  expect(more).toMatchObject({
    next: null,
    rows: [{ kind: 'issue', reversedBy: expect.any(String) }, { kind: 'accept' }, { kind: 'receive', entry: first.entries[0] }],
  })
})

test('stock stands item by item, first expiry first, and is found by any word of it', async () => {
  const { ask, signIn, site } = await open()
  const receive = (lotNumber: string, expiry: string | null) =>
    site.stockroom.receive({ ...RECEIVE, action: `receive-${lotNumber}`, lotNumber, expiry, accept: true }, null)
  receive('B3', null)
  receive('B1', '2027-08-31')
  receive('B2', '2026-12-01')
  await signIn()
  const stock = async (query: string) => (await ask('GET', `/api/stock${query}`)).json
  const lots = ({ rows }: { rows: { lotNumber: string }[] }) => rows.map(({ lotNumber }) => lotNumber)
  expect(lots(await stock(''))).toEqual(['B2', 'B1', 'B3'])
  expect((await stock('')).rows[0]).toMatchObject({ expiryState: 'near', daysLeft: 10, units: 100, itemName: { zh: '医用纱布' } })
  expect(lots(await stock(`?search=${encodeURIComponent('纱布 b1')}`))).toEqual(['B1'])
  expect(lots(await stock('?search=catheter'))).toEqual([])
  const first = await stock('?limit=2')
  expect(lots(first)).toEqual(['B2', 'B1'])
  expect(lots(await stock(`?limit=2&cursor=${first.next}`))).toEqual(['B3'])
  expect((await ask('GET', '/api/items?search=10x10')).json.rows).toHaveLength(1)
})

test('a page that was answered an entry this node no longer has raises the alarm', async () => {
  const { ask, signIn, site, alarms } = await open()
  await signIn()
  const { epoch, seq, hash } = site.ledger.head()
  await ask('GET', '/api/state', undefined, { 'lotkeeper-head': `${epoch}/${seq}/${hash}` })
  await ask('GET', '/api/state', undefined, { 'lotkeeper-head': 'nonsense' })
  expect(alarms.rings(`lost-tail:${epoch}/${seq}`)).toBe(false)
  await ask('GET', '/api/state', undefined, { 'lotkeeper-head': `${epoch}/${seq + 3}/${hash}` })
  expect(alarms.rings(`lost-tail:${epoch}/${seq + 3}`)).toBe(true)
})

/** Reads server-sent events until enough came. */
const listen = async (base: string, cookie: string) => {
  const end = new AbortController()
  ends.push(() => end.abort())
  const response = await fetch(`${base}/api/events`, { headers: { cookie }, signal: end.signal })
  const events: { event: string; data: Record<string, unknown> }[] = []
  const wake = new Set<() => void>()
  let over = false
  const read = async () => {
    let text = ''
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const event = /^event: (.*)$/m.exec(text.slice(0, at))?.[1]
        const told = /^data: (.*)$/m.exec(text.slice(0, at))?.[1]
        if (event && told) events.push({ event, data: JSON.parse(told) })
        text = text.slice(at + 2)
        for (const run of wake) run()
      }
    }
  }
  const done = read()
    .catch(() => {})
    .finally(() => {
      over = true
      for (const run of wake) run()
    })
  const until = async (wanted: (all: typeof events) => boolean) => {
    while (!wanted(events) && !over) await new Promise<void>((resolve) => wake.add(resolve))
    return events
  }
  return { response, events, until, done }
}

test('an open page hears what changed, and every scan', async () => {
  const { base, signIn, cookie, site, devices, setLink } = await open()
  await signIn()
  const page = await listen(base, cookie())
  expect(page.response.headers.get('content-type')).toContain('text/event-stream')
  expect(page.response.headers.get('x-content-type-options')).toBe('nosniff')
  await page.until((all) => all.length === 1)
  expect(page.events[0]).toEqual({ event: 'changed', data: { what: ['stock', 'tasks', 'alarms', 'devices', 'state', 'movements'] } })
  site.stockroom.receive(RECEIVE, null)
  await page.until((all) => all.length === 2)
  expect(page.events[1]?.data).toEqual({ what: ['stock', 'state', 'movements'] })
  site.cross('3034257BF468D480000003E9', 'in')
  await page.until((all) => all.length === 3)
  expect(page.events[2]?.data).toEqual({ what: ['tasks', 'state'] })
  site.stockroom.heard({ scanner: 's1', text: EPC, at: site.clock.now() })
  await page.until((all) => all.length === 4)
  expect(page.events[3]).toMatchObject({ event: 'scan', data: { scanner: 's1', refused: { code: 'stockroom.tag-unknown' } } })
  devices.scanner({ scanner: 'r1', connected: true, counters: { scans: 1, garbage: 0, garbageBytes: 0 } })
  await page.until((all) => all.length === 5)
  expect(page.events[4]?.data).toEqual({ what: ['devices'] })
  setLink({ state: 'online', since: '2026-11-21T04:00:00.000Z', lastHaveAt: null, waiting: 0, booked: 5 })
  await page.until((all) => all.length === 6)
  expect(page.events[5]?.data).toEqual({ what: ['state'] })
})

test('events need a sign-in, and have room for so many pages', async () => {
  const { ask, base, signIn, cookie, page } = await open()
  expect((await ask('GET', '/api/events')).json.code).toBe('access.not-signed-in')
  await signIn()
  const pages = await Promise.all(Array.from({ length: 32 }, () => listen(base, cookie())))
  const [first] = pages
  expect((await ask('GET', '/api/events')).json).toMatchObject({ status: 503, code: 'api.streams-too-many' })
  await page.close()
  await first?.done
})

test('the built page stands at /, with assets that may be kept for ever', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-pages-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'stockroom.html'), '<!doctype html><title>库房</title>')
  writeFileSync(join(folder, 'assets', 'a-1.js'), 'export {}')
  writeFileSync(join(folder, '.secret'), 'no')
  const { ask } = await open({ pages: folder })
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
  const { page } = await open({ https: { host: '127.0.0.1', port: 0, key: KEY, certificate: CERTIFICATE } })
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
  const { base } = await open()
  const port = Number(new URL(base).port)
  await expect(open({ http: { host: '127.0.0.1', port } })).rejects.toMatchObject({ code: 'page.listen-failed', facts: { address: base } })
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
