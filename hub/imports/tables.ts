import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { TableKind } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { Licence, PackLevel } from '@lotkeeper/protocol/ledger/master.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Cells, cleanedCode, dateIn, listCell, listIn, type Words, wordFor, wordIn, wordsIn, yesCell, yesIn } from './cells.ts'
import { type CellReader, type Column, type Fields, openCellReader } from './columns.ts'
import { LIMITS } from './limits.ts'
import type { Look } from './look.ts'
import { packsCell, packsIn } from './pack-cell.ts'

/** What is particular to a table of one kind of record: its columns, and how they and the fields of a record become each other. */
export interface Table {
  readonly kind: RecordTable
  readonly is: 'item' | 'party' | 'certificate'
  readonly columns: readonly Column[]
  /** The fields a row says, on top of what is known of the record it changes. */
  readonly fieldsIn: (cells: Cells, known: Fields | null, look: Look) => Fields | Refusal
  readonly cellsOf: (fields: Fields, look: Look) => Readonly<Record<string, string>>
  /** What people call the record. */
  readonly nameOf: (fields: Fields) => string
}

const ID: Column = { key: 'id', zh: '编号', en: 'Id' }
const FROM: Column = { key: 'from', zh: '生效日期', en: 'From' }
const RETIRED: Column = { key: 'retired', zh: '停用', en: 'Retired' }

const CLASSES: Words = { I: ['I', '一类', '1', 'Ⅰ'], II: ['II', '二类', '2', 'Ⅱ'], III: ['III', '三类', '3', 'Ⅲ'] }
const PROMISES: Words = {
  lot: ['批号', 'batch'],
  serial: ['序列号', 'serial number'],
  produced: ['生产日期', 'production date'],
  expiry: ['有效期', '失效日期', 'use by'],
}
const NONE = '都没有'
const ROLES: Words = {
  supplier: ['供应商', '供货商', '经销商'],
  manufacturer: ['生产企业', '厂家', '生产厂家', 'maker'],
  carrier: ['承运商', '物流'],
}
const LICENCES: Words = {
  business: ['营业执照'],
  production: ['生产许可', '生产许可证'],
  distribution: ['经营许可', '经营许可证'],
  filing: ['备案', '备案凭证'],
}

const ITEMS: Table = {
  kind: 'items',
  is: 'item',
  columns: [
    ID,
    { key: 'name-zh', zh: '名称', en: 'Name', required: true },
    { key: 'name-en', zh: '英文名称', en: 'Name (en)' },
    { key: 'model', zh: '型号', en: 'Model' },
    { key: 'specification', zh: '规格', en: 'Specification' },
    { key: 'unit-zh', zh: '基本单位', en: 'Unit', required: true },
    { key: 'unit-en', zh: '英文基本单位', en: 'Unit (en)' },
    { key: 'packs', zh: '包装与条码', en: 'Packs and codes' },
    { key: 'near-days', zh: '近效期预警天数', en: 'Near-expiry days' },
    { key: 'class', zh: '管理类别', en: 'Class' },
    { key: 'certificate', zh: '注册证号', en: 'Certificate' },
    { key: 'manufacturer', zh: '生产企业', en: 'Manufacturer' },
    { key: 'nhsa', zh: '医保编码', en: 'NHSA code' },
    { key: 'storage', zh: '储存条件', en: 'Storage' },
    { key: 'single-use', zh: '一次性使用', en: 'Single use' },
    { key: 'sterile', zh: '无菌', en: 'Sterile' },
    { key: 'promises', zh: '标签载明', en: 'Label promises' },
    FROM,
    RETIRED,
  ],
  fieldsIn: (cells, known, look) => {
    const read = openCellReader(ITEMS.columns, cells, known, LIMITS)
    read.name('name', 'name-zh', 'name-en')
    read.name('unit', 'unit-zh', 'unit-en')
    read.put('model', 'model', (cell) => cell, '')
    read.put('specification', 'specification', (cell) => cell)
    const called = cells.get('id') || cells.get('name-zh') || String(known?.['item'] ?? '')
    read.put('packs', 'packs', (cell) => packsIn(called, cells.get('unit-zh') ?? '', cell), [])
    read.put('nearDays', 'near-days', daysIn, [])
    read.put('class', 'class', (cell) => wordIn(CLASSES, cell))
    read.put('certificate', 'certificate', (cell) => look.certificate(cell) ?? refuse('imports.certificate-unknown', { number: cell }))
    read.put('manufacturer', 'manufacturer', (cell) => look.party(cell) ?? refuse('imports.party-unknown', { name: cell }))
    read.put('nhsa', 'nhsa', (cell) => cleanedCode(cell).toUpperCase())
    read.put('storage', 'storage', storageIn)
    read.put('singleUse', 'single-use', yesIn)
    read.put('sterile', 'sterile', yesIn)
    read.put('promises', 'promises', promisesIn)
    putHead(read)
    return read.fields()
  },
  cellsOf: (fields, look) => ({
    id: textOf(fields['item']),
    ...nameCells('name', fields['name']),
    model: textOf(fields['model']),
    specification: textOf(fields['specification']),
    ...nameCells('unit', fields['unit']),
    packs: packsCell((fields['packs'] ?? []) as readonly PackLevel[]),
    'near-days': ((fields['nearDays'] ?? []) as readonly number[]).join('、'),
    class: textOf(fields['class']),
    certificate: fields['certificate'] === undefined ? '' : look.certificateCell(textOf(fields['certificate'])),
    manufacturer: fields['manufacturer'] === undefined ? '' : look.partyCell(textOf(fields['manufacturer'])),
    nhsa: textOf(fields['nhsa']),
    storage: listCell(
      ((fields['storage'] ?? []) as readonly Storage[]).map(({ what, min, max, unit }) => [what, min ?? '', max ?? '', unit]),
    ),
    'single-use': yesCell(fields['singleUse']),
    sterile: yesCell(fields['sterile']),
    promises: promisesCell(fields['promises'] as Readonly<Record<string, boolean>> | undefined),
    ...headCells(fields),
  }),
  nameOf: (fields) =>
    [zhOf(fields['name']), textOf(fields['model']), textOf(fields['specification'])].filter((part) => part !== '').join(' '),
}

