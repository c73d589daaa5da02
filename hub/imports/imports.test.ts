import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { made, type OpenedImports, openTestImports } from './fixtures/opened.ts'

let opened: OpenedImports
beforeEach(() => {
  opened = openTestImports()
})
afterEach(() => opened.close())

const GAUZE = '06901234567892'
const CASE = '16901234567899'
const ITEMS = `编号,名称,型号,基本单位,包装与条码,注册证号,生产企业
gauze,医用纱布块,10x10,包,包 | 1 | ${GAUZE}; 箱 | 50*包 | ${CASE},,
mask,外科口罩,平面型,只,,,
`
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const outcomes = (id: number) => opened.rows(id).map(({ row, outcome, id: record, matched }) => [row, outcome, record, matched])
const items = async () => made(await opened.county.ledger.ask.items({})).rows
const item = async (id: string) => made(await opened.county.ledger.ask.item({ item: id }))
const tips = () => opened.county.ledger.tips(['hub>all'])
const action = 'test-action'

describe('a table of items', () => {
  it('is looked at before anything is written, then written as a batch', async () => {
    const before = await tips()
    const { import: id, ...read } = await opened.upload('items', ITEMS)
    expect(read).toMatchObject({ state: 'ready', rows: 2, outcomes: { new: 2, changed: 0, same: 0, choice: 0, error: 0 }, written: 0 })
    expect(await tips()).toEqual(before)
    expect(opened.rows(id)[0]?.changes).toContainEqual({ column: 'packs', before: '', after: `包 | 1 | ${GAUZE}; 箱 | 50*包 | ${CASE}` })
    expect(await opened.commit(id)).toMatchObject({ state: 'done', written: 2 })
    expect((await items()).map(({ item: name }) => name)).toEqual(['gauze', 'mask'])
    expect((await item('gauze')).record.packs).toEqual([
      { pack: '包', units: 1, gtin: GAUZE },
      { pack: '箱', units: 50, gtin: CASE, of: { pack: '包', quantity: 50 } },
    ])
  })

  it('that comes twice changes nothing', async () => {
    const first = await opened.upload('items', ITEMS)
    await opened.commit(first.import)
    const before = await tips()
    const again = await opened.upload('items', ITEMS)
    expect(again).toMatchObject({ import: first.import, state: 'done', written: 2 })
    expect(await opened.commit(again.import)).toMatchObject({ state: 'done' })
    expect(await tips()).toEqual(before)
    const other = await opened.upload('items', `${ITEMS}\n`)
    expect(other.outcomes).toMatchObject({ same: 2, new: 0, changed: 0 })
    await opened.commit(other.import)
    expect(await tips()).toEqual(before)
  })

  it('shows the fields that change, and keeps what it has no column for', async () => {
    await opened.commit((await opened.upload('items', ITEMS)).import)
    const { import: id } = await opened.upload('items', '编号,名称,基本单位\ngauze,纱布块,包\n')
    expect(opened.rows(id)).toMatchObject([
      { outcome: 'changed', matched: 'id', changes: [{ column: 'name-zh', before: '医用纱布块', after: '纱布块' }] },
    ])
    await opened.commit(id)
    expect((await item('gauze')).record).toMatchObject({ version: 2, name: { zh: '纱布块' }, model: '10x10', packs: [{}, {}] })
  })

  it('finds its records by codes, then by certificate and model, then by names, and asks where names are only alike', async () => {
    await opened.commit((await opened.upload('certificates', '注册证号\n国械注准20153140123\n')).import)
    const known = `编号,名称,型号,基本单位,包装与条码,注册证号
gauze,医用纱布块,10x10,包,${GAUZE},
tube,硅胶导尿管,F16,根,,国械注准20153140123
mask,医用外科口罩,平面型,只,,
`
    await opened.commit((await opened.upload('items', known)).import)
    const { import: id } = await opened.upload(
      'items',
      `名称,型号,基本单位,包装与条码,注册证号
纱布（别的叫法）,5x5,包,${GAUZE.slice(1)},
导尿管,F16,根,,国械注准20153140123
医用外科口罩,平面型,只,,
医用外科口罩,平面,只,,
注射器,5ml,支,,
`,
    )
    expect(outcomes(id).map(([, outcome, record, matched]) => [outcome, record, matched])).toEqual([
      ['changed', 'gauze', 'code'],
      ['changed', 'tube', 'certificate'],
      ['same', 'mask', 'name'],
      ['choice', null, null],
      ['new', expect.stringMatching(/^item-[0-9a-f]{12}$/), null],
    ])
    const [choice] = opened.rows(id).filter(({ outcome }) => outcome === 'choice')
    expect(choice?.candidates[0]).toMatchObject({ id: 'mask', score: 0.842 })
    expect(codeOf(opened.imports().commit({ action, import: id }))).toBe('imports.choices-open')
    const wish = { action, import: id, row: 5 }
    expect(codeOf(await opened.imports().choose({ ...wish, id: 'tube' }))).toBe('imports.choice-unknown')
    expect(codeOf(await opened.imports().choose({ ...wish, row: 99, id: null }))).toBe('imports.choice-unknown')
    expect(made(await opened.imports().choose({ ...wish, id: 'mask' }))).toMatchObject({
      outcome: 'error',
      why: { code: 'imports.row-twice' },
    })
    expect(made(await opened.imports().choose({ ...wish, id: null }))).toMatchObject({ outcome: 'new', matched: 'chosen' })
    await opened.commit(id)
    expect(await items()).toHaveLength(5)
  })
})

