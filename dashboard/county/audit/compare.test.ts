import { expect, test } from 'vitest'
import { compared, dayAfter, dayStart, linesOf } from './compare.ts'

test.each([
  [{ name: 'a' }, { name: 'a' }, [['name', 'a', 'a', false]]],
  [{ name: 'a' }, { name: 'b' }, [['name', 'a', 'b', true]]],
  [null, { name: { zh: '新' } }, [['name.zh', null, '新', true]]],
  [
    { roles: ['x', 'y'], gone: 1 },
    { roles: ['x'] },
    [
      ['roles.2', 'y', null, true],
      ['gone', '1', null, true],
      ['roles.1', 'x', 'x', false],
    ],
  ],
  [undefined, undefined, []],
])('%j and %j beside each other', (before, after, lines) => {
  expect(compared(before, after).map((line) => [line.path, line.before, line.after, line.changed])).toEqual(lines)
})

test('one thing line by line', () => {
  expect(linesOf({ query: { site: 'qinglong' }, rows: 0 })).toEqual([
    ['query.site', 'qinglong'],
    ['rows', '0'],
  ])
})

test.each([
  ['2026-11-22', 'Asia/Shanghai', '2026-11-21T16:00:00.000Z'],
  ['2026-11-22', 'UTC', '2026-11-22T00:00:00.000Z'],
  ['never', 'UTC', undefined],
])('%s begins in %s at %s', (day, zone, instant) => expect(dayStart(day, zone)).toBe(instant))

test('the day after the last of a month', () =>
  expect([dayAfter('2026-02-28'), dayAfter('2026-12-31')]).toEqual(['2026-03-01', '2027-01-01']))
