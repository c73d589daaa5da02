import { expect, test } from 'vitest'
import { COUNTY_SCENARIOS, cutCounty } from './crash/counties.ts'
import { damageMany } from './crash/damages.ts'
import { cutEverywhere } from './crash/exhaustive.ts'
import { FILE_SCENARIOS } from './crash/file-scenarios.ts'
import { cutFiles } from './crash/files.ts'
import { ONE_FILE_SCENARIOS, SCENARIOS } from './crash/scenarios.ts'
import { dropUnsynced } from './crash/unsynced.ts'

const PATIENCE_MS = 120_000
/** On demand every call is cut: `npm run crash -- --exhaustive`. A hub's files are large: a cut of it costs five of a node. */
const STRIDE = { node: 11, hub: 29, files: 37, county: 17 }
const DAMAGES = 48

test.each(SCENARIOS)('$name: the power goes in the middle of it, and every answer stands', { timeout: PATIENCE_MS }, async (scenario) => {
  const { broken, cuts } = await cutEverywhere(scenario, 4, STRIDE[scenario.kind])
  expect(broken).toEqual([])
  expect(cuts).toBeGreaterThan(1)
})

test.each(COUNTY_SCENARIOS)(
  '$name: the power goes between two words or at a timer, and the county heals',
  { timeout: PATIENCE_MS },
  async (scenario) => {
    const { broken, cuts } = await cutCounty(scenario, 7, STRIDE.county)
    expect(broken).toEqual([])
    expect(cuts).toBeGreaterThan(0)
  },
)

test.each(FILE_SCENARIOS)(
  '$name: the power goes in the middle of it, and there is all or nothing',
  { timeout: PATIENCE_MS },
  async (scenario) => {
    const { broken, cuts } = await cutFiles(scenario, 4, STRIDE.files)
    expect(broken).toEqual([])
    expect(cuts).toBeGreaterThan(1)
  },
)

test.each(ONE_FILE_SCENARIOS)(
  '$name: what was not flushed is lost in any subset of its sectors, and every answer stands',
  { timeout: PATIENCE_MS },
  async (scenario) => {
    const { broken } = await dropUnsynced(scenario, 2)
    expect(broken).toEqual([])
  },
)

test.each(['node', 'hub'] as const)(
  'the file of a %s is damaged: an exact prefix, missed by whoever was answered, or a name for what is wrong',
  { timeout: PATIENCE_MS },
  async (kind) => {
    const { silent, unnamed, told } = await damageMany(kind, DAMAGES)
    expect([silent, unnamed]).toEqual([[], []])
    expect(told['lost-tail']).toBeGreaterThan(5)
    expect(told.salvaged + told.refused + told.found).toBeGreaterThan(0)
  },
)
