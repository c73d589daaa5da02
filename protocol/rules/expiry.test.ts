import { describe, expect, it } from 'vitest'
import { expiryState, siteToday, todayIn } from './expiry.ts'

describe('a lot is usable through its expiry day', () => {
  it.each([
    ['2028-08-31', '2026-11-22', { state: 'ok', daysLeft: 648 }],
    ['2027-05-22', '2026-11-22', { state: 'ok', daysLeft: 181 }],
    ['2027-05-21', '2026-11-22', { state: 'near', daysLeft: 180, threshold: 180 }],
    ['2027-02-20', '2026-11-22', { state: 'near', daysLeft: 90, threshold: 90 }],
    ['2026-12-22', '2026-11-22', { state: 'near', daysLeft: 30, threshold: 30 }],
    ['2026-11-23', '2026-11-22', { state: 'near', daysLeft: 1, threshold: 30 }],
    ['2026-11-22', '2026-11-22', { state: 'near', daysLeft: 0, threshold: 0 }],
    ['2026-11-21', '2026-11-22', { state: 'expired', daysLeft: -1 }],
    ['2028-02-29', '2028-03-01', { state: 'expired', daysLeft: -1 }],
    [null, '2026-11-22', { state: 'unknown' }],
  ])('%s on %s', (expiry, today, wanted) => expect(expiryState(expiry, today)).toEqual(wanted))
  it('takes the thresholds of the item class', () => {
    expect(expiryState('2026-12-01', '2026-11-22', [7])).toEqual({ state: 'ok', daysLeft: 9 })
    expect(expiryState('2026-11-22', '2026-11-22', [])).toEqual({ state: 'ok', daysLeft: 0 })
  })
})

const at = (text: string): number => Date.parse(text)
const DAY = 86_400_000

describe('today', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-22T15:59:59Z', '2026-11-22'],
    ['Asia/Shanghai', '2026-11-22T16:00:00Z', '2026-11-23'],
    ['UTC', '2026-11-22T16:00:00Z', '2026-11-22'],
    ['Asia/Urumqi', '2026-12-31T18:00:00Z', '2027-01-01'],
    ['Asia/Shanghai', '1970-01-01T00:00:00Z', '1970-01-01'],
  ])('in %s at %s is %s', (zone, moment, wanted) => expect(todayIn(zone, at(moment))).toBe(wanted))

  const NOON = at('2026-11-22T04:00:00Z')
  it.each([
    // clock, last entry, hub (days from noon)      today         clock
    [0, -1, -0.01, '2026-11-22', 'trusted'],
    [0, null, null, '2026-11-22', 'unknown'],
    [0, -1, null, '2026-11-22', 'unknown'],
    [-1, 0, -2, '2026-11-22', 'behind'],
    [-20_000, -3, null, '2026-11-19', 'behind'],
    [-1, -2, 0, '2026-11-22', 'behind'],
    [-0.0001, -2, 0, '2026-11-22', 'trusted'],
    [300, -1, 0, '2027-09-18', 'trusted'],
    [4000, -1, 0, '2026-11-22', 'ahead'],
    [4000, 0, null, '2026-11-22', 'ahead'],
    [0, 4000, -0.01, '2026-11-22', 'trusted'],
    [4000, 4000, 0, '2026-11-22', 'ahead'],
  ])('clock %s, entry %s, hub %s: %s, %s', (clock, entry, hub, today, state) => {
    const moment = (days: number | null): number | null => (days === null ? null : NOON + days * DAY)
    const answer = siteToday({
      clockMs: NOON + clock * DAY,
      lastEntryMs: moment(entry),
      hubMs: moment(hub),
      hubNowMs: null,
      zone: 'Asia/Shanghai',
      farFutureMs: 400 * DAY,
    })
    expect(answer).toMatchObject({ today, clock: state })
  })

  it.each([
    // The clock was ahead, an entry was written, the clock was set right: it and the hub's present agree against the entry.
    [0, 86_400, null, '2026-11-23', 'behind'],
    [0, 86_400, 0, '2026-11-22', 'trusted'],
    [40, 100 * 86_400, 0, '2026-11-22', 'trusted'],
    [-40, 100 * 86_400, 0, '2026-11-22', 'trusted'],
    // They disagree: the latest of all rules, as if the hub had not been heard since.
    [86_400, 0, 0, '2026-11-23', 'trusted'],
    [-86_400, 80_000, 0, '2026-11-23', 'behind'],
    [-90, 86_400, 0, '2026-11-23', 'behind'],
  ])('clock %s s, entry %s s, hub now %s: %s, %s', (clock, entry, hubNow, today, state) => {
    const hubNowMs = hubNow === null ? null : NOON + hubNow
    const times = { clockMs: NOON + clock * 1_000, lastEntryMs: NOON + entry * 1_000, hubMs: NOON - 3_600_000, hubNowMs }
    expect(siteToday({ ...times, zone: 'Asia/Shanghai', farFutureMs: 400 * DAY })).toMatchObject({ today, clock: state })
  })
})
