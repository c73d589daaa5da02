import type { HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCounty, type TestCounty } from '../../catalog/fixtures/county.ts'

let nowMs = 0
let written = 0
let county: TestCounty
beforeEach(async () => {
  nowMs = Date.parse('2026-11-22T03:24:00.000Z')
  county = openCounty({ now: () => nowMs })
  await write(
    certificate('old', '2026-11-21'),
    certificate('soon', '2026-12-22'),
    certificate('fine', '2028-01-01'),
    certificate('ever', null),
    maker('bad', '2026-10-01'),
    maker('near', '2026-12-01'),
    maker('good', '2028-01-01'),
    item('a-nothing', {}),
    item('b-old', { certificate: 'old', manufacturer: 'good' }),
    item('c-soon', { certificate: 'soon', manufacturer: 'good', class: 'II' }),
    item('d-fine', { certificate: 'fine', manufacturer: 'good', class: 'II' }),
    item('e-ever', { certificate: 'ever' }),
    item('f-bad-maker', { certificate: 'fine', manufacturer: 'bad', class: 'III' }),
    item('g-near-maker', { certificate: 'fine', manufacturer: 'near' }),
    item('h-both', { certificate: 'soon', manufacturer: 'bad' }),
    item('i-retired', { certificate: 'old', retired: true }),
  )
})
afterEach(() => county.close())

const write = async (...records: readonly MasterRecord[]) => {
  written += 1
  const head = { stream: 'hub>all', kind: 'master', part: 0, actor: 'county', doc: null, lines: [] } as const
  const answer = await county.ledger.write([{ ...head, action: `list-${written}`, body: { records: [...records] } }])
  if (isRefusal(answer)) throw new Error(answer.en)
}
const certificate = (id: string, until: string | null, version = 1): MasterRecord => ({
  ...{ is: 'certificate', id, version, number: `No ${id}`, issued: '2022-01-01', until },
})
const maker = (id: string, until: string): MasterRecord => ({
  ...{ is: 'party', id, version: 1, name: { zh: id, en: '' }, roles: ['manufacturer'] },
  licences: [
    { kind: 'business', number: 'B', from: null, until: null },
    { kind: 'production', number: 'P', from: null, until },
  ],
})
const item = (id: string, given: Partial<RecordOf<'item'>>): MasterRecord => ({
  ...{ is: 'item', id, version: 1, name: { zh: `品种${id}`, en: '' }, model: '', unit: { zh: '包', en: '' }, packs: [], nearDays: [] },
  ...given,
})
const rows = async (query: HubQuery<'items'>) => {
  const page = await county.ledger.ask.items(query)
  if (isRefusal(page)) throw new Error(page.en)
  return page
}
const listed = async (query: HubQuery<'items'>) => (await rows(query)).rows.map((row) => row.item[0]).join('')

it.each<[HubQuery<'items'>, string]>([
  [{}, 'abcdefghi'],
  [{ permit: 'none' }, 'a'],
  [{ permit: 'ended' }, 'bfhi'],
  [{ permit: 'ended', retired: false }, 'bfh'],
  [{ permit: 'ending' }, 'cg'],
  [{ permit: 'valid' }, 'de'],
  [{ retired: true }, 'i'],
  [{ class: 'II' }, 'cd'],
  [{ class: 'none', retired: false }, 'abegh'],
  [{ class: 'II', permit: 'valid' }, 'd'],
  [{ permit: 'ended', search: 'maker' }, 'f'],
])('items asked for by %j: %s', async (query, wanted) => expect(await listed(query)).toBe(wanted))

it('each row says the worst of its permits, where there is something to say', async () => {
  expect((await rows({})).rows.map(({ permit }) => permit && [permit.state, permit.daysLeft])).toEqual([
    ...[null, ['ended', -1], ['ending', 30], null, null, ['ended', -52], ['ending', 9], ['ended', -52], ['ended', -1]],
  ])
})

it('narrowed pages follow on each other', async () => {
  const first = await rows({ permit: 'ended', limit: 3 })
  expect(first.rows.map((row) => row.item)).toEqual(['b-old', 'f-bad-maker', 'h-both'])
  const rest = await rows({ permit: 'ended', limit: 3, cursor: first.next ?? '' })
  expect([rest.rows.map((row) => row.item), rest.next]).toEqual([['i-retired'], null])
})

it('a permit that was renewed, merged, or ended overnight counts as it stands now', async () => {
  await write(certificate('old', '2030-01-01', 2))
  expect(await listed({ permit: 'ended' })).toBe('fh')
  const redirect = (id: string, to: string | null, version: number) => ({ is: 'redirect', id, version, of: 'certificate', to }) as const
  await write(redirect('fine', 'soon', 1))
  expect(await listed({ permit: 'ending' })).toBe('cdg')
  await write(redirect('fine', null, 2), redirect('soon', 'fine', 1))
  expect([await listed({ permit: 'ending' }), await listed({ permit: 'valid' })]).toEqual(['g', 'bcdei'])
  nowMs += 60 * 86_400_000
  expect(await listed({ permit: 'ended', retired: false })).toBe('fgh')
})
