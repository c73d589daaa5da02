import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Cursor } from '@lotkeeper/protocol/api/live.ts'
import type { Check } from '../access/caller.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { openAudience } from './audience.ts'
import { openCounty } from './county.ts'
import { openFlushes } from './flushes.ts'
import type { Changes } from './pending.ts'
import { openRing } from './ring.ts'
import { openShots } from './shots.ts'
import { openSockets, type Sockets } from './sockets.ts'
import { openViews } from './views.ts'

/** The live view: what commits change is told to everybody who listens, at most every 50 ms, the latest value of each key. */
export interface Live {
  /** Serves the sockets on a server, before it listens. */
  readonly attach: (server: HttpServer | HttpsServer) => void
  /** Where the told deltas stand. */
  readonly cursor: () => Cursor
  /** Drops the sockets of these sessions at once: they ended, or what they may see changed. */
  readonly dropWhere: Sockets['dropWhere']
  readonly close: () => void
}

export interface LiveParts {
  readonly ledger: {
    readonly follow: HubLedger['follow']
    readonly epoch: string
    readonly ask: Pick<HubLedger['ask'], 'snapshot' | 'siteSummaries'>
  }
  readonly check: Check
  readonly clock: Pick<HubParts['clock'], 'now'>
  readonly timers: HubParts['timers']
  /** Puts a fault on record. */
  readonly note: (error: unknown) => void
  /** Whether the hub goes by a name; left out: by every one. */
  readonly isOwnHost?: (host: string | undefined) => boolean
}

/** So long after the last client left deltas are still made, so that a reload finds them. */
export const LINGER_MS = 60_000

export const openLive = ({ ledger, check, clock, timers, note, isOwnHost }: LiveParts): Live => {
  const { now } = clock
  const ring = openRing(ledger.epoch)
  const county = openCounty(ledger.ask, ring, now)
  const views = openViews({
    county,
    shots: (sight) => openShots({ now, after: timers.after, make: () => county.snapshot(sight) }).take,
  })
  const audience = openAudience({ ring, views, now, note, after: timers.after })
  let heardAtMs = Number.NEGATIVE_INFINITY
  const flush = async (changes: Changes | null): Promise<void> => {
    if (audience.size() > 0) heardAtMs = now()
    if (changes === null || now() - heardAtMs > LINGER_MS) county.leap()
    else await county.add(changes)
    audience.tell()
  }
  const failed = (error: unknown) => {
    county.leap()
    note(error)
  }
  const flushes = openFlushes({ now, after: timers.after, flush, failed })
  const unfollow = ledger.follow(flushes.take)
  const sockets = openSockets({ check, seat: audience.seat, after: timers.after, isOwnHost })
  return {
    attach: sockets.attach,
    cursor: ring.cursor,
    dropWhere: sockets.dropWhere,
    close: () => {
      unfollow()
      flushes.close()
      sockets.close()
    },
  }
}
