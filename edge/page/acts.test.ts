import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_ROUTES } from '@lotkeeper/protocol/api/node.ts'
import { entryId, STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { Compile } from 'typebox/compile'
import { afterEach, expect, test } from 'vitest'
import { draft, NODE } from '../ledger/fixtures/bench.ts'
import { SITE } from '../stockroom/fixtures/site.ts'
import { endAll, endWith, openServed } from './fixtures/served.ts'
import { openLevels } from './levels.ts'

afterEach(endAll)

const LOT = 'gauze/B1'
const SHELF = `${NODE}/main/available`
const check = (route: keyof typeof NODE_ROUTES, json: unknown) => Compile(NODE_ROUTES[route].answer).Errors(json)

/** A served site with 100 pieces on the shelf, which knows another site. */
const stocked = async () => {
  const served = await openServed()
  const { site, signIn } = served
  site.hub.write(STREAM_TO_ALL, 'site', { ...SITE, site: 'baihe' })
  site.hub.tell(site.ledger)
  site.put(`${LOT} main/available 100`)
  await signIn()
  return served
}

const ACTS = [
  ['count', { place: SHELF, lot: LOT, counted: 98, book: 100 }, `${SHELF} 2`],
  [
    'transform',
    { act: 'repack', room: 'main', from: [{ lot: LOT, units: 10 }], to: [{ item: 'gauze', lotNumber: 'B1-A', expiry: null, units: 10 }] },
    `${SHELF} 10`,
  ],
  ['ship', { to: 'baihe', room: 'main', lines: [{ lot: LOT, quantity: 1, pack: 'bag' }] }, `${SHELF} 10`],
  ['scrap', { place: SHELF, lot: LOT, units: 3, reason: '受潮' }, `${SHELF} 3`],
  ['move', { lot: LOT, from: SHELF, to: `${NODE}/main/held`, units: 4 }, `${SHELF} 4`],
] as const

test.each(ACTS)('%s is booked by the page, and by its route only once', async (route, body, line) => {
  const { ask, site } = await stocked()
  const request = { action: `${route}-0001`, ...body }
  const answer = await ask('POST', NODE_ROUTES[route].path, request)
  expect([answer.status, check(route, answer.json)]).toEqual([200, []])
  const [row] = (await ask('GET', '/api/movements?limit=1')).json.rows
  expect([row.kind, `${row.from} ${row.units}`, row.actor]).toEqual([route, line, 'keeper-1'])
  expect((await ask('POST', NODE_ROUTES[route].path, request)).json).toMatchObject({ fresh: false, entries: answer.json.entries })
  expect(site.ledger.rebuild()).toEqual([])
})

test('a label is changed by its route once, listed as its route says, and taken back', async () => {
  const { ask, site } = await stocked()
  const request = { action: 'retag-0001', from: null, to: '30AABBCCDDEEFF0011223344', lot: LOT, place: SHELF, pack: 'bag', reason: '补标' }
  const answer = await ask('POST', NODE_ROUTES.retag.path, request)
  expect([answer.status, check('retag', answer.json)]).toEqual([200, []])
  expect((await ask('POST', NODE_ROUTES.retag.path, request)).json).toMatchObject({ fresh: false, entries: answer.json.entries })
  const [entry] = answer.json.entries
  expect((await ask('POST', '/api/reverse', { action: 'reverse-01', entry, reason: '贴错了' })).status).toBe(200)
  const listed = await ask('GET', NODE_ROUTES.retags.path)
  expect(check('retags', listed.json)).toEqual([])
  expect(listed.json.rows).toMatchObject([
    { entry, from: null, to: request.to, lot: LOT, why: '补标', actor: 'keeper-1', undoneBy: expect.any(String) },
  ])
  expect(site.ledger.rebuild()).toEqual([])
})

test('what is on its way, the sites it comes from, and what the county asks are shown as their routes say', async () => {
  const { ask, site } = await stocked()
  const lines = [{ lot: 'gauze/B2', units: 7, expiry: '2027-01-31', tags: [] }]
  const body = { doc: 'DA-baihe-0011223344', type: 'despatch-advice' as const, from: 'baihe', to: NODE, lines, due: '2026-11-23' }
  site.hub.write(streamToNode(NODE), 'document', body)
  const asked = site.hub.write(streamToNode(NODE), 'ask', { what: 'count', place: SHELF, lot: LOT, lines: [], reason: '月末核对' })
  site.hub.tell(site.ledger)
  const expected = await ask('GET', '/api/expected')
  expect(check('expected', expected.json)).toEqual([])
  expect(expected.json.rows).toMatchObject([
    { doc: body.doc, from: 'baihe', due: '2026-11-23', announced: 7, received: 0, lotNumber: 'B2' },
  ])
  expect((await ask('GET', '/api/sites')).json.rows.map((row: { site: string }) => row.site)).toEqual(['baihe', NODE])
  const tasks = await ask('GET', '/api/tasks')
  expect(check('tasks', tasks.json)).toEqual([])
  expect(tasks.json.rows).toMatchObject([
    {
      door: '',
      epc: '',
      tag: null,
      ask: { what: 'count', lot: LOT, book: 100, by: 'hub', reason: '月末核对' },
      answers: ['counted', 'none'],
    },
  ])
  const task = entryId(asked.stream, asked.epoch, asked.seq)
  const settled = await ask('POST', '/api/settle', { action: 'settle-01', task, answer: 'counted', units: 0 })
  expect([settled.status, (await ask('GET', '/api/tasks')).json.rows]).toEqual([200, []])
})

test('a movement is recorded until the hub holds it, and then safe; one of a wrong clock is dated anew', async () => {
  const { ask, site } = await stocked()
  const { ledger, clock } = site
  const levels = async () => {
    const { json } = await ask('GET', '/api/movements')
    expect(check('movements', json)).toEqual([])
    return json.rows.map((row: { level: string }) => row.level)
  }
  expect(await levels()).toEqual(['recorded'])
  const { epoch, seq } = ledger.head()
  ledger.exchange.note({ heldByHub: { epoch, seq } })
  site.put(`${LOT} main/held 1`)
  expect(await levels()).toEqual(['recorded', 'safe'])
  ledger.exchange.note({ heldByHub: { epoch: '0011223344556677', seq: 9 } })
  expect(await levels()).toEqual(['recorded', 'recorded'])
  const instant = (ms: number) => new Date(ms).toISOString()
  ledger.book({ action: 'clock:1', act: 'clock' }, () => [
    draft('clock', {
      ...{ boot: 'boot-1', upMs: clock.monotonic(), clockAt: instant(clock.now()), source: 'hub' as const },
      trueAt: instant(clock.now() + 86_400_000),
    }),
  ])
  const [row] = (await ask('GET', '/api/movements?limit=1')).json.rows
  expect([row.occurredAt, row.datedAt]).toEqual([instant(clock.now()), instant(clock.now() + 86_400_000)])
})

const [OLD, MID, NOW, PULLED] = ['0', '1', '2', '3'].map((digit) => digit.repeat(16)) as [string, string, string, string]
const tipOf = (epoch: string, parent: string | null) => ({
  ...{ stream: `${NODE}>*`, epoch, held: 5, headHash: '', applied: 5, refused: [] },
  parent: parent === null ? null : { epoch: parent, seq: 5, hash: '' },
})
const TIPS = [tipOf(OLD, null), tipOf(MID, OLD), tipOf(NOW, MID), tipOf(PULLED, null)]

test.each([
  ['nothing yet', null, ['recorded', 'recorded', 'recorded', 'safe']],
  ['some of the first epoch', { epoch: OLD, seq: 2 }, ['recorded', 'recorded', 'recorded', 'safe']],
  ['all of the first', { epoch: OLD, seq: 5 }, ['safe', 'recorded', 'recorded', 'safe']],
  ['some of the last, and all it goes on from', { epoch: NOW, seq: 3 }, ['safe', 'safe', 'safe', 'safe']],
  ['an epoch nobody knows', { epoch: '9'.repeat(16), seq: 5 }, ['recorded', 'recorded', 'recorded', 'safe']],
] as const)('the hub holds %s; what is on no way back came from it', (_what, heldByHub, levels) => {
  const exchange = { tips: () => TIPS, noted: () => ({ hubAtMs: null, hubHeard: null, heldByHub }) }
  const known = openLevels({ exchange, head: () => ({ epoch: NOW, seq: 5, hash: '' }) }, NODE)
  expect([OLD, MID, NOW, PULLED].map((epoch) => known.of(`${NODE}>*/${epoch}/3`))).toEqual(levels)
})

test('the page answers HEAD as it answers GET, without a body', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-page-'))
  endWith(() => rmSync(folder, { recursive: true }))
  writeFileSync(`${folder}/stockroom.html`, '<!doctype html><title>x</title>')
  const { base } = await openServed({ pages: folder })
  const get = await fetch(base)
  const head = await fetch(base, { method: 'HEAD' })
  const named = (response: Response) =>
    ['content-type', 'content-length', 'content-security-policy', 'cache-control'].map((name) => response.headers.get(name))
  expect([head.status, named(head), await head.text()]).toEqual([get.status, named(get), ''])
  expect(get.status).toBe(200)
})
