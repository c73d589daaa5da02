import type { SiteToday } from '@lotkeeper/protocol/rules/expiry.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import { dayOf } from '../ledger/today.ts'
import type { EdgeParts } from '../parts.ts'

/** The site's present, as every decision of a node sees it: the day it goes by, and how far its clock is to be believed. */
export interface SiteNow extends SiteToday {
  /** What the wall clock says, believed or not. */
  readonly clockMs: number
  readonly zone: string
  /** This boot of the machine: entries of the same boot are compared by `upMs`, which no clock jump touches. */
  readonly boot: { readonly id: string; readonly upMs: number }
}

export interface NowParts extends Pick<EdgeParts, 'clock' | 'boot'> {
  readonly ledger: Pick<EdgeLedger, 'read' | 'exchange'>
  /** Zone of the settings, IANA; the site's own, once the hub told it, comes first. */
  readonly zone: string
}

/** Today at this site [ledger-and-sync 1.10], asked anew for every decision. */
export const siteNow = ({ clock, boot, ledger, zone: settled }: NowParts): SiteNow => {
  const zone = ledger.read.site()?.zone ?? settled
  const clockMs = clock.now()
  const day = dayOf({ clock, boot, zone, noted: ledger.exchange.noted(), lastOwnAtMs: ledger.read.lastOwnAtMs() })
  return { ...day, clockMs, zone, boot: { id: boot.id, upMs: boot.upMs() } }
}

/** Milliseconds since an entry: by the machine's up time within one boot, else by the two claimed times. */
export const sinceMs = (now: SiteNow, entry: { readonly boot: string; readonly upMs: number; readonly occurredAt: string }): number =>
  entry.boot === now.boot.id ? now.boot.upMs - entry.upMs : Math.abs(now.nowMs - Date.parse(entry.occurredAt))

/** Time of day at the site, `11:24`, for sentences people read. */
export const timeOfDay = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
