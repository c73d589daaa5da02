import type { AlarmView, DeviceView } from '@lotkeeper/protocol/api/node.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import type { UplinkNews } from '../uplink/news.ts'
import { dayBefore, startOfDayMs } from './days.ts'
import { type AlarmDay, type AlarmFacts, alarmsOf, type HubRefused, nextLossMs } from './derive.ts'
import { openKept } from './kept.ts'

/** The alarms of a node: worked out from the book and the day, offline, after every change and at the site's midnight. */
export interface Alarms {
  /** Most urgent first; acknowledged ones ring on with their owner until the cause is gone. */
  readonly rows: () => readonly AlarmView[]
  readonly rings: (alarm: string) => boolean
  /** How many nobody has taken on. */
  readonly open: () => number
  /** Told when the alarms are others than before. */
  readonly follow: (listener: () => void) => () => void
  /** What the hub refuses of this node's stream, as its last `have` says. */
  readonly noteRefused: (refused: readonly HubRefused[]) => void
  /** An entry that a client was answered and this node no longer has. */
  readonly noteLostTail: (head: { readonly epoch: string; readonly seq: number }) => void
  /** Something happened on the line or in the log: kept, and rung until somebody took it on. */
  readonly news: (news: UplinkNews) => void
  /** Something may have changed that the ledger does not tell, such as a booking the disk refused. */
  readonly lookSoon: () => void
  readonly close: () => void
}

export interface AlarmParts extends Pick<EdgeParts, 'clock' | 'timers'> {
  readonly ledger: Pick<EdgeLedger, 'read' | 'follow' | 'disk' | 'book' | 'epoch'> & {
    readonly exchange: Pick<EdgeLedger['exchange'], 'holes'>
  }
  readonly devices: { readonly rows: () => readonly DeviceView[]; readonly follow: (listener: () => void) => () => void }
  readonly now: () => AlarmDay
  /** 30 seconds unless the settings say otherwise. */
  readonly deviceLostMs?: number
}

export const openAlarms = (parts: AlarmParts): Alarms => {
  const { ledger, devices, clock, deviceLostMs = DEVICE_LOST_MS } = parts
  const listeners = new Set<() => void>()
  let refused: readonly HubRefused[] = []
  let disk: AlarmFacts['disk'] = null
  const lostTails: AlarmFacts['lostTails'][number][] = []
  const kept = openKept(ledger, parts.now)
  const derive = () => {
    const why = ledger.disk()
    if (why === 'ok') disk = null
    else if (disk?.why !== why) disk = { why, since: clock.now() }
    const heard = { refused, disk, lostTails, kept: kept.rows(), holes: ledger.exchange.holes() }
    return alarmsOf({ book: ledger.read, now: parts.now(), devices: devices.rows(), deviceLostMs, ...heard })
  }
  let rows = derive()
  const look = () => {
    const before = JSON.stringify(rows.map(told))
    rows = derive()
    if (JSON.stringify(rows.map(told)) !== before) for (const listener of listeners) listener()
  }
  const soon = openSoon(parts, look, () => {
    const now = parts.now()
    return Math.min(restMs(now), nextLossMs({ devices: devices.rows(), deviceLostMs, now }))
  })
  const leave = [ledger.follow(soon.hurry), devices.follow(soon.hurry)]
  return {
    rows: () => rows,
    rings: (alarm) => rows.some((row) => row.alarm === alarm) || derive().some((row) => row.alarm === alarm),
    open: () => rows.filter(({ acknowledgedBy }) => acknowledgedBy === null).length,
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    noteRefused: (stretches) => {
      refused = stretches
      soon.hurry()
    },
    noteLostTail: ({ epoch, seq }) => {
      if (lostTails.some((one) => one.epoch === epoch && one.seq === seq) || lostTails.length >= TAILS_MAX) return
      lostTails.push({ epoch, seq, at: clock.now() })
      soon.hurry()
    },
    news: (news) => {
      kept.tell(news)
      soon.hurry()
    },
    lookSoon: soon.hurry,
    close: () => {
      for (const end of leave) end()
      soon.close()
    },
  }
}

/** What of an alarm people see change. */
const told = ({ alarm, units, daysLeft, acknowledgedBy }: AlarmView) => [alarm, units, daysLeft, acknowledgedBy]

/** Looks once soon after any change, however many come; else when there is something to see, and now and then, for clocks jump. */
const openSoon = (
  { timers }: Pick<AlarmParts, 'timers'>,
  look: () => void,
  nextMs: () => number,
): { readonly hurry: () => void; readonly close: () => void } => {
  let cancel = () => {}
  let hurried = false
  const set = (ms: number) => {
    cancel()
    cancel = timers.after(ms, () => {
      hurried = false
      look()
      set(nextMs())
    })
  }
  set(nextMs())
  return {
    hurry: () => {
      if (hurried) return
      hurried = true
      set(SETTLE_MS)
    },
    close: () => cancel(),
  }
}

/** Until the site's day ends, at most so long. */
const restMs = ({ nowMs, today, zone }: AlarmDay): number =>
  Math.max(1, Math.min(LOOK_EVERY_MS, startOfDayMs(zone, dayBefore(today, -1)) - nowMs))

/** One lost tail says all; a page that tells more of them has lost its mind. */
const TAILS_MAX = 10
/** A cart of boxes is one change. */
const SETTLE_MS = 200
const DEVICE_LOST_MS = 30_000
/** Short enough that a clock set anew is seen soon, long enough to cost nothing. */
const LOOK_EVERY_MS = 15_000
