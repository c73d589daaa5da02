import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CutReport } from './exhaustive.ts'
import { type Meter, openMeter } from './meter.ts'
import { openScratch } from './scratch.ts'

/** Something that is done to files in one go, without a ledger that lives on; a power cut must leave all of it or nothing, and the repeat ends it. */
export interface FileScenario {
  readonly name: string
  readonly prepare: (folder: string) => Promise<void>
  /** May be run again on what a cut left. */
  readonly run: (folder: string, meter: Meter) => Promise<void>
  /** What is wrong with what stands there: before the repeat and, `ended`, after it. */
  readonly breaches: (folder: string, ended: boolean) => Promise<readonly string[]>
}

/** The same for files as `cutEverywhere` for ledgers. */
export const cutFiles = async ({ name, prepare, run, breaches }: FileScenario, first = 1, stride = 1): Promise<CutReport> => {
  using scratch = openScratch('cut-files')
  using meter = openMeter()
  const at = (folder: string) => join(scratch.path, folder)
  mkdirSync(at('base'))
  await prepare(at('base'))
  cpSync(at('base'), at('whole'), { recursive: true })
  meter.begin(null)
  await run(at('whole'), meter)
  const calls = meter.end()
  const broken = (await breaches(at('whole'), true)).map((what) => `${name}, not cut: ${what}`)
  let cuts = 0
  for (let cut = first; cut <= calls; cut += stride) {
    cuts += 1
    const [dying, left] = [at(`${cut}-dying`), at(`${cut}-left`)]
    cpSync(at('base'), dying, { recursive: true })
    meter.begin(cut)
    await run(dying, meter).catch((error: unknown) => {
      if (!meter.isCut()) throw error
    })
    meter.end()
    cpSync(dying, left, { recursive: true })
    meter.abandon()
    const found = [...(await breaches(left, false))]
    await run(left, meter)
    found.push(...(await breaches(left, true)).map((what) => `repeated, ${what}`))
    broken.push(...found.map((what) => `${name}, cut at call ${cut} of ${calls}: ${what}`))
    for (const folder of [dying, left]) rmSync(folder, { recursive: true })
  }
  return { scenario: name, calls, cuts, broken }
}
