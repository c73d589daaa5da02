import { createHash } from 'node:crypto'
import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HUB_EXAMPLES } from '../api/examples.ts'
import { type ServedHub, serveHub } from '../api/fixtures/served.ts'
import { auditAnswers } from './answers.ts'
import { openAudited } from './around.ts'
import { ALIKE_MAX, WINDOW_MS } from './calm.ts'
import type { AuditNote } from './chain.ts'
import { auditOffences } from './offences.ts'
import type { AuditViewer } from './search.ts'

let hub: ServedHub
beforeAll(async () => {
  hub = await serveHub()
})
afterAll(() => hub.close())

type Row = Readonly<Record<string, unknown>>
const rows = async (query = ''): Promise<readonly Row[]> =>
  (await hub.ask('GET', `/api/audit?limit=20${query}`)).body['rows'] as readonly Row[]
const newest = async (query: string): Promise<Row> => (await rows(query))[0] ?? expect.fail(`nothing on record: ${query}`)
const entry = async ({ seq }: Row) => (await hub.ask('GET', `/api/audit/entry?seq=${seq}`)).body
const PARTY = HUB_EXAMPLES.saveParty.body

describe('what somebody does is on record before they are answered', () => {
  test('a change, by whom, from where, before and after', async () => {
    expect((await hub.ask('POST', '/api/parties', { body: { ...PARTY, id: 'audited', contact: '139 0000 0000' } })).status).toBe(200)
    const second = { ...PARTY, id: 'audited', action: 'audited-again-1', name: { zh: '改过的', en: 'Changed' }, knownVersion: 1 }
    expect((await hub.ask('POST', '/api/parties', { body: second, headers: { 'user-agent': 'a browser' } })).status).toBe(200)
    const row = await newest('&subject=audited')
    expect(row).toMatchObject({
      who: 'admin',
      kind: 'console',
      act: 'saveParty',
      right: 'catalogue.write',
      outcome: 'ok',
      action: 'audited-again-1',
    })
    expect(await entry(row)).toMatchObject({
      erased: false,
      detail: {
        address: expect.stringContaining('127.0.0.1'),
        agent: 'a browser',
        before: { name: PARTY.name },
        after: { name: second.name },
      },
    })
    expect((await rows('&subject=audited')).length).toBe(2)
    const [, first] = await rows('&subject=audited')
    expect(((await entry(first as Row))['detail'] as Row)['before']).toBeUndefined()
  })

  test('a change that was refused by the business, and one that was not understood', async () => {
    await hub.ask('POST', '/api/parties', { body: { ...PARTY, id: 'audited', action: 'audited-late-1', knownVersion: 99 } })
    expect(await newest('&act=saveParty')).toMatchObject({ outcome: expect.stringMatching(/^catalog\./), subject: 'audited' })
    await hub.ask('POST', '/api/parties', { body: { surplus: '<b>Eve Adams</b>' } })
    expect(await newest('&act=saveParty')).toMatchObject({ outcome: expect.stringMatching(/^api\./), subject: null })
    await hub.ask('POST', '/api/parties', { body: '{"half', headers: { 'content-type': 'application/json' } })
    expect(await newest('&act=saveParty')).toMatchObject({ outcome: 'api.request-malformed', who: 'admin' })
  })

  test('coming in, failing to, and leaving; no password and no token anywhere', async () => {
    const { user, password } = HUB_EXAMPLES.signIn.body
    const session = await hub.ask('POST', '/api/session', { body: { user, password }, token: null })
    const token = String(session.body['token'])
    await hub.ask('POST', '/api/session', { body: { user, password: 'wrong-Horse-battery' }, token: null })
    await hub.ask('DELETE', '/api/session', { token })
    expect(await newest('&act=sign-in')).toMatchObject({ who: user, kind: 'person', outcome: 'ok' })
    expect(await newest('&act=sign-in-failed')).toMatchObject({ who: null, kind: 'nobody', outcome: 'access.sign-in-wrong', subject: null })
    expect(await newest('&act=session-ended')).toMatchObject({ who: user, outcome: 'ok' })
    const all = Buffer.from((await hub.ask('GET', '/api/audit/export?form=ndjson')).bytes).toString('utf8')
    for (const secret of [token, hub.adminToken, 'wrong-Horse-battery']) expect(all).not.toContain(secret)
  })

  test('a node that comes in is on record by its name, the code is not', async () => {
    const made = await hub.ask('POST', '/api/enrolments', { body: HUB_EXAMPLES.createEnrolment.body })
    const code = String(made.body['code'])
    await hub.ask('POST', '/api/enrol', { body: { ...HUB_EXAMPLES.enrol.body, code }, token: null })
    expect(await newest('&act=enrol')).toMatchObject({ kind: 'nobody', outcome: 'enrol.code-wrong', sites: [HUB_EXAMPLES.enrol.body.node] })
    expect((await hub.ask('GET', `/api/audit?search=${encodeURIComponent(code.slice(0, 60))}`)).body['rows']).toEqual([])
  })

  test('looking at what is sensitive, and not at what is not', async () => {
    await hub.ask('GET', '/api/stock')
    expect(await rows('&act=stock')).toEqual([])
    await hub.ask('GET', '/api/party?id=audited')
    expect(await newest('&act=party')).toMatchObject({ subject: 'audited', outcome: 'ok' })
    expect(await newest('&act=audit')).toMatchObject({ who: 'admin', right: 'audit.see' })
  })

  test('a stranger who knocks', async () => {
    await hub.ask('POST', '/api/parties', { body: PARTY, token: 'forged' })
    await hub.ask('POST', '/api/parties', { body: PARTY, headers: { origin: 'https://evil.example' } })
    expect((await rows('&act=saveParty')).slice(0, 2)).toMatchObject([
      { who: 'admin', outcome: 'access.origin-foreign' },
      { who: null, kind: 'nobody', outcome: 'access.not-signed-in' },
    ])
  })
})

