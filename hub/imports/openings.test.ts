import type { TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { OpeningTold } from '@lotkeeper/protocol/ledger/opening.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { made, type OpenedImports, openTestImports } from './fixtures/opened.ts'

const GAUZE = '06901234567892'
const CASE = '16901234567899'
let opened: OpenedImports
beforeEach(async () => {
  opened = openTestImports()
  const { catalog } = opened
  const room = (id: string, zh: string, use: 'store' | 'department') => ({ room: id, name: { zh, en: '' }, use })
  const rooms = [room('main', '耗材库', 'store'), room('ward', '病房', 'department')]
  for (const [site, zh] of Object.entries({ qinglong: '青龙镇卫生院', xiaohe: '小河村卫生室' }))
    made(await catalog.createSite({ action: `make-${site}`, site, name: { zh, en: '' }, zone: 'Asia/Shanghai', rooms }, 'county'))
  await opened.commit((await opened.upload('parties', '编号,名称,角色\nmaker,示例公司,供应商\n')).import)
  await opened.commit((await opened.upload('items', ITEMS)).import)
})
afterEach(() => opened.close())

const ITEMS = `编号,名称,型号,基本单位,包装与条码
gauze,医用纱布块,10x10,包,包 | 1 | ${GAUZE}; 箱 | 50*包 | ${CASE}
mask,医用外科口罩,,只,
`
const HEAD = '站点,库房,品种编号,条码,名称,批号,有效期至,数量,单位,供应商,盘点日期,单据号'
const table = (...rows: readonly string[]) => `${[HEAD, ...rows].join('\n')}\n`
const WHOLE = table(
  `qinglong,耗材库,gauze,,,B1,2028-08-31,2,箱,示例公司,2026/11/20,OLD-1`,
  `青龙镇卫生院,,,${GAUZE},,b2,20280831,"1,200",,,,OLD-1`,
  `xiaohe,ward,,,医用外科口罩,,,30,只,,2026年11月19日,OLD-1`,
)
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const whys = (rows: readonly TableRow[]) =>
  rows.map(({ outcome, why, warnings = [] }) => [why?.code ?? outcome, warnings.map(({ code }) => code)])
const openings = async () => made(await opened.county.ledger.ask.openings({})).rows
const tips = () => opened.county.ledger.tips(['hub>qinglong', 'hub>xiaohe'])
const bodies = async (site: string): Promise<readonly OpeningTold[]> => {
  const batch = await opened.county.ledger.batch({ stream: `hub>${site}`, epoch: (await tips())[0]?.epoch ?? '', from: 2, upto: 64 })
  return (batch?.entries ?? []).map((text) => (JSON.parse(text) as { readonly body: OpeningTold }).body)
}
const action = 'test-action'

describe('the stock of an old system', () => {
  it('is looked at before anything is told, then told to each site as one document', async () => {
    const before = await tips()
    const { import: id, ...read } = await opened.upload('openings', WHOLE)
    expect(read).toMatchObject({ state: 'ready', rows: 3, outcomes: { new: 3, changed: 0, same: 0, choice: 0, error: 0 } })
    expect(await tips()).toEqual(before)
    expect(opened.rows(id).map(({ id: item, name, matched }) => [item, name, matched])).toEqual([
      ['gauze', '医用纱布块 10x10 B1', 'id'],
      ['gauze', '医用纱布块 10x10 b2', 'code'],
      ['mask', '医用外科口罩 -', 'name'],
    ])
    expect(opened.rows(id)[0]?.changes).toContainEqual({ column: 'quantity', before: '', after: '100 包（2 箱）' })
    expect(opened.rows(id)[2]?.warnings).toMatchObject([{ code: 'imports.expiry-missing' }])
    expect(await opened.commit(id)).toMatchObject({ state: 'done', written: 3 })
    expect(await bodies('qinglong')).toMatchObject([
      {
        ...{ is: 'told', doc: 'OLD-1', counted: '2026-11-20', parts: 1 },
        lines: [
          {
            ...{ lot: 'gauze/B1', printed: 'B1', expiry: '2028-08-31', place: 'qinglong/main/available', units: 100, supplier: 'maker' },
            entered: { quantity: 2, pack: '箱', factorVersion: 1 },
          },
          { lot: 'gauze/B2', printed: 'b2', expiry: '2028-08-31', units: 1200, entered: null, supplier: null },
        ],
      },
    ])
    expect(await bodies('xiaohe')).toMatchObject([{ doc: 'OLD-1', counted: '2026-11-19', lines: [{ lot: 'mask/-', expiry: null }] }])
    expect((await openings()).map(({ site, doc, state, lines }) => [site, doc, state, lines]).toSorted()).toEqual([
      ['qinglong', 'OLD-1', 'open', 2],
      ['xiaohe', 'OLD-1', 'open', 1],
    ])
    expect(made(await opened.county.ledger.ask.stock({})).rows).toEqual([])
    expect(await opened.county.ledger.audit()).toEqual([])
  })

  it('that comes twice changes nothing, and what differs under the same document is refused', async () => {
    const { import: id } = await opened.upload('openings', WHOLE)
    await opened.commit(id)
    const before = await tips()
    expect(await opened.upload('openings', WHOLE)).toMatchObject({ import: id, state: 'done' })
    const again = await opened.upload('openings', `${WHOLE}\n`)
    expect(again.outcomes).toMatchObject({ same: 3, new: 0, error: 0 })
    await opened.commit(again.import)
    expect(await tips()).toEqual(before)
    const other = await opened.upload(
      'openings',
      table('qinglong,,gauze,,,B1,2028-08-31,3,箱,,,OLD-1', 'qinglong,,gauze,,,B9,2028-08-31,3,箱,,,OLD-2'),
    )
    expect(whys(opened.rows(other.import))).toEqual([
      ['catalog.opening-known', []],
      ['new', []],
    ])
  })

  it('says of each wrong row why, and warns of what stands already, stands twice or is past its day', async () => {
    const tag = { epc: '3074257BF7194E4000001A85', item: 'gauze', lotNumber: 'K1', expiry: '2028-08-31', pack: '箱' }
    made(await opened.catalog.registerTags({ action: 'tags-action', site: 'qinglong', doc: null, tags: [tag] }, 'county'))
    const row = (
      more: Partial<Record<'site' | 'room' | 'item' | 'code' | 'name' | 'lot' | 'expiry' | 'n' | 'unit' | 'by' | 'doc', string>>,
    ) => {
      const { site = 'qinglong', room = '', item = 'gauze', code = '', name = '', lot = 'B1', expiry = '2028-08-31', n = '1' } = more
      return [site, room, item, code, name, lot, expiry, n, more.unit ?? '', more.by ?? '', '', more.doc ?? 'OLD-1'].join(',')
    }
    const wrong = [
      [row({ site: '没有' }), 'imports.site-unknown'],
      [row({ room: 'attic' }), 'imports.room-unknown'],
      [row({ item: 'nothing' }), 'imports.item-unknown'],
      [row({ item: 'mask', code: GAUZE }), 'imports.match-twice'],
      [row({ n: '2.5' }), 'imports.cell-wrong'],
      [row({ n: '0' }), 'ledger.quantity-not-whole'],
      [row({ unit: '车' }), 'catalog.pack-unknown'],
      [row({ by: '没有' }), 'imports.party-unknown'],
      [row({ expiry: '2028-02-30' }), 'imports.cell-wrong'],
      [row({ doc: '' }), 'imports.cell-missing'],
      [row({ lot: 'K1', expiry: '2027-01-01' }), 'catalog.lot-expiry-differs'],
      [row({ lot: `${'批'.repeat(41)}` }), 'ledger.lot-malformed'],
    ] as const
    const { import: id } = await opened.upload('openings', table(...wrong.map(([text]) => text)))
    expect(whys(opened.rows(id)).map(([code]) => code)).toEqual(wrong.map(([, code]) => code))
    const { import: warned } = await opened.upload(
      'openings',
      table(row({}), row({}), row({ expiry: '2027-01-01' }), row({ lot: 'B3', expiry: '2020-01-31' }), row({ lot: 'B4', expiry: '' })),
    )
    expect(whys(opened.rows(warned))).toEqual([
      ['new', []],
      ['new', ['imports.lot-twice']],
      ['catalog.lot-expiry-differs', []],
      ['new', ['imports.lot-expired']],
      ['new', ['imports.expiry-missing']],
    ])
    const errors = await opened.imports().errors({ import: id, form: 'csv' })
    expect(isRefusal(errors) ? '' : Buffer.from(errors.content).toString()).toContain('没有站点“没有”')
  })

  it('asks which item is meant where names are only alike, and takes no new one', async () => {
    const { import: id } = await opened.upload(
      'openings',
      table('qinglong,,,,医用纱布块10x,B1,2028-08-31,1,,,,OLD-1', 'qinglong,,,,医用纱布块10x,B2,2028-08-31,1,,,,OLD-1'),
    )
    expect(opened.rows(id).map(({ outcome, candidates }) => [outcome, candidates[0]?.id])).toEqual([
      ['choice', 'gauze'],
      ['choice', 'gauze'],
    ])
    expect(codeOf(opened.imports().commit({ action, import: id }))).toBe('imports.choices-open')
    expect(made(await opened.imports().choose({ action, import: id, row: 2, id: null })).why?.code).toBe('imports.item-unknown')
    expect(made(await opened.imports().choose({ action, import: id, row: 2, id: 'gauze' }))).toMatchObject({
      outcome: 'new',
      matched: 'chosen',
    })
    expect(made(await opened.imports().chooseMany({ action, import: id, pick: 'best' }))).toMatchObject({ chosen: 1 })
    expect(await opened.commit(id)).toMatchObject({ state: 'done', written: 2 })
  })

  it('is withdrawn as a batch, and can then be told anew', async () => {
    const { import: id } = await opened.upload('openings', WHOLE)
    await opened.commit(id)
    expect(await opened.undo(id)).toMatchObject({ state: 'undone', written: 0 })
    expect((await openings()).map(({ state, withdrawn }) => [state, withdrawn?.reason])).toEqual([
      ['withdrawn', '撤销导入 table'],
      ['withdrawn', '撤销导入 table'],
    ])
    const again = await opened.upload('openings', WHOLE)
    expect(again).toMatchObject({ outcomes: { new: 3 } })
    expect(await opened.commit(again.import)).toMatchObject({ written: 3 })
    expect((await openings()).filter(({ state }) => state === 'open')).toHaveLength(2)
    expect(await opened.county.ledger.audit()).toEqual([])
  })

  it('that a stop broke off goes on, and tells nothing twice', async () => {
    const many = table(...Array.from({ length: 60 }, (_, at) => `qinglong,,gauze,,,L${at},2028-08-31,1,,,,OLD-${at % 20}`))
    const { import: id } = await opened.upload('openings', many)
    made(opened.imports().commit({ action, import: id }))
    await new Promise((resolve) => setTimeout(resolve, 10))
    await opened.restart()
    expect(made(opened.imports().show({ import: id }))).toMatchObject({ state: 'done', written: 60, rows: 60 })
    expect(await openings()).toHaveLength(20)
  })

  it('has a template, and goes out as the stock that stands', async () => {
    const form = 'csv'
    const template = Buffer.from((await opened.imports().template({ kind: 'openings', form })).content).toString()
    expect(template).toContain('批号 / Lot')
    expect((await opened.imports().exported({ kind: 'openings', form })).name).toBe('stock.csv')
    expect(
      opened
        .imports()
        .kinds()
        .rows.map(({ kind }) => kind),
    ).toEqual(['parties', 'certificates', 'items', 'openings'])
  })
})
