import { FILE_BYTES_MAX } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HUB_EXAMPLES } from './examples.ts'
import { type Sent, type ServedHub, serveHub, type Told } from './fixtures/served.ts'

let hub: ServedHub
beforeAll(async () => {
  hub = await serveHub()
})
afterAll(() => hub.close())

let acts = 0
const action = () => {
  acts += 1
  return `condition-${acts}`
}
const { action: _, ...ITEM } = HUB_EXAMPLES.createItem.body
const saved = (body: object, headers: Sent['headers'] = {}) => hub.ask('POST', '/api/items', { body, headers })
const shown = (item: string) => hub.ask('GET', `/api/item?item=${item}`)
const outcome = ({ status, body }: Told) => (status === 200 ? `version ${body['version']}` : `${status} ${body['code']}`)
const whereIn = ({ body }: Told) => (body['facts'] as { readonly where?: string }).where
const plain = (id: string, model = 'a') => ({ ...ITEM, item: id, packs: [], model })

describe('two people who change one record', () => {
  it('never overwrite each other unseen: the ETag one was shown is no longer true for the other', async () => {
    const first = await saved({ ...plain('both'), action: action() })
    expect([outcome(first), first.headers.get('etag')]).toEqual(['version 1', '"1"'])
    const tag = (await shown('both')).headers.get('etag') ?? ''
    expect(tag).toBe('"1"')
    const one = await saved({ ...plain('both', 'b'), action: action() }, { 'if-match': tag })
    expect([outcome(one), one.headers.get('etag')]).toEqual(['version 2', '"2"'])
    const other = await saved({ ...plain('both', 'c'), action: action() }, { 'if-match': tag })
    expect(outcome(other)).toBe('412 catalog.version-stale')
    expect([other.body['status'], other.body['facts']]).toEqual([412, { item: 'both', version: 2 }])
    expect((await shown('both')).body).toMatchObject({ record: { model: 'b' }, latest: 2 })
    // The same without the header is the same answer by its own status.
    expect(outcome(await saved({ ...plain('both', 'c'), action: action(), knownVersion: 1 }))).toBe('409 catalog.version-stale')
  })

  it('are shown the tag of the highest version, though it begins only later', async () => {
    await saved({ ...plain('later'), action: action() })
    await saved({ ...plain('later', 'b'), action: action(), from: '2099-01-01' }, { 'if-match': '"1"' })
    const told = await shown('later')
    expect([told.headers.get('etag'), told.body]).toMatchObject(['"2"', { latest: 2, record: { version: 1 } }])
  })

  it.each([
    ['a weak tag', { 'if-match': 'W/"1"' }, {}],
    ['any', { 'if-match': '*' }, {}],
    ['a list', { 'if-match': '"1", "2"' }, {}],
    ['no number', { 'if-match': '"one"' }, {}],
    ['another version than the body names', { 'if-match': '"1"' }, { knownVersion: 2 }],
  ])('are told when If-Match is %s', async (_what, headers, given) => {
    const told = await saved({ ...plain('both'), action: action(), ...given }, headers)
    expect([outcome(told), whereIn(told)]).toEqual(['400 api.request-malformed', 'If-Match'])
  })

  it('are not left to believe in a condition that a route does not keep', async () => {
    const told = await hub.ask('POST', '/api/tags', { body: HUB_EXAMPLES.registerTags.body, headers: { 'if-match': '"1"' } })
    expect([outcome(told), whereIn(told)]).toEqual(['400 api.request-malformed', 'If-Match'])
  })

  it('never overwrite each other in a site either', async () => {
    const room = (zh: string) => ({ room: 'main', name: { zh, en: '' }, use: 'store' })
    const site = (name: string, headers: Sent['headers'] = {}) =>
      hub.ask('POST', '/api/sites', { body: { ...HUB_EXAMPLES.createSite.body, action: action(), rooms: [room(name)] }, headers })
    const first = await site('一')
    const tag = first.headers.get('etag') ?? ''
    expect([outcome(first), tag]).toEqual(['version 1', '"1"'])
    const one = await site('二', { 'if-match': tag })
    expect([outcome(one), one.headers.get('etag')]).toEqual(['version 2', '"2"'])
    const other = await site('三', { 'if-match': tag })
    expect([outcome(other), other.body['facts']]).toEqual(['412 catalog.version-stale', { item: 'xinghe', version: 2 }])
    expect((await hub.ask('GET', '/api/sites')).body['rows']).toMatchObject([
      { site: 'xinghe', version: 2, rooms: [{ name: { zh: '二' } }] },
    ])
  })
})

