import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import type { Outgoing } from '../outgoing/outgoing.ts'
import type { HubParts } from '../parts.ts'
import type { Hook, Hooks } from './hooks.ts'
import { GIVE_UP_MS, pauseMs } from './pauses.ts'
import type { Queue, Tried, Waiting } from './queue.ts'
import type { Sealing } from './sealing.ts'
import { signedHeaders } from './signing.ts'

/** Tells receivers what waits for them: one thing after another to each, all of them side by side. */
export interface Delivering {
  /** There may be something to tell: to this one, or to anybody. */
  readonly wake: (webhook?: string) => void
  /** Tells one thing now, whatever waits. */
  readonly send: (hook: Hook, told: Pick<Waiting, 'id' | 'body'>) => Promise<Omit<Tried, 'state'>>
  readonly close: () => void
}
export interface DeliveringParts {
  readonly db: Database
  readonly hooks: Hooks
  readonly queue: Queue
  readonly outgoing: Pick<Outgoing, 'ask'>
  readonly sealing: Pick<Sealing, 'open'>
  readonly now: () => number
  readonly timers: HubParts['timers']
  readonly fraction: () => number
  /** It was paused for what went wrong: a person must know. */
  readonly stopped: (hook: Hook) => void
  /** Nothing waits any more. */
  readonly drained: () => void
  readonly failed: (error: unknown) => void
}

/** After a fault of our own (a full disk) the next try is so much later. */
const AGAIN_MS = 30_000

export const openDelivering = (parts: DeliveringParts): Delivering => {
  const { db, hooks, queue, now, timers } = parts
  const pumping = new Set<string>()
  const sleeping = new Map<string, () => void>()
  let closed = false

  const send: Delivering['send'] = async (hook, { id, body }) => {
    const atMs = now()
    const startMs = performance.now()
    const secrets = secretsOf(hook, parts.sealing, atMs)
    const headers = { 'content-type': 'application/json', 'user-agent': 'Lotkeeper', ...signedHeaders({ id, atMs, body }, secrets ?? []) }
    const answer = secrets ? await parts.outgoing.ask({ method: 'POST', url: hook.url, headers, body }) : refuse('webhooks.secret-lost')
    const tookMs = Math.round(performance.now() - startMs)
    if (isRefusal(answer)) return { atMs, tookMs, status: null, trouble: wordsOf(answer) }
    const refused = refusedBy(answer.status)
    return { atMs, tookMs, status: answer.status, trouble: refused && wordsOf(refused) }
  }
  /** What became of a try, in one commit with what that means for the webhook; it may have been changed meanwhile. */
  const note = (id: string, { n, event }: Waiting, tried: Omit<Tried, 'state'>): Hook | null =>
    db.transaction(() => {
      const hook = hooks.one(id)
      const { atMs, status, trouble } = tried
      const last = JSON.stringify({ at: new Date(atMs).toISOString(), event, status, trouble })
      if (!hook || hook.state === 'ended') {
        queue.note(n, { ...tried, state: trouble ? 'dropped' : 'done' })
        return null
      }
      queue.note(n, { ...tried, state: trouble ? 'waiting' : 'done' })
      if (!trouble) hooks.set(id, { failures: 0, failing: null, next: null, last })
      else hooks.set(id, { ...failedOnce(hook, tried, parts.fraction()), last })
      if (status === GONE) queue.drop(id)
      return hook.state === 'on' ? hooks.one(id) : null
    })()
  const pump = async (id: string): Promise<void> => {
    while (!closed) {
      const hook = hooks.one(id)
      if (hook?.state !== 'on') return
      if (hook.next !== null && hook.next > now()) return sleep(id, hook.next - now())
      const first = queue.first(id)
      if (!first) return parts.drained()
      const tried = await send(hook, first)
      // Closed in between: it is told again after the start, under the same id.
      if (closed) return
      const after = note(id, first, tried)
      if (after && after.state !== 'on') parts.stopped(after)
    }
  }
  const sleep = (id: string, ms: number): void => {
    sleeping.get(id)?.()
    const cancel = timers.after(ms, () => {
      sleeping.delete(id)
      wakeOne(id)
    })
    sleeping.set(id, cancel)
  }
  const wakeOne = (id: string): void => {
    if (closed || pumping.has(id)) return
    pumping.add(id)
    void pump(id)
      .catch((error: unknown) => {
        if (closed) return
        parts.failed(error)
        sleep(id, AGAIN_MS)
      })
      .finally(() => {
        pumping.delete(id)
        // What was queued while the last look found nothing.
        if (!closed && !sleeping.has(id) && hooks.one(id)?.state === 'on' && queue.first(id)) wakeOne(id)
      })
  }
  return {
    wake: (webhook) => {
      for (const { id } of hooks.living()) if (webhook === undefined || webhook === id) wakeOne(id)
    },
    send,
    close: () => {
      closed = true
      for (const cancel of sleeping.values()) cancel()
    },
  }
}

/** The secrets to sign with, the newest first; `null` when it cannot be read any more. */
const secretsOf = (hook: Hook, sealing: Pick<Sealing, 'open'>, nowMs: number): readonly string[] | null => {
  const secret = sealing.open(hook.secret, hook.id)
  if (secret === null) return null
  const isOldGood = hook.old_secret !== null && hook.old_until !== null && hook.old_until > nowMs
  const old = isOldGood && hook.old_secret ? sealing.open(hook.old_secret, hook.id) : null
  return old === null ? [secret] : [secret, old]
}

const refusedBy = (status: number): Refusal | null => {
  if (status >= 200 && status < 300) return null
  if (status === GONE) return refuse('webhooks.answer-gone')
  return refuse(status >= 300 && status < 400 ? 'webhooks.answer-redirect' : 'webhooks.answer-refused', { status })
}
/** The receiver wants no more of it [Standard Webhooks 1.0; RFC 9110 15.5.11]. */
const GONE = 410

const wordsOf = ({ code, zh, en }: Refusal) => ({ code, zh, en })

/** What a failed try makes of a webhook: it waits, or it is given up. */
const failedOnce = (hook: Hook, { atMs, status, trouble }: Omit<Tried, 'state'>, fraction: number) => {
  const failures = hook.failures + 1
  const failing = hook.failing ?? atMs
  const stop = { since: atMs, next: null, failures, failing } as const
  if (status === GONE) return { ...stop, state: 'ended', why: 'gone' } as const
  if (hook.state === 'on' && trouble?.code === 'webhooks.secret-lost') return { ...stop, state: 'paused', why: 'secret-lost' } as const
  if (hook.state === 'on' && atMs - failing >= GIVE_UP_MS) return { ...stop, state: 'paused', why: 'failing' } as const
  return { failures, failing, next: atMs + pauseMs(failures, fraction) }
}
