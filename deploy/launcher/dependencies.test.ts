import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dependencyBreaches, isWithin, type LockedRow } from './dependencies.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const NODE = '24.21.0'

test('what is installed is what was looked at, from the registry alone, and runs on the Node of the houses', () => {
  const { packages } = read('../../package-lock.json') as { readonly packages: Readonly<Record<string, LockedRow>> }
  const { optionalDependencies } = read('./node/package.json') as { readonly optionalDependencies: Readonly<Record<string, string>> }
  expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([NODE]))
  expect(Object.keys(packages).length).toBeGreaterThan(400)
  expect(dependencyBreaches(packages, NODE)).toEqual([])
})

describe('a lockfile that somebody tampered with is found out', () => {
  const good: LockedRow = { version: '1.2.3', integrity: `sha512-${'A'.repeat(86)}==`, license: 'MIT' }
  const tool = { dev: true, optional: true, os: ['linux'], cpu: ['x64'] }
  const { integrity: _, license: __, ...nothing } = good
  test.each<readonly [string, Readonly<Record<string, LockedRow>>, readonly string[]]>([
    ['nothing wrong', { 'node_modules/a': good, hub: {}, 'node_modules/@lotkeeper/hub': { link: true, resolved: 'hub' } }, []],
    ['a binary of a tool for another machine', { 'node_modules/a': { ...nothing, ...tool } }, []],
    ['the same in a county', { 'node_modules/a': { ...nothing, ...tool, dev: false } }, ['a: no sha512', 'a: licence unsaid']],
    ['a weak digest', { 'node_modules/a': { ...good, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' } }, ['a: no sha512']],
    ['another place', { 'node_modules/a': { ...good, resolved: 'https://evil.example/a.tgz' } }, ['a: from https://evil.example/a.tgz']],
    ['a link out of the house', { 'node_modules/a': { link: true, resolved: '../a' } }, ['a: a link out of the house']],
    ['a licence that binds', { 'node_modules/a': { ...good, license: 'AGPL-3.0' } }, ['a: licence AGPL-3.0']],
    ['a script', { 'node_modules/a': { ...good, hasInstallScript: true } }, ['a: runs a script when it is installed']],
    ['a Node of tomorrow', { 'node_modules/a': { ...good, engines: { node: '>=26' } } }, ['a: wants Node >=26']],
    [
      'a repository',
      { 'node_modules/a': { ...good, dependencies: { b: 'git+ssh://x/b.git', c: 'file:../c', d: 'o/d', e: 'npm:f@^1.0.0' } } },
      ['a: wants b from git+ssh://x/b.git', 'a: wants c from file:../c', 'a: wants d from o/d'],
    ],
    [
      'two majors',
      { 'node_modules/a': good, 'hub/node_modules/a': { ...good, version: '2.0.0' } },
      ['hub/node_modules/a: 2.0.0 beside 1.2.3'],
    ],
  ])('%s', (_what, packages, breaches) => {
    expect(dependencyBreaches(packages, NODE).map((line) => line.replace(/^node_modules\//, ''))).toEqual(breaches)
  })
})

test.each([
  ['>=20', true],
  ['>= 0.8.x', true],
  ['^20.19.0 || ^22.13.0 || >=23.5.0', true],
  ['18 || 20 || >=22', true],
  ['>=16 || 14 >=14.17', true],
  ['^18 || ^20 || >= 21', true],
  ['^22.12.0 || ^24.0.0', true],
  ['~24.21', true],
  ['24.x', true],
  ['^24.22.0', false],
  ['20 || 22', false],
  ['>=18 <24', false],
  ['<=24.20.9', false],
  ['>24.21.0', false],
  ['~24.20.0', false],
])('Node 24.21.0 within %s: %s', (range, is) => {
  expect(isWithin(NODE, range)).toBe(is)
})
