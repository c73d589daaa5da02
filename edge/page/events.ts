import type { NODE_EVENTS, ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Static } from 'typebox'
import type { Timers } from '../parts.ts'
import type { Stream } from './server.ts'

export type What = Static<(typeof NODE_EVENTS)['changed']['payload']>['what'][number]

/** Tells the open pages what changed [HTML SSE]. A page re-reads what an event names, so a lost event costs a moment, never a figure. */
export interface Events {
  /** Whether one more page may listen. */
  readonly room: () => boolean
  /** Adds a page; `stays` is asked before every heartbeat, and a page that may not stay is let go. */
  readonly join: (stream: Stream, stays: () => boolean) => void
  /** Lets go at once who may not stay. */
  readonly look: () => void
  readonly tell: (what: readonly What[]) => void
  readonly scan: (scan: ScanView) => void
  readonly close: () => void
}

export const openEvents = (timers: Timers): Events => {
  const pages = new Map<Stream, () => boolean>()
  const pending = new Set<What>()
  let cancelTell: (() => void) | null = null
  const drop = (stream: Stream) => {
    pages.delete(stream)
    stream.close()
  }
  const write = (stream: Stream, text: string) => {
    // A page that takes nothing any more is gone or asleep; it reads everything anew when it is back.
    if (stream.waiting() > WAITING_BYTES_MAX) drop(stream)
    else stream.write(text)
  }
  const send = (name: keyof typeof NODE_EVENTS, payload: unknown) => {
    for (const stream of pages.keys()) write(stream, `event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`)
  }
  const beat = () => {
    for (const [stream, stays] of pages) {
      if (stays()) write(stream, ': beat\n\n')
      else drop(stream)
    }
    cancelBeat = timers.after(BEAT_MS, beat)
  }
  let cancelBeat = timers.after(BEAT_MS, beat)
  return {
    room: () => pages.size < PAGES_MAX,
    join: (stream, stays) => {
      pages.set(stream, stays)
      stream.onClose(() => pages.delete(stream))
      stream.write(`retry: ${RETRY_MS}\nevent: changed\ndata: ${JSON.stringify({ what: EVERYTHING })}\n\n`)
    },
    look: () => {
      for (const [stream, stays] of pages) if (!stays()) drop(stream)
    },
    tell: (what) => {
      for (const one of what) pending.add(one)
      cancelTell ??= timers.after(GATHER_MS, () => {
        cancelTell = null
        const payload = { what: EVERYTHING.filter((one) => pending.has(one)) }
        pending.clear()
        send('changed', payload)
      })
    },
    scan: (scan) => send('scan', scan),
    close: () => {
      cancelBeat()
      cancelTell?.()
      for (const stream of [...pages.keys()]) drop(stream)
    },
  }
}

/** What an entry changes on the pages. */
export const changedBy = (entry: Entry): readonly What[] => {
  const moved: readonly What[] = entry.lines.length > 0 ? ['stock', 'movements'] : []
  return ['state', ...moved, ...(BY_KIND[entry.kind] ?? [])]
}

const EVERYTHING: readonly What[] = ['stock', 'tasks', 'alarms', 'devices', 'state', 'movements']
const BY_KIND: Readonly<Record<string, readonly What[]>> = {
  passage: ['tasks'],
  settle: ['tasks'],
  alarm: ['alarms'],
  gap: ['devices'],
  maintenance: ['devices'],
  item: ['stock', 'tasks'],
  master: ['stock', 'tasks'],
  provisional: ['stock', 'tasks'],
  site: ['stock'],
  tag: ['tasks', 'stock'],
  ask: ['tasks'],
  count: ['tasks'],
  correct: ['tasks'],
  opening: ['tasks'],
  'take-over': ['tasks'],
  move: ['tasks'],
  reverse: ['tasks', 'stock'],
  retag: ['tasks', 'stock'],
  'lot-expiry': ['tasks', 'stock'],
  'code-met': ['tasks'],
  'code-bound': ['tasks', 'stock'],
  document: ['stock'],
  ownership: ['stock'],
}

/** Every keeper's tablet and phone, twice over. */
const PAGES_MAX = 32
const WAITING_BYTES_MAX = 262_144
/** Shorter than what home routers and sleeping tablets forget a connection after. */
const BEAT_MS = 15_000
/** A commit of many entries is one change to the eye. */
const GATHER_MS = 15
const RETRY_MS = 2_000
