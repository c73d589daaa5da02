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
const untilState = (county: TestCounty, device: string, state: string) =>
  until(
    `${device} to be ${state}`,
    () => deviceOf(county, device),
    (row) => row?.state === state,
  )

const untilAtHub = async (county: TestCounty, device: string, state: string) => {
  const hub = await county.hubClient()
  return until(
    `the county to see that ${device} is ${state}`,
    async () => (await hub.get('nodes')).rows.flatMap(({ devices }) => devices.filter((one) => one.device === device)),
    ([row]) => row?.state === state,
  )
}

/** Takes the plug of a device for a while; answers what the node then showed and rang, and when it was out. */
const unplugFor = async (county: TestCounty, device: string, plug: { unplug: () => Promise<void>; replug: () => Promise<void> }) => {
  const client = await county.township('qinglong').client()
  const before = await deviceOf(county, device)
  const outAt = Date.now()
  await plug.unplug()
  const lost = await untilState(county, device, 'lost')
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
  return { alarm, lost, after, outAt, inAt }
}

const gapsOf = (county: TestCounty, device: string) =>
  entriesOf(county, 'qinglong').flatMap((entry) => (entry.kind === 'gap' && entry.device === device ? [entry] : []))

test.for([
  ['door-1-inside', '读写器'],
  ['table-scanner', '扫码枪'],
] as const)('%s is unplugged and plugged in again: shown, rung, and a gap in the book', async ([device, name], { county }) => {
  const { readers, scanner } = county.township('qinglong').doorway
  await untilState(county, 'door-1-inside', 'reading')
  await untilState(county, 'table-scanner', 'connected')
  const { alarm, lost, after, outAt, inAt } = await unplugFor(county, device, device === 'table-scanner' ? scanner : readers.inside)
  expect(alarm).toMatchObject({ kind: 'device', title: { zh: expect.stringContaining(name) } })
  expect(lost?.gaps[0]).toMatchObject({ to: null })
  expect(after?.gaps[0]).toMatchObject({ to: expect.any(String), why: expect.stringMatching(/[\u4e00-\u9fff]/) })
  const [gap] = await until(
    'the gap to be in the book',
    () => gapsOf(county, device),
    ({ length }) => length > 0,
  )
  const { from, to, why } = gap?.body ?? {}
  expect(gap?.body['device']).toBe(device)
  expect(String(why)).toMatch(/^serial\./)
  // What was heard last lies before the plug was out; heard again it was after the plug was in.
  expect(Date.parse(String(from))).toBeLessThanOrEqual(outAt + 1_000)
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
  expect(entriesOf(county, 'hub', 'qinglong>*').filter(({ kind }) => kind === 'gap')).toHaveLength(2)
})
