import { describe, expect, it } from 'vitest'
import { bySite, layFlow } from './flow-layout.ts'

const went = (text: string) =>
  text.split(',').map((line) => {
    const [from = '', to = '', units = '1'] = line.trim().split(/ > | x/)
    return { from, to, units: Number(units), movements: 1 }
  })
const columnsOf = (text: string): Record<string, number> =>
  Object.fromEntries(layFlow(went(text), []).nodes.map((node) => [node.place, node.column]))
const backsOf = (text: string): string[] =>
  layFlow(went(text), [])
    .edges.filter((edge) => edge.back)
    .map((edge) => `${edge.from} > ${edge.to}`)

describe('the way of a lot as a drawing', () => {
  it('stands each place right of all that feed it', () => {
    expect(
      columnsOf(
        'hub/~supplier > aa/~transit x100, aa/~transit > aa/main/pending x100, aa/main/pending > aa/main/available x60, aa/main/available > aa/~consumed x5',
      ),
    ).toEqual({
      'hub/~supplier': 0,
      'aa/~transit': 1,
      'aa/main/pending': 2,
      'aa/main/available': 3,
      'aa/~consumed': 4,
    })
  })
  it('draws a return as a way back, not as a way on', () => {
    const text =
      'hub/~supplier > aa/~transit x9, aa/~transit > aa/main/available x9, aa/main/available > aa/~consumed x4, aa/~consumed > aa/main/available x1'
    expect(backsOf(text)).toEqual(['aa/~consumed > aa/main/available'])
    expect(columnsOf(text)['aa/~consumed']).toBe(3)
  })
  it('ends on circles of many places', () => {
    const text =
      'aa/main/available > bb/~transit x5, bb/~transit > bb/main/available x5, bb/main/available > aa/~transit x5, aa/~transit > aa/main/available x5'
    expect(backsOf(text).length).toBe(1)
    expect(new Set(layFlow(went(text), []).nodes.map((node) => `${node.column} ${node.row}`)).size).toBe(4)
  })
  it('shows what is there now, also where nothing moved', () => {
    const layout = layFlow([], [{ place: 'aa/main/available', units: 7 }])
    expect(layout.nodes).toEqual([{ place: 'aa/main/available', units: 7, column: 0, row: 0 }])
    expect(layFlow([], []).columns).toBe(1)
  })
  it('draws rooms of a site as one place when asked, keeping every sum', () => {
    const flow = went(
      'hub/~supplier > aa/~transit x9, aa/~transit > aa/main/pending x6, aa/~transit > aa/cold/pending x3, aa/main/pending > aa/main/available x6, aa/main/available > aa/~consumed x2',
    )
    const sites = bySite(flow, [
      { place: 'aa/main/available', units: 4 },
      { place: 'aa/cold/pending', units: 3 },
      { place: 'aa/~consumed', units: 2 },
    ])
    expect(sites.went.map(({ from, to, units, movements }) => [from, to, units, movements])).toEqual([
      ['hub/~supplier', 'aa/~transit', 9, 1],
      ['aa/~transit', 'aa', 9, 2],
      ['aa', 'aa/~consumed', 2, 1],
    ])
    expect(sites.is).toEqual([
      { place: 'aa', units: 7 },
      { place: 'aa/~consumed', units: 2 },
    ])
  })
})