describe('a batch', () => {
  it('is undone whole: new records are retired, changed ones get their content back', async () => {
    await opened.commit((await opened.upload('items', ITEMS)).import)
    const table = '编号,名称,基本单位\ngauze,纱布块,包\nnew,新品种,个\n'
    const { import: id } = await opened.upload('items', table)
    await opened.commit(id)
    expect(await opened.undo(id)).toMatchObject({ state: 'undone', written: 0 })
    expect((await item('gauze')).record).toMatchObject({ version: 3, name: { zh: '医用纱布块' }, packs: [{ gtin: GAUZE }, { gtin: CASE }] })
    expect((await item('new')).record).toMatchObject({ version: 2, retired: true })
    const again = await opened.upload('items', table)
    expect(again.import).not.toBe(id)
    expect(await opened.commit(again.import)).toMatchObject({ state: 'done', written: 2 })
    expect((await item('gauze')).record).toMatchObject({ version: 4, name: { zh: '纱布块' } })
    expect((await item('new')).record).toMatchObject({ version: 3 })
    expect((await item('new')).record).not.toHaveProperty('retired')
    await opened.undo(again.import)
    expect((await item('new')).record).toMatchObject({ version: 4, retired: true })
    expect((await opened.upload('items', table)).outcomes).toMatchObject({ changed: 2 })
  })

  it('that was undone brings nothing back that a person retired', async () => {
    const table = '编号,名称,基本单位\nnew,新品种,个\n'
    const { import: id } = await opened.upload('items', table)
    await opened.commit(id)
    await opened.undo(id)
    const { version, retired: _, ...fields } = (await item('new')).record
    made(await opened.catalog.createItem({ action: 'back-action', ...fields, knownVersion: version }, 'county'))
    made(await opened.catalog.createItem({ action: 'gone-action', ...fields, retired: true, knownVersion: version + 1 }, 'county'))
    expect((await opened.upload('items', table)).outcomes).toMatchObject({ same: 1 })
  })

  it('is not undone once one of its records was changed, merged or used', async () => {
    const { import: id } = await opened.upload('items', ITEMS)
    const undo = () => opened.imports().undo({ action, import: id })
    expect(codeOf(await undo())).toBe('imports.not-now')
    await opened.commit(id)
    const { site, ...place } = { site: 'qinglong', name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai' }
    const rooms = [{ room: 'main', name: { zh: '库', en: '' }, use: 'store' as const }]
    await opened.catalog.createSite({ action: 'site-action', site, ...place, rooms }, 'county')
    const tag = { epc: '3074257BF7194E4000001A85', item: 'gauze', lotNumber: 'B1', expiry: '2028-08-31', pack: '箱' }
    made(await opened.catalog.registerTags({ action: 'tags-action', site, doc: null, tags: [tag] }, 'county'))
    expect(codeOf(await undo())).toBe('imports.undo-used')
    const changed = { item: 'mask', name: { zh: '口罩', en: '' }, model: '', unit: { zh: '只', en: '' }, packs: [], nearDays: [] }
    made(await opened.catalog.createItem({ action: 'item-action', ...changed, knownVersion: 1 }, 'county'))
    expect(codeOf(await undo())).toBe('imports.undo-changed')
    expect((await item('gauze')).record).toMatchObject({ version: 1 })
  })

  it('of parties is not undone while something names one of them', async () => {
    const { import: id } = await opened.upload(
      'parties',
      '编号,名称,角色,许可证照\nmaker,示例公司,生产企业,生产许可|川械生产许1号|2022/1/1|2026年12月31日\n',
    )
    await opened.commit(id)
    const { import: held } = await opened.upload('certificates', '编号,注册证号,持有人,有效期至\ncert,国械注准1,示例公司,46752\n')
    await opened.commit(held)
    expect(made(await opened.county.ledger.ask.certificates({})).rows).toMatchObject([{ id: 'cert', holder: 'maker', until: '2027-12-31' }])
    expect(made(await opened.county.ledger.ask.parties({})).rows[0]?.licences).toEqual([
      { kind: 'production', number: '川械生产许1号', from: '2022-01-01', until: '2026-12-31' },
    ])
    expect(await opened.imports().undo({ action, import: id })).toMatchObject({
      code: 'imports.undo-used',
      facts: { id: 'maker', by: 'cert' },
    })
    await opened.undo(held)
  })

  it('that was stopped in the middle goes on at the next start, and writes nothing twice', async () => {
    const many = `编号,名称,基本单位\n${Array.from({ length: 300 }, (_, at) => `item-${at},品种${at},个\n`).join('')}`
    const { import: id } = await opened.upload('items', many)
    made(opened.imports().commit({ action, import: id }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await opened.restart()
    expect(made(opened.imports().show({ import: id }))).toMatchObject({ state: 'done', written: 300 })
    const all = made(await opened.county.ledger.ask.items({ limit: 500 })).rows
    expect(all.map(({ version }) => version)).toEqual(Array.from({ length: 300 }, () => 1))
  })

  it('is cancelled: what was written stays and can be gone on with or undone', async () => {
    const many = `编号,名称,基本单位\n${Array.from({ length: 300 }, (_, at) => `item-${at},品种${at},个\n`).join('')}`
    const { import: id } = await opened.upload('items', many)
    made(opened.imports().commit({ action, import: id }))
    made(opened.imports().cancel({ action, import: id }))
    await opened.imports().settled()
    const stopped = made(opened.imports().show({ import: id }))
    expect(stopped).toMatchObject({ state: 'ready' })
    expect(stopped.written).toBeLessThan(300)
    expect(await opened.commit(id)).toMatchObject({ state: 'done', written: 300 })
    expect(await opened.undo(id)).toMatchObject({ state: 'undone', written: 0 })
  })

  it('one at a time, in its order, and only one that is there', async () => {
    const first = await opened.upload('items', ITEMS)
    const second = await opened.upload('parties', '名称,角色\n甲,供应商\n')
    const { imports } = opened
    made(imports().commit({ action, import: first.import }))
    expect(codeOf(imports().commit({ action, import: second.import }))).toBe('imports.busy')
    await imports().settled()
    expect(made(imports().cancel({ action, import: second.import }))).toMatchObject({ state: 'cancelled' })
    expect(codeOf(imports().cancel({ action, import: second.import }))).toBe('imports.not-now')
    for (const answer of [imports().show({ import: 99 }), imports().rows({ import: 99 }), imports().commit({ action, import: 99 })])
      expect(codeOf(answer)).toBe('imports.unknown')
  })

  it('whose reading was broken off is sent again', async () => {
    const bytes = async function* () {
      yield Buffer.from(ITEMS)
    }
    const { import: id } = made(await opened.imports().receive(bytes(), { kind: 'items' }, 'county'))
    await opened.restart()
    expect(made(opened.imports().show({ import: id }))).toMatchObject({ state: 'failed', why: { code: 'imports.broken-off' } })
    expect(await opened.upload('items', ITEMS)).toMatchObject({ state: 'ready' })
  })
})
