import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, it } from 'vitest'
import { narrowed, staysWithin } from './authorise.ts'

const rows = (...given: readonly object[]) => ({ rows: given, next: null })

it.each([
  ['a box on its way, seen from both ends', 'movements', rows({ site: 'aa', from: 'aa/main/available', to: 'bb/~transit' }), 1],
  ['a box that passes elsewhere', 'movements', rows({ site: 'aa', from: 'aa/main/available', to: 'cc/~transit' }), 0],
  ['a despatch by bare names', 'documents', rows({ from: 'aa', to: 'bb' }, { from: 'aa', to: 'cc' }), 1],
  ['what is of no site by name: a date is no place', 'costCentres', rows({ id: 'x', from: '2026-01-01' }), 1],
  ["what is the county's alone", 'discrepancies', rows({ site: null }), 0],
  ['a version that says another site', 'portal', rows({ entry: 'x', record: { site: 'aa' } }, { entry: 'y', record: { site: 'bb' } }), 1],
  ['a place left open', 'tags', rows({ site: 'bb', place: null }), 1],
] as const)('the net keeps %s', (_, route, answer, left) => {
  expect((narrowed(route, ['bb'], answer) as { rows: unknown[] }).rows).toHaveLength(left)
  expect(narrowed(route, 'all', answer)).toBe(answer)
})

it('an answer that is right is handed on as it is; one that is of another site as a whole is none', () => {
  const answer = rows({ site: 'bb', lines: [{ place: 'bb/main/available' }] })
  expect(narrowed('stock', ['bb'], answer)).toBe(answer)
  expect(narrowed('tag', ['bb'], { epc: 'AA', place: 'aa/main/available' })).toBeNull()
  expect(narrowed('overview', ['bb'], { sites: [{ site: 'aa' }, { site: 'bb', lists: [{ site: 'aa' }, { site: 'bb' }] }] })).toEqual({
    sites: [{ site: 'bb', lists: [{ site: 'bb' }] }],
  })
})

it.each([
  ['registerTags', { body: { site: 'bb' } }, null],
  ['registerTags', { body: { site: 'aa' } }, 'access.site-foreign'],
  ['askNode', { body: { place: 'bb/main/available', lines: [{ from: 'hub/~supplier', to: 'bb/main/available' }] } }, null],
  [
    'askNode',
    { body: { place: 'bb/main/available', lines: [{ from: 'aa/main/available', to: 'bb/main/available' }] } },
    'access.site-foreign',
  ],
  ['saveCostCentre', { body: { id: 'x', from: '2026-01-01' } }, 'access.county-only'],
  ['saveCostCentre', { body: { id: 'x', site: 'bb', from: '2026-01-01' } }, null],
  ['createEnrolment', { body: { node: 'aa' } }, 'access.site-foreign'],
  ['revokeKeys', { body: { node: 'hub' } }, 'access.site-foreign'],
  ['printLabels', { body: { announce: null } }, null],
  ['printLabels', { body: { announce: { site: 'aa' } } }, 'access.site-foreign'],
  ['inclusion', { query: { entry: 'aa>*/00112233445566aa/2' } }, 'access.site-foreign'],
  ['inclusion', { query: { entry: 'hub>bb/00112233445566aa/2' } }, null],
  ['aside', { query: { aside: `q:aa/${'A'.repeat(64)}` } }, 'access.site-foreign'],
  ['aside', { query: { aside: 'p:hub>aa/00112233445566aa' } }, 'access.site-foreign'],
] as const)('%s %j', (route, asked, code) => {
  const said = staysWithin(route, ['bb'], { query: undefined, body: undefined, ...asked })
  expect(isRefusal(said) ? said.code : null).toBe(code)
  expect(staysWithin(route, 'all', { query: undefined, body: undefined, ...asked })).toBeNull()
})
