import { describe, expect, test } from 'vitest'
import { circles, houseBreaches, roomBreaches } from './directions.ts'
import { doorBreaches, environmentBreaches, purityBreaches } from './doors.ts'
import { fixtureBreaches, hastyTests, homelessTests, silencedTests, unprovokedCodes } from './proofs.ts'
import { type Source, sourceOf } from './sources.ts'
import { excuseBreaches, leakBreaches, lengthBreaches, letterBreaches, nameBreaches } from './words.ts'

type Files = Readonly<Record<string, string>>

// A row is a small house: the wall, what it is about, its files, and how many breaches the wall must see in it.
interface Row {
  readonly wall: string
  readonly story: string
  readonly breaches: (sources: readonly Source[]) => readonly string[]
  readonly files: Files
  readonly seen: number
}

const rows = (
  wall: string,
  breaches: Row['breaches'],
  cases: readonly (readonly [story: string, files: Files, seen: number])[],
): readonly Row[] => cases.map(([story, files, seen]) => ({ wall, story, breaches, files, seen }))

const read = (files: Files): readonly Source[] => Object.entries(files).map(([path, text]) => sourceOf({ path, text }))

const EXAMPLE = { edge: ['faults', 'portal/contract', 'readers', 'portal', 'alarms stockroom', 'flow'] }

