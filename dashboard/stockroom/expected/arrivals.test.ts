import { expect, it } from 'vitest'
import { arrivalsOf, boxesOf, type Expected, leftOf, type Waiting } from './arrivals.ts'

const row = (doc: string | null, lot: string, announced: number, received: number, due: string | null = null, from = 'hub'): Expected => ({
  ...{ doc, from, due, announced, received, expiry: null, lot: `gauze/${lot}`, lotNumber: lot, item: 'gauze' },
  ...{ itemName: { zh: '纱布', en: 'Gauze' }, unit: { zh: '片', en: 'piece' }, boxes: [] },
})
const told = (rows: readonly Expected[]) =>
  arrivalsOf(rows).map((one) => `${one.doc} ${one.from} ${one.rows.map((line) => line.lotNumber)}`)

it('lists a document at a time, the one due first on top, one without a day last', () => {
  const rows = [row('D9', 'A', 5, 0), row('D2', 'B', 5, 0, '2026-12-02'), row('D1', 'C', 5, 0, '2026-12-01'), row('D2', 'D', 5, 0)]
  expect(told(rows)).toEqual(['D1 hub C', 'D2 hub B,D', 'D9 hub A'])
})
it('keeps one number of two senders apart', () => {
  expect(told([row('D1', 'A', 5, 0, null, 'aa'), row('D1', 'B', 5, 0, null, 'bb')])).toEqual(['D1 aa A', 'D1 bb B'])
})
it('leaves out what has come, and what came over', () => {
  expect(told([row('D1', 'A', 5, 5), row('D1', 'B', 5, 7), row(null, 'C', 5, 4)])).toEqual(['null hub C'])
  expect(leftOf(row('D1', 'B', 5, 7))).toBe(0)
})

it('puts what waits to be accepted first, also of a paper that has come whole', () => {
  const came = (doc: string): Waiting => ({
    ...{ doc, lot: 'gauze/A', lotNumber: 'A', room: 'main', units: 10, boxes: 2 },
    ...{ itemName: { zh: '纱布', en: 'Gauze' }, unit: { zh: '片', en: 'piece' } },
  })
  const arrivals = arrivalsOf([row('D1', 'A', 5, 0, '2026-12-01'), row('D2', 'B', 5, 1, '2026-12-09')], [came('D2'), came('D7')])
  expect(arrivals.map(({ doc, rows, waiting }) => `${doc} ${rows.length} ${waiting.length}`)).toEqual(['D2 1 1', 'D7 0 1', 'D1 1 0'])
})
it('says which boxes have not come by the ends of their tags', () => {
  const boxes = [
    { epc: '3034257BF7194E4000001A85', came: false },
    { epc: '3034257BF7194E4000001A86', came: true },
  ]
  expect(boxesOf({ boxes })).toEqual({ came: 1, all: 2, missing: ['001A85'] })
})
