import type { Snapshot } from '@lotkeeper/protocol/api/live.ts'
import { beforeEach, expect, it } from 'vitest'
import { type County, openCounty } from './county.ts'
import { openRing, type Ring } from './ring.ts'

const ALL = { sites: 'all', discrepancies: 'all' } as const
const NOTHING = { sites: [], stock: [], movements: [], discrepancies: [] }
let ring: Ring
let county: County
let open = 3
let asked: PromiseWithResolvers<Omit<Snapshot, 'cursor' | 'at'>>
beforeEach(() => {
  open = 3
  ring = openRing('00112233445566aa')
  asked = Promise.withResolvers()
  const siteSummaries = async () => ({ sites: [], open: { all: open, bySite: new Map([['a', 1]]) } })
  county = openCounty({ snapshot: () => asked.promise, siteSummaries }, ring, () => 0)
})

it('a snapshot stands where the county stood before it was asked for, so that nothing can fall between', async () => {
  const snapshot = county.snapshot(ALL)
  await county.add(NOTHING)
  asked.resolve({ sites: [], movements: [], discrepancies: [], openDiscrepancies: 2 })
  expect((await snapshot).cursor.seq).toBe(0)
  expect(ring.cursor().seq).toBe(1)
})

it('says that nothing happened only when it knows how many discrepancies are open', async () => {
  expect(county.nothing('all', ring.cursor())).toBeNull()
  await county.add(NOTHING)
  expect(county.nothing('all', ring.cursor())).toMatchObject({ after: { seq: 1 }, cursor: { seq: 1 }, openDiscrepancies: 3 })
  county.leap()
  expect(county.nothing('all', ring.cursor())).toBeNull()
  asked.resolve({ sites: [], movements: [], discrepancies: [], openDiscrepancies: 2 })
  open = 2
  await county.snapshot(ALL)
  expect(county.nothing('all', ring.cursor())).toMatchObject({ openDiscrepancies: 2 })
  expect([county.open(['a']), county.open(['b']), county.open(null)]).toEqual([1, 0, 0])
})
