import { describe, expect, it } from 'vitest'
import { sayIn } from './language.ts'
import { agoText, momentText, monthText, spanText } from './moments.ts'
import { SHARED_TEXTS } from './texts.ts'

const zh = sayIn(SHARED_TEXTS, 'zh')
const en = sayIn(SHARED_TEXTS, 'en')
const NOW = Date.parse('2026-11-22T03:00:00.000Z')
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('moments in words', () => {
  it.each([
    [0, '0 秒', '0 s'],
    [59 * SECOND, '59 秒', '59 s'],
    [MINUTE, '1 分钟', '1 min'],
    [119 * MINUTE, '1 小时', '1 h'],
    [47 * HOUR, '47 小时', '47 h'],
    [48 * HOUR, '2 天', '2 days'],
    [-5 * SECOND, '0 秒', '0 s'],
  ])('a span of %i ms', (ms, chinese, english) => {
    expect([spanText(zh, ms), spanText(en, ms)]).toEqual([chinese, english])
  })
  it.each([
    ['2026-11-22T02:59:58.000Z', '刚刚'],
    ['2026-11-22T02:59:00.000Z', '1 分钟前'],
    ['2026-11-22T03:00:09.000Z', '刚刚'],
  ])('how long ago %s was', (instant, said) => expect(agoText(zh, instant, NOW)).toBe(said))
  it.each([
    ['2026-11-22T02:05:06.000Z', 'Asia/Shanghai', '10:05:06'],
    ['2026-11-21T15:59:59.000Z', 'Asia/Shanghai', '昨天 23:59:59'],
    ['2026-11-21T16:00:00.000Z', 'Asia/Shanghai', '00:00:00'],
    ['2026-11-19T16:00:00.000Z', 'Asia/Shanghai', '2026-11-20 00:00:00'],
    ['2026-11-21T15:59:59.000Z', 'UTC', '昨天 15:59:59'],
  ])('%s on the wall in %s', (instant, zone, said) => expect(momentText(zh, instant, { nowMs: NOW, zone, seconds: true })).toBe(said))
  it('names months short, with the year where it turns', () => {
    expect(['2026-12', '2027-01', '2027-02'].map((month) => monthText('zh', month))).toEqual(['12月', '27年1月', '2月'])
    expect(['2026-12', '2027-01'].map((month) => monthText('en', month))).toEqual(['Dec', 'Jan 2027'])
  })
})
