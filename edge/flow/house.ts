import type { Alarms } from '../alarms/alarms.ts'
import type { Devices } from '../devices/devices.ts'
import type { Health } from '../devices/health.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { Ring } from '../ledger/ring.ts'
import type { Unattended } from '../ledger/unattended.ts'
import type { Log } from '../log.ts'
import type { EdgeParts, OpenLink } from '../parts.ts'
import type { DoorSetting, Settings } from '../settings.ts'
import type { Stockroom } from '../stockroom/stockroom.ts'

/** What a flow borrows: the parts of the simulation, a log, and what this software calls itself. */
export type FlowParts = EdgeParts & {
  readonly log: Log
  readonly software: string
  /** Lines to further hubs of the county, beside `openLink`. */
  readonly otherLinks?: readonly OpenLink[]
}

/** What stands when the ways through the house are laid. */
export interface House {
  readonly settings: Settings
  readonly parts: FlowParts
  readonly ledger: EdgeLedger
  readonly ring: Ring
  readonly stockroom: Stockroom
  readonly alarms: Alarms
  readonly devices: Devices
  readonly health: Health
  readonly unattended: Unattended
}

/** A door as its bookings and its page know it. */
export const doorOf = (node: string, { door, name, inside, beyond }: DoorSetting) => ({ door, node, name, inside, beyond })
export type NamedDoor = ReturnType<typeof doorOf>
