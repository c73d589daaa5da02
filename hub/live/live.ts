import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { type Cursor, type Delta, LIVE_FLUSH_MS, type Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { ApiAccess } from '../api/answers.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { openAudience } from './audience.ts'
import { openPending } from './pending.ts'
import { openRing } from './ring.ts'
import { openSockets } from './sockets.ts'

/** The live view: what commits change is told to everybody who listens, at most every 50 ms, the latest value of each key. */
export interface Live {
  /** Serves the sockets on a server, before it listens. */
  readonly attach: (server: HttpServer | HttpsServer) => void
  /** Where the told deltas stand. */
  readonly cursor: () => Cursor
  readonly close: () => void
}

export interface LiveParts {
  readonly ledger: {
    readonly follow: HubLedger['follow']
    readonly epoch: string
    readonly ask: Pick<HubLedger['ask'], 'snapshot' | 'siteSummaries'>
  }
  readonly check: ApiAccess['check']
  readonly clock: Pick<HubParts['clock'], 'now'>
  readonly timers: HubParts['timers']
  /** Puts a fault on record. */
  readonly note: (error: unknown) => void
}

/** Snapshots are made at most this often; who comes in between shares the last one. */
export const SNAPSHOT_EVERY_MS = 1_000
/** So long after the last client left deltas are still made, so that a reload finds them. */
export const LINGER_MS = 60_000

export const openLive = ({ ledger, check, clock, timers, note }: LiveParts): Live => {
  const ring = openRing(ledger.epoch)
  const pending = openPending()
  const { now } = clock
  const at = () => new Date(now()).toISOString()
  let openDiscrepancies: number | null = null
  const shots = openShots(now, timers.after, async (): Promise<Snapshot> => {
    // The cursor first: what is committed while the snapshot is made is told again, and values are absolute.
    const cursor = ring.cursor()
    const shot = { cursor, at: at(), ...(await ledger.ask.snapshot()) }
    openDiscrepancies = shot.openDiscrepancies
    return shot
  })
  const nothing = (): Delta | null => {
    const cursor = ring.cursor()
    return openDiscrepancies === null
      ? null
      : { after: cursor, cursor, at: at(), sites: [], stock: [], movements: [], discrepancies: [], openDiscrepancies }
  }
  const audience = openAudience({
    ring,
    now,
    note,
    nothing,
    after: timers.after,
    // A snapshot of before a skip would leave its taker behind again at once.
    snapshot: () => shots.take((shot) => ring.after(shot.cursor.seq) !== null),
  })

  let closed = false
  let cancelFlush: (() => void) | null = null
  let flushedAtMs = Number.NEGATIVE_INFINITY
  let heardAtMs = Number.NEGATIVE_INFINITY
  const flush = async (): Promise<void> => {
    flushedAtMs = now()
    if (audience.size() > 0) heardAtMs = flushedAtMs
    const changes = pending.drain()
    if (changes === null || flushedAtMs - heardAtMs > LINGER_MS) ring.skip()
    else {
      const summed = await ledger.ask.siteSummaries(changes.sites)
      openDiscrepancies = summed.openDiscrepancies
      const { stock, movements, discrepancies } = changes
      ring.add({ at: at(), ...summed, stock: [...stock], movements: [...movements], discrepancies: [...discrepancies] })
    }
    audience.tell()
  }
  const schedule = (): void => {
    cancelFlush ??= timers.after(Math.max(0, flushedAtMs + LIVE_FLUSH_MS - now()), async () => {
      try {
        await flush()
      } catch (error) {
        ring.skip()
        if (!closed) note(error)
      }
      cancelFlush = null
      if (!pending.isEmpty() && !closed) schedule()
    })
  }
  const unfollow = ledger.follow((committed) => {
    pending.take(committed)
    if (!pending.isEmpty()) schedule()
  })
  const sockets = openSockets({ check, seat: audience.seat })
  return {
    attach: sockets.attach,
    cursor: ring.cursor,
    close: () => {
      closed = true
      unfollow()
      cancelFlush?.()
      sockets.close()
    },
  }
}

/** Snapshots, shared: one is being made at a time, and no more often than `SNAPSHOT_EVERY_MS`. */
const openShots = (now: () => number, after: HubParts['timers']['after'], make: () => Promise<Snapshot>) => {
  let last: { readonly shot: Snapshot; readonly madeAtMs: number } | null = null
  let making: Promise<Snapshot> | null = null
  const makeNow = async (): Promise<Snapshot> => {
    const waitMs = last ? Math.max(0, last.madeAtMs + SNAPSHOT_EVERY_MS - now()) : 0
    if (waitMs > 0) await new Promise<void>((resolve) => void after(waitMs, resolve))
    const madeAtMs = now()
    const shot = await make()
    last = { shot, madeAtMs }
    return shot
  }
  return {
    take: (isGood: (shot: Snapshot) => boolean): Promise<Snapshot> => {
      if (last && now() - last.madeAtMs < SNAPSHOT_EVERY_MS && isGood(last.shot)) return Promise.resolve(last.shot)
      making ??= makeNow().finally(() => {
        making = null
      })
      return making
    },
  }
}
