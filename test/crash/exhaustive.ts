import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { epochOf, type Head, type House, hubFile, type LogRow, nodeFile } from './houses.ts'
import { type Meter, openMeter } from './meter.ts'
import { openScratch } from './scratch.ts'

/** Something a house does, and what a power cut must leave of it. Every act may be repeated and then changes nothing. */
export interface Scenario<Opened extends House = House> {
  readonly name: string
  readonly kind: 'node' | 'hub'
  /** What it proves lies on a second medium too, which a loss of this one does not touch. */
  readonly copied?: true
  /** Makes what is there before, in an empty folder, and closes it. */
  readonly prepare: (folder: string) => Promise<void>
  readonly open: (folder: string, life: number, meter: Meter) => Promise<Opened>
  /** In order; each is one commit, and answers what whoever asked carried away. */
  readonly acts: readonly ((house: Opened) => Promise<Head | null>)[]
}

/** What cutting one scenario at its calls came to. */
export interface CutReport {
  readonly scenario: string
  /** Calls of ports that a whole run makes. */
  readonly calls: number
  readonly cuts: number
  /** Each one sentence; empty is what we want. */
  readonly broken: readonly string[]
}

/** Runs a scenario once whole, then cuts the power at every `stride`-th call from `first` on and judges what a new life makes of the files. */
export const cutEverywhere = async <Opened extends House>(scenario: Scenario<Opened>, first = 1, stride = 1): Promise<CutReport> => {
  using scratch = openScratch('cut')
  using meter = openMeter()
  const home = scratch.path
  const base = join(home, 'base')
  mkdirSync(base)
  await scenario.prepare(base)
  const whole = await wholeRun(scenario, meter, base, join(home, 'whole'))
  const broken: string[] = []
  let cuts = 0
  for (let at = first; at <= whole.calls; at += stride) {
    cuts += 1
    const found = await cutOnce(scenario, meter, home, at, whole)
    broken.push(...found.map((what) => `${scenario.name}, cut at call ${at} of ${whole.calls}: ${what}`))
  }
  return { scenario: scenario.name, calls: whole.calls, cuts, broken }
}

interface Whole {
  readonly calls: number
  readonly log: ReadonlyMap<string, LogRow>
  /** Rows of the log before, after the opening and after each act: a cut leaves one of these. */
  readonly bounds: readonly number[]
  readonly books: string
}

const wholeRun = async <Opened extends House>(scenario: Scenario<Opened>, meter: Meter, base: string, folder: string): Promise<Whole> => {
  cpSync(base, folder, { recursive: true })
  meter.begin(null)
  const house = await scenario.open(folder, 1, meter)
  const rows = () => meter.aside(house.log)
  const before = rows().filter(({ epoch }) => epoch !== epochOf(1)).length
  const bounds = [before, rows().length]
  for (const act of scenario.acts) {
    await act(house)
    bounds.push(rows().length)
  }
  const log = new Map(rows().map((row) => [placeOf(row), row]))
  const books = meter.aside(house.books)
  await house.close()
  return { calls: meter.end(), log, bounds, books }
}

const cutOnce = async <Opened extends House>(
  scenario: Scenario<Opened>,
  meter: Meter,
  home: string,
  at: number,
  whole: Whole,
): Promise<readonly string[]> => {
  const [dying, left] = [join(home, `${at}-dying`), join(home, `${at}-left`)]
  cpSync(join(home, 'base'), dying, { recursive: true })
  const answers: (Head | null)[] = []
  meter.begin(at)
  try {
    const house = await scenario.open(dying, 1, meter)
    for (const act of scenario.acts) answers.push(await act(house))
    await house.close()
  } catch (error) {
    if (!meter.isCut()) throw error
  }
  meter.end()
  // Nothing is closed first: this is what a power cut leaves when a flushed byte is a written byte.
  cpSync(dying, left, { recursive: true })
  meter.abandon()
  const broken = await judged(scenario, meter, left, answers, whole)
  rmSync(dying, { recursive: true })
  rmSync(left, { recursive: true })
  return broken
}

const judged = async <Opened extends House>(
  scenario: Scenario<Opened>,
  meter: Meter,
  folder: string,
  answers: readonly (Head | null)[],
  whole: Whole,
): Promise<readonly string[]> => {
  const broken: string[] = []
  const house = await scenario.open(folder, 2, meter)
  const rows = house.log().filter(({ epoch }) => epoch !== epochOf(2))
  broken.push(...prefixBreaches(rows, whole.log))
  if (!whole.bounds.includes(rows.length)) broken.push(`${rows.length} entries are left: part of an act (${whole.bounds.join(', ')})`)
  const answered = whole.bounds[answers.length + 1] ?? 0
  if (answers.length > 0 && rows.length < answered) broken.push(`${rows.length} entries are left, ${answered} were answered`)
  for (const head of answers) if (head && !(await house.holds(head))) broken.push(`the answered ${placeOf(head)} is gone`)
  broken.push(...(await house.audit()).map((table) => `before the repeat a refold differs: ${table}`))
  for (const act of scenario.acts) await act(house)
  if (house.books() !== whole.books)
    broken.push(`repeated, the books differ: ${house.books().slice(-BOOKS_SAID)} instead of ${whole.books.slice(-BOOKS_SAID)}`)
  broken.push(...(await house.audit()).map((table) => `a refold differs: ${table}`))
  await house.close()
  const verdict = verifyFile(scenario.kind === 'node' ? nodeFile(folder) : hubFile(folder))
  if ('unreadable' in verdict) broken.push(`verify: ${verdict.unreadable.en}`)
  else broken.push(...verdict.verdict.findings.map(({ code, where, detail }) => `verify: ${code} at ${where}: ${detail}`))
  return broken
}

/** Letters of two books that a sentence shows. */
const BOOKS_SAID = 400

/** What is left must be the very entries, from the first of each epoch on and without a gap. */
export const prefixBreaches = (rows: readonly LogRow[], whole: ReadonlyMap<string, LogRow>): readonly string[] => {
  const next = new Map<string, number>()
  return rows
    .toSorted((one, other) => one.seq - other.seq)
    .flatMap((row) => {
      const epoch = `${row.stream}/${row.epoch}`
      const wanted = next.get(epoch) ?? 1
      next.set(epoch, row.seq + 1)
      const known = whole.get(placeOf(row))
      if (row.seq !== wanted) return [`${epoch} goes on with ${row.seq} after ${wanted - 1}`]
      return known?.hash === row.hash && known.body === row.body ? [] : [`${placeOf(row)} is another entry than was written`]
    })
}

export const placeOf = ({ stream, epoch, seq }: Omit<Head, 'hash'>): string => `${stream}/${epoch}/${seq}`