describe('what goes out', () => {
  test('CSV for a spreadsheet: its mark, no formula, and contacts only for whoever may see them', async () => {
    await hub.ask('POST', '/api/parties', {
      body: { ...PARTY, id: 'formula', action: 'formula-party-1' },
      headers: { 'user-agent': '=cmd|1' },
    })
    const { bytes, headers } = await hub.ask('GET', '/api/audit/export?form=csv&subject=formula')
    const text = Buffer.from(bytes).toString('utf8')
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect(headers.get('content-type')).toContain('text/csv')
    expect(text).toContain(`'=cmd|1`)
    expect(text).not.toMatch(/,=cmd/)
  })

  test('row by row as it was hashed', async () => {
    const { bytes } = await hub.ask('GET', '/api/audit/export?form=ndjson')
    const lines = Buffer.from(bytes)
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { body: string; hash: string })
    expect(lines.length).toBeGreaterThan(10)
    for (const { body, hash } of lines) expect(createHash('sha256').update(body).digest('hex')).toBe(hash)
    for (const [at, { body }] of lines.slice(0, -1).entries()) expect(JSON.parse(body)).toMatchObject({ prev: lines[at + 1]?.hash })
    expect(HUB_ROUTES.auditExport.gives).toContain('application/x-ndjson')
  })

  test('more than a spreadsheet opens is refused, and who may see less is given less', async () => {
    const asked: AuditViewer[] = []
    const answers = auditAnswers({
      search: () => ({ rows: [], next: null }),
      entry: () => null,
      export: async (_query, viewer) => {
        asked.push(viewer)
        return null
      },
    })
    const told = await answers.auditExport({ query: { form: 'csv' } }, { scope: ['xinghe'], rights: { 'audit.see': ['xinghe'] } })
    expect(told).toMatchObject({ code: 'audit.too-many' })
    expect([asked[0]?.sites, asked[0]?.shown({ contact: '139' })]).toEqual([['xinghe'], { contact: '…' }])
  })

  test.each([
    ['/api/audit/entry?seq=999999', 404, 'audit.unknown'],
    ['/api/audit/entry?seq=-1', 400, 'api.request-malformed'],
    ['/api/audit?cursor=1e9', 400, 'api.request-malformed'],
    ['/api/audit?since=yesterday', 400, 'api.request-malformed'],
  ])('%s is refused', async (path, status, code) => {
    expect(await hub.ask('GET', path)).toMatchObject({ status, body: { code } })
  })
})

