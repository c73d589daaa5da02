import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TableForm, TableKind } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { PackLevel } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleaned, dateIn, listCell, listIn } from './cells.ts'
import { made, type OpenedImports, openTestImports, sheetOf, workbookOf } from './fixtures/opened.ts'
import { LIMITS } from './limits.ts'
import { packsCell, packsIn } from './pack-cell.ts'
import { readTable } from './reading.ts'

describe('a cell', () => {
  it.each([
    ['2026-11-22', '2026-11-22'],
    ['2026/1/2', '2026-01-02'],
    ['2026.1.2', '2026-01-02'],
    ['2026年1月2日', '2026-01-02'],
    ['２０２６－０１－０２', '2026-01-02'],
    ['20261122', '2026-11-22'],
    ['46348', '2026-11-22'],
    ['46348.5', '2026-11-22'],
    ['2026-02-30', undefined],
    ['22/11/2026', undefined],
    ['123', undefined],
    ['99999', undefined],
    ['soon', undefined],
  ])('%s as a date is %s', (cell, date) => {
    expect(dateIn(cell)).toBe(date)
  })

  it.each([
    [' 纱布\u3000', '纱布'],
    ['１２ＡＢ（ｃ）', '12AB（c）'],
    ['a\r\nb\tc', 'a b c'],
    ['\ufeffx\u200b', 'x'],
    ["'=1+1", '=1+1'],
    ["'tis", "'tis"],
    ['\ud800x', '\ufffdx'],
  ])('%j is cleaned to %j', (cell, text) => {
    expect(cleaned(cell)).toBe(text)
  })

  it('holds a list, whatever its parts hold', () => {
    const list = [
      ['a;b|c\\d', 'e'],
      ['；', '｜'],
    ]
    expect(listIn(listCell(list))).toEqual(list)
  })
})

describe('packs in a cell', () => {
  const G = '06901234567892'
  it.each([
    ['a code alone', '6901234567892', [{ pack: '包', units: 1, gtin: G }]],
    ['a level', '箱 | 50', [{ pack: '箱', units: 50, gtin: null }]],
    [
      'levels of levels, in any order',
      `托 | 2*箱; 箱 | 50 * 包 | ${G} | ma:MA.156.M0.1; 包 | 1`,
      [
        { pack: '托', units: 100, gtin: null, of: { pack: '箱', quantity: 2 } },
        { pack: '箱', units: 50, gtin: G, codes: [{ scheme: 'ma', code: 'MA.156.M0.1' }], of: { pack: '包', quantity: 50 } },
        { pack: '包', units: 1, gtin: null },
      ],
    ],
  ])('%s', (_, cell, packs) => {
    expect(packsIn('x', '包', cell)).toEqual(packs)
    expect(packsIn('x', '包', packsCell(packs as readonly PackLevel[]))).toEqual(packs)
  })

  it.each([
    ['箱 | 0', 'catalog.factor-not-whole'],
    ['箱 | 2.5', 'catalog.factor-not-whole'],
    ['箱 | 2.5*包; 包 | 1', 'catalog.factor-not-whole'],
    ['箱 | -3', 'catalog.factor-not-whole'],
    ['箱 | 9007199254740993', 'catalog.factor-not-whole'],
    ['箱 | 2*包; 包 | 3*箱', 'catalog.pack-loop'],
    ['箱 | 2*箱', 'catalog.pack-loop'],
    ['箱 | 2*袋', 'catalog.pack-unknown'],
    ['690123456789', 'codes.check-digit-wrong'],
    ['69012', 'codes.gtin-length-wrong'],
    ['6.90123E+12', 'codes.gtin-length-wrong'],
  ])('%s is refused', (cell, code) => {
    expect(packsIn('x', '包', cell)).toMatchObject({ code })
  })
})

