import { createHash } from 'node:crypto'
import { matchesGlob } from 'node:path'
import { PROJECTS } from '../projects.ts'
import type { Source } from './sources.ts'

/** Every code in a table of refusals or faults is named in some test: nobody promises an answer that nobody provoked. */
export const unprovokedCodes = (sources: readonly Source[]): readonly string[] => {
  const tests = sources.filter(({ path, isTest }) => isTest && !path.startsWith('test/house'))
  const named = tests.map(({ code }) => code).join('\n')
  return sources
    .filter(({ isTest, exportedNames }) => !isTest && exportedNames.some((name) => /(REFUSALS|FAULTS)$/.test(name)))
    .flatMap(({ path, code }) =>
      codesIn(code)
        .filter((known) => !named.includes(known))
        .map((known) => `${path}: no test names ${known}`),
    )
}

/** Tests that are switched off, or switch the others off. */
export const silencedTests = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, isTest, code }) => {
    const [word] = isTest ? (SILENCED.exec(code) ?? []) : []
    return word === undefined ? [] : [`${path} holds ${word}`]
  })

/** Tests that read a page once and judge what it said: a page says a thing when it has drawn it, so it is asked until it does. */
export const hastyTests = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, isTest, code }) => {
    const [words] = isTest && path.startsWith('test/browser/') ? (HASTY.exec(code) ?? []) : []
    return words === undefined ? [] : [`${path} holds ${words.replaceAll(/\s+/g, ' ')}; ask by expect.poll`]
  })

/** Test files that no kind of test takes, or that two take. */
export const homelessTests = (paths: readonly string[]): readonly string[] =>
  paths
    .filter((path) => /\.(test|spec)\.\w+$/.test(path))
    .flatMap((path) => {
      const takers = PROJECTS.filter(({ include }) => include.some((glob) => matchesGlob(path, glob))).map(({ name }) => name)
      return takers.length === 1 ? [] : [`${path} belongs to ${takers.length === 0 ? 'no kind of test' : takers.join(' and ')}`]
    })

/** One fixture as it lies on the disk, by its path from the list. */
export interface Fixture {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Fixtures of the wire that changed, vanished, or came without a line in the list (as `sha256sum` writes it: digest, two spaces, path). */
export const fixtureBreaches = (list: string, fixtures: readonly Fixture[]): readonly string[] => {
  const lines = list.split('\n').filter((line) => line !== '')
  const listed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
  const present = new Set(fixtures.map(({ path }) => path))
  return [
    ...fixtures.flatMap(({ path, bytes }) => {
      const digest = createHash('sha256').update(bytes).digest('hex')
      if (!listed.has(path)) return [`${path} is not in the list; add: ${digest}  ${path}`]
      return listed.get(path) === digest ? [] : [`${path} was edited; a new version is a new folder`]
    }),
    ...[...listed.keys()].filter((path) => !present.has(path)).map((path) => `${path} is gone`),
  ]
}

const codesIn = (code: string): readonly string[] =>
  [...code.matchAll(/(?:^|[{,])\s*['"]([a-z0-9-]+\.[a-z0-9-]+)['"]:/gm)].map(([, known = '']) => known)

const HASTY = /\bexpect\(\s*[([]*\s*await\b/

const SILENCED =
  /\b(test|it|describe|suite|bench)(\.\w+)*\.(skip|only|todo|skipIf|runIf|fails)\b|\b[xf](it|describe|test)\s*\(|\b\w+\.skip\s*\(|[{,]\s*(skip|only|todo)\s*[:,}]/
