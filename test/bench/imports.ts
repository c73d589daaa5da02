import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tableFile } from '@lotkeeper/hub/imports/files.ts'
import type { TableForm } from '@lotkeeper/protocol/api/hub-imports.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { type Bench, type Figure, median } from './figures.ts'
import { openFolder, startProgram } from './machine.ts'

/** Tables of items as an old system gives them: how long until one may look, until all is written, what it costs. */
export const imports: Bench = {
  name: 'imports',
  what: { zh: '导入品种表', en: 'tables of items come in' },
  run: (scope, say) => measureImports(scope, say, [{ form: 'csv', rows: 5_000 }]),
}

/** So many rows of one form. */
export interface TableSize {
  readonly form: TableForm
  readonly rows: number
}

/** The largest tables that are taken in real life. */
export const FULL: readonly TableSize[] = [
  { form: 'csv', rows: 50_000 },
  { form: 'xlsx', rows: 20_000 },
]

export const measureImports = async (
  scope: AsyncDisposableStack,
  say: (line: string) => void,
  sizes: readonly TableSize[],
): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  for (const size of sizes) {
    const folder = openFolder(scope)
    const rows = Array.from({ length: size.rows }, (_, at) => rowAt(at))
    const [table, other] = [join(folder, `items.${size.form}`), join(folder, `other.${size.form}`)]
    for (const [file, ordered] of [[table, rows] as const, [other, rows.toReversed()] as const])
      writeFileSync(file, (await tableFile('items', size.form, { columns: COLUMNS, rows: ordered })).content)
    const { said, close } = await startProgram(scope, [fileURLToPath(new URL('./table-import.ts', import.meta.url)), table, other, folder])
    await close()
    say(`${size.form} ${size.rows}: ${JSON.stringify(said)}`)
    figures.push(...figuresOf(size, said as unknown as Readonly<Record<Step, Cost>>))
  }
  return figures
}

const COLUMNS = [
  ['id', '编号', 'Id'],
  ['name-zh', '名称', 'Name'],
  ['model', '型号', 'Model'],
  ['specification', '规格', 'Specification'],
  ['unit-zh', '基本单位', 'Unit'],
  ['packs', '包装与条码', 'Packs and codes'],
  ['near-days', '近效期预警天数', 'Near-expiry days'],
  ['class', '管理类别', 'Class'],
  ['sterile', '无菌', 'Sterile'],
].map(([key = '', zh = '', en = '']) => ({ key, zh, en }))

/** An item as a county fills it in: three packs with their codes. */
const rowAt = (at: number): Readonly<Record<string, string>> => {
  const gtin = (level: number) => {
    const digits = `${level}69${String(at).padStart(10, '0')}`
    return `${digits}${checkDigitOf(digits)}`
  }
  return {
    ...{
      id: `item-${at}`,
      'name-zh': `一次性使用${NAMES[at % NAMES.length]}${NAMES[(at * 7 + 3) % NAMES.length]}`,
      model: `DG-${at % 997}`,
    },
    ...{
      specification: `${at % 20}Fr×${at}cm`,
      'unit-zh': '支',
      packs: `支 | 1 | ${gtin(0)}; 盒 | 50*支 | ${gtin(1)}; 箱 | 10*盒 | ${gtin(2)}`,
    },
    ...{ 'near-days': '180、90、30', class: 'II', sterile: '是' },
  }
}
const NAMES = ['纱布', '导管', '手套', '口罩', '注射器', '敷料', '绷带', '缝合线', '留置针', '输液器']

type Step = 'preview' | 'commit' | 'again' | 'undo'
interface Cost {
  readonly ms: number
  /** Of all threads: what a machine that is busy with others would have needed. */
  readonly cpuMs: number
  readonly stallMs: number
  readonly peakMb: number
}

const figuresOf = ({ form, rows }: TableSize, said: Readonly<Record<Step, Cost>>): readonly Figure[] => {
  const count = rows.toLocaleString('en-US')
  const kind = form.toUpperCase()
  const spent = (step: Step, zh: string, en: string): Figure => ({
    what: { zh: `${kind} ${count} 行：${zh}`, en: `${kind} of ${count} rows: ${en}` },
    ours: median('ms', [said[step].ms]),
  })
  return [
    spent('preview', '到预览', 'until it can be looked at'),
    spent('commit', '写入', 'until it is written'),
    spent('again', '全无变化时到预览', 'looked at again, nothing new'),
    spent('undo', '撤销', 'until it is undone'),
    {
      what: { zh: `${kind} ${count} 行：预览和写入的处理器时间`, en: `${kind} of ${count} rows: processor time until it is written` },
      ours: median('ms', [said.preview.cpuMs + said.commit.cpuMs]),
    },
    {
      what: { zh: `${kind} ${count} 行：内存峰值`, en: `${kind} of ${count} rows: memory at most` },
      ours: median('MB', [Math.max(...Object.values(said).map(({ peakMb }) => peakMb))]),
    },
    {
      what: { zh: `${kind} ${count} 行：旁人最多等`, en: `${kind} of ${count} rows: the longest anybody else waits` },
      ours: median('ms', [Math.max(...Object.values(said).map(({ stallMs }) => stallMs))]),
    },
  ]
}
