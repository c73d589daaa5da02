import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SeasonReport } from './worker.ts'

/** What a long run has done so far. */
export interface Journal {
  readonly done: readonly SeasonReport[]
  readonly add: (report: SeasonReport) => void
}

/** Keeps the seasons of a run in a file: broken off, it goes on there. `null` when the file is of other settings or of other code: that would be another run. */
export const openJournal = (file: string | undefined, settings: Readonly<Record<string, unknown>>): Journal | null => {
  if (file === undefined) return { done: [], add: () => {} }
  const head = JSON.stringify({ code: codeDigest(), ...settings })
  const [kept = head, ...lines] = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  if (kept !== head) return null
  // The power may go in the middle of a line: that season runs again.
  const done = lines.flatMap((text) => reportIn(text) ?? [])
  writeFileSync(file, [head, ...done.map((report) => JSON.stringify(report)), ''].join('\n'))
  return { done, add: (report) => appendFileSync(file, `${JSON.stringify(report)}\n`) }
}

const reportIn = (text: string): SeasonReport | null => {
  try {
    return JSON.parse(text) as SeasonReport
  } catch {
    return null
  }
}

/** One hash over all that a season runs. */
const codeDigest = (): string => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const hash = createHash('sha256')
  for (const folder of ['protocol', 'edge', 'hub', 'deploy/simulators', 'test/season']) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const name of names.filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts') && !one.includes('node_modules')).toSorted())
      hash.update(name).update(readFileSync(join(root, folder, name)))
  }
  return hash.digest('hex')
}
