import type { MasterRecord } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCounty, type TestCounty } from '../../catalog/fixtures/county.ts'

const NOW_MS = Date.parse('2026-11-22T03:24:00.000Z')
let county: TestCounty
let written = 0
beforeEach(() => {
  county = openCounty({ now: () => NOW_MS })
})
afterEach(() => county.close())

const write = async (...records: readonly MasterRecord[]) => {
  written += 1
  const head = { stream: 'hub>all', kind: 'master', part: 0, actor: 'county', doc: null, lines: [] } as const
  const answer = await county.ledger.write([{ ...head, action: `permit-${written}`, body: { records: [...records] } }])
  if (isRefusal(answer)) throw new Error(answer.en)
}
const licence = (number: string, until: string | null) => ({ kind: 'distribution' as const, number, from: null, until })
const party = (id: string, ...licences: ReturnType<typeof licence>[]): MasterRecord => ({
  ...{ is: 'party', id, version: 1, name: { zh: `企业${id}`, en: id }, roles: ['supplier'], licences },
})
const certificate = (id: string, until: string | null, holder = 'm1'): MasterRecord => ({
  ...{ is: 'certificate', id, version: 1, number: `No ${id}`, holder, issued: '2022-01-01', until },
})
const item = (
  id: string,
  given: { readonly certificate?: string; readonly manufacturer?: string; readonly retired?: true },
): MasterRecord => ({
  ...{ is: 'item', id, version: 1, name: { zh: `品种${id}`, en: id }, model: '', unit: { zh: '包', en: '' }, packs: [], nearDays: [] },
  ...given,
})
const asked = async (query: { readonly within?: number; readonly limit?: number; readonly cursor?: string } = {}) => {
  const page = await county.ledger.ask.permits(query)
  if (isRefusal(page)) throw new Error(page.en)
  return page
}

describe('permits', () => {
  it('are told worst first: what ended longest ago, then what ends soonest; none that holds for long or for ever', async () => {
    await write(
      party('m1', licence('L-ended', '2026-01-31'), licence('L-long', '2027-06-30'), licence('L-ever', null)),
      party('m2', licence('L-90', '2027-02-20'), licence('L-91', '2027-02-21')),
      certificate('c7', '2026-11-29'),
      certificate('c30', '2026-12-22'),
      certificate('c-today', '2026-11-22'),
      certificate('c-yesterday', '2026-11-21'),
    )
    const { rows, next } = await asked()
    expect(rows.map(({ number, validity }) => [number, validity.state, validity.daysLeft, validity.threshold])).toEqual([
      ['L-ended', 'ended', -295, null],
      ['No c-yesterday', 'ended', -1, null],
      ['No c-today', 'ending', 0, 7],
      ['No c7', 'ending', 7, 7],
      ['No c30', 'ending', 30, 30],
      ['L-90', 'ending', 90, 90],
    ])
    expect(next).toBeNull()
    expect((await asked({ within: 0 })).rows).toHaveLength(3)
    expect((await asked({ within: 91 })).rows.at(-1)).toMatchObject({ number: 'L-91', validity: { state: 'valid' } })
  })

  it('come page by page, each once, also where several end on one day', async () => {
    await write(
      ...[1, 2, 3].map((at) => certificate(`c${at}`, '2026-12-01')),
      party('m1', ...['A', 'B'].map((one) => licence(one, '2026-12-01'))),
    )
    const pages: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await asked({ limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      pages.push(page.rows.map(({ number }) => number).join(' '))
      cursor = page.next
    }
    expect(pages).toEqual(['No c1 No c2', 'No c3 A', 'B'])
  })

  it('name whom they concern: the holder, and the items of that certificate or that maker', async () => {
    await write(
      party('m1', licence('L', '2026-12-01')),
      certificate('c1', '2026-12-01'),
      certificate('c2', '2029-12-01'),
      ...Array.from({ length: 12 }, (_, at) => item(`i${10 + at}`, { certificate: 'c1' })),
      item('made', { manufacturer: 'm1', certificate: 'c2' }),
      item('gone', { certificate: 'c1', retired: true }),
    )
    const { rows } = await asked()
    expect(rows.map(({ is, party: one, items, itemsInAll }) => [is, one?.name.en, items[0]?.id, items.length, itemsInAll])).toEqual([
      ['certificate', 'm1', 'i10', 10, 12],
      ['licence', 'm1', 'made', 1, 1],
    ])
  })

  it('of what is retired or merged are not told; who is merged speaks as the one it is now', async () => {
    await write(
      party('m1', licence('L1', '2026-12-01')),
      party('m2', licence('L2', '2026-12-02')),
      { ...certificate('c1', '2026-12-03'), retired: true } as MasterRecord,
      certificate('c2', '2026-12-04', 'm1'),
      item('made', { manufacturer: 'm1' }),
      { is: 'redirect', id: 'm1', version: 1, of: 'party', to: 'm2' },
    )
    const { rows } = await asked()
    expect(rows.map(({ number, party: one, items }) => [number, one?.id, items.map(({ id }) => id).join()])).toEqual([
      ['L2', 'm2', 'made'],
      ['No c2', 'm2', ''],
    ])
  })

  it('are those of the version that rules, not of one to come', async () => {
    await write(certificate('c1', '2026-12-01'), { ...certificate('c1', '2031-12-01'), version: 2, from: '2026-11-23' } as MasterRecord)
    expect((await asked()).rows).toMatchObject([{ until: '2026-12-01' }])
  })
})
