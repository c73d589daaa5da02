import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { ROLES, type Role, rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import { MASKED } from '@lotkeeper/protocol/sensitive.ts'
import { io } from 'socket.io-client'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../access/caller.ts'
import { openLive } from '../live/live.ts'
import { HUB_EXAMPLES } from './examples.ts'
import { type ServedHub, serveHub, type Told } from './fixtures/served.ts'

/** Whom to call, as no other text of these tests says it. */
const NUMBER = '13800001111'
const MARK = `MARK-${NUMBER}`
const PARTY = HUB_EXAMPLES.saveParty.body
const ALL = Object.keys(ROLES) as Role[]
const SEEING = ALL.filter((role) => (ROLES[role].rights as readonly string[]).includes('contacts.see'))
const sessionOf = (role: Role): Session => {
  const roles = [{ role, sites: 'all' as const }]
  return { user: `u-${role}`, name: role, token: role, until: '2099-01-01T00:00:00.000Z', roles, rights: rightsOf({ grants: roles }) }
}

let hub: ServedHub
let imported = 0
beforeAll(async () => {
  hub = await serveHub({ openLive, sessions: new Map(ALL.map((role) => [role, sessionOf(role)])) })
  for (const name of ['createSite', 'createItem', 'saveCertificate'] as const) if (name !== 'saveCertificate') await play(name)
  await asked('saveParty', { body: { ...PARTY, contact: MARK } })
  await play('saveCertificate')
  const { item, ...rest } = HUB_EXAMPLES.createItem.body
  await asked('createItem', { body: { ...rest, action: 'item-of-maker-1', item: `${item}-2`, packs: [], manufacturer: PARTY.id } })
  const seal = { kind: 'wire.message-unreadable', text: `{"contact":"${MARK}"}` }
  await hub.ledger.quarantine('xinghe', seal.kind, Buffer.from(seal.text), Date.now())
  const table = `编号,名称,角色,联系方式\n${PARTY.id},示例医疗,供应商,${MARK} 2\nnew-party,新企业,供应商,${MARK} 3\nwrong,,供应商,${MARK} 4\n`
  const started = await hub.ask('POST', '/api/table-imports?kind=parties', {
    body: Buffer.from(table),
    headers: { 'content-type': 'text/csv' },
  })
  imported = started.body['import'] as number
  await until(async () => (await hub.ask('GET', `/api/table-import?import=${imported}`)).body['state'] === 'ready')
})
afterAll(() => hub.close())

const search = (query: object | undefined) =>
  query ? `?${new URLSearchParams(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])))}` : ''
const asked = (
  name: HubRoute,
  { query, body, token }: { readonly query?: object; readonly body?: unknown; readonly token?: string },
): Promise<Told> => {
  const { method, path }: Route = HUB_ROUTES[name]
  return hub.ask(method, `${path}${search(query)}`, { ...(body === undefined ? {} : { body }), ...(token === undefined ? {} : { token }) })
}
const says = ({ bytes }: Pick<Told, 'bytes'>, text = NUMBER): boolean => Buffer.from(bytes).includes(text)
const until = async (isSo: () => Promise<boolean>) => {
  for (const end = Date.now() + 15_000; !(await isSo()); ) {
    if (Date.now() > end) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const exampleOf = (name: HubRoute) =>
  HUB_EXAMPLES[name] as { readonly query?: Readonly<Record<string, string | number>>; readonly body?: object }
const play = (name: HubRoute) => asked(name, exampleOf(name))

/** What each route is asked: its example, where it can be about what was planted: that. */
const planted = async (name: HubRoute): Promise<{ readonly query?: object; readonly body?: unknown }> => {
  const { query, body } = exampleOf(name)
  if (name === 'item') return { query: { item: `${HUB_EXAMPLES.createItem.body.item}-2` } }
  if (name === 'aside')
    return { query: { aside: ((await hub.ask('GET', '/api/asides')).body['rows'] as readonly { aside: string }[])[0]?.aside } }
  if (name === 'tableErrors') return { query: { import: imported, form: 'csv' } }
  if (name === 'exportTable') return { query: { kind: 'parties', form: 'csv' } }
  if (name === 'find') return { query: { ...query, text: NUMBER } }
  if (name === 'personTexts') return { body: { words: NUMBER } }
  if (name.startsWith('table') && query && 'import' in query) return { query: { import: imported } }
  // The acts of the tables would end the import that the others look at.
  if (name === 'saveParty') return { body: { ...PARTY, action: 'a-change-1', knownVersion: 1 } }
  return { ...(query ? { query } : {}), ...(body && 'import' in body ? { body: { ...body, import: 999 } } : body ? { body } : {}) }
}

/** What ends the session or the record that the others look at; and what is the same for everybody, and slow. */
const LAST: readonly HubRoute[] = ['signOut', 'erase', 'saveParty', 'signIn', 'tableTemplate']
const WALKED = (Object.keys(HUB_ROUTES) as HubRoute[]).filter((name) => !LAST.includes(name) && !HUB_ROUTES[name].path.endsWith('/enrol'))

describe('whom to call', () => {
  it.each(ALL)('is told by no route but to those who may see it: %s', async (role) => {
    const told: string[] = []
    for (const name of WALKED) {
      const answer = await asked(name, { ...(await planted(name)), token: role })
      const { status, headers, body } = answer
      if (says(answer) || [...headers.values()].some((value) => value.includes(NUMBER))) told.push(name)
      const route: Route = HUB_ROUTES[name]
      if (status === 200 && !route.gives) expect([name, Compile(route.answer).Errors(body)]).toEqual([name, []])
    }
    // The box answers what was typed into it.
    const shown = told.filter((name) => name !== 'find')
    if (!SEEING.includes(role)) expect(shown).toEqual([])
    else expect(shown).toEqual(expect.arrayContaining(['party', 'parties', 'item', 'certificate']))
    if (role === 'county-store') expect(shown).toEqual(expect.arrayContaining(['tableRows', 'tableErrors', 'exportTable', 'aside']))
  })

  it.each(ALL.filter((role) => (ROLES[role].rights as readonly string[]).includes('stock.see')))(
    'is told by no live event: %s',
    async (role) => {
      const socket = io(hub.url, { path: LIVE_PATH, auth: { token: role }, reconnection: false, forceNew: true })
      const heard: string[] = []
      socket.onAny((name: string, payload: unknown) => void heard.push(`${name} ${JSON.stringify(payload)}`))
      await new Promise((resolve, reject) => socket.once('connect', () => resolve(null)).once('connect_error', reject))
      socket.emit('join', { cursor: null })
      await expect.poll(() => heard.some((one) => one.startsWith('snapshot'))).toBe(true)
      socket.disconnect()
      expect(heard.join('')).not.toContain(NUMBER)
    },
  )

  it('goes to no node: no entry says it', async () => {
    const [tip] = await hub.ledger.tips([STREAM_TO_ALL])
    const read = tip && (await hub.ledger.batch({ stream: STREAM_TO_ALL, epoch: tip.epoch, from: 1, upto: tip.held }))
    expect(JSON.stringify(read)).toContain('contactRef')
    expect(JSON.stringify(read)).not.toContain(NUMBER)
    expect(hub.noted.map(String).join('')).not.toContain(NUMBER)
  })
})

describe('whoever cannot see it', () => {
  const { contact: _, ...rest } = { contact: '', ...PARTY }
  const save = (token: string, body: object) => asked('saveParty', { token, body })
  it('changes the rest of the record, and leaves it as it is', async () => {
    const left = await save('integrator', { ...rest, action: 'a-change-2', knownVersion: 1, gln: '6901234567892' })
    expect([left.status, left.body['contact'], left.body['version']]).toEqual([200, MASKED, 2])
    const masked = { ...rest, action: 'a-change-3', knownVersion: 2, contact: MASKED }
    expect((await save('integrator', masked)).body).toMatchObject({ contact: MASKED, version: 3 })
    expect((await save('integrator', masked)).body).toMatchObject({ contact: MASKED, version: 3 })
    const history = (await asked('party', { query: { id: PARTY.id } })).body['history'] as readonly {
      readonly record: { readonly contact: string }
    }[]
    expect(history.map(({ record }) => record.contact)).toEqual([MARK, MARK, MARK])
  })

  it('is refused by name when they set it', async () => {
    const told = await save('integrator', { ...rest, action: 'a-change-4', knownVersion: 3, contact: 'mine' })
    expect(told.body).toMatchObject({ code: 'access.field-hidden', facts: { field: 'contact', right: 'contacts.see' } })
  })

  it('sets none by a table either, and a mask in one leaves it as it is', async () => {
    const table = `编号,名称,角色,联系方式\n${PARTY.id},示例医疗器械有限公司,供应商,***\nnew-one,新的企业,供应商,${MARK} 9\n`
    const sent = { body: Buffer.from(table), headers: { 'content-type': 'text/csv' }, token: 'integrator' }
    const id = (await hub.ask('POST', '/api/table-imports?kind=parties', sent)).body['import'] as number
    await until(async () => (await hub.ask('GET', `/api/table-import?import=${id}`)).body['state'] === 'ready')
    const { rows } = (await hub.ask('GET', `/api/table-import/rows?import=${id}`)).body as {
      readonly rows: readonly Record<string, unknown>[]
    }
    expect(rows.map(({ outcome, why }) => [outcome, (why as { code: string } | null)?.code])).toEqual([
      ['same', undefined],
      ['error', 'access.field-hidden'],
    ])
    expect(JSON.stringify(rows[0])).not.toContain('contact')
  })
})

describe('erasing', () => {
  it('is for who may, and takes it out of records and tables alike', async () => {
    const wish = { action: 'erase-it-0001', of: 'party', id: PARTY.id }
    for (const role of ALL.filter((one) => one !== 'administrator'))
      expect((await asked('erase', { body: wish, token: role })).body['code']).toBe('access.right-missing')
    const told = await asked('erase', { body: wish, token: 'administrator' })
    expect([told.status, told.body['upto'], told.body['chained']]).toEqual([200, 3, 0])
    for (const name of ['party', 'parties', 'item', 'certificate', 'tableRows', 'exportTable'] as const) {
      const answer = await asked(name, await planted(name))
      expect([name, says(answer, `${MARK} 2`), says(answer, `"${MARK}"`)]).toEqual([name, false, false])
    }
    expect(says(await asked('erasures', { token: 'administrator' }))).toBe(false)
  })
})
