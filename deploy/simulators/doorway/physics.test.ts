import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { DOORS } from './doors.ts'
import { PHYSICS, PHYSICS_VERSION } from './physics.ts'
import { READERS } from './readers.ts'

// Whoever moves a figure moves the version, and says why: the world is not tuned to what is measured in it.
const FROZEN = { version: 'doorway-physics/1', physics: '5b118df46b3f5d01', doors: 'a625a5d78f3ec21f', readers: '40e6ed3080822c17' }

const digestOf = (table: unknown): string => createHash('sha256').update(JSON.stringify(table)).digest('hex').slice(0, 16)

it('is as it was frozen', () => {
  expect({ version: PHYSICS_VERSION, physics: digestOf(PHYSICS), doors: digestOf(DOORS), readers: digestOf(READERS) }).toEqual(FROZEN)
})

it('keeps within what the law and the sources allow', () => {
  const lastMhz = PHYSICS.firstChannelMhz + (PHYSICS.channels - 1) * PHYSICS.channelStepMhz
  expect(lastMhz).toBe(924.375)
  for (const { eirpDbm } of DOORS) expect(eirpDbm).toBeLessThanOrEqual(33)
  for (const { sensitivityDbm } of Object.values(READERS)) expect(sensitivityDbm).toBeLessThanOrEqual(-70)
})

it('has as many doors to learn from as to report on', () => {
  const count = (use: string): number => DOORS.filter((door) => door.use === use).length
  expect([count('fit'), count('report')]).toEqual([12, 12])
  expect(new Set(DOORS.map(({ name }) => name)).size).toBe(DOORS.length)
})
