import { NODE_ROUTES } from '@lotkeeper/protocol/api/node.ts'
import type { OpeningLine } from '@lotkeeper/protocol/ledger/opening.ts'
import { STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { openSite } from '../stockroom/fixtures/site.ts'
import { taskView } from './views.ts'

test('a keeper sees every lot with its day, who sold it and what stands here of it already', () => {
  const site = openSite()
  const licences: [] = []
  const maker = { is: 'party' as const, id: 'maker', version: 1, name: { zh: '示例公司', en: '' }, roles: ['supplier' as const], licences }
  site.hub.write(STREAM_TO_ALL, 'master', { records: [maker] })
  site.put('gauze/B1 ward/available 7')
  const line = (lot: string, more: Partial<OpeningLine> = {}): OpeningLine => ({
    ...{ lot: `gauze/${lot}`, printed: lot.toLowerCase(), expiry: '2027-08-31', place: `${NODE}/main/available`, units: 5, entered: null },
    ...{ supplier: null, ...more },
  })
  const lines = [line('B1', { supplier: 'maker' }), line('B2', { expiry: '2026-01-31', supplier: 'gone' }), line('B3', { expiry: null })]
  site.hub.write(streamToNode(NODE), 'opening', { is: 'told', doc: 'OLD-1', counted: '2026-11-20', parts: 1, lines })
  site.hub.tell(site.ledger)
  const rows = site.ledger.read.openTasks().map((row) => taskView(site.ledger.read, site.stockroom.now(), row))
  expect(Compile(NODE_ROUTES.tasks.answer).Errors({ rows })).toEqual([])
  expect(rows).toMatchObject([{ outcome: 'opening', answers: ['take', 'none'], opening: { doc: 'OLD-1', counted: '2026-11-20' } }])
  expect(
    rows[0]?.opening?.lines.map(({ lotNumber, itemName, expiryState, supplier, standing }) => [
      ...[lotNumber, itemName.zh, expiryState, supplier?.zh ?? null, standing],
    ]),
  ).toEqual([
    ['b1', '医用纱布', 'ok', '示例公司', 7],
    ['b2', '医用纱布', 'expired', 'gone', 0],
    ['b3', '医用纱布', 'unknown', null, 0],
  ])
})
