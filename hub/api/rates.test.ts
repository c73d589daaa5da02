import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ServedHub, serveHub } from './fixtures/served.ts'

let hub: ServedHub
beforeAll(async () => {
  hub = await serveHub({ rates: { addressPerMinute: 60, userPerMinute: 10, knocksPerMinute: 8 } })
})
afterAll(() => hub.close())

it('whoever asks too often waits: a person, a key, an address; the owner of the machine never by name', async () => {
  const signIn = await hub.ask('POST', '/api/session', { body: { user: 'county', password: 'lotkeeper' }, token: null })
  const token = String(signIn.body['token'])
  const many = async (count: number, by: string | null) => {
    const said: number[] = []
    for (let asked = 0; asked < count; asked += 1) said.push((await hub.ask('GET', '/api/session', { token: by })).status)
    return said.filter((status) => status === 200).length
  }
  expect(await many(12, token)).toBe(10)
  const late = await hub.ask('GET', '/api/session', { token })
  expect([late.status, late.body['code'], Number(late.headers.get('retry-after')) > 0]).toEqual([429, 'access.too-many-requests', true])
  const body = { action: 'rates-machine', name: 'HIS', roles: [{ role: 'integrator', sites: 'all' }], scopes: null, days: 1, perMinute: 3 }
  const { key } = (await hub.ask('POST', '/api/machines', { body })).body as { key: string }
  expect(await many(5, key)).toBe(3)
  const knocks: number[] = []
  for (let tried = 0; tried < 10; tried += 1) {
    knocks.push((await hub.ask('POST', '/api/session', { body: { user: `nobody-${tried}`, password: 'x' }, token: null })).status)
  }
  expect(knocks).toEqual([...Array.from({ length: 7 }, () => 401), 429, 429, 429])
  expect(await many(40, hub.adminToken)).toBeLessThan(40)
})
