import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodeClient, openNodeClient } from '@lotkeeper/deploy/county/client.ts'
import { type Doorway, openDoorway } from '@lotkeeper/deploy/county/doorway.ts'
import { type RunningHouse, startHouse } from '@lotkeeper/deploy/county/house.ts'
import { FAMILIES, FAMILY_NAMES } from '@lotkeeper/edge/readers/uhf/families.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../county.ts'

// One node, a door for every family, each on pseudo-terminals; a box of its own goes in through each. BB7E and UHF18 have one antenna a reader, so two readers.
const PIN = '2580'
const home = mkdtempSync(join(tmpdir(), 'lotkeeper-families-'))
const doorways = new Map<string, Doorway>()
let house: RunningHouse
let client: NodeClient

beforeAll(async () => {
  for (const [at, family] of FAMILY_NAMES.entries())
    doorways.set(
      family,
      await openDoorway({ folder: join(home, 'devices', family), seed: at + 1, wires: 'pty', family, single: !isOneArmed(family) }),
    )
  mkdirSync(join(home, 'node'))
  const doors = FAMILY_NAMES.map((family) => ({
    door: family,
    name: { zh: family, en: family },
    inside: 'main',
    beyond: { room: 'clinic' },
  }))
  const devices = FAMILY_NAMES.flatMap((family) => doorways.get(family)?.devices(family).slice(0, -1) ?? [])
  const keepers = [{ keeper: 'k1', name: '王芳', pinHash: PIN_HASH }]
  writeFileSync(join(home, 'node', 'edge.json'), JSON.stringify({ node: 'qinglong', doors, devices, keepers, httpPort: 0, httpsPort: 0 }))
  house = await startHouse({ name: 'qinglong', args: ['edge', '--home', join(home, 'node')] })
  client = await openNodeClient(String(house.ready['http']), PIN)
})
afterAll(async () => {
  await house.stop()
  await Promise.all([...doorways.values()].map((doorway) => doorway.close()))
  rmSync(home, { recursive: true, force: true })
})

const isOneArmed = (family: string): boolean => family === 'bb7e' || family === 'uhf18'
/** Families that tell no level anybody defined: here, where both antennas hear all of a walk, the door may see too little to tell a way. */
const isLevelless = (family: string): boolean => family === 'uhf18' || family === '5a'
const epcOf = (at: number): string => `3055A537C837754000000${(0x700 + at).toString(16).toUpperCase()}`

test('every reader is brought to reading, and says what it is', async () => {
  const devices = await until(
    'all readers to read',
    async () => (await client.get('devices')).rows,
    (rows) => rows.every(({ state }) => state === 'reading'),
    { withinMs: 60_000 },
  )
  expect(devices.length).toBe(FAMILY_NAMES.length + FAMILY_NAMES.filter(isOneArmed).length)
  for (const { module, device } of devices)
    expect(module, device).toContain(FAMILIES[FAMILY_NAMES.find((name) => device.startsWith(name)) ?? 'bb7e'].name)
})

test('a box that goes in through each is told as gone in', async () => {
  await Promise.all([...doorways.values()].map((doorway, at) => doorway.walk('in', [epcOf(at)])))
  const told = await until(
    'every passage',
    async () => (await client.get('tasks')).rows.map(({ door, direction }) => [door, direction] as const),
    (tasks) => tasks.filter(([door]) => !isLevelless(door)).length >= FAMILY_NAMES.filter((family) => !isLevelless(family)).length,
  )
  const plain = told.filter(([door]) => !isLevelless(door))
  expect(plain.toSorted()).toEqual(FAMILY_NAMES.flatMap((family) => (isLevelless(family) ? [] : [[family, 'in']])).toSorted())
  expect(told.filter(([, direction]) => direction === 'out')).toEqual([])
  for (const { device, reads } of (await client.get('devices')).rows) expect([device, reads > 20]).toEqual([device, true])
})

test('nothing was noise, nothing was missed', async () => {
  for (const { device, noiseBytes, crcFailures, gaps } of (await client.get('devices')).rows)
    expect([device, noiseBytes, crcFailures, gaps.filter(({ to }) => to === null)]).toEqual([device, 0, 0, []])
})

const PIN_HASH = 'scrypt$16384$55wpgj181vx2D6uTtqP27w$-CJHMtcA91EjEtnwx3LMvBclAstZl8tZIlI_Y_1jh_U'
