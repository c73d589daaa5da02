import { expect, test } from 'vitest'
import { control, search, strike } from './mutants/hunt.ts'
import { staleOf } from './mutants/main.ts'
import { MUTANTS } from './mutants/mutants.ts'

const PATIENCE_MS = 90_000
/** The cheapest of each way to be found out; all of them: `npm run mutants`. */
const SWIFT = [
  'an act repeated at a node books again',
  'a node prunes what the hub holds',
  'a gap is not told from a broken chain',
  'receipts are told without a pause',
  'signatures are not checked',
  'what is refused is not told',
  'a hole is not named',
  'a node commits log and tables apart',
]
const NEIGHBOURS = 5
const swift = MUTANTS.filter(({ name }) => SWIFT.includes(name))

test('every mutant still finds the text it changes', () => {
  expect(staleOf(MUTANTS)).toEqual([])
  expect(staleOf([{ ...(MUTANTS[0] as (typeof MUTANTS)[number]), find: 'no such text' }])).toHaveLength(1)
  expect(MUTANTS.length).toBeGreaterThanOrEqual(24)
  expect(swift.length).toBe(SWIFT.length)
})

test.each(swift)('$name: it is found out', { timeout: PATIENCE_MS }, async (mutant) => {
  // When what a season draws has changed, its neighbours know too.
  expect((await strike(mutant)) ?? (await search(mutant, NEIGHBOURS))).not.toBeNull()
})

test('and without a mutant nothing is found', { timeout: PATIENCE_MS }, async () => {
  const [season] = swift.flatMap(({ killer }) => ('seed' in killer ? [killer] : []))
  expect(season).toBeDefined()
  if (season) expect(await control(season)).toEqual([])
})
