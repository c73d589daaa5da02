import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, expect, test } from 'vitest'
import { announce } from '../ledger/fixtures/bench.ts'
import { type Doorway, healthFile, openDoorway } from './fixtures/doorway.ts'

const EPC = '30340000000000000000E001'
const epcOf = (number: number) => `3034000000000000000F${String(number).padStart(4, '0')}`
const LOT = 'gauze/B1'
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})
const opened = (wish: Parameters<typeof openDoorway>[0] = {}): Doorway => {
  const doorway = openDoorway(wish)
  ends.push(doorway.close)
  return doorway
}
const walks = async (doorway: Doorway, count: number, gains: Parameters<Doorway['carry']>[2] = {}) => {
  for (let walk = 0; walk < count; walk += 1) await doorway.carry([EPC], walk % 2 === 0 ? 'in' : 'out', gains)
}
const alarms = ({ node }: Doorway) => node.alarms.rows().filter(({ alarm }) => alarm.startsWith('health:'))
const has = () => true

test('an antenna whose plug works loose is said to be weak, and by how much; tightened, the alarm goes by itself', async () => {
  const doorway = opened()
  await walks(doorway, 32)
  await walks(doorway, 12, { inside: -9 })
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual(['antenna-weak r-in 1'])
  const [alarm] = alarms(doorway)
  expect(alarm?.title.zh).toMatch(/^r-in：1 号天线变弱：最近 10 次走过，信号比平常弱 9 dB$/)
  const [reader] = doorway.node.devices.rows()
  expect(reader?.antennas).toMatchObject([{ antenna: 1, side: 'inside', learning: 0, unit: 'dBm', usualPeak: -42, peak: -51 }])
  await walks(doorway, 10)
  await doorway.timeline.run(60_000)
  expect([doorway.found(), alarms(doorway)]).toEqual([[], []])
  expect(doorway.node.health.past({}).rows).toMatchObject([{ is: 'finding', device: 'r-in', antenna: 1, to: expect.any(String) }])
})

test('a dead antenna is said, before anything is learnt, also where no passage comes of it', async () => {
  const doorway = opened()
  await walks(doorway, 8, { outside: null })
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual(['antenna-dead r-out 1'])
  await walks(doorway, 3)
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual([])
})

test('whoever stops where nobody hears him makes one walk, of which the books may say that the antennas are swapped', async () => {
  const doorway = opened({ swapped: true })
  for (let box = 0; box < 7; box += 1) announce(doorway.hub, { epc: epcOf(box), lot: `gauze/B${box}`, units: 10 })
  doorway.hub.tell(doorway.node.ledger)
  for (let box = 0; box < 6; box += 1) {
    await passBy(doorway, 'r-in', epcOf(box))
    await doorway.timeline.run(6_500)
    await passBy(doorway, 'r-out', epcOf(box))
    await doorway.timeline.run(15_000)
  }
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual(['antennas-swapped r-in null'])
})

/** Somebody goes by one antenna and is heard by nobody else. */
const passBy = async ({ way, timeline }: Doorway, name: string, epc: string) => {
  for (let ms = 0; ms <= 1_600; ms += 100) {
    const { clock } = timeline
    const levels = { rssiDbm: -42 - ((ms - 800) / 1_000) ** 2 * 20, rssiRaw: 0, phaseDeg: null }
    way.see({
      ...{ reader: name, port: 1, epc, pc: 0x3000, ...levels, levelDb: levels.rssiDbm },
      ...{ at: clock.now(), monotonic: clock.monotonic() },
    })
    await timeline.run(100)
  }
}

test('readers that tell no level are judged by what they read: sound, weak, dead and sound again', async () => {
  const doorway = opened({ levelless: true })
  await walks(doorway, 32)
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual([])
  const [reader] = doorway.node.devices.rows()
  expect(reader?.antennas).toMatchObject([{ learning: 0, peak: null, usualPeak: null, usualReads: expect.any(Number) }])
  // Hardly heard, so that most walks are doubtful: what a weak antenna makes of a door without levels.
  await walks(doorway, 24, { inside: -9.7 })
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual(['antenna-weak r-in 1'])
  expect(alarms(doorway)[0]?.title.zh).toMatch(/读到的次数只有平常的 [0-9]+%$/)
  await walks(doorway, 14)
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual([])
  await walks(doorway, 8, { outside: null })
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual(['antenna-dead r-out 1'])
})

