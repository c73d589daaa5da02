import { ALARM_VIEW, type DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { NOON_MS, openBench } from '../ledger/fixtures/bench.ts'
import { alarmsOf } from './derive.ts'

const check = Compile(ALARM_VIEW)
const SINCE = '2026-11-21T04:00:00.000Z'
const finding = (code: string, label: DeviceView['findings'][number]['label'] = null) => ({
  ...{ code, finding: `${code}:r1/1:${SINCE}`, severity: 3, antenna: 1, since: SINCE, label },
  ...{ title: { zh: '1 号天线变弱', en: 'Antenna 1 is weak' }, remedy: { zh: '-', en: '-' } },
})
const LABEL = { epc: 'AA', lot: null, itemName: null, lotNumber: null, pack: '' }
const reader = (findings: DeviceView['findings']): DeviceView => ({
  ...{ device: 'r1', kind: 'reader', address: 'tcp://127.0.0.1:1', door: 'gate', side: 'inside', state: 'reading', since: SINCE },
  ...{
    module: null,
    frames: 0,
    reads: 0,
    lastReadAt: null,
    noiseBytes: 0,
    crcFailures: 0,
    dropped: 0,
    gaps: [],
    antennas: [],
    troubles: [],
    findings,
  },
})

test('what is wrong with a device that works rings in its own words; of a label nobody asks which reader heard it', () => {
  const { ledger } = openBench()
  const now = { nowMs: NOON_MS, today: '2026-11-21', clock: 'trusted', clockMs: NOON_MS, zone: 'Asia/Shanghai' } as const
  const rings = (devices: readonly DeviceView[]) =>
    alarmsOf({ book: ledger.read, now, devices, deviceLostMs: 30_000, refused: [], disk: null, lostTails: [], kept: [], holes: [] })
  const rows = rings([reader([finding('antenna-weak'), finding('tag-dying', LABEL)])])
  expect(rows.map(({ alarm, title }) => [alarm, title.zh])).toEqual([
    [`health:antenna-weak:r1/1:${SINCE}`, 'r1：1 号天线变弱'],
    [`health:tag-dying:r1/1:${SINCE}`, '1 号天线变弱'],
  ])
  for (const row of rows) expect(check.Errors(row)).toEqual([])
  expect(rings([reader([])])).toEqual([])
  ledger.close()
})
