import { BACKUP } from './faults/backup.ts'
import { CARDS } from './faults/cards.ts'
import { CLOCKS } from './faults/clocks.ts'
import { CLONE } from './faults/clone.ts'
import { CRASHES } from './faults/crashes.ts'
import { DAMAGE } from './faults/damage.ts'
import { DISKS } from './faults/disks.ts'
import type { Fault } from './faults/fault.ts'
import { KEYS } from './faults/keys.ts'
import { LINES } from './faults/lines.ts'
import { OWNERSHIP } from './faults/ownership.ts'
import { SECOND_COPY } from './faults/second-copy.ts'
import { SOFTWARE } from './faults/software.ts'
import { STRANGERS } from './faults/strangers.ts'
import { TWO_HUBS } from './faults/two-hubs.ts'
import { VERSIONS } from './faults/versions.ts'

/** Every fault of a season, by name [ledger-and-sync 3]. */
export const FAULTS = {
  ...LINES,
  ...CRASHES,
  ...CARDS,
  ...CLONE,
  ...BACKUP,
  ...DISKS,
  ...CLOCKS,
  ...VERSIONS,
  ...STRANGERS,
  ...KEYS,
  ...DAMAGE,
  ...OWNERSHIP,
  ...SOFTWARE,
  ...SECOND_COPY,
  ...TWO_HUBS,
} as const satisfies Record<string, Fault>
export type FaultName = keyof typeof FAULTS

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[]
