import { describe, expect, it } from 'vitest'
import { FIRST, LAST, leafAfter, leafAt, leafBefore, queryOf } from './turning.ts'

const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => ({ row: from + at }))

describe('turning the rows of a table', () => {
  it('asks for the first, for what comes after a line, and for what stands before one', () => {
    expect(queryOf(FIRST)).toEqual({})
    expect(queryOf(leafAt(500))).toEqual({ cursor: '499' })
    expect(queryOf(LAST)).toEqual({ before: 1_000_000_000 })
    expect([leafAt(2), leafAt(0), leafAt(Number.NaN)]).toEqual([FIRST, FIRST, FIRST])
  })
  it('goes forward while there is more, and back to the beginning', () => {
    expect(leafAfter({ rows: rows(2, 101), next: '101' })).toEqual({ at: 'after', line: 101 })
    expect(leafAfter({ rows: rows(2, 50), next: null })).toBeNull()
    expect(leafBefore(FIRST, { rows: rows(2, 101), next: '101' }, 100)).toBeNull()
    expect(leafBefore(leafAt(300), { rows: rows(300, 399), next: null }, 100)).toEqual({ at: 'before', line: 300 })
    expect(leafBefore({ at: 'before', line: 300 }, { rows: rows(200, 299), next: '299' }, 100)).toEqual({ at: 'before', line: 200 })
  })
  it('knows the beginning when it sees it', () => {
    expect(leafBefore({ at: 'before', line: 40 }, { rows: rows(20, 39), next: '39' }, 100)).toBeNull()
    expect(leafBefore(leafAt(2), { rows: rows(2, 30), next: null }, 100)).toBeNull()
    expect(leafBefore({ at: 'after', line: 1 }, { rows: rows(2, 30), next: null }, 100)).toBeNull()
  })
  it('finds its way back from where there is nothing', () => {
    expect(leafBefore(leafAt(900), { rows: [], next: null }, 100)).toEqual({ at: 'before', line: 900 })
    expect(leafBefore({ at: 'before', line: 2 }, { rows: [], next: null }, 100)).toEqual(FIRST)
  })
})
