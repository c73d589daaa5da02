import { expect, test } from 'vitest'
import type { ReaderState } from '../readers/uhf/state.ts'
import { judgeComplaints } from './complaints.ts'
import type { Finding } from './standing.ts'

const MEANING = { zh: '', en: '' }
const state = (more: Partial<ReaderState>): ReaderState => ({
  ...{ reader: 'r1', family: 'A0', phase: 'reading', version: null, firmware: null, powerDbm: 26, region: 'CN900', dialect: null },
  ...{ temperatureC: null, returnLossDb: {}, conditions: [], troubles: [] },
  counters: { frames: 0, reads: 0, tagCrcFailures: 0, drained: 0, noiseBytes: 0, noises: 0, starts: 0, rearms: 0 },
  ...more,
})
const stands = (code: Finding['code'], antenna: number | null = null): Finding => ({
  ...{ code, device: 'r1', antenna, epc: null, sinceMs: 0, facts: {} },
})
const loose = { code: 'antenna-missing', port: 2, meaning: MEANING, at: 0 } as const

test.each<readonly [string, Partial<ReaderState>, readonly Finding[], readonly string[]]>([
  ['nothing is said of a sound reader', {}, [], []],
  ['an antenna it misses', { conditions: [loose] }, [], ['antenna-loose 2 so']],
  ['it misses it no longer', {}, [stands('antenna-loose', 2)], ['antenna-loose 2 not']],
  ['another one it misses now', { conditions: [loose] }, [stands('antenna-loose', 1)], ['antenna-loose 2 so', 'antenna-loose 1 not']],
  ['who is silent has not recovered', { phase: 'lost' }, [stands('module-hot')], []],
  ['heat', { conditions: [{ ...loose, code: 'temperature', port: null }] }, [], ['module-hot null so']],
  ['a loose plug, measured', { returnLossDb: { 1: 22, 2: 6.4 } }, [], ['return-loss 1 not', 'return-loss 2 so']],
  [
    'what it says unasked goes first',
    { returnLossDb: { 1: 22 }, conditions: [{ ...loose, code: 'return-loss', port: 1 }] },
    [],
    ['return-loss 1 so'],
  ],
  ['what others found is not its affair', {}, [stands('antenna-weak', 1)], []],
])('%s', (_, more, standing, expected) => {
  expect(judgeComplaints(state(more), standing).map(({ code, antenna, is }) => `${code} ${antenna} ${is}`)).toEqual(expected)
})
