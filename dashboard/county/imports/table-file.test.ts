import { describe, expect, it } from 'vitest'
import { flawOf, tableTypeOf } from './table-file.ts'

describe('a file, before it is sent', () => {
  it.each([
    ['耗材.csv', 10, null],
    ['耗材.TXT', 10, null],
    ['耗材.XLSX', 20 * 1024 ** 2, null],
    ['耗材.xlsx', 20 * 1024 ** 2 + 1, 'size'],
    ['耗材.csv', 0, 'empty'],
    ['耗材.xls', 10, 'old'],
    ['耗材.et', 10, 'old'],
    ['耗材.zip', 10, 'kind'],
    ['xlsx', 10, 'kind'],
  ] as const)('%s of %i bytes: %s', (name, size, flaw) => expect(flawOf({ name, size })).toBe(flaw))
  it('goes by its name, whatever the browser says', () => {
    expect(tableTypeOf('a.csv')).toBe('text/csv')
    expect(tableTypeOf('a.pdf')).toBeNull()
  })
})
