import { parentPort, workerData } from 'node:worker_threads'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import { refusalOf } from '../reference/stops.ts'
import type { Limits } from './limits.ts'
import { readTable } from './reading.ts'

/** What the thread that reads is given, and what it answers: rows a slice at a time and that they were all, or why there are none. */
export interface ReadTask {
  readonly file: string
  readonly limits: Limits
}
export type ReadTold =
  | { readonly rows: readonly (readonly string[])[] }
  | { readonly ended: true }
  | { readonly refusal: Refusal }
  | { readonly broken: string }

/** What the other thread takes in at once. */
const SLICE_ROWS = 500

const { file, limits } = workerData as ReadTask
const say = (told: ReadTold) => parentPort?.postMessage(told)
try {
  const rows = await readTable(file, limits)
  for (let at = 0; at < rows.length; at += SLICE_ROWS) say({ rows: rows.slice(at, at + SLICE_ROWS) })
  say({ ended: true })
} catch (cause) {
  const refusal = refusalOf(cause)
  say(refusal ? { refusal } : { broken: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
}
