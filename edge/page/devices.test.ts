import { NODE_DEVICES } from '@lotkeeper/protocol/api/node-devices.ts'
import { Compile } from 'typebox/compile'
import { afterEach, expect, test } from 'vitest'
import { endAll, openServed } from './fixtures/served.ts'

afterEach(endAll)

test('devices, the work on them and their past, as the page asks for them', async () => {
  const { ask, signIn } = await openServed()
  expect((await ask('GET', '/api/devices')).status).toBe(401)
  await signIn()
  const { json } = await ask('GET', '/api/devices')
  expect(Compile(NODE_DEVICES.devices.answer).Errors(json)).toEqual([])
  expect(json).toMatchObject({ rows: [{ device: 'r1', findings: [], antennas: [], dropped: 0 }], ring: { bytes: 0, dropped: 0 } })
  const work = { action: 'page-work-0001', device: 'r1', antenna: 1, what: 'cleaned' }
  expect((await ask('POST', '/api/devices/maintenance', work)).json).toMatchObject({ fresh: true })
  expect((await ask('POST', '/api/devices/maintenance', work)).json).toMatchObject({ fresh: false })
  const wrong = [
    { ...work, action: 'page-work-0002', device: 'r9' },
    { ...work, action: 'page-work-0003', what: 'kicked' },
    { ...work, action: 'page-work-0004', antenna: 0 },
  ]
  const statuses = await Promise.all(wrong.map(async (one) => (await ask('POST', '/api/devices/maintenance', one)).status))
  expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true)
  const past = await ask('GET', '/api/devices/past?limit=1')
  expect(Compile(NODE_DEVICES.devicePast.answer).Errors(past.json)).toEqual([])
  expect(past.json.rows).toMatchObject([{ is: 'maintenance', device: 'r1', antenna: 1, title: { zh: '擦拭清洁' }, actor: 'keeper-1' }])
  expect((await ask('GET', `/api/devices/past?limit=1&cursor=${encodeURIComponent(past.json.next)}`)).json).toEqual({
    rows: [],
    next: null,
  })
})
