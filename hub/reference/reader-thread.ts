import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { ReaderTold } from './reader-worker.ts'
import type { Batch, ReadOrder } from './reading.ts'

/** Reads a release in a thread of its own: unpacking and reading cost as much as keeping, and there are two processors. */
export const readInThread = async function* (order: ReadOrder): AsyncGenerator<Batch, void, void> {
  const worker = new Worker(new URL('./reader-worker.ts', import.meta.url), { workerData: order, execArgv: [], resourceLimits: HEAP })
  try {
    for await (const [told] of on(worker, 'message', { close: ['exit'] }) as AsyncIterable<[ReaderTold]>) {
      if ('batch' in told) {
        yield told.batch
        worker.postMessage('taken')
      } else if ('ended' in told) return
      else if ('stopped' in told) throw stopped(told.stopped)
      else throw new Error(told.broken)
    }
    throw new Error('the reader ended before the release did')
  } finally {
    await worker.terminate()
  }
}

/** A reader that needs more than this was given something else than a release. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 }

const stopped = (refusal: Refusal): Error => Object.assign(new Error(refusal.en), { refusal })
