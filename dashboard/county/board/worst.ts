import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { deviceStanding } from '../../parts/devices.ts'

/** One thing at a site that wants a person, and how much it counts when sites are put in order. */
export type Need =
  | { readonly is: 'expired' | 'near' | 'discrepancies' | 'waiting'; readonly count: number; readonly weight: number }
  | { readonly is: 'offline'; readonly since: string | null; readonly weight: number }
  | { readonly is: 'never'; readonly weight: number }
  | { readonly is: 'device'; readonly device: string; readonly kind: string; readonly state: string; readonly weight: number }
  | { readonly is: 'clock'; readonly skewMs: number; readonly weight: number }

/** What wants a person at this site, the heaviest first; empty when all is well. */
export const needsOf = (site: SiteSummary): readonly Need[] => {
  const { node } = site
  const needs: Need[] = []
  if (site.expired > 0) needs.push({ is: 'expired', count: site.expired, weight: 100 + Math.min(site.expired, 50) })
  if (node.state === 'offline') needs.push({ is: 'offline', since: node.since, weight: 90 })
  for (const device of node.devices) {
    const standing = deviceStanding(device.state)
    // While a node is away its devices' last word is history; the node itself is the need.
    if (node.state === 'online' && (standing === 'down' || standing === 'other')) needs.push({ is: 'device', ...device, weight: 70 })
  }
  if (node.discrepancies > 0) needs.push({ is: 'discrepancies', count: node.discrepancies, weight: 60 + Math.min(node.discrepancies, 9) })
  if (node.clockSkewMs !== null && Math.abs(node.clockSkewMs) > CLOCK_SKEW_MS)
    needs.push({ is: 'clock', skewMs: node.clockSkewMs, weight: 50 })
  if (site.near > 0) needs.push({ is: 'near', count: site.near, weight: 20 + Math.min(site.near, 20) })
  if (node.waiting > WAITING_MANY) needs.push({ is: 'waiting', count: node.waiting, weight: 15 })
  if (node.state === 'never') needs.push({ is: 'never', weight: 10 })
  return needs.sort((one, other) => other.weight - one.weight)
}

/** Sites by need, worst first; equal ones by id, so that the order is the same on every screen. */
export const worstFirst = (sites: Iterable<SiteSummary>): readonly SiteSummary[] =>
  [...sites].sort((one, other) => weightOf(other) - weightOf(one) || (one.site < other.site ? -1 : 1))

/** The colour and shape a site is drawn in. */
export type SiteTone = 'good' | 'near' | 'bad' | 'away' | 'never'
export const toneOf = (site: SiteSummary): SiteTone => {
  if (site.node.state === 'never') return 'never'
  if (site.node.state === 'offline') return 'away'
  const heaviest = needsOf(site)[0]?.weight ?? 0
  return heaviest >= 60 ? 'bad' : heaviest >= 20 ? 'near' : 'good'
}

const weightOf = (site: SiteSummary): number => needsOf(site).reduce((sum, need) => sum + need.weight, 0)
/** Beyond this a node's dates can be wrong by a day around midnight, and its times confuse people. */
const CLOCK_SKEW_MS = 120_000
/** A few entries are always on their way; more means the line is not keeping up. */
const WAITING_MANY = 20
