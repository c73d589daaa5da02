import { describe, expect, test } from 'vitest'
import { completed, missingBinaries } from './lockfile.ts'
import { runSteps, type Step } from './steps.ts'
import { tallyOf } from './tally.ts'

describe('the tally of a run', () => {
  const file = (letters: string, status = letters.includes('F') ? 'failed' : 'passed') => ({
    status,
    assertionResults: [...letters].map((letter) => ({
      status: { p: 'passed', F: 'failed', s: 'skipped', t: 'todo' }[letter] ?? 'pending',
    })),
  })

  test.for([
    { files: [file('ppp'), file('pp')], whole: '5 0', narrowed: '5 0', story: 'all passed' },
    { files: [file('pFp')], whole: '2 1', narrowed: '2 1', story: 'one failed' },
    { files: [file('', 'failed'), file('p')], whole: '1 1', narrowed: '1 1', story: 'a file that could not be loaded' },
    { files: [file('pp', 'failed')], whole: '2 1', narrowed: '2 1', story: 'a file whose tests passed and whose end failed' },
    { files: [file('pst')], whole: '1 2', narrowed: '1 0', story: 'tests that did not run' },
    { files: [], whole: '0 0', narrowed: '0 0', story: 'nothing at all' },
  ])('$story', ({ files, whole, narrowed }) => {
    const said = (skippedFail: boolean) => {
      const { passed, failed } = tallyOf({ testResults: files }, { skippedFail })
      return `${passed} ${failed}`
    }
    expect([said(true), said(false)]).toEqual([whole, narrowed])
  })
})

test('every step runs, also after a failed one, and each says its result', async () => {
  const step = (en: string, passes: boolean): Step => ({ zh: '步', en, run: async () => passes })
  const said: string[] = []
  const failed = await runSteps([step('one', true), step('two', false), step('three', true)], (line) => said.push(line))
  expect(failed.map(({ en }) => en)).toEqual(['two'])
  expect(said.map((line) => line.replace(/\d+\.\d s/, 'N s'))).toEqual([
    '\n[1/3] 步 / one',
    '通过 / passed: one, N s',
    '\n[2/3] 步 / two',
    '失败 / FAILED: two, N s',
    '\n[3/3] 步 / three',
    '通过 / passed: three, N s',
  ])
})

describe('binaries the lockfile lacks', () => {
  const packages = {
    '': {},
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: { '@t/linux-x64-musl': '2.0.0', '@t/darwin-arm64': '2.0.0', there: '1.0.0' },
    },
    'node_modules/tool/node_modules/there': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '1.0.0', optionalDependencies: { above: '1.0.0' } },
    'node_modules/above': { version: '1.0.0' },
  }

  test('are found by looking where Node would look', () => {
    expect(missingBinaries(packages).map(({ name }) => name)).toEqual(['@t/linux-x64-musl', '@t/darwin-arm64'])
  })

  test('are named with their machine, and then nothing is missing', () => {
    const whole = completed(packages)
    expect(whole['node_modules/@t/linux-x64-musl']).toEqual({
      version: '2.0.0',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    })
    expect(whole['node_modules/@t/darwin-arm64']).toEqual({ version: '2.0.0', cpu: ['arm64'], dev: true, optional: true, os: ['darwin'] })
    expect(missingBinaries(whole)).toEqual([])
  })

  test('a package that is no binary is not invented', () => {
    expect(() => completed({ 'node_modules/tool': { optionalDependencies: { fancy: '^1.0.0' } } })).toThrow('not a binary: fancy@^1.0.0')
  })
})
