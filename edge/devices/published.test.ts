import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { expect, test } from 'vitest'
import { publishedOf } from './published.ts'

const FOUND = '2026-11-21T04:00:00.000Z'
const finding = (code: string, severity: number, label: DeviceView['findings'][number]['label'] = null) => ({
  ...{ code, finding: code, severity, antenna: 1, since: FOUND, label },
  ...{ title: { zh: '-', en: '-' }, remedy: { zh: '-', en: '-' } },
})
const LABEL = { epc: 'AA', lot: null, itemName: null, lotNumber: null, pack: '' }

test.each([
  ['reading', [], 'reading'],
  ['reading', [finding('antenna-dead', 2), finding('antenna-weak', 3)], 'antenna-dead'],
  ['reading', [finding('antenna-weak', 3)], 'reading'],
  ['reading', [finding('tag-dying', 2, LABEL)], 'reading'],
  ['lost', [finding('antenna-dead', 2)], 'lost'],
] as const)('a device that is %s with %j is told as %s', (state, findings, told) => {
  const board = { device: 'r1', kind: 'reader', state, since: '2026-11-20T04:00:00.000Z', findings: [...findings] }
  const rest = { address: '-', door: null, side: null, module: null, frames: 0, reads: 0, lastReadAt: null, noiseBytes: 0 } as const
  const published = publishedOf({ ...board, ...rest, kind: 'reader', crcFailures: 0, dropped: 0, gaps: [], antennas: [], troubles: [] })
  expect(published).toEqual({ device: 'r1', kind: 'reader', state: told, since: told === state ? board.since : FOUND })
})
