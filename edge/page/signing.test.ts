import { afterEach, expect, test } from 'vitest'
import type { Keeper, PeopleStanding } from '../access/roster.ts'
import { endAll, KEEPERS, listen, openServed, PIN } from './fixtures/served.ts'

afterEach(endAll)

const MINUTE = 60_000
/** People whom a test takes out and puts in. */
const openCrowd = (first: readonly Keeper[] = KEEPERS) => {
  let keepers = first
  let standing: PeopleStanding = { from: 'county', checkedAtMs: 0, complete: true }
  const listeners = new Set<() => void>()
  return {
    people: {
      keepers: () => keepers,
      standing: () => standing,
      follow: (listener: () => void) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    become: (next: readonly Keeper[], how: Partial<PeopleStanding> = {}) => {
      keepers = next
      standing = { ...standing, ...how }
      for (const listener of listeners) listener()
    },
  }
}

test('before anybody signs in the tiles show names, how old the list is, and nothing else', async () => {
  const { people, become } = openCrowd()
  const { ask } = await openServed({ idleMs: 15 * MINUTE }, { people })
  const told = async () => (await ask('GET', '/api/people')).json
  expect(await told()).toEqual({
    keepers: [
      { keeper: 'keeper-1', name: '王芳' },
      { keeper: 'keeper-2', name: '李强' },
    ],
    roster: { from: 'county', checkedAt: '1970-01-01T00:00:00.000Z', complete: true },
    idleSeconds: 900,
  })
  become([], { complete: false, checkedAtMs: null })
  expect(await told()).toMatchObject({ keepers: [], roster: { checkedAt: null, complete: false } })
})

test('one takes over from another: the session that was there is over', async () => {
  const { ask, cookie } = await openServed()
  const signIn = async (body: object, headers = {}) => ask('POST', '/api/session', body, headers)
  const first = (await signIn({ keeper: 'keeper-1', pin: PIN })).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const second = await signIn({ keeper: 'keeper-2', pin: '135790' }, { cookie: first })
  expect([second.json.name, cookie()]).toEqual(['李强', ''])
  expect((await ask('GET', '/api/state', undefined, { cookie: first })).status).toBe(401)
})

test('whoever is taken out is out with the next question, and his open page is let go', async () => {
  const { people, become } = openCrowd()
  const { ask, signIn, base, cookie } = await openServed({}, { people })
  await signIn()
  const page = await listen(base, cookie())
  await page.until((events) => events.length > 0)
  become(KEEPERS.slice(1))
  expect((await ask('GET', '/api/state')).json.code).toBe('access.not-signed-in')
  expect((await ask('POST', '/api/issue', { action: 'action-01' })).status).toBe(401)
  // Settles when the node ends the stream.
  await page.done
})

test('whoever is back signs in anew: the session he had stays over', async () => {
  const { people, become } = openCrowd()
  const { ask, signIn, site } = await openServed({}, { people })
  await signIn()
  site.clock.pass(MINUTE)
  become(KEEPERS.map((one) => ({ ...one, sinceMs: site.clock.now() })))
  expect((await ask('GET', '/api/state')).status).toBe(401)
  await signIn()
  expect((await ask('GET', '/api/state')).status).toBe(200)
})

test('a page nobody touches is signed out; asking by itself is no touch, an act and a touch are', async () => {
  const { ask, signIn, site } = await openServed({ idleMs: 15 * MINUTE })
  const start = site.clock.now()
  const state = async () => (await ask('GET', '/api/state')).status
  expect((await signIn()).json.idleAt).toBe(new Date(start + 15 * MINUTE).toISOString())
  site.clock.pass(14 * MINUTE)
  expect(await state()).toBe(200)
  expect((await ask('GET', '/api/session')).json.idleAt).toBe(new Date(start + 15 * MINUTE).toISOString())
  expect((await ask('POST', '/api/session/stay')).json.idleAt).toBe(new Date(start + 29 * MINUTE).toISOString())
  site.clock.pass(14 * MINUTE)
  await ask('POST', '/api/scan', { action: 'action-01', text: 'x' })
  site.clock.pass(14 * MINUTE)
  expect(await state()).toBe(200)
  site.clock.pass(MINUTE)
  expect(await state()).toBe(401)
  expect((await ask('POST', '/api/session/stay')).status).toBe(401)
})

test('a session is not kept longer than a working day by touching it', async () => {
  const { ask, signIn, site } = await openServed({ idleMs: 15 * MINUTE })
  await signIn()
  for (let quarter = 0; quarter < 4 * 12 * 2; quarter += 1) {
    site.clock.pass(7.5 * MINUTE)
    await ask('POST', '/api/session/stay')
  }
  expect((await ask('GET', '/api/session')).status).toBe(401)
})
