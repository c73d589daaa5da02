import { boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import { expect } from 'vitest'
import { announce, carry, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'], nodeEnv: { LOTKEEPER_EDGE_DEVICE_LOST_SECONDS: '2' } })
const box = newBox('cotton-swab', 'MQ2611', inDays(700))

const deviceOf = async (county: TestCounty, device: string) => {
  const { rows } = await (await county.township('qinglong').client()).get('devices')
  return rows.find((row) => row.device === device)
}
/** A node asks for a device that was away ever more seldom. */
const untilState = (county: TestCounty, device: string, state: string) =>
  until(
    `${device} to be ${state}`,
    () => deviceOf(county, device),
    (row) => row?.state === state,
    { withinMs: 60_000 },
  )

const untilAtHub = async (county: TestCounty, device: string, state: string) => {
  const hub = await county.hubClient()
  return until(
    `the county to see that ${device} is ${state}`,
    async () => (await hub.get('nodes')).rows.flatMap(({ devices }) => devices.filter((one) => one.device === device)),
    ([row]) => row?.state === state,
  )
}

/** Takes the plug of a device for a while; answers what the node then showed and rang, and when it was seen to be out and was put in. */
const unplugFor = async (county: TestCounty, device: string, plug: { unplug: () => Promise<void>; replug: () => Promise<void> }) => {
  const client = await county.township('qinglong').client()
  const before = await deviceOf(county, device)
  await plug.unplug()
  const lost = await untilState(county, device, 'lost')
  const lostAt = Date.now()
  await untilAtHub(county, device, 'lost')
  const [alarm] = await until(
    `${device} to ring`,
    async () => (await client.get('alarms')).rows.filter(({ alarm: id }) => id.startsWith(`device:${device}`)),
    ({ length }) => length > 0,
  )
  const inAt = Date.now()
  await plug.replug()
  const after = await untilState(county, device, before?.state ?? '')
  await untilAtHub(county, device, before?.state ?? '')
  return { alarm, lost, after, lostAt, inAt }
}

/** Of a plug that was out; a machine that stood still leaves gaps in which the reader itself said nothing. */
const plugGapsOf = (county: TestCounty, house: string) =>
  entriesOf(county, house, 'qinglong>*').filter(({ kind, body }) => kind === 'gap' && /^serial\./.test(String(body['why'])))

test.for([
  ['door-1-inside', '读写器'],
  ['table-scanner', '扫码枪'],
] as const)('%s is unplugged and plugged in again: shown, rung, and a gap in the book', async ([device, name], { county }) => {
  const { readers, scanner } = county.township('qinglong').doorway
  await untilState(county, 'door-1-inside', 'reading')
  await untilState(county, 'table-scanner', 'connected')
  const { alarm, lost, after, lostAt, inAt } = await unplugFor(county, device, device === 'table-scanner' ? scanner : readers.inside)
  expect(alarm).toMatchObject({ kind: 'device', title: { zh: expect.stringContaining(name) } })
  expect(lost?.gaps[0]).toMatchObject({ to: null })
  expect(after?.gaps[0]).toMatchObject({ to: expect.any(String), why: expect.stringMatching(/[\u4e00-\u9fff]/) })
  const [gap] = await until(
    'the gap to be in the book',
    () => plugGapsOf(county, 'qinglong').filter((entry) => entry.device === device),
    ({ length }) => length > 0,
  )
  const { from, to } = gap?.body ?? {}
  expect(gap?.body['device']).toBe(device)
  // What was heard last lies before it was shown as lost; heard again it was after the plug was in.
  expect(Date.parse(String(from))).toBeLessThanOrEqual(lostAt)
  expect(Date.parse(String(to))).toBeGreaterThanOrEqual(inAt)
  const client = await county.township('qinglong').client()
  await until(
    'the alarm to end',
    async () => (await client.get('alarms')).rows.map(({ kind }) => kind),
    (kinds) => !kinds.includes('device'),
  )
})

test('afterwards both are heard again', async ({ county }) => {
  const town = county.township('qinglong')
  await announce(county, 'qinglong', [box])
  await carry(town, 'in', [box])
  await untilStands(county, 'qinglong', { 'main/pending cotton-swab/MQ2611': 40 })
  town.scan(boxGtin('cotton-swab'), 'MQ2611', box.expiry)
  const [view] = await until(
    'the scan to be shown',
    async () => (await (await town.client()).get('scans')).rows,
    ({ length }) => length > 0,
  )
  expect(view).toMatchObject({ lot: 'cotton-swab/MQ2611', stock: [{ place: 'qinglong/main/pending', units: 40 }] })
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
  expect(plugGapsOf(county, 'hub')).toHaveLength(2)
})
