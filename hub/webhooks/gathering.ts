import type { Database } from '../database.ts'
import type { Committed, HubLedger, MovedAt } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { type Happened, toldTo } from './events.ts'
import type { Hooks } from './hooks.ts'
import { type Queue, WAITING_MAX } from './queue.ts'
import { openSeen } from './seen.ts'
import { messageId } from './signing.ts'

/** Brings what happened in the county into the queues, each thing once. */
export interface Gathering {
  /** Something may have happened, or a queue has room again. */
  readonly wake: () => void
  /** From here on: what happened before is nobody's. Does nothing where somebody is told things already. */
  readonly begin: () => Promise<void>
  readonly close: () => void
}
export interface GatheringParts {
  readonly db: Database
  readonly hooks: Hooks
  readonly queue: Queue
  readonly ledger: Pick<HubLedger, 'follow'> & { readonly ask: Pick<HubLedger['ask'], 'movedSince' | 'discrepancies' | 'nodes'> }
  readonly now: () => number
  readonly timers: HubParts['timers']
  readonly random: (count: number) => Uint8Array
  /** Something was queued. */
  readonly queued: () => void
  readonly failed: (error: unknown) => void
}

/** The ledger is asked so often at most: whoever is told by HTTP waits longer than that anyway. */
export const GATHER_MS = 250
/** After a fault (a full disk) it is tried again so much later. */
const AGAIN_MS = 30_000
/** Nodes come back within a minute after the hub's own start; until then their being away says nothing. */
export const NODES_SETTLE_MS = 60_000
const MOVEMENTS_PER_COMMIT = 200
/** A healthy receiver that is behind by so much: the rest is left in the ledger, which is the better queue, until it has caught up. */
const BEHIND_MAX = 5_000

/**
 * Movements are read from the ledger by place in its order; that place and what was queued are one commit, so a hub that was killed in between
 * goes on where it stood. Discrepancies and nodes have no order: what was seen last is kept and compared.
 */
export const openGathering = (parts: GatheringParts): Gathering => {
  const { db, hooks, queue, ledger, now, timers } = parts
  const place = openPlace(db)
  const openedMs = now()
  let closed = false
  let cancel: (() => void) | null = null
  let running = false
  let again = false

  const tell = (happened: readonly Happened[]): boolean => {
    let any = false
    for (const hook of hooks.living()) {
      let room = WAITING_MAX - queue.waiting(hook.id)
      let missed = 0
      for (const one of happened) {
        const body = toldTo(hook, one)
        if (body === null) continue
        if (room > 0) queue.add({ webhook: hook.id, id: messageId(parts.random), event: one.event, atMs: one.atMs, body })
        else missed += 1
        room -= 1
        any = true
      }
      if (missed > 0) hooks.set(hook.id, { missed: hook.missed + missed })
    }
    return any
  }
  const commit = (happened: readonly Happened[], keep: () => void): void => {
    const any = db.transaction(() => {
      keep()
      return tell(happened)
    })()
    if (any) parts.queued()
  }
  const seen = openSeen({ db, ask: ledger.ask, commit })
  const isBehind = () =>
    hooks.living().some(({ id, state, failures }) => state === 'on' && failures === 0 && queue.waiting(id) >= BEHIND_MAX)
  const movements = async (): Promise<void> => {
    const wanted = hooks.living().some(({ events }) => events.includes('movement.booked'))
    for (let at = place.get(); !closed && !isBehind(); ) {
      const { rows, at: next, lost } = await ledger.ask.movedSince({ after: wanted ? at : null, limit: MOVEMENTS_PER_COMMIT })
      if (closed || next === null) return
      if (lost) parts.failed(new Error('the place in the order of movements is not known to this ledger; webhooks go on from its end'))
      const happened = rows.map((row) => ({ event: 'movement.booked', atMs: Date.parse(row.receivedAt ?? row.occurredAt), row }) as const)
      commit(happened, () => place.set(next))
      if (rows.length < MOVEMENTS_PER_COMMIT) return
      at = next
    }
  }
  const begin = async (): Promise<void> => {
    if (hooks.living().length > 0 && place.get() !== null) return
    place.clear()
    const { at } = await ledger.ask.movedSince({ after: null, limit: 1 })
    await seen.begin()
    if (!closed && at !== null) place.set(at)
  }
  const gather = async (): Promise<void> => {
    if (hooks.living().length === 0) return place.clear()
    if (place.get() === null) return begin()
    await movements()
    await seen.discrepancies(() => closed)
    if (now() - openedMs >= NODES_SETTLE_MS) await seen.nodes(now(), () => closed)
  }
  const run = async (): Promise<void> => {
    cancel = null
    running = true
    again = false
    let waitMs = GATHER_MS
    try {
      await gather()
    } catch (error) {
      seen.forget()
      waitMs = AGAIN_MS
      again = true
      if (!closed) parts.failed(error)
    }
    running = false
    if (again && !closed) cancel = timers.after(waitMs, () => void run())
  }
  const wake = (): void => {
    again = true
    if (!running && !closed) cancel ??= timers.after(GATHER_MS, () => void run())
  }
  const unfollow = ledger.follow(({ delta }: Pick<Committed, 'delta'>) => {
    if (hooks.living().length === 0) return
    seen.note(delta?.discrepancies ?? null)
    wake()
  })
  const settle = timers.after(NODES_SETTLE_MS, wake)
  wake()
  return {
    wake,
    begin,
    close: () => {
      closed = true
      unfollow()
      settle()
      cancel?.()
    },
  }
}

/** How far the ledger's movements were read; `null`: nobody is told anything. */
const openPlace = (db: Database) => {
  const get = db.prepare<[], string>(`select value from place where key = 'moved'`).pluck()
  const set = db.prepare(`insert into place values ('moved', ?) on conflict do update set value = excluded.value`)
  return {
    get: (): MovedAt | null => {
      const text = get.get()
      return text === undefined ? null : (JSON.parse(text) as MovedAt)
    },
    set: (at: MovedAt) => void set.run(JSON.stringify(at)),
    clear: () => void db.exec(`delete from place; delete from seen`),
  }
}
