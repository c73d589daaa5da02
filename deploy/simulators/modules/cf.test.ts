import { decodedOf } from '@lotkeeper/edge/readers/uhf/cf/frames.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Tagged } from './module.ts'
import { wire } from './wired.ts'

// What CF readers do beyond what every family promises (modules.test.ts).
beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }))
afterEach(() => void vi.useRealTimers())
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const BOX: Tagged = { epc: bytes('3074257BF7194E4000001A85'), rssiDbm: -47.5 }
const commandsIn = (asked: readonly string[]) => asked.map((hex) => decodedOf(bytes(hex), 'host')['cmd'])

it('is found and set by what is harmless: nothing that sets up, restarts or kills is ever sent', async () => {
  const { reader, asked, module } = wire('cf', {})
  await pass(700_000)
  module.restart()
  await pass(60_000)
  expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [], version: 'CP-203910_V1.13', firmware: 'UHF Reader V1.0' })
  expect(commandsIn(asked).slice(0, 2)).toEqual(['0002', '0070'])
  for (const cmd of ['0050', '0052', '0014']) expect(commandsIn(asked)).not.toContain(cmd)
})

it('reads on every port in use, and tells the signal in tenths of a dBm', async () => {
  const { told, field, module } = wire('cf', { ports: [1, 2, 4] })
  field.push(BOX)
  await pass(5_000)
  expect(new Set(told.map(({ port }) => port))).toEqual(new Set([1, 2, 4]))
  expect(new Set(told.map(({ rssiDbm }) => rssiDbm))).toEqual(new Set([-47.5]))
  expect(module.state()).toMatchObject({
    parameters: { antennas: 0x0b, workMode: 0, session: 1, filterSeconds: 0, accessLength: 0, buzzer: 1 },
  })
})

it('a power of its own for each antenna is set too', async () => {
  const { module, reader } = wire('cf', { ports: [1, 2], style: 'powers' })
  await pass(5_000)
  expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [] })
  expect(module.state()).toMatchObject({ powerDbm: 24, powers: [24, 24, 24, 24, 24, 24, 24, 24] })
})

it('left in active mode by somebody: brought back to answers, and reading', async () => {
  const { told, field, reader, module } = wire('cf', { style: 'active' })
  field.push(BOX)
  await pass(8_000)
  expect(reader.state()).toMatchObject({ phase: 'reading', troubles: [] })
  expect(module.state()).toMatchObject({ parameters: { workMode: 0 }, powerDbm: 24, region: 'CN900' })
  expect(told.length).toBeGreaterThan(100)
})

it('a band asked for by a number the model does not know is asked for by its frequencies', async () => {
  const { reader, asked, gaps } = wire('cf', { band: 'EU' }, { region: 'EU' })
  await pass(3_000)
  expect([reader.state().phase, reader.state().region, gaps]).toEqual(['reading', 'EU', []])
  const refusing = wire('cf', { band: 'EU' })
  await pass(3_000)
  const regions = refusing.asked.filter((hex) => hex.startsWith('CFFF0071')).map((hex) => hex.slice(24, 26))
  expect(regions.slice(0, 2)).toEqual(['08', '00'])
  expect(asked.filter((hex) => hex.startsWith('CFFF0071'))).toHaveLength(1)
})

it('settings that stand are not written again, for their memory wears', async () => {
  const { reader, asked, module } = wire('cf', {})
  await pass(3_000)
  expect(commandsIn(asked)).toEqual(expect.arrayContaining(['0071', '0053']))
  const before = asked.length
  module.deafen(true)
  await pass(20_000)
  module.deafen(false)
  await pass(60_000)
  expect(reader.state().phase).toBe('reading')
  expect(commandsIn(asked.slice(before)).filter((cmd) => cmd === '0071' || cmd === '0053')).toEqual([])
})

it('an inventory that ended by itself is begun again', async () => {
  const { told, field, module, gaps, reader } = wire('cf', { idleMs: 3_600_000 })
  await pass(60_000)
  field.push(BOX)
  await pass(3_000)
  expect(told.length).toBeGreaterThan(20)
  expect([reader.state().phase, gaps, module.state().powerDbm]).toEqual(['reading', [], 24])
})
