import type { PassageBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { makeSigningKey, openSigner } from '../crypto.ts'
import { openDatabase } from '../database.ts'
import { HEALTH_SHAPE } from '../devices/store.ts'
import { openEdge } from '../flow.ts'
import { announce, crypto, draft, line, NODE, NOON_MS, openRandom, openTestHub } from '../ledger/fixtures/bench.ts'
import { openTimeline } from '../ledger/fixtures/timeline.ts'
import type { Seen } from '../ledger/recent.ts'
import { RING_SHAPE } from '../ledger/ring.ts'
import { LEDGER_SHAPE } from '../ledger/schema.ts'
import { openUnattended } from '../ledger/unattended.ts'
import { SILENT } from '../log.ts'
import { marksOf } from '../portal/score.ts'
import type { Told } from '../readers/told.ts'
import type { DoorSetting, Settings } from '../settings.ts'
import { sidesOf } from './antennas.ts'
import { openDoor } from './door.ts'
import { openGaps } from './gaps.ts'

const LOT = 'gauze/B1'
const EPC = '30340000000000000000E001'
const DOOR: DoorSetting = { door: 'door-1', name: { zh: '库房门', en: 'Store' }, inside: 'main', beyond: { room: 'clinic' } }
const reader = (side: 'inside' | 'outside') =>
  ({
    device: side,
    kind: 'reader',
    family: 'bb7e',
    address: `tcp://${side}:1`,
    region: 'CN900',
    powerDbm: 26,
    door: 'door-1',
    side,
  }) as const
const SETTINGS: Settings = {
  ...{
    home: '-',
    node: NODE,
    zone: 'Asia/Shanghai',
    country: 'CN',
    broker: null,
    brokers: [],
    keepers: [],
    devices: [reader('inside'), reader('outside')],
    doors: [DOOR],
  },
  ...{ httpHost: '-', httpPort: 0, httpsHost: '-', httpsPort: 0, names: [], pages: '-', ringMbMax: 8, ringDays: 1 },
  ...{ databaseMbMax: null, deviceLostSeconds: 30, idleMinutes: 15, logLevel: 'error' },
}

const openHouse = (devices: Settings['devices'] = SETTINGS.devices) => {
  const settings = { ...SETTINGS, devices }
  const timeline = openTimeline()
  const parts = {
    ...{ crypto, clock: timeline.clock, timers: timeline.timers, random: openRandom(), software: 'test', log: SILENT },
    signer: openSigner(crypto, makeSigningKey()),
    boot: { id: 'boot-1', upMs: timeline.clock.monotonic },
    openPort: () => Promise.reject(new Error('no such port')),
    openLink: () => ({ publish: () => Promise.resolve(), close: async () => {} }),
  }
  const db = openDatabase(':memory:', LEDGER_SHAPE, { synchronous: 'FULL', walPages: 0 })
  const ring = openDatabase(':memory:', RING_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  const health = openDatabase(':memory:', HEALTH_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  const node = openEdge(settings, parts, { ledger: db, ring, health, credentials: null })
  const refused: string[] = []
  const unattended = openUnattended(parts, node.ledger, { refused: (code) => void refused.push(code), dropped: () => {} })
  const house = { ...node, settings, parts, unattended }
  const hub = openTestHub()
  return { timeline, db, node, house, hub, refused, way: openDoor(house, DOOR, openGaps(house)) }
}
type Standing = ReturnType<typeof openHouse>

/** Somebody carries a tag past both antennas, first the one, then the other. */
const carry = async ({ timeline, way }: Standing, epc: string, direction: 'in' | 'out'): Promise<void> => {
  const [first, last] = direction === 'in' ? ['outside', 'inside'] : ['inside', 'outside']
  for (let ms = 0; ms <= 4_000; ms += 50) {
    const side = (ms / 50) % 2 === 0 ? first : last
    const nearMs = side === first ? 1_200 : 2_800
    const rssiDbm = -42 - ((ms - nearMs) / 1_000) ** 2 * 7
    if (rssiDbm > -75) way.see(told(side ?? '', epc, rssiDbm, timeline.clock))
    await timeline.run(50)
  }
  await timeline.run(4_000)
}

test('one reader with an antenna on each side is a door too, and an antenna nobody placed is not heard', async () => {
  const antennas = [
    { port: 1, side: 'outside' },
    { port: 4, side: 'inside' },
  ] as const
  const house = openHouse([{ ...reader('inside'), antennas: [...antennas] }])
  const { way } = house
  const seen: Standing['way']['see'] = (one) => {
    for (const port of [one.reader === 'inside' ? 4 : 1, 2]) way.see({ ...one, reader: 'inside', port })
  }
  await carry({ ...house, way: { ...way, see: seen } }, EPC, 'in')
  const [task] = house.node.ledger.read.openTasks()
  expect(task?.entry.body).toMatchObject({ outcome: 'unknown-tag', passage: { direction: 'in' } })
})

const told = (side: string, epc: string, rssiDbm: number, clock: { now: () => number; monotonic: () => number }): Told => ({
  ...{
    reader: side,
    port: 1,
    epc,
    pc: 0x3000,
    rssiDbm,
    rssiRaw: 0,
    levelDb: rssiDbm,
    phaseDeg: null,
    at: clock.now(),
    monotonic: clock.monotonic(),
  },
})

const moves = ({ node }: Standing) =>
  node.ledger.read.movements({ limit: 9 }).map(({ entry }) => `${entry.kind} ${entry.lines[0]?.from} -> ${entry.lines[0]?.to}`)

test('a box carried in is received, carried out it moves, and its raw reads lie in the ring', async () => {
  const house = openHouse()
  announce(house.hub, { epc: EPC, lot: LOT, units: 10 })
  house.hub.tell(house.node.ledger)
  await carry(house, EPC, 'in')
  expect(moves(house)).toEqual([`receive ${NODE}/~transit -> ${NODE}/main/pending`])
  // In the door plane two seconds after the start, whenever it was settled.
  const [first] = house.node.ledger.read.movements({ limit: 1 })
  expect(Math.abs(Date.parse(first?.entry.occurredAt ?? '') - NOON_MS - 2_000)).toBeLessThan(400)
  await carry(house, EPC, 'out')
  await carry(house, EPC, 'in')
  expect(moves(house)).toEqual([
    `move ${NODE}/clinic/pending -> ${NODE}/main/pending`,
    `move ${NODE}/main/pending -> ${NODE}/clinic/pending`,
    `receive ${NODE}/~transit -> ${NODE}/main/pending`,
  ])
  const [newest] = house.node.ledger.read.movements({ limit: 1 })
  const passage = newest?.entry.body['passage'] as { readonly ring: string; readonly at: string; readonly evidence: object }
  expect(house.node.ring.read(passage.ring)?.length).toBeGreaterThan(20)
  expect(Date.parse(passage.at)).toBeGreaterThan(NOON_MS)
  expect(JSON.stringify(passage.evidence).length).toBeLessThanOrEqual(300)
  expect(house.node.ledger.rebuild()).toEqual([])
})

test('a light barrier that was broken meanwhile makes a passage surer than one that was not', async () => {
  const certaintyWith = async (brokenMs: number | null): Promise<number> => {
    const house = openHouse()
    const { timeline, way } = house
    if (brokenMs !== null) timeline.timers.after(brokenMs, () => way.beam(timeline.clock.monotonic()))
    await timeline.run(30_000)
    // Only halfway through, so that there is something to be sure of.
    for (let ms = 0; ms <= 2_400; ms += 50) {
      const side = (ms / 50) % 2 === 0 ? 'outside' : 'inside'
      way.see(told(side, EPC, side === 'outside' ? -50 - ms / 400 : -56 + ms / 400, timeline.clock))
      await timeline.run(50)
    }
    await timeline.run(13_000)
    const [task] = house.node.ledger.read.openTasks()
    return (task?.entry.body['passage'] as PassageBody | undefined)?.certainty ?? 0
  }
  const without = await certaintyWith(null)
  expect(await certaintyWith(31_200)).toBeGreaterThan(without)
  expect(await certaintyWith(1_000)).toBeLessThan(without)
})

test('the raw reads kept of a passage tell it again as it was', async () => {
  const house = openHouse()
  for (const direction of ['in', 'out'] as const) await carry(house, EPC, direction)
  const passages = house.node.ledger.read.openTasks().map(({ entry }) => entry.body['passage'] as PassageBody)
  expect(passages.map(({ direction }) => direction)).toEqual(['out', 'in'])
  const antennas = sidesOf(SETTINGS, DOOR.door)
  const told = passages.map(({ ring, direction }) => {
    const seen = (house.node.ring.read(ring ?? '') ?? []) as readonly Seen[]
    const reads = seen.map(({ at, antenna, rssiDbm }) => [at, EPC, antenna, rssiDbm, null] as const)
    return marksOf({ name: '', door: DOOR.door, antennas, reads, truth: [{ epc: EPC, direction }] }, {})
  })
  expect(told).toEqual([['right'], ['right']])
})

test('an unknown tag is a task, and what is no EPC is nothing', async () => {
  const house = openHouse()
  await carry(house, EPC, 'in')
  await carry(house, 'AB', 'in')
  await carry(house, 'F'.repeat(200), 'in')
  expect(house.node.ledger.read.openTasks().map(({ entry }) => entry.body['outcome'])).toEqual(['unknown-tag'])
})

test('a clock set back while a box is carried changes neither direction nor order', async () => {
  const house = openHouse()
  announce(house.hub, { epc: EPC, lot: LOT, units: 10 })
  house.hub.tell(house.node.ledger)
  house.timeline.timers.after(2_000, () => house.timeline.clock.set(NOON_MS - 86_400_000))
  await carry(house, EPC, 'in')
  expect(moves(house)).toEqual([`receive ${NODE}/~transit -> ${NODE}/main/pending`])
})

test('on a full disk passages wait, and are booked when there is room', async () => {
  const house = openHouse()
  announce(house.hub, { epc: EPC, lot: LOT, units: 10 })
  house.hub.tell(house.node.ledger)
  const fill = (at: number) =>
    house.node.ledger.book({ action: `fill-${at}`, act: 'fill' }, () => [
      draft('move', { reason: 'x'.repeat(400) }, { lines: [line(LOT, `${NODE}/~unexplained`, `${NODE}/~adjusted`, 1)] }),
    ])
  house.db.pragma(`max_page_count = ${Number(house.db.pragma('page_count', { simple: true }))}`)
  for (let at = 0; !isRefusal(fill(at)); at += 1);
  const before = house.node.ledger.head().seq
  await carry(house, EPC, 'in')
  expect(house.node.ledger.head().seq).toBe(before)
  expect([house.refused.includes('ledger.disk-full'), house.house.unattended.waiting()]).toEqual([true, 1])
  house.db.pragma('max_page_count = 100000')
  await house.timeline.run(3_000)
  expect(house.house.unattended.waiting()).toBe(0)
  expect(house.node.ledger.read.tag(EPC)?.place).toBe(`${NODE}/main/pending`)
})

test('a time without a device is booked when it is over, or when the node ends', async () => {
  const house = openHouse()
  const gaps = openGaps(house.house)
  const gap = { device: 'inside', from: NOON_MS, lastedMs: null, why: 'serial.lost', detail: 'unplugged' } as const
  const written = () =>
    [...house.db.prepare(`select body from log where kind = 'gap' order by at`).pluck().all()].map((body) => JSON.parse(String(body)).body)
  gaps.tell({ ...gap, to: null })
  expect(written()).toEqual([])
  gaps.tell({ ...gap, to: NOON_MS + 5_000 })
  gaps.tell({ ...gap, from: NOON_MS + 9_000, to: null })
  await house.timeline.run(10_000)
  gaps.close()
  expect(written()).toEqual([
    { device: 'inside', from: '2026-11-21T04:00:00.000Z', to: '2026-11-21T04:00:05.000Z', why: 'serial.lost unplugged' },
    { device: 'inside', from: '2026-11-21T04:00:09.000Z', to: '2026-11-21T04:00:10.000Z', why: 'serial.lost unplugged' },
  ])
})

test('dropped reads are booked beside a gap that goes on, and do not end it', () => {
  const house = openHouse()
  const gaps = openGaps(house.house)
  const gap = { device: 'inside', from: NOON_MS, lastedMs: null, why: 'serial.lost', detail: 'unplugged' } as const
  gaps.tell({ ...gap, to: null })
  gaps.tell({ ...gap, why: 'reader.overrun', detail: '7', from: NOON_MS + 10, to: NOON_MS + 20, lastedMs: 10 })
  gaps.close()
  const booked = house.node.ledger.read.deviceEntries({ atMs: Number.MAX_SAFE_INTEGER, id: '' }, 9)
  expect(booked.map(({ entry }) => entry.body['why'])).toEqual(['reader.overrun 7', 'serial.lost unplugged'])
})

test('a node that ends settles the doors, and leaves no timer behind', async () => {
  const house = openHouse()
  const { timeline, way } = house
  for (let ms = 0; ms <= 2_900; ms += 50) {
    const side = (ms / 50) % 2 === 0 ? 'outside' : 'inside'
    way.see(told(side, EPC, -42 - ((ms - (side === 'outside' ? 600 : 2_200)) / 1_000) ** 2 * 7, timeline.clock))
    await timeline.run(50)
  }
  expect(house.node.ledger.read.openTasks()).toEqual([])
  way.close()
  expect(house.node.ledger.read.openTasks()).toHaveLength(1)
  await house.node.close()
  expect(timeline.waiting()).toBe(0)
})
