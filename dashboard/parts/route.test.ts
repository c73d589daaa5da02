import { describe, expect, it } from 'vitest'
import { hrefOf, readRoute } from './route.ts'

describe('an address of a page', () => {
  it.each([
    ['', '', {}],
    ['#/', '', {}],
    ['#/stock', 'stock', {}],
    ['#/stock?site=qinglong&within=30', 'stock', { site: 'qinglong', within: '30' }],
    ['#/imports/7?outcome=new', 'imports', { id: '7', outcome: 'new' }],
    ['#/imports/', 'imports', {}],
    ['#/lot?lot=gauze%2FB%2025', 'lot', { lot: 'gauze/B 25' }],
  ])('%s', (hash, page, choice) => expect(readRoute(hash)).toEqual({ page, choice }))
  it('comes back as it was written, empty choices left out', () => {
    const href = hrefOf('lot', { lot: 'gauze-10x10/批 1&2', site: '', item: undefined })
    expect(readRoute(href)).toEqual({ page: 'lot', choice: { lot: 'gauze-10x10/批 1&2' } })
    expect(hrefOf('board')).toBe('#/board')
  })
})
