import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { missingBinaries } from '@lotkeeper/deploy/launcher/lockfile.ts'
import { describe, expect, test } from 'vitest'
import { circles, houseBreaches, roomBreaches } from './house/directions.ts'
import { doorBreaches, environmentBreaches, purityBreaches } from './house/doors.ts'
import { type Fixture, fixtureBreaches, hastyTests, homelessTests, silencedTests, unprovokedCodes } from './house/proofs.ts'
import { isSource, readTexts, sourceOf } from './house/sources.ts'
import { excuseBreaches, leakBreaches, lengthBreaches, letterBreaches, nameBreaches } from './house/words.ts'

const ROOT = dirname(import.meta.dirname)
const FIXTURES = 'test/fixtures/wire/v1'
const LIST = 'MANIFEST.sha256'

const texts = readTexts(ROOT)
const sources = texts.filter(isSource).map(sourceOf)
// Recorded bytes and messages hold what they hold; a lockfile is written by npm.
const written = texts.filter(({ path }) => !/(^|\/)fixtures\/|(^|\/)package-lock\.json$|^LICENSE$/.test(path))
const lockfiles = texts.filter(({ path }) => path.endsWith('package-lock.json'))

describe('the walls of the house', () => {
  test.for([
    { wall: 'houses import in one direction', breaches: () => houseBreaches(sources) },
    { wall: 'rooms import from the floors above', breaches: () => roomBreaches(sources) },
    { wall: 'no circles between files', breaches: () => circles(sources) },
    { wall: 'one door for each foreign package', breaches: () => doorBreaches(sources) },
    { wall: 'rooms that decide know no world', breaches: () => purityBreaches(sources) },
    { wall: 'the environment is read in settings.ts', breaches: () => environmentBreaches(sources) },
    { wall: 'names say something', breaches: () => nameBreaches(sources) },
    { wall: 'files are short', breaches: () => lengthBreaches(sources) },
    { wall: 'letters are what they look like', breaches: () => letterBreaches(written) },
    { wall: 'nothing of one machine', breaches: () => leakBreaches([...written, ...lockfiles]) },
    { wall: 'no excuses', breaches: () => excuseBreaches(sources) },
    { wall: 'every refusal and fault is provoked', breaches: () => unprovokedCodes(sources) },
    { wall: 'no test is silenced', breaches: () => silencedTests(sources) },
    { wall: 'a page is asked until it says so', breaches: () => hastyTests(sources) },
    { wall: 'every test belongs to one kind', breaches: () => homelessTests(texts.map(({ path }) => path)) },
    { wall: 'fixtures of the wire are never edited', breaches: () => fixtureBreaches(fixtureList(), fixtures()) },
    {
      wall: 'the lockfile names every binary',
      breaches: () => missingBinaries(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages),
    },
  ])('$wall', ({ breaches }) => {
    expect(breaches()).toEqual([])
  })

  test('and they stand around something', () => {
    const houses = new Set(sources.map(({ path }) => path.split('/')[0]))
    expect([...houses]).toEqual(expect.arrayContaining(['protocol', 'edge', 'hub', 'dashboard', 'deploy', 'test']))
    expect(sources.length).toBeGreaterThan(100)
  })
})

const fixtureList = (): string => readFileSync(join(ROOT, FIXTURES, LIST), 'utf8')

const fixtures = (): readonly Fixture[] =>
  readdirSync(join(ROOT, FIXTURES))
    .filter((name) => name !== LIST)
    .map((path) => ({ path, bytes: readFileSync(join(ROOT, FIXTURES, path)) }))
