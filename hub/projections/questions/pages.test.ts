import { Buffer } from 'node:buffer'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { describe, expect, it } from 'vitest'
import { pageOf, readCursor, writeCursor } from './pages.ts'

const raw = (text: string) => Buffer.from(text).toString('base64url')

describe('a cursor', () => {
  it('gives its key back to the question that wrote it', () => {
    const cursor = writeCursor('stock', ['2028-08-31', '纱布/批号7', 'qinglong/main/available'])
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(readCursor('stock', ['text', 'text', 'text'], cursor)).toEqual(['2028-08-31', '纱布/批号7', 'qinglong/main/available'])
    expect(readCursor('stock', ['text'], undefined)).toBeNull()
  })

  it.each([
    ['not base64url', 'a b'],
    ['padded', `${raw('["tags","a"]')}=`],
    ['no JSON', raw('tags')],
    ['no list', raw('{"tags":"a"}')],
    ['another question', writeCursor('items', ['a'])],
    ['too short', raw('["tags"]')],
    ['too long', raw('["tags","a","b"]')],
    ['a number for a text', raw('["tags",7]')],
    ['empty', ''],
  ])('is refused when forged: %s', (_, cursor) => {
    const read = readCursor('tags', ['text'], cursor)
    expect(isRefusal(read) && read.code).toBe('api.request-malformed')
  })

  it.each([['7'], [1.5], [null], [2 ** 60]])('is refused when %j stands for a number', (value) => {
    expect(isRefusal(readCursor('movements', ['number'], raw(JSON.stringify(['movements', value]))))).toBe(true)
  })
})

describe('a page', () => {
  const made = { row: (n: number) => n * 10, cursor: (n: number) => `after ${n}` }
  it.each([
    { found: [], rows: [], next: null },
    { found: [1, 2], rows: [10, 20], next: null },
    { found: [1, 2, 3], rows: [10, 20], next: 'after 2' },
  ])('of two out of $found', ({ found, rows, next }) => {
    expect(pageOf(found, 2, made)).toEqual({ rows, next })
  })
})
