import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { placeOf, prefixBreaches, type Scenario } from './exhaustive.ts'
import { epochOf, type Head, type House, hubFile, nodeFile } from './houses.ts'
import { openMeter } from './meter.ts'
import { openScratch } from './scratch.ts'

/** What dropping writes that were not yet flushed came to. */
export interface UnsyncedReport {
  readonly drops: number
  readonly broken: readonly string[]
}

/**
 * A power cut before the flush of an act: of all sectors the act was writing any subset may have reached the disk. What was answered before
 * must stand; the act itself is there whole or not at all.
 */
export const dropUnsynced = async <Opened extends House>(
  scenario: Scenario<Opened>,
  subsets: number,
  seed = 1,
): Promise<UnsyncedReport> => {
  using scratch = openScratch('unsynced')
  using meter = openMeter()
  const living = join(scratch.path, 'living')
  mkdirSync(living)
  await scenario.prepare(living)
  const file = scenario.kind === 'node' ? nodeFile(living) : hubFile(living)
  const house = await scenario.open(living, 1, meter)
  const answers: Head[] = []
  const moments: Moment[] = [momentOf(file, house, answers)]
  for (const act of scenario.acts) {
    const head = await act(house)
    if (head) answers.push(head)
    moments.push(momentOf(file, house, answers))
  }
  const whole = new Map(house.log().map((row) => [placeOf(row), row]))
  await house.close()
  const broken: string[] = []
  let drops = 0
  for (const [at, after] of moments.entries()) {
    const before = moments[at - 1]
    if (!before) continue
    for (let subset = 0; subset < subsets; subset += 1) {
      drops += 1
      const folder = join(scratch.path, `${at}-${subset}`)
      cpSync(living, folder, { recursive: true })
      writeTorn(
        scenario.kind === 'node' ? nodeFile(folder) : hubFile(folder),
        before,
        after,
        (sector) => chance(seed, at, subset, sector) * 2 < 1,
      )
      const found = await judged(scenario, folder, meter, before, after, whole)
      broken.push(...found.map((what) => `${scenario.name}, act ${at}, subset ${subset} of seed ${seed}: ${what}`))
      rmSync(folder, { recursive: true })
    }
  }
  return { drops, broken }
}

/** The files when everything up to here was flushed. */
interface Moment {
  readonly main: Buffer
  readonly wal: Buffer
  readonly rows: number
  readonly answers: readonly Head[]
}

const SECTOR = 512

const momentOf = (file: string, house: House, answers: readonly Head[]): Moment => ({
  main: readFileSync(file),
  wal: readFileSync(`${file}-wal`),
  rows: house.log().length,
  answers: [...answers],
})

/** A checkpoint begins only when the WAL is flushed: while the main file is being written the WAL is whole. */
const writeTorn = (file: string, before: Moment, after: Moment, reached: (sector: number) => boolean): void => {
  const checkpointing = !before.main.equals(after.main)
  writeFileSync(file, checkpointing ? torn(before.main, after.main, reached) : after.main)
  writeFileSync(`${file}-wal`, checkpointing ? after.wal : torn(before.wal, after.wal, reached))
}

const torn = (before: Buffer, after: Buffer, reached: (sector: number) => boolean): Buffer => {
  const bytes = Buffer.alloc(after.length)
  for (let at = 0; at < after.length; at += SECTOR) {
    const source = reached(at / SECTOR) ? after : before
    if (at < source.length) source.copy(bytes, at, at, Math.min(at + SECTOR, source.length))
  }
  return bytes
}

const judged = async <Opened extends House>(
  scenario: Scenario<Opened>,
  folder: string,
  meter: ReturnType<typeof openMeter>,
  before: Moment,
  after: Moment,
  whole: Parameters<typeof prefixBreaches>[1],
): Promise<readonly string[]> => {
  const house = await scenario.open(folder, 2, meter)
  try {
    const rows = house.log().filter(({ epoch }) => epoch !== epochOf(2))
    const broken = [...prefixBreaches(rows, whole), ...(await house.audit())]
    if (rows.length !== before.rows && rows.length !== after.rows) broken.push(`${rows.length} entries: part of an act`)
    for (const head of before.answers) if (!(await house.holds(head))) broken.push(`the answered ${placeOf(head)} is gone`)
    return broken
  } finally {
    await house.close()
  }
}
