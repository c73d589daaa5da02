import { Worker } from 'node:worker_threads'
import type { WriteTask } from './write-worker.ts'

/** A table as bytes, made in a thread of its own: a workbook of 20,000 rows takes seconds. */
export const writeInThread = (task: WriteTask): Promise<Uint8Array> => {
  const worker = new Worker(new URL('./write-worker.ts', import.meta.url), { workerData: task, execArgv: [] })
  const bytes = Promise.withResolvers<Uint8Array>()
  worker.on('message', bytes.resolve)
  worker.on('error', bytes.reject)
  worker.on('exit', () => bytes.reject(new Error('the thread that writes tables ended before it was through')))
  return bytes.promise
}
