import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalog, openCatalog } from './catalog.ts'
import { openCounty, type TestCounty } from './fixtures/county.ts'

const ROOM = { room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' as const }
const CLINIC = { ...ROOM, room: 'clinic' }
const LOT = 'gauze/B1'
const STORE = 'qinglong/main/available'
const NOW_MS = Date.parse('2026-11-22T03:24:00.000Z')

let county: TestCounty
let catalog: Catalog
beforeEach(async () => {
  county = openCounty()
  catalog = openCatalog(county.ledger)
  for (const site of ['baihe', 'qinglong', 'xiaohe'])
    await catalog.createSite({ ...SITE, action: `make-${site}`, site, rooms: [ROOM, CLINIC] }, 'county')
})
afterEach(() => county.close())

const SITE = { name: { zh: '站', en: 'Site' }, zone: 'Asia/Shanghai' }
let acts = 0
const action = () => {
  acts += 1
  return `test-action-${acts}`
}
type Ask = HubBody<'askNode'>
const askFor = (given: Partial<Ask> = {}): Ask => ({
  action: action(),
  what: 'count',
  place: STORE,
  lot: LOT,
  reason: 'looks wrong',
  ...given,
})
const correction = (...lines: readonly { readonly from: string; readonly to: string; readonly units?: number }[]): Ask =>
  askFor({ what: 'correct', lines: lines.map((line) => ({ lot: LOT, units: 2, ...line })) })
const pass = (from: string, to: string): HubBody<'passOwnership'> => ({ action: action(), from, to, reason: 'closed' })
const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const written = async (id: string): Promise<Entry> => {
  const [stream = '', epoch = '', seq = '0'] = id.split('/')
  const batch = await county.ledger.batch({ stream, epoch, from: Number(seq), upto: Number(seq) })
  return JSON.parse(batch?.entries[0] ?? '{}') as Entry
}
const live = (node: string) =>
  county.ledger.noteBirth(
    node,
    { node, epoch: '00000000000000aa', software: '0.2.0', boot: 'b', at: new Date(NOW_MS).toISOString(), devices: [] },
    NOW_MS,
  )

describe('a word to the owner of a place', () => {
  it('goes into its stream, once', async () => {
    const body = askFor()
    const { ask } = made(await catalog.askNode(body, 'county'))
    expect(await written(ask)).toMatchObject({
      ...{ stream: 'hub>qinglong', kind: 'ask', actor: 'county', lines: [] },
      body: { what: 'count', place: STORE, lot: LOT, lines: [], reason: 'looks wrong' },
    })
    expect(await catalog.askNode(body, 'county')).toEqual({ ask })
    expect(codeOf(await catalog.askNode({ ...body, lot: 'gauze/B2' }, 'county'))).toBe('api.action-reused')
  })

  it('tells a correction line by line', async () => {
    const { ask } = made(await catalog.askNode(correction({ from: STORE, to: 'qinglong/~adjusted' }), 'county'))
    const lines = [{ lot: LOT, from: STORE, to: 'qinglong/~adjusted', units: 2, entered: null, tags: [] }]
    expect((await written(ask)).body).toMatchObject({ what: 'correct', lines })
    expect(codeOf(await catalog.askNode(correction({ from: STORE, to: 'baihe/~transit' }), 'county'))).toBe('made')
  })

  it.each([
    ['of a place that is no room', askFor({ place: 'qinglong/~consumed' }), 'ledger.ask-foreign'],
    ["of the hub's own", askFor({ place: 'hub/~supplier' }), 'ledger.ask-foreign'],
    ['of a site nobody knows', askFor({ place: 'nowhere/main/available' }), 'ledger.ask-foreign'],
    ['of no lot', askFor({ lot: 'gauze/b1' }), 'ledger.lot-malformed'],
    ['to count, with lines', { ...correction({ from: STORE, to: 'qinglong/~adjusted' }), what: 'count' as const }, 'api.request-malformed'],
    ['to correct, without any', askFor({ what: 'correct' }), 'api.request-malformed'],
    ['to book at another', correction({ from: STORE, to: 'baihe/main/available' }), 'ledger.place-not-owned'],
    ['to book nowhere', correction({ from: STORE, to: STORE }), 'ledger.same-place'],
  ])('is refused %s', async (_what, body, code) => {
    expect(codeOf(await catalog.askNode(body, 'county'))).toBe(code)
  })

  it('goes to the node the place passed to, and that one may be told lines at places of both', async () => {
    made(await catalog.passOwnership(pass('qinglong', 'baihe'), 'county'))
    const { ask } = made(await catalog.askNode(correction({ from: STORE, to: 'baihe/main/available' }), 'county'))
    expect(await written(ask)).toMatchObject({ stream: 'hub>baihe' })
    expect(codeOf(await catalog.askNode(correction({ from: STORE, to: 'xiaohe/main/available' }), 'county'))).toBe('ledger.place-not-owned')
  })
})

describe('places that pass on', () => {
  it('are told to every node, with the last word that counts', async () => {
    const body = pass('qinglong', 'baihe')
    const { entry } = made(await catalog.passOwnership(body, 'county'))
    expect(await written(entry)).toMatchObject({
      ...{ stream: 'hub>all', kind: 'ownership' },
      body: { from: 'qinglong', to: 'baihe', tip: null, reason: 'closed' },
    })
    expect(await catalog.passOwnership(body, 'county')).toEqual({ entry })
    expect(codeOf(await catalog.passOwnership({ ...body, reason: 'burnt' }, 'county'))).toBe('api.action-reused')
    expect((await county.ledger.ask.nodes()).rows.find(({ node }) => node === 'qinglong')?.passedTo).toBe('baihe')
    expect(await county.ledger.audit()).toEqual([])
  })

  it('may pass on again, and then belong to the last', async () => {
    made(await catalog.passOwnership(pass('qinglong', 'baihe'), 'county'))
    made(await catalog.passOwnership(pass('baihe', 'xiaohe'), 'county'))
    expect((await county.ledger.ask.nodes()).rows.map(({ passedTo }) => passedTo)).toEqual(['xiaohe', 'xiaohe', null])
  })

  it('stay where they are when their node lives, or nothing would change, or nobody knows the site', async () => {
    await live('qinglong')
    expect(codeOf(await catalog.passOwnership(pass('qinglong', 'baihe'), 'county'))).toBe('ledger.ownership-alive')
    await county.ledger.noteDeath('qinglong', 'gone', NOW_MS)
    expect(codeOf(await catalog.passOwnership(pass('qinglong', 'qinglong'), 'county'))).toBe('ledger.ownership-same')
    made(await catalog.passOwnership(pass('qinglong', 'baihe'), 'county'))
    expect(codeOf(await catalog.passOwnership(pass('qinglong', 'baihe'), 'county'))).toBe('ledger.ownership-same')
    expect(codeOf(await catalog.passOwnership(pass('qinglong', 'nowhere'), 'county'))).toBe('catalog.site-unknown')
  })
})
