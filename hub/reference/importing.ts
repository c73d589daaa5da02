import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Database, storageTroubleOf } from '../database.ts'
import { type Counts, openCounting } from './counts.ts'
import { fold } from './fold.ts'
import { DEVICE_INDEXES, DROP_DEVICE_INDEXES } from './form.ts'
import { indexTerms } from './indexing.ts'
import { openKeeping } from './keep.ts'
import type { Limits } from './limits.ts'
import type { Batch, ReadOrder } from './reading.ts'
import { openRuns, type Run, type RunState } from './runs.ts'
import { refusalOf, stop } from './stops.ts'

/** What is to be imported, for whom, and how it is told. */
export interface ImportOrder {
  readonly file: string
  /** What the file was called where it came from. */
  readonly name: string
  readonly keep: readonly string[]
  readonly actor: string
  readonly limits: Limits
  readonly now: () => number
  /** Reads the release: in this thread, or in one of its own. */
  readonly read: (order: ReadOrder) => AsyncIterable<Batch>
  readonly tell: (progress: Progress) => void
  readonly cancelled: () => boolean
  /** The hub is about to end. */
  readonly ending: () => boolean
}

export interface Progress {
  readonly import: number
  readonly phase: 'reading' | 'indexing'
  readonly bytesRead: number
  readonly bytes: number
  readonly counts: Counts
}

/**
 * Imports one release, part by part. A part is committed whole with the place reached, so that the same file goes on where it was broken off,
 * by a cancel or a kill, and a file that went through changes nothing when it comes again. Answers the number of the run.
 */
export const importRelease = async (db: Database, order: ImportOrder): Promise<number | Refusal> => {
  const { size } = await stat(order.file)
  if (size > order.limits.fileBytesMax) return refuse('reference.file-too-large', { limit: order.limits.fileBytesMax })
  const runs = openRuns(db, order.now)
  const keep = [...new Set(order.keep.map(fold))].sort().join(' ')
  const run = runs.begin({ ...order, sha256: await digestOf(order.file), keep, bytes: size })
  if (run.state === 'done') return run.id
  order.tell({ import: run.id, phase: 'reading', bytesRead: 0, bytes: size, counts: run.counts })
  if (db.prepare('select 1 from device limit 1').get() === undefined) db.exec(DROP_DEVICE_INDEXES)
  const { state, why } = await keepParts(db, order, { run, runs, bytes: size })
  const counts = runs.counts(run.id)
  order.tell({ import: run.id, phase: 'indexing', bytesRead: size, bytes: size, counts })
  await indexAll(db, order.ending)
  runs.end(run.id, state, why)
  return run.id
}

/** Makes findable what came in, also what a broken import left behind; when the hub ends meanwhile, its next start goes on. */
export const indexAll = async (db: Database, ending: () => boolean): Promise<void> => {
  db.exec(DEVICE_INDEXES)
  for (const _ of indexTerms(db)) {
    await setImmediate()
    if (ending()) return
  }
}

interface Under {
  readonly run: Run
  readonly runs: ReturnType<typeof openRuns>
  readonly bytes: number
}
interface Outcome {
  readonly state: RunState
  readonly why: Refusal | null
}

const keepParts = async (db: Database, order: ImportOrder, { run, runs, bytes }: Under): Promise<Outcome> => {
  const counting = openCounting(run.counts)
  const keep = openKeeping(db)
  const told = openTold(order.tell)
  let parts = run.entriesDone
  const take = (batch: Batch) => {
    if (!db.inTransaction) db.exec('begin immediate')
    for (const device of batch.devices) counting.kept(keep(device))
    for (const refused of batch.refused) runs.refused(run.id, counting.refused(refused.refusal), { part: batch.part, ...refused })
    counting.beside(batch)
    if (counting.counts().records > order.limits.recordsMax) throw stop('reference.records-too-many', { limit: order.limits.recordsMax })
    if (!batch.ends) return
    parts += 1
    runs.reached(run.id, parts, counting.counts())
    db.exec('commit')
  }
  try {
    for await (const batch of order.read({ file: order.file, partsDone: parts, keep: order.keep, limits: order.limits })) {
      if (order.cancelled()) return { state: 'cancelled', why: null }
      take(batch)
      told({ import: run.id, phase: 'reading', bytesRead: batch.bytesRead, bytes, counts: counting.counts() })
    }
    if (counting.counts().records === 0) throw stop('reference.records-none')
    return { state: 'done', why: null }
  } catch (cause) {
    const why = refusalOf(cause) ?? (storageTroubleOf(cause) === 'full' ? refuse('ledger.disk-full') : null)
    if (!why) throw cause
    return { state: 'failed', why }
  } finally {
    // Of a part that did not come to its end nothing stays: what is counted is what is there.
    if (db.inTransaction) db.exec('rollback')
  }
}

/** Tells progress a few times a second. */
const openTold = (tell: ImportOrder['tell']) => {
  let toldAt = -TELL_MS
  return (progress: Progress) => {
    if (performance.now() - toldAt < TELL_MS) return
    toldAt = performance.now()
    tell(progress)
  }
}
const TELL_MS = 250

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
