import { Worker } from 'node:worker_threads'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { ReadTask, ReadTold } from './read-worker.ts'

/** A table that is read in a thread of its own, which has little memory and little time: nothing in a file can hold the hub up. */
export interface Reading {
  readonly rows: Promise<readonly (readonly string[])[] | Refusal>
  readonly cancel: () => void
}

/** A full table of 20 MB takes about half of it. */
const HEAP = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 64 }

export const readInThread = (task: ReadTask, after: (ms: number, run: () => void) => () => void): Reading => {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { workerData: task, execArgv: [], resourceLimits: HEAP })
  const rows = Promise.withResolvers<readonly (readonly string[])[] | Refusal>()
  const came: (readonly string[])[] = []
  const end = () => {
    rows.resolve(refuse('imports.too-slow'))
    void worker.terminate()
  }
  const stopClock = after(task.limits.readMsMax, end)
  worker.on('message', (told: ReadTold) => {
    if ('rows' in told) came.push(...told.rows)
    else if ('ended' in told) rows.resolve(came)
    else if ('refusal' in told) rows.resolve(told.refusal)
    else rows.reject(new Error(told.broken))
  })
  worker.on('error', (why) => {
    if ('code' in why && why.code === 'ERR_WORKER_OUT_OF_MEMORY') rows.resolve(refuse('imports.too-slow'))
    else rows.reject(why)
  })
  worker.on('exit', () => {
    stopClock()
    rows.resolve(refuse('imports.too-slow'))
  })
  return { rows: rows.promise, cancel: end }
}
