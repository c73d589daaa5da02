import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, readDatabase } from '@lotkeeper/hub/database.ts'
import { openDevices } from '@lotkeeper/hub/reference/devices.ts'
import { deviceOf, releaseParts, zipOf } from '@lotkeeper/hub/reference/fixtures/release.ts'
import { fold, soundOf } from '@lotkeeper/hub/reference/fold.ts'
import { REFERENCE_FORM } from '@lotkeeper/hub/reference/form.ts'
import { wishOf } from '@lotkeeper/hub/reference/wish.ts'
import { type Bench, type Figure, type Measured, median } from './figures.ts'
import { openFolder, startProgram } from './machine.ts'

/** The public device database: how fast a release comes in and what that costs, and how fast anything in it is found. */
export const reference: Bench = {
  name: 'reference',
  what: { zh: '器械数据库：导入与查找', en: 'the device database: import and search' },
  run: (scope, say) => measureReference(scope, say, RECORDS),
}

/** So many records can be made, imported and searched on a slow machine before the bench ends; `reference-million.ts` takes its time. */
const RECORDS = 100_000
const SEED = 7

export const measureReference = async (
  scope: AsyncDisposableStack,
  say: (line: string) => void,
  records: number,
): Promise<readonly Figure[]> => {
  const folder = openFolder(scope)
  const zip = join(folder, 'release.zip')
  const database = join(folder, 'reference.sqlite')
  writeRelease(zip, records)
  const run = async (...args: readonly string[]): Promise<Cost> => {
    const { said } = await startProgram(scope, [fileURLToPath(new URL('./reference-import.ts', import.meta.url)), ...args])
    say(`${args[0]}: ${JSON.stringify(said)}`)
    return said as unknown as Cost
  }
  const imported = await run('import', zip, database)
  const read = await run('read', zip)
  const bare = records > BARE_MAX ? null : await run('insert', zip, join(folder, 'bare.sqlite'))
  const db = readDatabase(database, REFERENCE_FORM)
  scope.defer(() => void db.close())
  return [
    ...importFigures(records, imported, [
      { name: { zh: '只解压和读取', en: 'unpack and read alone' }, cost: read },
      ...(bare ? [{ name: { zh: '只写入无索引的表', en: 'bare inserts' }, cost: bare }] : []),
    ]),
    ...findFigures(db, records, say),
  ]
}

/** More rows than this are not held in memory to be written bare. */
const BARE_MAX = 300_000

interface Cost {
  readonly ms: number
  readonly cpuMs: number
  readonly peakMb: number
}

const importFigures = (
  records: number,
  { ms, cpuMs, peakMb }: Cost,
  beside: readonly { readonly name: Figure['what']; readonly cost: Cost }[],
): readonly Figure[] => {
  const count = records.toLocaleString('en-US')
  const perSecond = (spent: number) => median('/s', [(records / spent) * 1000])
  return [
    {
      what: { zh: `导入 ${count} 条`, en: `import of ${count} records` },
      ours: perSecond(ms),
      goal: { is: '≥', value: 1_000_000 / 120 },
      beside: beside.map(({ name, cost }) => ({ name, measured: perSecond(cost.ms) })),
    },
    { what: { zh: '导入的内存峰值', en: 'its memory at most' }, ours: median('MB', [peakMb]), goal: { is: '<', value: 300 } },
    { what: { zh: '导入的处理器时间', en: 'its processor time' }, ours: median('ms', [cpuMs]) },
  ]
}

const findFigures = (db: Database, records: number, say: (line: string) => void): readonly Figure[] => {
  const { find } = openDevices(db)
  const scan = db.prepare(`select d.di from device d join term n on n.id = d.name where n.text like '%' || ? || '%' limit 20`).pluck()
  const wishes = wishesOf(records)
  const timed = (text: string, look: () => unknown): number => {
    const from = performance.now()
    look()
    const ms = performance.now() - from
    if (ms > SLOW_MS) say(`${Math.round(ms)} ms: ${text}`)
    return ms
  }
  const ours = wishes.map((text) => timed(text, () => find(wishOf(text, 2026), 20)))
  const scans = wishes.filter((_, at) => at % SCANNED_EVERY === 0).map((text) => timed('', () => scan.all(text)))
  const at = (quantile: number, values: readonly number[]): Measured => ({ unit: 'ms', values, quantile })
  const name = { zh: 'like 全表扫描', en: 'a like scan' }
  return [0.5, 0.99].map((quantile) => ({
    what: { zh: `查找 p${quantile * 100}`, en: `search p${quantile * 100} over ${records.toLocaleString('en-US')}` },
    ours: at(quantile, ours),
    ...(quantile > 0.9 ? { goal: { is: '<' as const, value: 30 } } : {}),
    beside: [{ name, measured: at(quantile, scans) }],
  }))
}
const SLOW_MS = 100
const SCANNED_EVERY = 25

/** What people type: names whole and in parts, one letter and two, sounds, codes in three lengths, certificates, models, words, nonsense. */
const wishesOf = (records: number): readonly string[] =>
  Array.from({ length: 120 }, (_, at) => {
    const { fields } = deviceOf(SEED, Math.floor((records / 120) * at))
    const [name = '', maker = '', di = '', model = ''] = ['cpmctymc', 'ylqxzcrbarmc', 'zxxsdycpbs', 'ggxh'].map((tag) => fields[tag] ?? '')
    const { pinyin, initials } = soundOf(fold(name))
    const certificate = fields['zczbhhzbapzbh'] ?? ''
    const middle = 1 + (at % Math.max(1, name.length - 4))
    return [
      ...[1, 2, 3, 4].map((length) => name.slice(middle, middle + length)),
      ...[name, name.slice(0, 3), maker.slice(0, 4), maker.slice(2, 6), initials.slice(0, 4), initials.slice(2, 6), pinyin.slice(0, 9)],
      ...[pinyin.slice(4, 11), di, di.slice(1), di.slice(1, 9), `]d201${di}10B${at}`, certificate, certificate.replace(/\D/g, ''), model],
      ...[
        `${name.slice(-3)} ${maker.slice(0, 4)}`,
        `${name.slice(0, 2)} ${name.slice(-2)}`,
        `${name.slice(-1)}${maker.slice(0, 1)}`,
        `xq${at}`,
      ],
    ]
  }).flat()

const writeRelease = (file: string, records: number): void => {
  const opened = openSync(file, 'w')
  for (const bytes of zipOf(releaseParts({ seed: SEED, records }))) writeSync(opened, bytes)
  closeSync(opened)
}
