import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readDatabase } from '@lotkeeper/edge/database.ts'
import { sidesOf } from '@lotkeeper/edge/flow/antennas.ts'
import { entriesOf, type LabelParts, type Labels, labelsOf } from '@lotkeeper/edge/ledger/labels.ts'
import { RING_SHAPE, readRing } from '@lotkeeper/edge/ledger/ring.ts'
import { readScenario, type Scenario } from '@lotkeeper/edge/portal/scenario.ts'
import { readSettings, type Settings } from '@lotkeeper/edge/settings.ts'
import { openLedgerFile, told } from './ledger-file.ts'
import { copyDatabase } from './verify-copy.ts'

/** Labelled truth by door; of a file of lines nothing but the scenarios is known. */
export type DoorTruth = Pick<Labels, 'scenarios'> & Partial<Labels>

/** Reads labels from a node's `node.sqlite`, with the ring and the settings beside it, also while the node runs. Throws what `sentenceOf` has words for. */
export const truthOfNode = (file: string): ReadonlyMap<string, Labels> => {
  using opened = openLedgerFile(file)
  if (opened.kind !== 'node') throw told({ zh: '这不是乡镇站的账本', en: 'this is not the ledger of a node' })
  const settings = settingsIn(dirname(file))
  if (settings === null)
    throw told({
      zh: '旁边没有 edge.json，不知道哪根天线朝哪边',
      en: 'there is no edge.json beside it: nothing tells which side an antenna looks from',
    })
  return withRing(dirname(file), (ring) =>
    labelsOf(entriesOf(opened.db), { node: opened.owner, ring, antennas: (door) => sidesOf(settings, door) }),
  )
}

/** Settings of a node's folder, or `null` where there are none. */
export const settingsIn = (home: string): Settings | null => (existsSync(join(home, 'edge.json')) ? readSettings(home, {}) : null)

/** Reads labels from lines of JSON, each a scenario, or from one object that holds `scenarios`; by the door they name. */
export const truthOfLines = (file: string): ReadonlyMap<string, DoorTruth> => {
  const text = readFileSync(file, 'utf8')
  const values = wholeOf(text) ?? text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [parsed(line, at + 1)]))
  const scenarios = values.map((value, at) => readScenario(value) ?? noScenario(at + 1))
  return new Map([...Map.groupBy(scenarios, ({ door }) => door)].map(([door, some]) => [door, { scenarios: some }]))
}

/** Whether a file begins as a database does. */
export const isDatabase = (file: string): boolean => {
  const handle = openSync(file, 'r')
  try {
    const mark = Buffer.alloc(15)
    readSync(handle, mark, 0, mark.length, 0)
    return mark.toString('latin1') === 'SQLite format 3'
  } finally {
    closeSync(handle)
  }
}

const withRing = <Answer>(home: string, read: (ring: LabelParts['ring']) => Answer): Answer => {
  const file = join(home, 'ring.sqlite')
  if (!existsSync(file)) return read(() => null)
  using copy = copyDatabase(file)
  if (copy === null) throw told({ zh: '原始读数正忙，请稍后再试', en: 'the ring is written faster than it can be copied; try again' })
  const db = readDatabase(copy.path, RING_SHAPE)
  try {
    return read(readRing(db))
  } finally {
    db.close()
  }
}

/** The shared collection is one object; `null` when the text is lines. */
const wholeOf = (text: string): readonly unknown[] | null => {
  try {
    const value: unknown = JSON.parse(text)
    const scenarios = typeof value === 'object' && value !== null && 'scenarios' in value ? value.scenarios : [value]
    return Array.isArray(scenarios) ? scenarios : [value]
  } catch {
    return null
  }
}

const parsed = (line: string, number: number): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return noScenario(number)
  }
}

const noScenario = (line: number): Scenario => {
  throw told({ zh: `第 ${line} 条不是带答案的通过记录`, en: `line ${line} is no labelled passage` })
}