test('antennas swapped at installation are said by the books', async () => {
  const doorway = opened({ swapped: true })
  for (let box = 0; box < 7; box += 1) announce(doorway.hub, { epc: epcOf(box), lot: `gauze/B${box}`, units: 10 })
  doorway.hub.tell(doorway.node.ledger)
  for (let box = 0; box < 6; box += 1) await doorway.carry([epcOf(box)], 'in')
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual(['antennas-swapped r-in null'])
  expect(alarms(doorway)).toMatchObject([{ severity: 1, kind: 'device' }])
  const action = { action: 'page:work-0001', device: 'r-in', what: 'plugs-exchanged' } as const
  expect(isRefusal(doorway.node.stockroom.maintain(has, action, 'keeper-1'))).toBe(false)
  expect(doorway.found()).toEqual([])
  // A reader of sixteen ports, one of them in use.
  expect(doorway.node.devices.rows().map(({ antennas }) => antennas.map(({ learning }) => learning))).toEqual([[30], [30]])
})

test('a sound door with announced boxes is never called swapped', async () => {
  const doorway = opened()
  for (let box = 0; box < 7; box += 1) announce(doorway.hub, { epc: epcOf(box), lot: `gauze/B${box}`, units: 10 })
  doorway.hub.tell(doorway.node.ledger)
  for (let box = 0; box < 7; box += 1) await doorway.carry([epcOf(box)], 'in')
  for (let box = 0; box < 7; box += 1) await doorway.carry([epcOf(box)], 'out')
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual([])
})

test('a torn label among good ones is named with what it is on; replaced, it is forgotten', async () => {
  const doorway = opened()
  announce(doorway.hub, { epc: EPC, lot: LOT, units: 10 })
  doorway.hub.tell(doorway.node.ledger)
  const good = [1, 2, 3, 4, 5].map(epcOf)
  for (let walk = 0; walk < 3; walk += 1) {
    const direction = walk % 2 === 0 ? 'in' : 'out'
    const carried = doorway.carry(good, direction)
    await Promise.all([carried, weakly(doorway, direction)])
  }
  await doorway.timeline.run(60_000)
  const [finding] = doorway.node.devices.rows().flatMap(({ findings }) => findings)
  expect(finding).toMatchObject({ code: 'tag-dying', label: { epc: EPC, lot: LOT } })
  expect(alarms(doorway)[0]?.title.zh).toContain('快读不到了')
  const retire = { action: 'page:retag-01', from: EPC, to: null, reason: '撕破' }
  expect(isRefusal(doorway.node.stockroom.retag(retire, 'keeper-1'))).toBe(false)
  await doorway.timeline.run(60_000)
  expect(doorway.found()).toEqual([])
})

/** The same walk with one tag 16 dB weaker, told beside the others. */
const weakly = async ({ way, timeline }: Doorway, direction: 'in' | 'out') => {
  const [first, last] = direction === 'in' ? ['r-out', 'r-in'] : ['r-in', 'r-out']
  for (let ms = 0; ms <= 4_000; ms += 50) {
    timeline.timers.after(ms + 1, () => {
      const { clock } = timeline
      const [name, near] = (ms / 50) % 2 === 0 ? [first, 1_200] : [last, 2_800]
      const rssiDbm = -58 - ((ms - near) / 1_000) ** 2 * 7
      if (rssiDbm < -75) return
      way.see({
        ...{ reader: name ?? '', port: 1, epc: EPC, pc: 0x3000, rssiDbm, rssiRaw: 0, levelDb: rssiDbm, phaseDeg: null },
        at: clock.now(),
        monotonic: clock.monotonic(),
      })
    })
  }
}

