import { describe, expect, test } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { deltasOf, openBalance } from './balance.ts'
import type { Line } from './entry.ts'
import { isOwnRoom, judgeLines, mirrorLines, shortfall } from './movement.ts'

const ROOM = 'qinglong/main/available'
const PENDING = 'qinglong/main/pending'
const USED = 'qinglong/~consumed'
const LOT = 'gauze/B1'
const line = (from: string, to: string, units: number, lot = LOT): Line => ({ lot, from, to, units, entered: null, tags: [] })
const book = (units: number) => (lot: string, place: string) => (lot === LOT && place === ROOM ? units : 0)

describe('the owner judges lines before it books them', () => {
  test.each([
    // story, book of the room, lines, refusal
    ['enough', 10, [line(ROOM, USED, 10)], null],
    ['one too many', 10, [line(ROOM, USED, 11)], 'ledger.not-enough'],
    ['twice from one lot counts together', 10, [line(ROOM, USED, 6), line(ROOM, USED, 6)], 'ledger.not-enough'],
    ['what comes in first may go out', 0, [line('qinglong/~unexplained', ROOM, 3), line(ROOM, USED, 3)], null],
    ['but not the other way round', 0, [line(ROOM, USED, 3), line('qinglong/~unexplained', ROOM, 3)], 'ledger.not-enough'],
    ['a virtual place may go below zero', 0, [line('qinglong/~supplier', PENDING, 5)], null],
    ['transit of another node may be written', 10, [line(ROOM, 'baisha/~transit', 5)], null],
    ['a room of another node may not', 10, [line(ROOM, 'baisha/main/available', 5)], 'ledger.place-not-owned'],
    ['half a unit', 10, [line(ROOM, USED, 0.5)], 'ledger.quantity-not-whole'],
    ['no unit', 10, [line(ROOM, USED, 0)], 'ledger.quantity-not-whole'],
    ['less than no unit', 10, [line(ROOM, USED, -1)], 'ledger.quantity-not-whole'],
    ['beyond exact integers', 10, [line('qinglong/~supplier', ROOM, 2 ** 53)], 'ledger.quantity-not-whole'],
    ['nowhere', 10, [line(ROOM, 'qinglong/main/somewhere', 1)], 'ledger.place-unknown'],
    ['from here to here', 10, [line(ROOM, ROOM, 1)], 'ledger.same-place'],
    ['a lot that is none', 10, [line(ROOM, USED, 1, 'gauze')], 'ledger.lot-malformed'],
    ['a lot not in its normal form', 10, [line(ROOM, USED, 1, 'gauze/b1')], 'ledger.lot-malformed'],
  ])('%s', (_story, units, lines, code) => {
    expect(judgeLines('qinglong', lines, book(units))?.code ?? null).toBe(code)
  })

  test.each([
    ['its own room', 'qinglong', null],
    ['a room that passed to it', 'baisha', null],
    ['a room of somebody else', 'baihe', 'ledger.place-not-owned'],
  ])('with places that passed to it: %s', (_story, owner, code) => {
    const lines = [line(`${owner}/~unexplained`, `${owner}/main/held`, 1)]
    const owns = (node: string) => ['qinglong', 'baisha'].includes(node)
    expect(judgeLines('qinglong', lines, book(0), owns)?.code ?? null).toBe(code)
    expect(isOwnRoom(owns, `${owner}/main/held`)).toBe(code === null)
    expect([isOwnRoom(owns, `${owner}/~transit`), isOwnRoom(owns, 'nowhere')]).toEqual([false, false])
  })

  test('a refusal names what the book says and what was asked, in both languages', () => {
    expect(judgeLines('qinglong', [line(ROOM, USED, 11)], book(10))).toMatchObject({
      facts: { book: 10, asked: 11 },
      zh: expect.stringContaining('10'),
      en: expect.stringContaining('11'),
    })
  })

  test('shortfall', () => {
    expect([shortfall(10, 4), shortfall(3, 10), shortfall(-2, 5), shortfall(0, 0)]).toEqual([0, 7, 5, 0])
  })

  test('a reversal mirrors the lines it names and no others', () => {
    const entry = { lines: [line(PENDING, ROOM, 2), line(ROOM, USED, 1)] }
    expect(mirrorLines(entry, [1])).toEqual([line(USED, ROOM, 1)])
    const wrong = mirrorLines(entry, [2])
    expect(isRefusal(wrong) && wrong.code).toBe('ledger.reverse-unknown-line')
  })
})

describe('balances', () => {
  test('are sums of deltas: order and a mirrored line change nothing, and every lot sums to zero', () => {
    const lines = [
      line('hub/~supplier', 'qinglong/~transit', 20),
      line('qinglong/~transit', PENDING, 20),
      line(PENDING, ROOM, 20),
      line(ROOM, USED, 7),
    ]
    const forth = openBalance()
    const back = openBalance()
    forth.add(lines)
    back.add([...lines].reverse())
    const sorted = (balance: typeof forth) =>
      balance
        .positions()
        .map((row) => `${row.place} ${row.units}`)
        .sort()
    expect(sorted(forth)).toEqual(['hub/~supplier -20', 'qinglong/main/available 13', 'qinglong/~consumed 7'])
    expect(sorted(back)).toEqual(sorted(forth))
    expect(forth.positions().reduce((sum, row) => sum + row.units, 0)).toBe(0)
    expect(deltasOf([line(ROOM, USED, 2), line(USED, ROOM, 2)])).toEqual([])
  })
})