describe('what the walls see', () => {
  test.for([
    ...rows('houses', houseBreaches, [
      ['the edge uses the protocol', { 'edge/a.ts': "import { x } from '@lotkeeper/protocol/x.ts'" }, 0],
      ['the edge uses the hub', { 'edge/a.ts': "import { x } from '@lotkeeper/hub/x.ts'" }, 1],
      ['for a type', { 'edge/a.ts': "import type { X } from '@lotkeeper/hub/x.ts'" }, 1],
      ['in a test', { 'edge/a.test.ts': "import { x } from '@lotkeeper/hub/x.ts'" }, 1],
      ['later', { 'edge/a.ts': "const x = () => import('@lotkeeper/hub/x.ts')" }, 1],
      ['by passing on', { 'edge/a.ts': "export { x } from '@lotkeeper/hub/x.ts'" }, 1],
      ['as a worker', { 'edge/a/b.ts': `const x = new URL('../../hub/x.ts', ${'import'}.meta.url)` }, 1],
      ['a relative path leaves home', { 'edge/serial/a.ts': "import { x } from '../../protocol/x.ts'" }, 1],
      ['home by its name', { 'edge/a.ts': "import { x } from '@lotkeeper/edge/x.ts'" }, 1],
      ['somebody uses the tests', { 'deploy/a.ts': "import { x } from '@lotkeeper/test/x.ts'" }, 1],
      ['the tests use everything', { 'test/a.test.ts': "import { x } from '@lotkeeper/deploy/x.ts'" }, 0],
      ['a test of the pure protocol borrows crypto', { 'protocol/a.test.ts': "import { x } from '../test/parts.ts'" }, 0],
      ['the protocol itself does not', { 'protocol/a.ts': "import { x } from '../test/parts.ts'" }, 1],
      ['a comment imports nothing', { 'edge/a.ts': "// import { x } from '@lotkeeper/hub/x.ts'" }, 0],
    ]),
    ...rows('rooms', (sources) => roomBreaches(sources, EXAMPLE), [
      ['the floor above is used', { 'edge/portal/a.ts': "import { x } from '../readers/told.ts'" }, 0],
      ['the floor below is used', { 'edge/readers/a.ts': "import { x } from '../portal/a.ts'" }, 1],
      ['rooms beside each other talk', { 'edge/alarms/a.ts': "import { x } from '../stockroom/a.ts'" }, 1],
      ['a test looks below', { 'edge/readers/a.test.ts': "import { x } from '../portal/a.ts'" }, 0],
      ['a file is a room', { 'edge/faults.ts': "import { x } from './readers/a.ts'" }, 1],
      ['a room without a floor', { 'edge/attic/a.ts': '' }, 1],
      ['a room without a floor is used', { 'edge/alarms/a.ts': "import { x } from '../attic.ts'" }, 1],
      ['a room starts the flow', { 'edge/alarms/a.ts': "import { x } from '../flow.ts'" }, 1],
      ['a contract knows its builder', { 'edge/portal/contract.ts': "import { x } from './build.ts'" }, 1],
      ['a builder knows its contract', { 'edge/portal/build.ts': "import { x } from './contract.ts'" }, 0],
    ]),
    ...rows('circles', circles, [
      ['two files', { 'hub/a.ts': "import { b } from './b.ts'", 'hub/b.ts': "import { a } from './a.ts'" }, 1],
      ['of types', { 'hub/a.ts': "import type { B } from './b.ts'", 'hub/b.ts': "import type { A } from './a.ts'" }, 1],
      ['one file', { 'hub/a.ts': "import { a } from './a.ts'" }, 1],
      [
        'three in a ring behind a straight way',
        { 'hub/0.ts': "import './1.ts'", 'hub/1.ts': "import './2.ts'", 'hub/2.ts': "import './3.ts'", 'hub/3.ts': "import './1.ts'" },
        1,
      ],
      [
        'a diamond is none',
        { 'hub/0.ts': "import './1.ts'; import './2.ts'", 'hub/1.ts': "import './3.ts'", 'hub/2.ts': "import './3.ts'", 'hub/3.ts': '' },
        0,
      ],
    ]),
    ...rows('doors', doorBreaches, [
      ['one door', { 'edge/a.ts': "import { x } from 'mqtt'", 'edge/b.ts': "import { y } from './a.ts'" }, 0],
      ['two doors', { 'edge/a.ts': "import { x } from 'mqtt'", 'edge/b.ts': "import type { Y } from 'mqtt/more'" }, 1],
      ['one in each house', { 'edge/a.ts': "import x from 'pino'", 'hub/a.ts': "import x from 'pino'" }, 0],
      ['two packages of one scope', { 'edge/a.ts': "import x from '@a/b'", 'edge/b.ts': "import x from '@a/c'" }, 0],
      ['the schema language', { 'edge/a.ts': "import x from 'typebox'", 'edge/b.ts': "import x from 'typebox'" }, 0],
      ['a part of Node', { 'edge/a.ts': "import 'node:fs'", 'edge/b.ts': "import 'node:fs'" }, 0],
    ]),
    ...rows('purity', purityBreaches, [
      ['decides', { 'protocol/a.ts': "import { Type } from 'typebox'; export const a = Math.max(1, 2)" }, 0],
      ['asks Node', { 'protocol/a.ts': "import { readFileSync } from 'node:fs'" }, 1],
      ['asks a package', { 'protocol/a.ts': "import x from 'pino'" }, 1],
      ['asks the clock', { 'protocol/a.ts': 'export const a = Date.now()' }, 1],
      ['asks the clock in other words', { 'edge/portal/a.ts': 'export const a = new Date()' }, 1],
      ['reads a given time', { 'protocol/a.ts': 'export const a = (t: number) => new Date(t)' }, 0],
      ['throws dice', { 'protocol/a.ts': 'export const a = Math.random()' }, 1],
      ['only talks about it', { 'protocol/a.ts': '/** never Date.now() */ export const a = 1' }, 0],
      ['another room', { 'edge/serial/a.ts': "import 'node:fs'" }, 0],
    ]),
    ...rows('environment', environmentBreaches, [
      ['in settings', { 'edge/settings.ts': 'export const a = process.env' }, 0],
      ['elsewhere', { 'edge/flow.ts': "export const a = process.env['A']" }, 1],
      ['by another spelling', { 'edge/flow.ts': "export const a = process['env']" }, 1],
      ['handed on whole', { 'deploy/county/a.ts': 'export const a = { ...process.env }' }, 0],
      ['handed on in part', { 'deploy/county/a.ts': "export const a = { ...process.env['A'] }" }, 1],
      ['in the launcher', { 'deploy/launcher/a.js': 'export const a = process.env' }, 0],
    ]),
    ...rows('names', nameBreaches, [
      ['a file', { 'edge/serial/utils.ts': '' }, 1],
      ['a folder', { 'edge/common/port.ts': '' }, 1],
      ['a word within', { 'edge/a.ts': 'export const messageHandler = 1' }, 1],
      ['a type', { 'edge/a.ts': 'export interface ReaderManager { readonly a: 1 }' }, 1],
      ['a whole name', { 'edge/data.ts': '' }, 1],
      ['a name that says more', { 'edge/processes.ts': 'export const databaseOf = 1' }, 0],
    ]),
    ...rows('length', lengthBreaches, [
      ['400 lines', { 'edge/a.ts': '\n'.repeat(400) }, 0],
      ['401 lines', { 'edge/a.ts': '\n'.repeat(401) }, 1],
    ]),
    ...rows('letters', letterBreaches, [
      ['a space without break', { 'edge/a.ts': "export const a = 'a\u00a0b'" }, 1],
      ['a space without width in Chinese', { 'edge/a.ts': "export const a = '入\u200b库'" }, 1],
      ['a curly quote in English', { 'edge/a.ts': "export const a = 'the node\u2019s'" }, 1],
      ['curly quotes in Chinese', { 'edge/a.ts': "export const a = '没有\u201c甲\u201d'" }, 0],
    ]),
    ...rows('leaks', leakBreaches, [
      ['a path of one machine', { 'edge/a.ts': `export const a = '/${'work'}/main'` }, 1],
      ['a route', { 'edge/a.ts': "export const a = '/api/work/1'" }, 0],
      ['a host in a lockfile', { 'a.ts': `const a = { "resolved"${': '}"https://a/b.tgz" }` }, 1],
      ['a folder in a lockfile', { 'a.ts': `const a = { "resolved"${': '}"edge" }` }, 0],
    ]),
    ...rows('excuses', excuseBreaches, [
      ['a promise', { 'edge/a.ts': `// ${'TO'}DO later` }, 1],
      ['an order to look away', { 'edge/a.ts': `// biome${'-'}ignore lint: no` }, 1],
    ]),
    ...rows('silence', silencedTests, [
      ['a loud test', { 'edge/a.test.ts': "test('a', () => undefined)" }, 0],
      ['a skipped one', { 'edge/a.test.ts': `test.${'skip'}('a', () => undefined)` }, 1],
      ['a focused one', { 'edge/a.test.ts': `describe.concurrent.${'only'}('a', () => undefined)` }, 1],
      ['one that skips itself', { 'edge/a.test.ts': `test('a', (context) => context.${'skip'}())` }, 1],
      ['one by option', { 'edge/a.test.ts': `test('a', { ${'skip'}: true }, () => undefined)` }, 1],
    ]),
    ...rows('haste', hastyTests, [
      ['asked once', { 'test/browser/a.test.ts': 'expect(await page.title()).toBe(1)' }, 1],
      ['two asked once', { 'test/browser/a.test.ts': 'expect([await page.title(), await page.url()]).toEqual([1, 2])' }, 1],
      ['one of an answer, over lines', { 'test/browser/a.test.ts': 'expect(\n  (await names(page)).length,\n).toBe(1)' }, 1],
      ['asked until', { 'test/browser/a.test.ts': 'await expect.poll(async () => await page.title()).toBe(1)' }, 0],
      ['asked of no page', { 'hub/a.test.ts': 'expect(await count()).toBe(1)' }, 0],
    ]),
    ...rows('codes', unprovokedCodes, [
      ['provoked', { 'hub/faults.ts': "export const FAULTS = { 'disk.full': 1 }", 'hub/a.test.ts': "expect(code).toBe('disk.full')" }, 0],
      ['forgotten', { 'hub/faults.ts': "export const FAULTS = { 'disk.full': 1 }", 'hub/a.test.ts': "// 'disk.full'" }, 1],
      ['forgotten, one of many', { 'hub/a.ts': "export const A_REFUSALS = {\n  'a.b': 1,\n  'a.c': 1,\n}", 'hub/a.test.ts': "'a.c'" }, 1],
    ]),
  ])('$wall: $story', ({ breaches, files, seen }) => {
    expect(breaches(read(files))).toHaveLength(seen)
  })

  test('a test file that nobody runs', () => {
    const paths = ['edge/serial/a.test.ts', 'dashboard/county/a.test.tsx', 'test/journeys/a-box.test.ts', 'test/house.test.ts', 'edge/a.ts']
    expect(homelessTests(paths)).toEqual([])
    expect(homelessTests(['test/attic/a.test.ts', 'edge/a.spec.ts'])).toHaveLength(2)
  })

  test('a fixture that was edited, removed, or never listed', () => {
    const digest = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' // of "hello"
    const list = `${digest}  v1/a.json\n`
    expect(fixtureBreaches(list, [{ path: 'v1/a.json', bytes: Buffer.from('hello') }])).toEqual([])
    expect(fixtureBreaches(list, [{ path: 'v1/a.json', bytes: Buffer.from('hello!') }])).toEqual([
      'v1/a.json was edited; a new version is a new folder',
    ])
    expect(fixtureBreaches(list, [])).toEqual(['v1/a.json is gone'])
    expect(fixtureBreaches('', [{ path: 'v1/a.json', bytes: Buffer.from('hello') }])).toEqual([
      `v1/a.json is not in the list; add: ${digest}  v1/a.json`,
    ])
  })
})
