import { expect, test } from 'vitest'
import { makeSigningKey, openSigner } from '../crypto.ts'
import { crypto, openBench } from '../ledger/fixtures/bench.ts'
import { COUNTY_KEEPERS, openCounty, verifierOf } from './fixtures/county.ts'
import type { People } from './roster.ts'

const { WANG, LI } = COUNTY_KEEPERS
const idsOf = (people: People) => people.keepers().map(({ keeper }) => keeper)

test('the settings count until the county tells a first roster, and then never again', () => {
  const { people, direct, names } = openCounty()
  expect([idsOf(people), people.standing().from]).toEqual([['settled-1'], 'settings'])
  direct(7, [WANG])
  expect([idsOf(people), people.standing()]).toEqual([[], { from: 'county', checkedAtMs: null, complete: false }])
  people.line.take(names(7, [WANG]))
  expect(people.keepers()).toMatchObject([{ keeper: 'u-wang', name: '王芳', role: 'keeper' }])
  expect(people.standing()).toMatchObject({ complete: true, checkedAtMs: expect.any(Number) })
  direct(8, [])
  people.line.take(names(8, []))
  expect(idsOf(people)).toEqual([])
})

test('whoever a directive does not name is out the moment it comes, though the names do not', () => {
  const { people, direct, names, file } = openCounty()
  direct(7, [WANG, LI])
  people.line.take(names(7, [WANG, LI]))
  let heard = 0
  people.follow(() => {
    heard += 1
  })
  direct(8, [WANG])
  expect([idsOf(people), heard, people.standing().complete]).toEqual([['u-wang'], 1, false])
  // His verifier is gone from the disk too.
  expect(JSON.stringify(file())).not.toContain(LI.pinHash)
})

test('a role is what the newest directive says', () => {
  const { people, direct, names } = openCounty()
  direct(7, [WANG])
  people.line.take(names(7, [WANG]))
  direct(8, [{ ...WANG, role: 'assistant' }])
  expect(people.keepers()[0]?.role).toBe('assistant')
})

test.for([
  ['an older version', (county: ReturnType<typeof openCounty>) => county.names(7, [WANG, LI])],
  ['a version of which the chain knows nothing yet', (county: ReturnType<typeof openCounty>) => county.names(9, [WANG, LI])],
  ['other people under the same number', (county: ReturnType<typeof openCounty>) => county.names(8, [WANG, LI])],
  ['no message at all', () => '{}'],
] as const)('names of %s change nothing', ([, messageOf]) => {
  const county = openCounty()
  const { people, direct, names } = county
  direct(7, [WANG, LI])
  people.line.take(names(7, [WANG, LI]))
  direct(8, [WANG])
  people.line.take(messageOf(county))
  expect([idsOf(people), people.standing().complete]).toEqual([['u-wang'], false])
})

test.for([
  ['to another key', { key: openSigner(crypto, makeSigningKey()).publicKey }],
  ['for another node', { about: '{"what":"lotkeeper.roster.v1"}' }],
] as const)('what is sealed %s is not opened, and a person is told', ([, other]) => {
  const { people, direct, names, notes } = openCounty()
  direct(7, [WANG])
  people.line.take(names(7, [WANG], other))
  expect([idsOf(people), notes]).toEqual([[], ['a roster could not be opened']])
})

test('a directive that is told again, late, or by an older hub lets nobody in again', () => {
  const { people, direct, names } = openCounty()
  direct(8, [WANG])
  people.line.take(names(8, [WANG]))
  direct(7, [WANG, LI])
  direct(8, [WANG, LI])
  people.line.take(names(7, [WANG, LI]))
  expect([idsOf(people), people.line.ask()]).toMatchObject([['u-wang'], { told: 8, held: 8 }])
})

test('a restart keeps the people, and an old image of the ledger lets nobody in again', () => {
  const { people, direct, names, open, bench } = openCounty()
  direct(7, [WANG, LI])
  people.line.take(names(7, [WANG, LI]))
  direct(8, [WANG])
  people.close()
  expect(idsOf(open())).toEqual(['u-wang'])
  const older = openBench()
  expect(older.ledger.read.roster()).toBeNull()
  expect(idsOf(open(older.ledger))).toEqual(['u-wang'])
  expect(bench.ledger.rebuild()).toEqual([])
})

test('who stays keeps his session, who is back or has another PIN signs in anew', () => {
  const { people, direct, names, bench } = openCounty()
  const sinceOf = () => people.keepers().map(({ keeper, sinceMs }) => [keeper, (sinceMs ?? 0) - start])
  const start = bench.clock.now()
  direct(7, [WANG, LI])
  people.line.take(names(7, [WANG, LI]))
  bench.clock.pass(1_000)
  direct(8, [WANG])
  bench.clock.pass(1_000)
  const changed = [{ ...WANG, pinHash: verifierOf('9753') }, LI]
  direct(9, [WANG, LI])
  people.line.take(names(9, [WANG, LI]))
  expect(sinceOf()).toEqual([
    ['u-wang', 0],
    ['u-li', 2_000],
  ])
  bench.clock.pass(1_000)
  direct(10, changed)
  people.line.take(names(10, changed))
  expect(sinceOf()).toEqual([
    ['u-wang', 3_000],
    ['u-li', 2_000],
  ])
})

test('that nothing changed is heard too: the list is as old as the last word of the county', () => {
  const { people, direct, names, message, rosterOf, bench } = openCounty()
  direct(7, [WANG])
  people.line.take(names(7, [WANG]))
  const first = people.standing().checkedAtMs ?? 0
  bench.clock.pass(86_400_000)
  people.line.take(message(rosterOf(7, [WANG]).told, null))
  expect((people.standing().checkedAtMs ?? 0) - first).toBe(86_400_000)
})
