import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { type Cursor, type Delta, LIVE_FLUSH_MS, type Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { ApiAccess } from '../api/answers.ts'
import type { Committed, HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { openAudience } from './audience.ts'
import { type Changes, openPending } from './pending.ts'
import { openRing, type Ring } from './ring.ts'
import { openShots } from './shots.ts'
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

/** So long after the last client left deltas are still made, so that a reload finds them. */
export const LINGER_MS = 60_000

export const openLive = ({ ledger, check, clock, timers, note }: LiveParts): Live => {
  const { now } = clock
  const ring = openRing(ledger.epoch)
  const county = openCounty(ledger, ring, now)
  const shots = openShots({ now, after: timers.after, make: county.snapshot })
  const audience = openAudience({
    ring,
    now,
    note,
    nothing: county.nothing,
    after: timers.after,
    // A snapshot of before a skip would leave its taker behind again at once.
    snapshot: () => shots.take((shot) => ring.after(shot.cursor.seq) !== null),
  })
  let heardAtMs = Number.NEGATIVE_INFINITY
  const flush = async (changes: Changes | null): Promise<void> => {
    if (audience.size() > 0) heardAtMs = now()
    if (changes === null || now() - heardAtMs > LINGER_MS) county.skip()
    else await county.add(changes)
    audience.tell()
  }
  const failed = (error: unknown) => {
    county.skip()
    note(error)
  }
  const flushes = openFlushes({ now, after: timers.after, flush, failed })
  const unfollow = ledger.follow(flushes.take)
  const sockets = openSockets({ check, seat: audience.seat })
  return {
    attach: sockets.attach,
    cursor: ring.cursor,
    close: () => {
      unfollow()
      flushes.close()
      sockets.close()
    },
  }
}

/** Gathers what commits changed and flushes it: at once after a quiet time, else `LIVE_FLUSH_MS` after the last flush; one at a time. */
const openFlushes = (parts: {
  readonly now: () => number
  readonly after: HubParts['timers']['after']
  readonly flush: (changes: Changes | null) => Promise<void>
  readonly failed: (error: unknown) => void
}) => {
  const pending = openPending()
  let lastMs = Number.NEGATIVE_INFINITY
  let closed = false
  let cancel: (() => void) | null = null
  const schedule = (): void => {
    cancel ??= parts.after(Math.max(0, lastMs + LIVE_FLUSH_MS - parts.now()), async () => {
      lastMs = parts.now()
      try {
        await parts.flush(pending.drain())
      } catch (error) {
        if (!closed) parts.failed(error)
      }
      cancel = null
      if (!pending.isEmpty() && !closed) schedule()
    })
  }
  return {
    take: (committed: Pick<Committed, 'sites' | 'delta'>) => {
      pending.take(committed)
      if (!pending.isEmpty()) schedule()
    },
    close: () => {
      closed = true
      cancel?.()
    },
  }
}

/** The county's word for the live view: deltas with their sums, snapshots, and where both stand. */
const openCounty = ({ ask }: Pick<LiveParts['ledger'], 'ask'>, ring: Ring, now: () => number) => {
  const at = () => new Date(now()).toISOString()
  let openDiscrepancies: number | null = null
  return {
    add: async ({ sites, stock, movements, discrepancies }: Changes): Promise<void> => {
      const summed = await ask.siteSummaries(sites)
      openDiscrepancies = summed.openDiscrepancies
      ring.add({ at: at(), ...summed, stock: [...stock], movements: [...movements], discrepancies: [...discrepancies] })
    },
    skip: (): void => {
      ring.skip()
      openDiscrepancies = null
    },
    snapshot: async (): Promise<Snapshot> => {
      // The cursor first: what is committed while the snapshot is made is told again, and values are absolute.
      const cursor = ring.cursor()
      const shot = { cursor, at: at(), ...(await ask.snapshot()) }
      openDiscrepancies = shot.openDiscrepancies
      return shot
    },
    nothing: (): Delta | null => {
      const cursor = ring.cursor()
      if (openDiscrepancies === null) return null
      return { after: cursor, cursor, at: at(), sites: [], stock: [], movements: [], discrepancies: [], openDiscrepancies }
    },
  }
}
