import { NODE_ROUTES, type NodeRoute } from '@lotkeeper/protocol/api/node.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { Compile } from 'typebox/compile'
import { afterEach, expect, test } from 'vitest'
import { GAUZE } from '../stockroom/fixtures/site.ts'
import { EPC, endAll, listen, openServed, RECEIVE } from './fixtures/served.ts'

afterEach(endAll)

const routes = Object.entries(NODE_ROUTES) as [NodeRoute, (typeof NODE_ROUTES)[NodeRoute]][]

test.for(routes.filter(([, route]) => route.method === 'GET'))('%s answers by its schema', async ([, { path, answer: schema }]) => {
  const { ask } = await openBusy()
  const answer = await ask('GET', path)
  expect(answer.status).toBe(200)
  expect(Compile(schema).Errors(answer.json)).toEqual([])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
})

/** A day at a node, and somebody signed in. */
const openBusy = async () => {
  const served = await openServed()
  const { site, devices } = served
  site.announce(EPC, 'gauze/B1', 100, '2026-11-22')
  site.cross(EPC, 'in')
  site.cross('3034257BF468D480000003E9', 'in')
  site.stockroom.accept({ action: 'accept-01', lot: 'gauze/B1', room: 'main', units: 40 }, 'keeper-1')
  site.stockroom.heard({ scanner: 's1', text: EPC, at: site.clock.now() })
  devices.gap({ device: 'r1', from: 0, to: null, lastedMs: null, why: 'serial.lost', detail: '' })
  await served.signIn()
  return served
}

test('of a card that forgot every text each route still answers by its schema, and an act that comes again was booked', async () => {
  const { ask, site, broken } = await openBusy()
  const issue = { action: 'issue-0001', lot: 'gauze/B1', room: 'main', quantity: 50, pack: '', moreThanBook: true }
  const provisional = { action: 'made-item-01', name: '新导管', unit: '支' }
  const first = await ask('POST', '/api/issue', issue)
  expect([first.json.unexplained, (await ask('POST', '/api/provisionals', provisional)).status]).toEqual([10, 200])
  site.db.exec(`update log set body = replace(body, '"kind":', '"kimd":')`)
  site.ledger.exchange.inspect(100)
  for (const [name, { method, path, answer: schema }] of routes) {
    if (method !== 'GET') continue
    const answer = await ask('GET', path)
    expect([name, answer.status, Compile(schema).Errors(answer.json)]).toEqual([name, 200, []])
  }
  const again = await ask('POST', '/api/issue', issue)
  expect([again.status, again.json]).toEqual([200, { ...first.json, fresh: false, unexplained: 0, head: site.ledger.head() }])
  expect((await ask('POST', '/api/provisionals', provisional)).json.code).toBe('stockroom.item-unknown')
  expect(broken).toEqual([])
})

test('a booking, its repeat, and the same action for another act', async () => {
  const { ask, signIn, site } = await openServed()
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
  const { ask, signIn, site, broken } = await openServed()
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
  const { ask, signIn } = await openServed()
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
  const { ask, signIn, broken } = await openServed({}, { link: { follow: () => () => {}, state } })
  await signIn()
  const answer = await ask('GET', '/api/state')
  expect([answer.status, answer.json.code, JSON.stringify(answer.json).includes('paper')]).toEqual([500, 'api.fault', false])
  expect(broken).toEqual([bug])
})

