import type { Cursor, Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { Sight } from '../ledger/contract.ts'
import { type Ring, rowsIn } from './ring.ts'
import type { View, Views } from './views.ts'

/** One client as the live view sees it. */
export interface Listener {
  /** What it may see: it is told nothing else. */
  readonly sight: Sight
  /** Whether what was sent before has left: a slow client gets nothing more until it has. */
  readonly isReady: () => boolean
  readonly tellDelta: (delta: Delta) => void
  readonly tellSnapshot: (snapshot: Snapshot) => void
  readonly untilMs: number
  readonly drop: () => void
}

/** A client that listens. `leave` when it is gone. */
export interface Seat {
  /** The client says where it stands; it is answered with what it missed, or a snapshot. */
  readonly join: (cursor: Cursor | null) => void
  readonly leave: () => void
}

export interface Audience {
  readonly seat: (listener: Listener) => Seat
  /** Brings everybody up to date who can take it. */
  readonly tell: () => void
  readonly size: () => number
}

/** What the audience needs: where the hub stands, how that looks to each, and a way to come back later. */
export interface AudienceParts {
  readonly ring: Ring
  readonly views: Views
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
  readonly note: (error: unknown) => void
}

/** Missed rows sent one delta after another; who missed more takes a snapshot, which is smaller. */
export const CATCH_UP_ROWS_MAX = 1_500
/** How soon a client that could take nothing is looked at again. */
export const LOOK_AGAIN_MS = 250

/**
 * Who listens, and how far each has come. Nothing is ever queued for a slow client: its place is remembered, and when it can take
 * something again it gets the deltas since, or a snapshot [route-ui B7: 27,500 queued messages cost 186 MB].
 */
export const openAudience = ({ ring, views, now, after, note }: AudienceParts): Audience => {
  const places = new Set<Place>()
  let looking = false

  const bring = (place: Place): void => {
    const { listener } = place
    if (listener.untilMs <= now()) listener.drop()
    else if (!place.joined || place.waiting) return
    else if (listener.isReady()) bringOn(place)
    else later()
  }
  const bringOn = (place: Place): void => {
    const missed = missedBy(place)
    if (missed === null || missed.reduce((sum, delta) => sum + rowsIn(delta), 0) > CATCH_UP_ROWS_MAX) {
      place.waiting = true
      void bringWhole(place)
      return
    }
    for (const delta of missed) place.listener.tellDelta(delta)
    place.told = missed.at(-1)?.cursor.seq ?? place.told
    place.at = ring.cursor().seq
    place.greeted = true
  }
  /** What it is told next, each after what it was told before; whoever comes hears something, if only that nothing happened. */
  const missedBy = ({ at, told, greeted, view }: Place): readonly Delta[] | null => {
    const deltas = at === null ? null : ring.after(at)
    if (deltas === null) return null
    const { epoch } = ring.cursor()
    const shown: Delta[] = []
    for (const delta of deltas) {
      const part = view.shown(delta, shown.at(-1)?.cursor ?? { epoch, seq: told })
      if (part !== null) shown.push(part)
    }
    if (greeted || shown.length > 0) return shown
    const nothing = view.nothing({ epoch, seq: told })
    return nothing === null ? null : [nothing]
  }
  const bringWhole = async (place: Place): Promise<void> => {
    try {
      const whole = await place.view.snapshot()
      if (places.has(place) && place.listener.isReady()) {
        place.listener.tellSnapshot(whole)
        place.at = whole.cursor.seq
        place.told = whole.cursor.seq
        place.greeted = true
      }
    } catch (error) {
      note(error)
    } finally {
      place.waiting = false
    }
    // What was told while the snapshot was made follows at the next look; if it was too much, another snapshot does.
    if (places.has(place) && !isUpToDate(place, ring)) later()
  }
  const later = (): void => {
    if (looking) return
    looking = true
    after(LOOK_AGAIN_MS, () => {
      looking = false
      tell()
    })
  }
  const tell = (): void => {
    for (const place of places) if (!isUpToDate(place, ring)) bring(place)
  }
  return {
    tell,
    size: () => places.size,
    seat: (listener) => {
      const place: Place = { listener, view: views.take(listener.sight), joined: false, greeted: false, waiting: false, at: null, told: 0 }
      places.add(place)
      return {
        join: (cursor) => {
          const here = ring.cursor()
          place.joined = true
          place.at = cursor !== null && cursor.epoch === here.epoch ? cursor.seq : null
          place.told = place.at ?? 0
          place.greeted = false
          if (!isUpToDate(place, ring)) bring(place)
        },
        leave: () => {
          if (places.delete(place)) place.view.leave()
        },
      }
    },
  }
}

interface Place {
  readonly listener: Listener
  readonly view: View
  joined: boolean
  /** A snapshot is on its way to it. */
  waiting: boolean
  /** Whether it was told anything since it joined. */
  greeted: boolean
  /** The `seq` up to which it was looked at what is its; null: it needs a snapshot. */
  at: number | null
  /** The last `seq` it was told. */
  told: number
}

const isUpToDate = ({ joined, greeted, at }: Place, ring: Ring): boolean => !joined || (greeted && at === ring.cursor().seq)
