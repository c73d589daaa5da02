import { expect, it } from 'vitest'
import { rulingOf } from './ruling.ts'

const at = (version: number, from?: string) => ({ version, ...(from === undefined ? {} : { from }) })

it.each([
  ['one without a first day', [at(1)], 1],
  ['the highest that has begun', [at(2, '2026-11-01'), at(1), at(3, '2026-12-01')], 2],
  ['one that begins today', [at(1), at(2, '2026-11-22')], 2],
  ['a later word, though an earlier one begins after it', [at(1), at(2, '2026-11-20'), at(3, '2026-11-01')], 3],
  ['before any has begun, the first', [at(2, '2027-01-01'), at(1, '2026-12-01')], 1],
  ['nothing', [], undefined],
])('rules: %s', (_what, versions, version) => {
  expect(rulingOf(versions, '2026-11-22')?.version).toBe(version)
})
