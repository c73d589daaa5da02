import type { PackCode } from '../../ledger/master.ts'
import type { CalendarDate } from '../../names.ts'
import type { CodeNotice } from '../refusals.ts'

/** Issuing agencies beside GS1: ZIIOT (MA), AliHealth (AHM), HIBCC and ICCBBA. */
export const AGENCIES = ['MA', 'AHM', 'HIBC', 'ICCBBA'] as const
export type Agency = (typeof AGENCIES)[number]

/** Whether a symbol names the thing, its lot and dates, or both. */
export type UdiKind = 'primary' | 'secondary' | 'concatenated'

/** A part this house has no name for, as it was printed. */
export interface UnknownPart {
  readonly unit: string
  readonly value: string
}

/** The parts of a code by name, as text; dates as exact as printed (`2028-08`, `2028-08-31T12`). Only what was said is there. */
export type UdiFields = Readonly<Record<string, string | number | boolean | readonly UnknownPart[]>>

/** What a code of such an agency says. `expiry` and `produced` are days: a month stands for its last one. */
export interface AgencySaid {
  readonly issuer: Agency
  readonly kind: UdiKind
  /** The device identifier as a catalogue keeps it. */
  readonly di: PackCode | null
  readonly fields: UdiFields
  readonly lot: string | null
  readonly serial: string | null
  readonly expiry: CalendarDate | null
  readonly produced: CalendarDate | null
  readonly count: number | null
  readonly notices: readonly CodeNotice[]
}

/** What a symbol is that does, or does not, name the thing and say more of it. */
export const kindOf = (hasDi: boolean, hasPi: boolean): UdiKind => {
  if (!hasDi) return 'secondary'
  return hasPi ? 'concatenated' : 'primary'
}
