import { expect, test } from 'vitest'
import { actOf } from './act.ts'
import type { Entry, Line } from './entry.ts'

const LINE: Line = { lot: 'gauze/B1', from: 'hub/~supplier', to: 'qinglong/~transit', units: 50, entered: null, tags: ['30AA'] }
const ENTRY: Entry = {
  ...{ v: 1, stream: 'hub>qinglong', epoch: 'a'.repeat(16), seq: 2, kind: 'tag', action: 'page-1', part: 0, actor: 'county', device: null },
  ...{ occurredAt: '2026-11-22T01:02:03.004Z', zone: 'Asia/Shanghai', boot: 'hub', upMs: 1, doc: null, refs: [], reverses: null },
  lines: [LINE],
  body: { epc: '30AA', expiry: '2028-08-31' },
}
const lines = (given: Partial<Line>): Pick<Entry, 'lines'> => ({ lines: [{ ...LINE, ...given }] })

test.each<[what: string, other: Partial<Entry>, same: boolean]>([
  [
    'in another epoch, at another time',
    { epoch: 'b'.repeat(16), seq: 9, occurredAt: '2026-11-23T00:00:00.000Z', boot: 'hub-2', upMs: 7 },
    true,
  ],
  [
    'by a hub that had forgotten the day and the newer version of the item',
    { body: { epc: '30AA', expiry: null }, ...lines({ entered: { quantity: 1, pack: 'case', factorVersion: 1 } }) },
    true,
  ],
  ['under another action', { action: 'page-2' }, false],
  ['in another part', { part: 1 }, false],
  ['of another kind', { kind: 'reverse' }, false],
  ['of another tag', lines({ tags: ['30BB'] }), false],
  ['of another lot', lines({ lot: 'gauze/B2' }), false],
  ['to another place', lines({ to: 'baihe/~transit' }), false],
  ['of other units', lines({ units: 20 }), false],
])('what the hub moves %s: the same act is %j', (_what, other, same) => {
  const act = actOf({ ...ENTRY, ...other })
  expect(act).not.toBeNull()
  expect(act === actOf(ENTRY)).toBe(same)
})

test('nodes, and what moves nothing, are known by their entries alone', () => {
  expect([actOf({ ...ENTRY, stream: 'qinglong>*' }), actOf({ ...ENTRY, lines: [] })]).toEqual([null, null])
})
