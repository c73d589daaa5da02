import { NODE_DEVICES } from '@lotkeeper/protocol/api/node-devices.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import type { ScannerState } from '../readers/barcode/scanner.ts'
import type { ReaderPhase, ReaderState, Trouble } from '../readers/uhf/state.ts'
import { openDevices } from './devices.ts'
import { troublesOf } from './troubles.ts'

const trouble = (ask: string, more: Partial<Trouble> = {}): Trouble => ({
  ask,
  code: 'differs',
  zh: '要求 30，读写器实为 26',
  en: 'wished 30, is 26',
  ...more,
})
const reader = (troubles: readonly Trouble[], phase: ReaderPhase = 'reading'): ReaderState => ({
  ...{ reader: 'r', family: 'UHF288', phase, version: null, firmware: null, powerDbm: 26, region: 'CN900', temperatureC: null },
  counters: { frames: 0, reads: 0, tagCrcFailures: 0, drained: 0, noiseBytes: 0, noises: 0, starts: 1, rearms: 0 },
  ...{ returnLossDb: {}, dialect: null, troubles, conditions: [] },
})
const scanner = (connected: boolean): ScannerState => ({
  ...{ scanner: 's', connected, version: null, counters: { scans: 0, garbage: 0, garbageBytes: 0 } },
  noticed: { scans: 0, repeats: 0, last: null },
  troubles: [{ wish: 'PARAM_SEND', zh: '扫码枪没有接受 PARAM_SEND', en: 'the scanner did not take PARAM_SEND' }],
})

test.each([
  ['power', '发射功率', /功率改成/],
  ['port-powers', '发射功率', /功率改成/],
  ['region-read', '发射频段', /国家和频段/],
  ['ports', '天线端口', /端口号/],
  ['antenna', '天线端口', /端口号/],
  ['antenna-check', '天线端口', /端口号/],
  ['fast-ports', '天线端口', /端口号/],
  ['inputs', '光栅输入口', /接线/],
  ['input-2', '光栅输入口', /接线/],
  ['return-loss-3', '自检', /不影响读标签/],
  ['session', '读取方式', /固件/],
])('what a reader did not take of %s is said in words, with what to do', (ask, zh, remedy) => {
  const [row] = troublesOf(reader([trouble(ask)]))
  expect(row?.title.zh).toContain(zh)
  expect(row?.title.zh).toContain('要求 30，读写器实为 26')
  expect(row?.title.en).toContain('wished 30, is 26')
  expect(row?.remedy.zh).toMatch(remedy)
})

test('of a reader that is not started only an unlawful band is said, of a scanner that is gone nothing', () => {
  const wrong = [trouble('power'), trouble('region')]
  expect(troublesOf(reader(wrong)).map(({ code }) => code)).toEqual(['power', 'region'])
  expect(troublesOf(reader(wrong, 'lost')).map(({ code }) => code)).toEqual(['region'])
  expect(troublesOf(scanner(true))[0]?.title.zh).toMatch(/扫码枪没有照设置工作：.*PARAM_SEND/)
  expect(troublesOf(scanner(false))).toEqual([])
})

test('the board shows them as the page is promised, and forgets them when they are gone', () => {
  const devices = openDevices({ clock: { now: () => 0, monotonic: () => 0 } }, [
    { device: 'r', kind: 'reader', address: '/dev/r', door: 'd', side: 'inside' },
    { device: 's', kind: 'scanner', address: '/dev/s', door: null, side: null },
  ])
  devices.reader(reader([trouble('power', { zh: '长'.repeat(400) })]))
  devices.scanner(scanner(true))
  const answer = { rows: devices.rows(), ring: { bytes: 0, bytesMax: 1, dropped: 0 } }
  expect(Compile(NODE_DEVICES.devices.answer).Errors(answer)).toEqual([])
  expect(devices.rows().map(({ troubles }) => troubles.map(({ code }) => code))).toEqual([['power'], ['PARAM_SEND']])
  devices.reader(reader([]))
  expect(devices.rows()[0]?.troubles).toEqual([])
})