describe('rows', () => {
  let opened: OpenedImports
  beforeEach(() => {
    opened = openTestImports()
  })
  afterEach(() => opened.close())

  const upload = async (kind: TableKind, table: Uint8Array | string) => {
    const { import: id } = await opened.upload(kind, table)
    return { id, rows: opened.rows(id) }
  }
  const whys = async (kind: TableKind, table: Uint8Array | string) =>
    (await upload(kind, table)).rows.map(({ row, why }) => [row, why?.code ?? null])
  const bytesOf = async (kind: TableKind, form: TableForm) => Buffer.from((await opened.imports().exported({ kind, form })).content)

  it('that are wrong are told with their reasons and keep none of the others back', async () => {
    const table = `编号,名称,基本单位,包装与条码,注册证号,生产企业,无菌,管理类别,医保编码
ok,纱布,包,06901234567892,,,是,二类,
dup,口罩,只,06901234567892,,,,,
zero,手套,双,盒 | 0,,,,,
half,棉签,支,盒 | 2.5,,,,,
loop,针,支,盒 | 2*箱; 箱 | 2*盒,,,,,
ok,纱布,包,,,,,,
cert,导管,根,,国械注准1,,,,
party,导丝,根,,,无此厂,,,
word,刀片,片,,,,也许,,
none,,片,,,,,,
nhsa,镊子,把,,,,,,C12
a b,剪刀,把,,,,,,
`
    expect(await whys('items', table)).toEqual([
      [2, null],
      [3, 'imports.code-twice'],
      [4, 'catalog.factor-not-whole'],
      [5, 'catalog.factor-not-whole'],
      [6, 'catalog.pack-loop'],
      [7, 'imports.row-twice'],
      [8, 'imports.certificate-unknown'],
      [9, 'imports.party-unknown'],
      [10, 'imports.cell-wrong'],
      [11, 'imports.cell-missing'],
      [12, 'api.request-malformed'],
      [13, 'api.request-malformed'],
    ])
  })

  it('name no code that another item has', async () => {
    await opened.commit(
      (await upload('items', '编号,名称,基本单位,包装与条码\ngauze,纱布,包,06901234567892\nmask,口罩,只,16901234567899\n')).id,
    )
    expect(await whys('items', '编号,名称,基本单位,包装与条码\nother,别的,包,6901234567892\n')).toEqual([[2, 'catalog.gtin-taken']])
    expect(await whys('items', '名称,基本单位,包装与条码\n两个,包,包 | 1 | 6901234567892 | gtin:16901234567899\n')).toEqual([
      [2, 'imports.match-twice'],
    ])
  })

  it('are limited in what one cell holds', async () => {
    expect(await whys('items', `名称,基本单位\n${'长'.repeat(LIMITS.cellCharsMax + 1)},包\n`)).toEqual([[2, 'imports.cell-too-long']])
  })

  it('come back as a file with the reason beside each, which may be sent again when it is mended', async () => {
    const { id } = await upload('items', '编号,名称,基本单位,包装与条码,备注\n=a,=cmd|calc!A1,包,盒 | 0,x\nok,纱布,包,,y\n')
    expect(made(opened.imports().show({ import: id })).ignored).toEqual(['备注'])
    const csv = made(await opened.imports().errors({ import: id, form: 'csv' }))
    const text = Buffer.from(csv.content).toString('utf8')
    expect(text.split('\r\n')[1]).toBe(
      `2,品种 =a 的包装 盒：换算数必须是大于 0 的整数（收到 0）,"Item =a, pack 盒: a factor is a whole number above 0 (got 0)",'=a,'=cmd|calc!A1,包,盒 | 0`,
    )
    const mended = await upload('items', text.replace('盒 | 0', '盒 | 5').replace("'=a", 'a'))
    expect(mended.rows).toMatchObject([{ outcome: 'new', id: 'a', name: '=cmd|calc!A1' }])
    const file = join(opened.folder, 'errors.xlsx')
    writeFileSync(file, made(await opened.imports().errors({ import: id, form: 'xlsx' })).content)
    expect((await readTable(file, LIMITS))[1]?.slice(3)).toEqual(['=a', '=cmd|calc!A1', '包', '盒 | 0'])
    expect(isRefusal(await opened.imports().errors({ import: 99, form: 'csv' }))).toBe(true)
  })

  it.each(['csv', 'xlsx'] as const)('go out as %s and come back as the same, SQL, HTML and formulas too', async (form) => {
    const nasty = `'; drop table item; -- <img src=x onerror=alert(1)> "a",;|\\b`
    const name = { zh: nasty, en: '@SUM(A1:A9)' }
    const licences = [{ kind: 'filing' as const, number: nasty, from: '2026-01-01', until: null, file: undefined }]
    const party = {
      id: 'p',
      name,
      roles: ['supplier' as const, 'carrier' as const],
      contact: '+86 1',
      licences: licences.map(({ file: _, ...one }) => one),
    }
    made(await opened.catalog.saveParty({ action: 'party-action', ...party }, 'county'))
    const certificate = { id: 'c', number: `=${nasty}`.slice(0, 80), holder: 'p', issued: '2026-01-01', until: null }
    made(await opened.catalog.saveCertificate({ action: 'cert-action', ...certificate }, 'county'))
    const item = {
      ...{
        item: 'i',
        name,
        model: '-1+1',
        specification: nasty,
        unit: { zh: '<b>包</b>', en: '=1' },
        nearDays: [90, 30],
        class: 'II' as const,
      },
      ...{ certificate: 'c', manufacturer: 'p', nhsa: `C${'1'.repeat(19)}`, singleUse: true, sterile: false, from: '2026-01-01' },
      packs: [
        { pack: nasty.slice(0, 60), units: 6, gtin: null, of: { pack: '-1', quantity: 3 } },
        { pack: '-1', units: 2, gtin: '06901234567892', codes: [{ scheme: 'local' as const, code: 'a|b;c' }] },
      ],
      storage: [{ what: '冷藏;', min: '-2', max: null, unit: '℃' }],
      promises: { lot: false, serial: false, produced: false, expiry: false },
    }
    made(await opened.catalog.createItem({ action: 'item-action', ...item }, 'county'))
    const [before] = await opened.county.ledger.tips(['hub>all'])
    for (const kind of ['parties', 'certificates', 'items'] as const) {
      const { id, rows } = await upload(kind, await bytesOf(kind, form))
      expect(rows.map(({ outcome, changes, why }) => ({ kind, outcome, changes, why }))).toEqual([
        { kind, outcome: 'same', changes: [], why: null },
      ])
      await opened.commit(id)
    }
    const csv = (await bytesOf('items', 'csv')).toString('utf8')
    expect(csv).not.toMatch(/(^|,|")[=+@-]/m)
    expect((await opened.county.ledger.tips(['hub>all']))[0]?.held).toBe(before?.held)
  })

  it('of a workbook may hold dates as numbers, and names in full width', async () => {
    const sheet = sheetOf([
      ['注册证号', '发证日期', '有效期至'],
      ['国械注准２０１５３１４０１２３', 46_348, '2031/11/21'],
    ])
    const { id } = await upload('certificates', workbookOf(sheet))
    await opened.commit(id)
    expect(made(await opened.county.ledger.ask.certificates({})).rows).toMatchObject([
      { number: '国械注准20153140123', issued: '2026-11-22', until: '2031-11-21' },
    ])
  })

  it('are not read where the header is not one', async () => {
    const failed = async (table: string) => (await opened.upload('items', table)).why?.code
    expect(await failed('名称\n纱布\n')).toBe('imports.columns-missing')
    expect(await failed('名称,基本单位,Name\n纱布,包,x\n')).toBe('imports.column-twice')
    expect(await failed('名称,基本单位\n,\n')).toBe('imports.file-empty')
  })

  it.each(['items', 'parties', 'certificates'] as const)('of %s begin with a template to download', async (kind) => {
    for (const form of ['csv', 'xlsx'] as const) {
      const file = join(opened.folder, `template.${form}`)
      const made = await opened.imports().template({ kind, form })
      writeFileSync(file, made.content)
      expect(made).toMatchObject({ name: `template-${kind}.${form}`, bytes: readFileSync(file).length })
      expect((await opened.upload(kind, made.content)).why?.code).toBe('imports.file-empty')
    }
  })

  it('of a file that is too large are not waited for', async () => {
    let sent = 0
    const endless = async function* () {
      for (;;) {
        sent += 1
        yield Buffer.alloc(1_048_576)
      }
    }
    expect(await opened.imports().receive(endless(), { kind: 'items' }, 'county')).toMatchObject({ code: 'imports.file-too-large' })
    expect(sent).toBe(21)
    expect((await opened.upload('items', '名称,基本单位\n纱布,包\n')).state).toBe('ready')
  })
})
