import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { given, openTelling, type Telling } from './fixtures/telling.ts'

let t: Telling
beforeEach(async () => {
  t = await openTelling()
})
afterEach(() => t.close())

describe('what moved after a place', () => {
  it('comes oldest first, page by page, without a gap', async () => {
    const { at: start } = await t.ledger.ask.movedSince({ after: null, limit: 9 })
    await t.move(5)
    const first = await t.ledger.ask.movedSince({ after: start, limit: 3 })
    const second = await t.ledger.ask.movedSince({ after: first.at, limit: 3 })
    const none = await t.ledger.ask.movedSince({ after: second.at, limit: 3 })
    const booked = given(await t.ledger.ask.movements({ limit: 9 })).rows.map(({ entry }) => entry)
    expect([...first.rows, ...second.rows].map(({ entry }) => entry)).toEqual(booked.reverse())
    expect(none).toEqual({ rows: [], at: second.at, lost: false })
  })

  it('goes on where it stood after the tables were made anew, or were given other numbers', async () => {
    await t.move(3)
    const { at } = await t.ledger.ask.movedSince({ after: null, limit: 9 })
    await t.ledger.rebuild()
    await t.move(1)
    expect(await t.ledger.ask.movedSince({ after: at, limit: 9 })).toMatchObject({ lost: false, rows: [{ to: 'xinghe/~transit' }] })
    const other = { mv: 1, entry: at?.entry ?? '' }
    expect(await t.ledger.ask.movedSince({ after: other, limit: 9 })).toMatchObject({ lost: false, rows: [{ to: 'xinghe/~transit' }] })
  })

  it('of a ledger that does not know the place any more goes on from its end, and says so', async () => {
    await t.move(2)
    const { at: end } = await t.ledger.ask.movedSince({ after: null, limit: 9 })
    const gone = { mv: 99, entry: 'xinghe>*/00112233aabbccdd/42' }
    expect(await t.ledger.ask.movedSince({ after: gone, limit: 9 })).toEqual({ rows: [], at: end, lost: true })
    expect(await t.ledger.ask.movedSince({ after: { ...gone, entry: 'x' }, limit: 9 })).toMatchObject({ lost: true })
  })
})
