import { Worker } from 'node:worker_threads'
import { FAULTS, type Fault, type FaultCode, fault } from '../faults.ts'
import type { Committed, HubLedger, HubQuestions, Parcel } from './contract.ts'
import type { Asked, ThreadOptions, Told, TroubleText } from './messages.ts'
import { QUESTIONS, WORDS, type Word } from './words.ts'

/**
 * Opens the ledger in a thread of its own, so that commits never hold up the network. Rejects with the fault that kept it from opening.
 * Should the thread end by itself, everything asked is rejected and `failed` is called once.
 */
export const openLedgerThread = (options: ThreadOptions, failed: (why: Fault) => void): Promise<HubLedger> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options, execArgv: [] })
  const line = openLine(worker, failed)
  const opened = Promise.withResolvers<HubLedger>()
  const ledger: HubLedger = {
    ...(Object.fromEntries(Object.keys(WORDS).map((word) => [word, (...asked: unknown[]) => line.ask(word, asked)])) as unknown as Pick<
      HubLedger,
      Word
    >),
    take: (parcels) => line.take(parcels),
    ask: Object.fromEntries(
      Object.keys(QUESTIONS).map((name) => [name, (...asked: unknown[]) => line.ask(`ask.${name}`, asked)]),
    ) as unknown as HubQuestions,
    follow: line.follow,
    epoch: options.epoch,
    audit: () => line.ask('audit', []) as Promise<readonly string[]>,
    close: async () => {
      await line.ask('close', [])
      await worker.terminate()
    },
  }
  line.whenOpened(
    () => opened.resolve(ledger),
    (why) => opened.reject(why),
  )
  return opened.promise
}

const openLine = (worker: Worker, failed: (why: Fault) => void) => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const listeners = new Set<(committed: Committed) => void>()
  let next = 1
  let closing = false
  let opening: { readonly yes: () => void; readonly no: (why: Error) => void } | null = null

  const settle = (id: number): PromiseWithResolvers<unknown> | undefined => {
    const promise = waiting.get(id)
    waiting.delete(id)
    return promise
  }
  worker.on('message', (told: Told) => {
    if ('committed' in told) for (const listener of listeners) listener(told.committed)
    else if ('opened' in told) {
      opening?.yes()
      opening = null
    } else if ('broken' in told) {
      closing = true
      opening?.no(errorOf(told.broken))
    } else if ('answer' in told) settle(told.id)?.resolve(told.answer)
    else settle(told.id)?.reject(errorOf(told.trouble))
  })
  const ended = (why: string) => {
    if (closing) return
    closing = true
    const broken = fault('ledger.worker-ended', { why })
    for (const promise of waiting.values()) promise.reject(broken)
    waiting.clear()
    if (opening) opening.no(broken)
    else failed(broken)
  }
  worker.on('error', (cause) => ended(cause instanceof Error ? cause.message : String(cause)))
  worker.on('exit', (code) => ended(`exit ${code}`))

  const send = (make: (id: number) => Asked, transfer: readonly ArrayBuffer[] = []): Promise<unknown> => {
    const promise = Promise.withResolvers<unknown>()
    const id = next
    next += 1
    waiting.set(id, promise)
    try {
      worker.postMessage(make(id), transfer)
    } catch (cause) {
      // Something that cannot cross to another thread: the caller's bug, and the caller's rejection.
      settle(id)?.reject(cause)
    }
    return promise.promise
  }
  return {
    whenOpened: (yes: () => void, no: (why: Error) => void) => {
      opening = { yes, no }
    },
    ask: (word: string, asked: readonly unknown[]) => {
      if (word === 'close') closing = true
      return send((id) => ({ id, word, asked }))
    },
    take: (parcels: readonly Parcel[]) => {
      const { ends, bytes } = joined(parcels.map(({ payload }) => payload))
      const heads = parcels.map(({ node, receivedAtMs }) => ({ node, receivedAtMs }))
      return send((id) => ({ id, take: { heads, ends, bytes } }), [bytes.buffer]) as ReturnType<HubLedger['take']>
    },
    follow: (listener: (committed: Committed) => void) => {
      listeners.add(listener)
      if (listeners.size === 1) worker.postMessage({ follow: true } satisfies Asked)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) worker.postMessage({ follow: false } satisfies Asked)
      }
    },
  }
}

const joined = (payloads: readonly Uint8Array[]): { readonly ends: readonly number[]; readonly bytes: Uint8Array<ArrayBuffer> } => {
  const bytes = new Uint8Array(payloads.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  const ends = payloads.map((payload) => {
    bytes.set(payload, end)
    end += payload.length
    return end
  })
  return { ends, bytes }
}

const errorOf = ({ code, facts, message, stack }: TroubleText): Error => {
  if (code !== null && code in FAULTS) return fault(code as FaultCode, facts)
  const error = new Error(message)
  error.stack = stack
  return error
}