test('a full disk refuses bookings with its own status, rings, and lets people read on', async () => {
  const { ask, signIn, site, alarms } = await openServed()
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
  const { ask, signIn, site, alarms } = await openServed()
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
  const { ask, signIn, site } = await openServed()
  const receive = (lotNumber: string, expiry: string | null) =>
    site.stockroom.receive({ ...RECEIVE, action: `receive-${lotNumber}`, lotNumber, expiry, accept: true }, null)
  receive('B3', null)
  receive('B1', '2027-08-31')
  receive('B2', '2026-12-01')
  // A second item whose lots expire in between, and whose name stands first.
  site.hub.write(STREAM_TO_ALL, 'item', {
    ...GAUZE,
    item: 'swab',
    name: { zh: '棉签', en: 'Swab' },
    model: '',
    packs: [{ gtin: null, pack: 'carton', units: 100 }],
  })
  site.hub.tell(site.ledger)
  site.stockroom.receive({ ...RECEIVE, action: 'receive-swab', item: 'swab', lotNumber: 'S1', expiry: '2027-01-31' }, null)
  await signIn()
  const stock = async (query: string) => (await ask('GET', `/api/stock${query}`)).json
  const lots = ({ rows }: { rows: { lotNumber: string }[] }) => rows.map(({ lotNumber }) => lotNumber)
  expect(lots(await stock(''))).toEqual(['S1', 'B2', 'B1', 'B3'])
  expect((await stock('')).rows[1]).toMatchObject({ expiryState: 'near', daysLeft: 10, units: 100, itemName: { zh: '医用纱布' } })
  expect(lots(await stock(`?search=${encodeURIComponent('纱布 b1')}`))).toEqual(['B1'])
  expect(lots(await stock('?search=catheter'))).toEqual([])
  const first = await stock('?limit=2')
  expect(lots(first)).toEqual(['S1', 'B2'])
  expect(lots(await stock(`?limit=2&cursor=${first.next}`))).toEqual(['B1', 'B3'])
  expect((await ask('GET', '/api/items?search=10x10')).json.rows).toHaveLength(1)
})

test('a page that was answered an entry this node no longer has raises the alarm', async () => {
  const { ask, signIn, site, alarms } = await openServed()
  await signIn()
  const { epoch, seq, hash } = site.ledger.head()
  await ask('GET', '/api/state', undefined, { 'lotkeeper-head': `${epoch}/${seq}/${hash}` })
  await ask('GET', '/api/state', undefined, { 'lotkeeper-head': 'nonsense' })
  expect(alarms.rings(`lost-tail:${epoch}/${seq}`)).toBe(false)
  await ask('GET', '/api/state', undefined, { 'lotkeeper-head': `${epoch}/${seq + 3}/${hash}` })
  expect(alarms.rings(`lost-tail:${epoch}/${seq + 3}`)).toBe(true)
})

test('an open page hears what changed, and every scan', async () => {
  const { base, signIn, cookie, site, devices, setLink } = await openServed()
  await signIn()
  const page = await listen(base, cookie())
  expect(page.response.headers.get('content-type')).toContain('text/event-stream')
  expect(page.response.headers.get('x-content-type-options')).toBe('nosniff')
  await page.until((all) => all.length === 1)
  expect(page.events[0]).toEqual({ event: 'changed', data: { what: ['stock', 'tasks', 'alarms', 'devices', 'state', 'movements'] } })
  site.stockroom.receive(RECEIVE, null)
  await page.until((all) => all.length === 2)
  // The lot was written by hand, which is a question beside it.
  expect(page.events[1]?.data).toEqual({ what: ['stock', 'tasks', 'state', 'movements'] })
  site.cross('3034257BF468D480000003E9', 'in')
  await page.until((all) => all.length === 3)
  expect(page.events[2]?.data).toEqual({ what: ['tasks', 'state'] })
  site.stockroom.heard({ scanner: 's1', text: EPC, at: site.clock.now() })
  await page.until((all) => all.length === 4)
  expect(page.events[3]).toMatchObject({ event: 'scan', data: { scanner: 's1', refused: { code: 'stockroom.tag-unknown' } } })
  devices.scanner({
    scanner: 'r1',
    connected: true,
    counters: { scans: 1, garbage: 0, garbageBytes: 0 },
    version: null,
    noticed: { scans: 0, repeats: 0, last: null },
    troubles: [],
  })
  await page.until((all) => all.length === 5)
  expect(page.events[4]?.data).toEqual({ what: ['devices'] })
  setLink({ state: 'online', since: '2026-11-21T04:00:00.000Z', lastHaveAt: null, waiting: 0, booked: 5 })
  await page.until((all) => all.length === 6)
  expect(page.events[5]?.data).toEqual({ what: ['state'] })
})

test('events need a sign-in, and have room for so many pages', async () => {
  const { ask, base, signIn, cookie, page } = await openServed()
  expect((await ask('GET', '/api/events')).json.code).toBe('access.not-signed-in')
  await signIn()
  const pages = await Promise.all(Array.from({ length: 32 }, () => listen(base, cookie())))
  const [first] = pages
  expect((await ask('GET', '/api/events')).json).toMatchObject({ status: 503, code: 'api.streams-too-many' })
  await page.close()
  await first?.done
})
