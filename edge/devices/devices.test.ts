import { DEVICE_VIEW } from '@lotkeeper/protocol/api/node-devices.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { openClock } from '../ledger/fixtures/bench.ts'
import type { ScannerState } from '../readers/barcode/scanner.ts'
import type { ReaderState } from '../readers/uhf/state.ts'
import { openDevices } from './devices.ts'

const COUNTERS = { frames: 0, reads: 0, tagCrcFailures: 0, drained: 0, noiseBytes: 0, noises: 0, starts: 0, rearms: 0 }
const reader = (phase: ReaderState['phase'], more: Partial<ReaderState> = {}): ReaderState => ({
  ...{ reader: 'r1', family: 'bb7e', phase, version: 'V1.2', firmware: null, powerDbm: 20, region: 'CN', dialect: null, troubles: [] },
  ...{ temperatureC: null, returnLossDb: {}, conditions: [] },
  counters: COUNTERS,
  ...more,
})
const scanner = (connected: boolean, scans = 0): ScannerState => ({
  scanner: 's1',
  connected,
  counters: { scans, garbage: 0, garbageBytes: 3 },
  version: null,
  noticed: { scans: 0, repeats: 0, last: null },
  troubles: [],
})

const board = () => {
  const clock = openClock()
  const devices = openDevices({ clock }, [
    { device: 'r1', kind: 'reader', address: '/dev/ttyUSB0', door: 'gate', side: 'inside' },
    { device: 's1', kind: 'scanner', address: 'tcp://127.0.0.1:9', door: null, side: null },
  ])
  let told = 0
  devices.follow(() => {
    told += 1
  })
  return { clock, devices, told: () => told }
}

test('before anything is known, every device of the settings is opening', () => {
  const { devices } = board()
  const check = Compile(DEVICE_VIEW)
  expect(devices.rows().flatMap((row) => check.Errors(row))).toEqual([])
  expect(devices.rows()).toMatchObject([
    { device: 'r1', door: 'gate', side: 'inside', state: 'opening', since: '2026-11-21T04:00:00.000Z', module: null },
    { device: 's1', door: null, state: 'opening' },
  ])
})

test('a state counts from when it began, not from when it was told again', () => {
  const { clock, devices, told } = board()
  clock.pass(1_000)
  devices.reader(reader('reading'))
  clock.pass(1_000)
  devices.reader(reader('reading', { firmware: '9', counters: { ...COUNTERS, reads: 5, tagCrcFailures: 1, noiseBytes: 7 } }))
  devices.scanner(scanner(true))
  expect(devices.rows()).toMatchObject([
    { state: 'reading', since: '2026-11-21T04:00:01.000Z', module: 'bb7e V1.2 9', reads: 5, crcFailures: 1, noiseBytes: 7 },
    { state: 'connected', since: '2026-11-21T04:00:02.000Z', noiseBytes: 3 },
  ])
  devices.scanner(scanner(false))
  expect(devices.rows()[1]).toMatchObject({ state: 'lost' })
  expect(told()).toBe(4)
})

test('counters are asked for when the board is looked at; reads tell nobody', () => {
  const { clock, devices, told } = board()
  let scans = 0
  devices.ask('s1', () => scanner(true, scans))
  scans = 12
  devices.heard('s1', clock.now())
  devices.heard('nobody', clock.now())
  expect(devices.rows()[1]).toMatchObject({ reads: 12, lastReadAt: '2026-11-21T04:00:00.000Z' })
  expect(told()).toBe(0)
})

test('a gap is told when it begins and closed when it ends; the last ones stay', () => {
  const { clock, devices } = board()
  const gap = (from: number, to: number | null) =>
    devices.gap({ device: 'r1', from, to, lastedMs: null, why: 'serial.lost', detail: 'pulled' })
  const start = clock.now()
  gap(start, null)
  expect(devices.rows()[0]?.gaps).toEqual([{ from: '2026-11-21T04:00:00.000Z', to: null, why: '连接断开 the connection was lost' }])
  gap(start, start + 5_000)
  expect(devices.rows()[0]?.gaps).toMatchObject([{ to: '2026-11-21T04:00:05.000Z' }])
  for (let number = 1; number <= 12; number += 1) gap(start + number * 60_000, start + number * 60_000 + 1)
  expect(devices.rows()[0]?.gaps).toHaveLength(10)
  expect(devices.rows()[0]?.gaps[0]).toMatchObject({ from: '2026-11-21T04:12:00.000Z' })
})

test('a follower may leave', () => {
  const { devices } = board()
  let told = 0
  const leave = devices.follow(() => {
    told += 1
  })
  devices.scanner(scanner(true))
  leave()
  devices.scanner(scanner(false))
  expect(told).toBe(1)
})
