import { rulingOf } from '@lotkeeper/protocol/rules/ruling.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { writeCounty } from './fixtures/county.ts'
import { openRecords } from './records.ts'

const DAYS = ['2026-11-20', '2026-11-22', '2026-11-23', '2027-01-01'] as const
const NOW_MS = Date.parse('2026-11-22T03:24:00.000Z')
const written = { entry: 'hub>all/00112233445566aa/1', part: 0, actor: null, occurred: '2026-11-01T00:00:00.000Z', search: '' }

it('the version that the file says rules is the one that the rule says', () => {
  const VERSIONS = fc.uniqueArray(fc.record({ version: fc.integer({ min: 1, max: 9 }), from: fc.constantFrom(undefined, ...DAYS) }), {
    selector: ({ version }) => version,
    maxLength: 6,
  })
  fc.assert(
    fc.property(VERSIONS, (drawn) => {
      const county = writeCounty()
      const versions = drawn.map(({ version, from }) => (from === undefined ? { version } : { version, from }))
      for (const one of versions) {
        const body = JSON.stringify({ is: 'party', id: 'p', ...one })
        county.row('master_version', { kind: 'party', id: 'p', version: one.version, from_day: one.from ?? '', ...written, body })
      }
      const ruling = openRecords(county.db, () => NOW_MS).ruling('party', 'p')
      county.close()
      expect(ruling?.version).toBe(rulingOf<(typeof versions)[number]>(versions, '2026-11-22')?.version)
    }),
    { numRuns: 60 },
  )
})

it('redirects that go in a circle, as two hubs of one county may tell them, end somewhere and name everybody once', () => {
  const county = writeCounty()
  const { search: _, ...told } = written
  for (const [id, target] of [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ] as const)
    county.row('master_redirect', { kind: 'item', id, version: 1, target, ...told })
  const records = openRecords(county.db, () => NOW_MS)
  expect(records.resolved('item', 'a')).toBe('c')
  expect([...records.family('item', 'a')].sort()).toEqual(['a', 'b', 'c'])
  county.close()
})
