import type { County } from '@lotkeeper/deploy/county/county.ts'
import { type Cursor, type Delta, LIVE_PATH, type Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { io } from 'socket.io-client'
import { until } from '../county.ts'

/** A plain Socket.io client at the hub's live view, from one cursor on. */
export interface LiveClient extends AsyncDisposable {
  /** The first snapshot it was told. */
  readonly snapshot: () => Promise<Snapshot>
  readonly deltas: () => readonly Delta[]
  /** The board as snapshot and deltas say. */
  readonly sites: () => ReadonlyMap<string, SiteSummary>
  /** Where it stands now. */
  readonly cursor: () => Cursor | null
}

/** Signs in at the hub and joins, without a cursor or from one on; `hear` is called with each delta the moment it comes. */
export const openLiveClient = async (
  county: Pick<County, 'hubClient' | 'dashboard'>,
  cursor: Cursor | null = null,
  hear: (delta: Delta) => void = () => {},
): Promise<LiveClient> => {
  const client = await county.hubClient()
  const snapshots: Snapshot[] = []
  const deltas: Delta[] = []
  const sites = new Map<string, SiteSummary>()
  const socket = io(county.dashboard(), { path: LIVE_PATH, extraHeaders: { cookie: client.cookie() }, forceNew: true, reconnection: false })
  const show = (summaries: readonly SiteSummary[]) => {
    for (const summary of summaries) sites.set(summary.site, summary)
  }
  socket.on('snapshot', (told: Snapshot) => {
    snapshots.push(told)
    show(told.sites)
  })
  socket.on('delta', (told: Delta) => {
    hear(told)
    deltas.push(told)
    show(told.sites)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  socket.emit('join', { cursor })
  return {
    snapshot: async () => {
      const [first] = await until(
        'a snapshot of the live view',
        () => snapshots,
        ({ length }) => length > 0,
      )
      if (!first) throw new Error('no snapshot')
      return first
    },
    deltas: () => deltas,
    sites: () => sites,
    cursor: () => deltas.at(-1)?.cursor ?? snapshots.at(-1)?.cursor ?? null,
    [Symbol.asyncDispose]: async () => void socket.disconnect(),
  }
}
