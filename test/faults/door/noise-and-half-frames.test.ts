import { boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { expect } from 'vitest'
import { announce, carry, inDays, newBox, untilStands } from '../../acts.ts'
import { breachesOf, entriesOf } from '../../books.ts'
import { countyTest, type TestCounty, until } from '../../county.ts'

const test = countyTest({ nodes: ['qinglong'] })

const boxes = [newBox('gauze-10x10', 'B1', inDays(600)), newBox('glove-m', 'ST1', inDays(600))]
const [EXPIRY, GTIN] = [inDays(600), boxGtin('gauze-10x10')]
const devicesOf = async (county: TestCounty) => {
  const { rows } = await (await county.township('qinglong').client()).get('devices')
  return Object.fromEntries(rows.map((row) => [row.device, row]))
}
const scansOf = async (county: TestCounty) => (await (await county.township('qinglong').client()).get('scans')).rows

/** What stands on a bad line: chance, headers that announce a frame that never comes, and a frame's own end. */
const noiseOf = (turn: number): Uint8Array => {
  const bytes = Uint8Array.from({ length: 24 }, (_, at) => Math.floor(256 * chance(7, turn, at)))
  if (turn % 3 === 0) bytes.set([0xbb, 0x02, 0x22, 0x00, 0x11], 19)
  if (turn % 3 === 1) bytes.set([0xbb, 0x02, 0x22, 0x01, 0xf0], 0)
  return bytes
}

test('a reader under noise: what is no frame is counted and shown, and boxes are carried in all the same', async ({ county }) => {
  const town = county.township('qinglong')
  await announce(county, 'qinglong', boxes)
  await until(
    'both readers to read',
    () => devicesOf(county),
    (rows) => ['door-1-inside', 'door-1-outside'].every((one) => rows[one]?.state === 'reading'),
  )
  const { inside, outside } = town.doorway.readers
  let turn = 0
  const storm = setInterval(() => {
    turn += 1
    for (const reader of [inside, outside]) reader.noise(noiseOf(turn))
    const how = (['half', 'flip', 'compensated'] as const)[turn % 3] ?? 'half'
    ;(turn % 2 === 0 ? inside : outside).spoilNext(how)
  }, 120)
  await carry(town, 'in', boxes)
  clearInterval(storm)
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 100, 'main/pending glove-m/ST1': 100 })
  const seen = await devicesOf(county)
  for (const reader of ['door-1-inside', 'door-1-outside'])
    expect(seen[reader]).toMatchObject({ state: 'reading', noiseBytes: expect.toSatisfy((bytes: number) => bytes > 24 * 5), gaps: [] })
  const failures = ['door-1-inside', 'door-1-outside'].map((one) => seen[one]?.crcFailures ?? 0)
  expect(Math.max(...failures)).toBeGreaterThan(0)
  expect((await (await town.client()).get('tasks')).rows).toEqual([])
})

test.for([
  ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0x0d)],
  ['half a code whose rest never comes', Buffer.from(`]d201${GTIN}17`)],
  ['more than any symbol holds', Buffer.concat([Buffer.alloc(5_000, 0x41), Buffer.from('\r')])],
] as const)('a scanner that sends %s: counted, no scan, and the next code is read', async ([_, bytes], { county }) => {
  const { doorway, scan } = county.township('qinglong')
  const before = { noise: (await devicesOf(county))['table-scanner']?.noiseBytes ?? 0, scans: (await scansOf(county)).length }
  doorway.scanner.noise(bytes)
  await until(
    'the noise to be counted',
    () => devicesOf(county),
    (rows) => (rows['table-scanner']?.noiseBytes ?? 0) >= before.noise + Math.min(4_096, bytes.length - 1),
  )
  expect(await scansOf(county)).toHaveLength(before.scans)
  scan(GTIN, 'B1', EXPIRY)
  const [read] = await until(
    'the next code to be read',
    () => scansOf(county),
    ({ length }) => length > before.scans,
  )
  expect(read).toMatchObject({ lot: 'gauze-10x10/B1', refused: null })
})

test('no gap was booked, and the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(entriesOf(county, 'qinglong').map(({ kind }) => kind)).toEqual(['epoch', 'receive', 'receive'])
})