test('what was learnt and what stands is there after a restart; work on an antenna begins it anew, also when only the ledger knew of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-health-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'health.sqlite')
  const before = openDoorway({ health: healthFile(path) })
  await walks(before, 32)
  await walks(before, 12, { inside: -9 })
  await before.timeline.run(60_000)
  const since = alarms(before)[0]?.raisedAt
  const startMs = before.timeline.clock.now()
  await before.close()
  const doorway = opened({ health: healthFile(path), startMs })
  expect(doorway.found()).toEqual(['antenna-weak r-in 1'])
  expect(alarms(doorway)[0]?.raisedAt).toBe(since)
  expect(doorway.node.devices.rows()[0]?.antennas).toMatchObject([{ usualPeak: -42, learning: 0 }])
  const moved = { action: 'page:work-0002', device: 'r-in', antenna: 1, what: 'antenna-moved', words: '往左挪了一掌' } as const
  await doorway.timeline.run(1_000)
  expect(isRefusal(doorway.node.stockroom.maintain(has, moved, 'keeper-1'))).toBe(false)
  expect(doorway.found()).toEqual([])
  expect(doorway.node.devices.rows()[0]?.antennas).toMatchObject([{ usualPeak: null, learning: 30 }])
  expect(doorway.node.devices.rows()[1]?.antennas).toMatchObject([{ usualPeak: -42 }])
  expect(doorway.node.health.past({}).rows).toMatchObject([
    { is: 'maintenance', device: 'r-in', antenna: 1, title: { zh: '移动或转动天线' }, words: '往左挪了一掌', actor: 'keeper-1' },
    { is: 'finding', title: { zh: expect.stringContaining('变弱') } },
  ])
  const pages = [doorway.node.health.past({ limit: 1 })]
  pages.push(
    doorway.node.health.past({ limit: 1, cursor: pages[0]?.next ?? '' }),
    doorway.node.health.past({ limit: 1, cursor: 'nonsense' }),
  )
  expect(pages.map(({ rows }) => rows[0]?.is)).toEqual(['maintenance', 'finding', 'maintenance'])
})

test('a door that is too slow drops the oldest reads, says how many, and books the gap', async () => {
  const doorway = opened()
  const { clock } = doorway.timeline
  const began = clock.now()
  for (let read = 0; read < 33_000; read += 1) {
    const told = { reader: 'r-in', port: 1, epc: EPC, pc: 0x3000, rssiDbm: -60, levelDb: -60, rssiRaw: 0, phaseDeg: null }
    doorway.way.see({ ...told, at: clock.now(), monotonic: clock.monotonic() })
  }
  expect(doorway.way.dropped('r-in')).toBe(33_000 - 32_768)
  await doorway.timeline.run(20_000)
  const [row] = doorway.node.health.past({}).rows
  expect(row).toMatchObject({ is: 'gap', device: 'r-in', at: new Date(began).toISOString(), title: { zh: expect.stringContaining('232') } })
})

test('a tag on the shelf by the door is summed up in the ring, with the phase of a passage kept beside it', async () => {
  const doorway = opened()
  const { clock } = doorway.timeline
  for (let second = 0; second < 120; second += 1) {
    const told = { reader: 'r-in', port: 1, epc: epcOf(1), pc: 0x3000, rssiDbm: -66, levelDb: -66, rssiRaw: 0, phaseDeg: null }
    doorway.way.see({ ...told, at: clock.now(), monotonic: clock.monotonic() })
    await doorway.timeline.run(1_000)
  }
  await doorway.carry([EPC], 'in')
  const [task] = doorway.node.ledger.read.openTasks()
  const { ring } = (task?.entry.body['passage'] ?? { ring: '' }) as { readonly ring: string }
  expect(doorway.node.ring.read(ring)?.[0]).toMatchObject({ phaseDeg: 90 })
  const { way, node } = doorway
  way.close()
  await doorway.timeline.run(20_000)
  const [key = ''] = node.ring.keys('stays:door-1:', 9)
  expect(node.ring.read(key)).toMatchObject([
    { epc: epcOf(1), passages: 0, antennas: { 'r-in:1': { reads: 120, peakDbm: -66 } } },
    { epc: EPC, passages: 1 },
  ])
})
