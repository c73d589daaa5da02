import { parentPort, workerData } from 'node:worker_threads'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { openDatabase } from '../database.ts'
import { REFERENCE_FORM } from './form.ts'
import { importRelease, indexAll, type Progress } from './importing.ts'
import type { Limits } from './limits.ts'
import { readInThread } from './reader-thread.ts'
import { openRuns } from './runs.ts'

/** What the thread of an import is told at its start; without a release it only makes findable what is there. */
export interface ImportTask {
  readonly database: string
  readonly limits: Limits
  readonly release: { readonly file: string; readonly name: string; readonly keep: readonly string[]; readonly actor: string } | null
}
/** What is said to it: leave off, or leave off and let everything lie. */
export type ImportAsked = 'cancel' | 'end'
export type ImportTold = { readonly progress: Progress } | { readonly ended: number | Refusal | null } | { readonly broken: string }

const run = async ({ database, limits, release }: ImportTask): Promise<number | Refusal | null> => {
  let asked: ImportAsked | null = null
  parentPort?.on('message', (word: ImportAsked) => {
    asked = word
  })
  const opened = openDatabase(database, REFERENCE_FORM)
  try {
    // Half of what a ledger has: the reference is read by everybody and written by this thread alone.
    opened.db.pragma(`cache_size = -${CACHE_KB}`)
    const ending = () => asked === 'end'
    if (release === null) {
      await indexAll(opened.db, ending)
      return null
    }
    const tell = (progress: Progress) => say({ progress })
    const order = { ...release, limits, now: Date.now, read: readInThread, tell, cancelled: () => asked !== null, ending }
    return await importRelease(opened.db, order)
  } catch (cause) {
    openRuns(opened.db, Date.now).broken(refuse('reference.import-failed', { why: cause instanceof Error ? cause.message : String(cause) }))
    throw cause
  } finally {
    opened.close()
  }
}
const CACHE_KB = 32_768

const say = (told: ImportTold): void => parentPort?.postMessage(told)

try {
  const ended = await run(workerData as ImportTask)
  say({ ended })
} catch (cause) {
  say({ broken: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
}
parentPort?.close()
