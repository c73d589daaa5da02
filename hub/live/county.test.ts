import type { Snapshot } from '@lotkeeper/protocol/api/live.ts'
import { beforeEach, expect, it } from 'vitest'
import { type County, openCounty } from './county.ts'
import { openRing, type Ring } from './ring.ts'

const NOTHING = { sites: [], stock: [], movements: [], discrepancies: [] }
let ring: Ring
let county: County
let asked: PromiseWithResolvers<Omit<Snapshot, 'cursor' | 'at'>>
beforeEach(() => {
  ring = openRing('00112233445566aa')
  asked = Promise.withResolvers()
  const siteSummaries = async () => ({ sites: [], openDiscrepancies: 3 })
  county = openCounty({ snapshot: () => asked.promise, siteSummaries }, ring, () => 0)
})

it('a snapshot stands where the county stood before it was asked for, so that nothing can fall between', async () => {
  const snapshot = county.snapshot()
  await county.add(NOTHING)
  asked.resolve({ sites: [], movements: [], discrepancies: [], openDiscrepancies: 2 })
  expect((await snapshot).cursor.seq).toBe(0)
  expect(ring.cursor().seq).toBe(1)
})

it('says that nothing happened only when it knows how many discrepancies are open', async () => {
  expect(county.nothing()).toBeNull()
  await county.add(NOTHING)
  expect(county.nothing()).toMatchObject({ after: { seq: 1 }, cursor: { seq: 1 }, openDiscrepancies: 3 })
  county.leap()
  expect(county.nothing()).toBeNull()
  asked.resolve({ sites: [], movements: [], discrepancies: [], openDiscrepancies: 2 })
  await county.snapshot()
  expect(county.nothing()).toMatchObject({ openDiscrepancies: 2 })
})