const PARTIES: Table = {
  kind: 'parties',
  is: 'party',
  columns: [
    ID,
    { key: 'name-zh', zh: '名称', en: 'Name', required: true },
    { key: 'name-en', zh: '英文名称', en: 'Name (en)' },
    { key: 'roles', zh: '角色', en: 'Roles', required: true },
    { key: 'credit-code', zh: '统一社会信用代码', en: 'Credit code' },
    { key: 'gln', zh: 'GLN', en: 'GLN' },
    { key: 'contact', zh: '联系方式', en: 'Contact', sensitive: 'contacts' },
    { key: 'licences', zh: '许可证照', en: 'Licences' },
    FROM,
    RETIRED,
  ],
  fieldsIn: (cells, known) => {
    const read = openCellReader(PARTIES.columns, cells, known, LIMITS)
    read.name('name', 'name-zh', 'name-en')
    read.put('roles', 'roles', (cell) => everyWord(ROLES, wordsIn(cell)))
    read.put('creditCode', 'credit-code', (cell) => cleanedCode(cell).toUpperCase())
    read.put('gln', 'gln', cleanedCode)
    read.put('contact', 'contact', (cell) => cell)
    read.put('licences', 'licences', (cell) => licencesIn(cell, (known?.['licences'] ?? []) as readonly Licence[]), [])
    putHead(read)
    return read.fields()
  },
  cellsOf: (fields) => ({
    id: textOf(fields['id']),
    ...nameCells('name', fields['name']),
    roles: ((fields['roles'] ?? []) as readonly string[]).map((role) => wordFor(ROLES, role)).join('、'),
    'credit-code': textOf(fields['creditCode']),
    gln: textOf(fields['gln']),
    contact: textOf(fields['contact']),
    licences: listCell(
      ((fields['licences'] ?? []) as readonly Licence[]).map(({ kind, number, from, until }) => [
        ...[wordFor(LICENCES, kind), number, from ?? '', until ?? ''],
      ]),
    ),
    ...headCells(fields),
  }),
  nameOf: (fields) => zhOf(fields['name']),
}

