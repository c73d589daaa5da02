import type { GenealogyEdge } from '@lotkeeper/protocol/api/views.ts'
import { expect, it } from 'vitest'
import { familyOf } from './family.ts'

const edge = (parent: string, child: string, at: number, depth = 1): GenealogyEdge => ({
  ...{ parent: `i/${parent}`, child: `i/${child}`, parentUnits: 10, childUnits: 10, act: 'split', site: 'aa', depth },
  entry: `aa>*/00112233445566aa/${at}`,
  occurredAt: `2026-11-22T03:00:${String(at).padStart(2, '0')}.000Z`,
})
/** `..B` stands two deep; `B=` was opened further up. */
const drawn = (edges: readonly GenealogyEdge[], lot: string, way: 'up' | 'down') =>
  familyOf(edges, `i/${lot}`, way).map((line) => `${'.'.repeat(line.depth)}${line.lot.slice(2)}${line.again ? '=' : ''}`)

it('draws nothing of nothing', () => expect(drawn([], 'A', 'down')).toEqual([]))
it('goes down and up, the older first', () => {
  const edges = [edge('A', 'C', 2), edge('A', 'B', 1), edge('B', 'D', 3, 2)]
  expect(drawn(edges, 'A', 'down')).toEqual(['.B', '..D', '.C'])
  expect(drawn(edges.slice(1), 'D', 'up')).toEqual(['.B', '..A'])
})
it('opens a lot once, however many ways lead to it', () => {
  const edges = [edge('A', 'B', 1), edge('A', 'C', 2), edge('B', 'D', 3, 2), edge('C', 'D', 4, 2), edge('D', 'E', 5, 3)]
  expect(drawn(edges, 'A', 'down')).toEqual(['.B', '..D', '...E', '.C', '..D='])
})
it('ends where lots made each other', () => {
  expect(drawn([edge('A', 'B', 1), edge('B', 'A', 2, 2)], 'A', 'down')).toEqual(['.B', '..A='])
})
it('tells an edge no way leads to', () => {
  expect(drawn([edge('A', 'B', 1), edge('X', 'Y', 2, 7)], 'A', 'down')).toEqual(['.B', '.......Y'])
})
it('takes two hundred edges in a row', () => {
  const edges = Array.from({ length: 200 }, (_, at) => edge(`L${at}`, `L${at + 1}`, at % 60, at + 1))
  const lines = familyOf(edges, 'i/L0', 'down')
  expect([lines.length, lines.at(-1)?.depth]).toEqual([200, 200])
})
