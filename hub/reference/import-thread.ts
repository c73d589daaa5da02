import { Worker } from 'node:worker_threads'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { ImportAsked, ImportTask, ImportTold } from './import-worker.ts'
import type { Progress } from './importing.ts'

/** An import that runs in its own thread, beside everything the hub does. */
export interface RunningImport {
  /** How far it is; `null` before it began. */
  readonly progress: () => Progress | null
  /** The number of the run as soon as it has one; a refusal when it never began. */
  readonly begun: Promise<number | Refusal | null>
  /** Resolves when it ended, however it did. */
  readonly ended: Promise<void>
  readonly ask: (word: ImportAsked) => void
}

/** Room for the dictionary of sounds and what is on its way; without a limit rubbish would pile up to many times that. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }

/** `broke` is told what broke, when something did; the run then stands as broken. */
export const runImport = (task: ImportTask, broke: (why: unknown) => void): RunningImport => {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { workerData: task, execArgv: [], resourceLimits: HEAP })
  const begun = Promise.withResolvers<number | Refusal | null>()
  const ended = Promise.withResolvers<void>()
  let progress: Progress | null = null
  const fail = (why: Error) => {
    begun.reject(why)
    broke(why)
  }
  // Whoever started it may wait for its end only.
  begun.promise.catch(() => undefined)
  worker.on('message', (told: ImportTold) => {
    if ('progress' in told) {
      progress = told.progress
      begun.resolve(progress.import)
    } else if ('ended' in told) begun.resolve(told.ended)
    else fail(new Error(told.broken))
  })
  worker.on('error', fail)
  worker.on('exit', () => {
    begun.reject(new Error('the import ended before it began'))
    ended.resolve()
  })
  return { progress: () => progress, begun: begun.promise, ended: ended.promise, ask: (word) => worker.postMessage(word) }
}
