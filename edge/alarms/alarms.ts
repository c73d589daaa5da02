import type { AlarmView } from '@lotkeeper/protocol/api/node.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Devices } from '../devices/devices.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import type { SiteNow } from '../stockroom/now.ts'
import { dayBefore, startOfDayMs } from './days.ts'
import { alarmsOf, DEVICE_LOST_MS, type HubRefused } from './derive.ts'

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
  /** Whether the disk takes entries: the outcome of the last booking that needed it. */
  readonly noteDisk: (full: boolean) => void
  readonly close: () => void
}

export interface AlarmParts extends Pick<EdgeParts, 'clock' | 'timers'> {
  readonly node: NodeId
  readonly ledger: Pick<EdgeLedger, 'read' | 'follow'>
  readonly devices: Devices
  readonly now: () => SiteNow
}

export const openAlarms = (parts: AlarmParts): Alarms => {
  const { ledger, devices, clock } = parts
  const listeners = new Set<() => void>()
  let refused: readonly HubRefused[] = []
  let diskFullSince: number | null = null
  const derive = () => alarmsOf({ node: parts.node, book: ledger.read, now: parts.now(), devices: devices.rows(), refused, diskFullSince })
  let rows = derive()
  const look = () => {
    const before = JSON.stringify(rows.map(told))
    rows = derive()
    if (JSON.stringify(rows.map(told)) !== before) for (const listener of listeners) listener()
  }
  const soon = openSoon(parts, look)
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
    noteDisk: (full) => {
      if (full === (diskFullSince !== null)) return
      diskFullSince = full ? clock.now() : null
      soon.hurry()
    },
    close: () => {
      for (const end of leave) end()
      soon.close()
    },
  }
}

/** What of an alarm people see change. */
const told = ({ alarm, units, daysLeft, acknowledgedBy }: AlarmView) => [alarm, units, daysLeft, acknowledgedBy]

/** Looks once soon after any change, however many come; else when the site's day ends, and every few minutes, for clocks jump. */
const openSoon = ({ timers, now }: AlarmParts, look: () => void): { readonly hurry: () => void; readonly close: () => void } => {
  let cancel = () => {}
  let hurried = false
  const set = (ms: number) => {
    cancel()
    cancel = timers.after(ms, () => {
      hurried = false
      look()
      set(restMs(now()))
    })
  }
  set(restMs(now()))
  return {
    hurry: () => {
      if (hurried) return
      hurried = true
      set(SETTLE_MS)
    },
    close: () => cancel(),
  }
}

const restMs = ({ nowMs, today, zone }: SiteNow): number =>
  Math.max(1, Math.min(LOOK_EVERY_MS, startOfDayMs(zone, dayBefore(today, -1)) - nowMs))

/** A cart of boxes is one change. */
const SETTLE_MS = 200
/** Short enough that a silent reader rings soon after its time, long enough to cost nothing. */
const LOOK_EVERY_MS = DEVICE_LOST_MS / 2
