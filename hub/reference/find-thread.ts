import { Worker } from 'node:worker_threads'
import type { FindAsked, FindTold } from './find-worker.ts'

/** The thread that looks through the reference: a question that takes long holds nobody up but the next one. */
export interface FindThread {
  readonly ask: (asked: WithoutId<FindAsked>) => Promise<unknown>
  readonly close: () => Promise<void>
}
type WithoutId<Asked> = Asked extends unknown ? Omit<Asked, 'id'> : never

export const openFindThread = (file: string): FindThread => {
  const worker = new Worker(new URL('./find-worker.ts', import.meta.url), { workerData: file, execArgv: [] })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const gone = Promise.withResolvers<void>()
  let next = 1
  let broken: Error | null = null
  const end = (why: Error) => {
    broken ??= why
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
  }
  worker.on('message', (told: FindTold) => {
    const promise = waiting.get(told.id)
    waiting.delete(told.id)
    if ('answer' in told) promise?.resolve(told.answer)
    else promise?.reject(new Error(told.trouble))
  })
  worker.on('error', end)
  worker.on('exit', () => {
    end(new Error('the thread that looks has ended'))
    gone.resolve()
  })
  return {
    ask: (asked) => {
      if (broken) return Promise.reject(broken)
      const promise = Promise.withResolvers<unknown>()
      waiting.set(next, promise)
      worker.postMessage({ id: next, ...asked } as FindAsked)
      next += 1
      return promise.promise
    },
    close: async () => {
      worker.postMessage(null)
      await gone.promise
    },
  }
}