const CERTIFICATES: Table = {
  kind: 'certificates',
  is: 'certificate',
  columns: [
    ID,
    { key: 'number', zh: '注册证号', en: 'Number', required: true },
    { key: 'holder', zh: '持有人', en: 'Holder' },
    { key: 'issued', zh: '发证日期', en: 'Issued' },
    { key: 'until', zh: '有效期至', en: 'Until' },
    FROM,
    RETIRED,
  ],
  fieldsIn: (cells, known, look) => {
    const read = openCellReader(CERTIFICATES.columns, cells, known, LIMITS)
    read.put('number', 'number', (cell) => cell)
    read.put('holder', 'holder', (cell) => look.party(cell) ?? refuse('imports.party-unknown', { name: cell }))
    read.put('issued', 'issued', dateIn, null)
    read.put('until', 'until', dateIn, null)
    // The scanned paper is no cell: it stays.
    read.put('file', 'file', (cell) => cell)
    putHead(read)
    return read.fields()
  },
  cellsOf: (fields, look) => ({
    id: textOf(fields['id']),
    number: textOf(fields['number']),
    holder: fields['holder'] === undefined ? '' : look.partyCell(textOf(fields['holder'])),
    issued: textOf(fields['issued']),
    until: textOf(fields['until']),
    ...headCells(fields),
  }),
  nameOf: (fields) => textOf(fields['number']),
}

/** Tables whose rows are records of the catalogue. */
export type RecordTable = Exclude<TableKind, 'openings'>
export const TABLES: Readonly<Record<RecordTable, Table>> = { items: ITEMS, parties: PARTIES, certificates: CERTIFICATES }

type Storage = NonNullable<HubBody<'createItem'>['storage']>[number]

const putHead = (read: CellReader): void => {
  read.put('from', 'from', dateIn)
  // A record that is not retired does not say so.
  read.put('retired', 'retired', (cell) => {
    const yes = yesIn(cell)
    return yes === false ? null : yes
  })
}
const headCells = (fields: Fields) => ({ from: textOf(fields['from']), retired: fields['retired'] === true ? '是' : '' })

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const zhOf = (name: unknown): string => textOf((name as { readonly zh?: unknown } | undefined)?.zh)
const nameCells = (key: string, name: unknown): Readonly<Record<string, string>> => ({
  [`${key}-zh`]: zhOf(name),
  [`${key}-en`]: textOf((name as { readonly en?: unknown } | undefined)?.en),
})

const daysIn = (cell: string): readonly number[] | undefined => {
  const days = wordsIn(cell).map((word) => (/^\d{1,4}$/.test(word) ? Number(word) : Number.NaN))
  return days.some(Number.isNaN) ? undefined : [...new Set(days)].sort((one, other) => other - one)
}

const everyWord = (words: Words, said: readonly string[]): readonly string[] | undefined => {
  const names = said.map((word) => wordIn(words, word))
  return names.includes(undefined) ? undefined : [...new Set(names as readonly string[])]
}

const storageIn = (cell: string): readonly Storage[] | undefined => {
  const rows = listIn(cell).map(([what = '', min = '', max = '', unit = '']) => ({ what, min: min || null, max: max || null, unit }))
  return rows.length === 0 ? undefined : rows
}

const promisesIn = (cell: string): Readonly<Record<string, boolean>> | undefined => {
  const said = cell === NONE ? [] : everyWord(PROMISES, wordsIn(cell))
  return said && Object.fromEntries(Object.keys(PROMISES).map((name) => [name, said.includes(name)]))
}
const promisesCell = (promises: Readonly<Record<string, boolean>> | undefined): string => {
  if (!promises) return ''
  const said = Object.keys(PROMISES).filter((name) => promises[name] === true)
  return said.length === 0 ? NONE : said.map((name) => wordFor(PROMISES, name)).join('、')
}

/** The scanned paper of a licence is no cell: it stays with the number it was kept for. */
const licencesIn = (cell: string, known: readonly Licence[]): readonly object[] | undefined => {
  const rows = listIn(cell).map(([kind = '', number = '', from = '', until = '']) => {
    const file = known.find((one) => one.kind === wordIn(LICENCES, kind) && one.number === number)?.file
    return {
      ...{ kind: wordIn(LICENCES, kind), number, from: from === '' ? null : dateIn(from), until: until === '' ? null : dateIn(until) },
      ...(file === undefined ? {} : { file }),
    }
  })
  const isWrong = rows.some(({ kind, from, until }) => kind === undefined || from === undefined || until === undefined)
  return isWrong ? undefined : rows
}
