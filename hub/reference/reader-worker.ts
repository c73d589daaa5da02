import { parentPort, workerData } from 'node:worker_threads'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import { type Batch, type ReadOrder, readRelease } from './reading.ts'
import { refusalOf } from './stops.ts'

/** What the reader says; it goes on when what it said was taken. */
export type ReaderTold = { readonly batch: Batch } | { readonly ended: true } | { readonly stopped: Refusal } | { readonly broken: string }

/** Batches that may be on their way: while one is kept, the next is read. */
const AHEAD = 3

const read = async (order: ReadOrder): Promise<void> => {
  const say = (told: ReaderTold) => parentPort?.postMessage(told)
  let ahead = 0
  let awaited: (() => void) | null = null
  parentPort?.on('message', () => {
    ahead -= 1
    awaited?.()
  })
  try {
    for await (const batch of readRelease(order)) {
      say({ batch })
      ahead += 1
      if (ahead < AHEAD) continue
      await new Promise<void>((resolve) => {
        awaited = resolve
      })
    }
    say({ ended: true })
  } catch (cause) {
    const stopped = refusalOf(cause)
    say(stopped ? { stopped } : { broken: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
  }
}

await read(workerData as ReadOrder)
parentPort?.close()