describe('an act sent twice', () => {
  it('is done once, named by the body or by Idempotency-Key, quoted or not', async () => {
    const key = { 'idempotency-key': '"once-and-once-only"' }
    expect(outcome(await saved(plain('once'), key))).toBe('version 1')
    expect(outcome(await saved(plain('once'), { 'idempotency-key': 'once-and-once-only' }))).toBe('version 1')
    expect(outcome(await saved({ ...plain('once'), action: 'once-and-once-only' }, key))).toBe('version 1')
    expect((await shown('once')).body).toMatchObject({ latest: 1 })
    expect(outcome(await saved(plain('once', 'other'), key))).toBe('409 api.action-reused')
  })

  it('must not have two names, nor a name that is none', async () => {
    expect(outcome(await saved({ ...plain('two'), action: action() }, { 'idempotency-key': 'another-act' }))).toBe('400 api.action-differs')
    expect(outcome(await saved(plain('two'), { 'idempotency-key': 'short' }))).toBe('400 api.request-malformed')
    expect(outcome(await saved(plain('two')))).toBe('400 api.action-missing')
  })
})

describe('a scanned paper', () => {
  const sent = (body: Uint8Array | string, type = 'application/pdf') =>
    hub.ask('POST', '/api/files', { body, headers: { 'content-type': type } })
  const paperOf = (bytes: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(bytes - 9, 0x20)])

  it('comes back byte for byte, as what it is, and may do nothing', async () => {
    const paper = paperOf(2_000_000)
    // What it is called by its sender counts for nothing.
    const told = await sent(paper, 'text/html')
    expect([told.status, told.body]).toMatchObject([200, { type: 'application/pdf', bytes: paper.length }])
    const back = await hub.ask('GET', `/api/file?file=${told.body['file']}`)
    expect([back.status, paper.equals(back.bytes)]).toEqual([200, true])
    expect(
      ['content-type', 'x-content-type-options', 'cache-control', 'content-disposition'].map((name) => back.headers.get(name)),
    ).toEqual(['application/pdf', 'nosniff', 'no-store', `inline; filename="${String(told.body['file']).slice(0, 16)}.pdf"`])
    expect(back.headers.get('content-security-policy')).toContain("object-src 'none'")
  })

  it('may be named by a certificate once it is there', async () => {
    const { holder: __, ...certificate } = HUB_EXAMPLES.saveCertificate.body
    const save = (file: unknown) => hub.ask('POST', '/api/device-certificates', { body: { ...certificate, action: action(), file } })
    expect(outcome(await save('B'.repeat(64)))).toBe('409 catalog.file-unknown')
    expect(outcome(await save((await sent(paperOf(100))).body['file']))).toBe('version 1')
  })

  it.each([
    ['too big', paperOf(FILE_BYTES_MAX + 1), '413 api.body-too-large'],
    ['a page', '<html><script>alert(1)</script></html>', '415 catalog.file-type-unknown'],
    ['a JSON', '{"file": 1}', '415 catalog.file-type-unknown'],
    ['nothing', '', '415 catalog.file-type-unknown'],
  ])('is refused when it is %s', async (_what, bytes, wrong) => {
    expect(outcome(await sent(bytes))).toBe(wrong)
    expect(outcome(await sent(bytes, 'application/json'))).toBe(wrong)
  })

  it('of the largest size is taken, and bytes are taken nowhere else', async () => {
    expect((await sent(paperOf(FILE_BYTES_MAX))).status).toBe(200)
    const told = await hub.ask('POST', '/api/parties', { body: paperOf(100), headers: { 'content-type': 'application/pdf' } })
    expect(outcome(told)).toBe('415 api.media-type-unknown')
  })

  it('that nobody uploaded is not found', async () => {
    expect(outcome(await hub.ask('GET', `/api/file?file=${'B'.repeat(64)}`))).toBe('404 api.not-found')
    expect(outcome(await hub.ask('GET', '/api/file?file=../../keys/county.key'))).toBe('400 api.request-malformed')
  })
})
