import { expect, test } from 'vitest'
import { openStays } from './stays.ts'

const MINUTE = 60_000
const seen = (at: number, antenna = 'r1:1', rssiDbm: number | null = -60) => ({ at, antenna, rssiDbm })

test('a tag that only stands there is one row an hour, whatever is read of it', () => {
  const stays = openStays()
  for (let at = 0; at <= 150 * MINUTE; at += 1_000)
    stays.see('A', seen(at, at % 3_000 === 0 ? 'r2:1' : 'r1:1', -60 + (at % 7_000 === 0 ? 4 : 0)))
  expect(stays.ended(151 * MINUTE)).toMatchObject([
    {
      epc: 'A',
      from: 0,
      to: 60 * MINUTE - 1_000,
      passages: 0,
      antennas: { 'r1:1': { reads: 2_400, peakDbm: -56 }, 'r2:1': { reads: 1_200 } },
    },
    { epc: 'A', from: 60 * MINUTE },
  ])
  expect(stays.ended(166 * MINUTE)).toMatchObject([{ epc: 'A', from: 120 * MINUTE, to: 150 * MINUTE }])
  expect(stays.ended(Number.POSITIVE_INFINITY)).toEqual([])
})

test('a short visit is one row; a passage is named in it; levels may be unknown', () => {
  const stays = openStays()
  stays.see('A', seen(10, 'r1:1', null))
  stays.see('B', seen(12))
  stays.passed('B')
  stays.passed('never seen')
  expect(stays.ended(MINUTE)).toEqual([])
  expect(stays.ended(Number.POSITIVE_INFINITY)).toEqual([
    { epc: 'A', from: 10, to: 10, passages: 0, antennas: { 'r1:1': { reads: 1, peakDbm: null } } },
    { epc: 'B', from: 12, to: 12, passages: 1, antennas: { 'r1:1': { reads: 1, peakDbm: -60 } } },
  ])
})

test('residents are those heard for ten minutes by one reader, and not on their way through the door', () => {
  const stays = openStays()
  for (let at = 0; at <= 11 * MINUTE; at += MINUTE) {
    for (const epc of ['A', 'B', 'C']) stays.see(epc, seen(at))
    if (at > 5 * MINUTE) stays.see('D', seen(at))
  }
  stays.see('A', seen(12 * MINUTE, 'r2:1'))
  stays.passed('C')
  expect(stays.residents('r1')).toEqual([11 * MINUTE, 11 * MINUTE])
  expect(stays.residents('r2')).toEqual([])
})

test('more tags than are looked after end the oldest stay; a clock set back ends them all', () => {
  const stays = openStays()
  for (let at = 0; at < 2_001; at += 1) stays.see(`T${at}`, seen(at))
  expect(stays.ended(2_001).map(({ epc }) => epc)).toEqual(['T0'])
  expect(stays.ended(-1)).toHaveLength(2_000)
})