/** An audit that keeps its rows here. */
const remembered = () => {
  const notes: AuditNote[] = []
  let full = false
  let missed = 0
  const mayAct = () => (full ? refuse('audit.unwritable') : null)
  const note = async (row: AuditNote) => {
    if (!full) notes.push(row)
    return mayAct()
  }
  const miss = () => {
    missed += 1
  }
  const fill = () => {
    full = true
  }
  return { notes, fill, missed: () => missed, audit: { note, mayAct, missed: miss } }
}
const FROM = { address: '10.0.0.9', agent: '' }

describe('when the audit cannot be written', () => {
  test('nothing is changed, and questions are answered', async () => {
    const { audit, fill, missed } = remembered()
    const audited = openAudited({ audit, standings: {}, now: () => 0 })
    fill()
    let done = 0
    const act = async () => {
      done += 1
      return { done }
    }
    expect(await audited.around('saveParty', { who: { user: 'u-a' }, from: FROM }, act)).toMatchObject({ code: 'audit.unwritable' })
    expect(done).toBe(0)
    expect(await audited.around('party', { who: { user: 'u-a' }, from: FROM }, act)).toEqual({ done: 1 })
    expect(await audited.around('signOut', { who: { user: 'u-a' }, from: FROM }, act)).toEqual({ done: 2 })
    expect(await audited.around('stock', { who: { user: 'u-a' }, from: FROM }, act)).toEqual({ done: 3 })
    expect(missed()).toBe(3)
  })

  test('an act that was done and then found no room is not answered as done', async () => {
    const { audit, fill } = remembered()
    const audited = openAudited({ audit, standings: {}, now: () => 0 })
    const act = async () => {
      fill()
      return {}
    }
    expect(await audited.around('saveParty', { who: { user: 'u-a' }, from: FROM }, act)).toMatchObject({ code: 'audit.unwritable' })
  })

  test('an act that breaks is on record as broken', async () => {
    const { audit, notes } = remembered()
    const audited = openAudited({ audit, standings: {}, now: () => 0 })
    const broken = audited.around('saveParty', { who: { user: 'm-a' }, from: FROM }, () => Promise.reject(new Error('disk')))
    await expect(broken).rejects.toThrow('disk')
    expect(notes).toMatchObject([{ outcome: 'api.fault', who: 'm-a', kind: 'machine' }])
  })
})

describe('nobody fills the disk', () => {
  test('refusals alike are written up to a number, then counted', async () => {
    const { audit, notes } = remembered()
    let at = 0
    const audited = openAudited({ audit, standings: {}, now: () => at })
    const knock = () => audited.denied('saveParty', { who: null, from: FROM }, refuse('access.not-signed-in'))
    for (let n = 0; n < 1_000; n += 1) await knock()
    expect(notes).toHaveLength(ALIKE_MAX)
    at += WINDOW_MS
    await knock()
    expect(notes.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(1_001)
  })

  test('what a node may not do on the line is on record, and the hub goes on hearing of it', () => {
    const { audit, notes } = remembered()
    const heard: unknown[] = []
    const events = auditOffences({ offence: (...said: unknown[]) => heard.push(said) } as never, audit, () => 0)
    for (let n = 0; n < 100; n += 1) events.offence('xinghe', 'key-revoked', 'xinghe')
    events.offence(null, 'handshake-failed', '10.0.0.9')
    expect(heard).toHaveLength(101)
    expect(notes).toHaveLength(ALIKE_MAX + 1)
    expect(notes[0]).toMatchObject({ who: 'xinghe', kind: 'node', act: 'broker-refused', outcome: 'key-revoked', sites: ['xinghe'] })
    expect(notes.at(-1)).toMatchObject({ who: null, kind: 'nobody', outcome: 'handshake-failed' })
  })
})
