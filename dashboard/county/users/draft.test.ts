import { describe, expect, test } from 'vitest'
import { EVERY, grantsOf, sitesPicked } from './draft.ts'

test('a line grants once it has a role and a site', () => {
  const lines = [
    { role: 'keeper', sites: ['qinglong'] },
    { role: 'finance', sites: [EVERY] },
    { role: 'quality', sites: [] },
    {},
    undefined,
  ] as const
  expect(grantsOf(lines)).toEqual([
    { role: 'keeper', sites: ['qinglong'] },
    { role: 'finance', sites: 'all' },
  ])
})

describe('all sites and single ones exclude each other', () => {
  test.for([
    [[], ['qinglong'], ['qinglong']],
    [['qinglong'], ['qinglong', EVERY], [EVERY]],
    [[EVERY], [EVERY, 'baisha'], ['baisha']],
    [[EVERY], [], []],
  ] as const)('%j, then %j: %j', ([before, picked, kept]) => {
    expect(sitesPicked(before, picked)).toEqual(kept)
  })
})
