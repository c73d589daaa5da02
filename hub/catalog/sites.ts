import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { SiteRow } from '@lotkeeper/protocol/api/views.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { isNodeId, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isZone } from '@lotkeeper/protocol/rules/expiry.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import { COUNTY_ZONE } from '../projections/calendar.ts'
import { siteRow, siteView } from '../projections/questions/catalogue.ts'
import type { CatalogKind } from './kind.ts'

/** Sites and their rooms: created or changed as a whole, under the version their maker has seen where one is named. */
export const SITES: CatalogKind<HubBody<'createSite'>, SiteRow> = {
  names: ({ site }) => ({ items: [], sites: [site], lots: [], epcs: [], nodes: [site] }),
  judge: (asked, facts) => {
    const wrong = judgeSite(asked) ?? judgeRooms(asked, facts.nodes)
    if (wrong) return wrong
    const known = facts.sites.find(({ site }) => site === asked.site) ?? null
    const stale = judgeVersion(asked, known)
    if (stale) return stale
    if (known && canonicalText(siteView(known)) === canonicalText(siteView(asked))) return { already: siteRow(known) }
    const { site, name, zone, rooms } = asked
    const body = { site, name, zone, rooms, version: (known?.version ?? 0) + 1 }
    return { drafts: [{ stream: STREAM_TO_ALL, kind: 'site', doc: null, lines: [], body }] }
  },
  same: (asked, [first]) =>
    first?.kind === 'site' && canonicalText(siteView(first.body as unknown as SiteBody)) === canonicalText(siteView(asked)),
  view: ([first]) => siteRow(first?.body as unknown as SiteBody),
}

/** The site a wish for enrolment describes; one stockroom when it names no rooms. */
export const siteFor = ({ action, node, name, zone, rooms }: HubBody<'createEnrolment'>): HubBody<'createSite'> => ({
  action,
  site: node,
  name,
  zone: zone ?? COUNTY_ZONE,
  rooms: rooms ?? [{ room: 'main', name: { zh: '耗材库', en: 'Stockroom' }, use: 'store' }],
})

const judgeVersion = ({ site, knownVersion }: HubBody<'createSite'>, known: SiteBody | null): Refusal | null => {
  if (knownVersion === undefined || knownVersion === known?.version) return null
  return known ? refuse('catalog.version-stale', { item: site, version: known.version }) : refuse('catalog.site-unknown', { site })
}

const judgeSite = ({ site, zone, rooms }: HubBody<'createSite'>): Refusal | null => {
  if (!isNodeId(site)) return malformed('site', { zh: '这个名称是保留的', en: 'is a reserved name' })
  if (!isZone(zone)) return malformed('zone', { zh: '没有这个时区', en: 'is no time zone' })
  const twice = rooms.findIndex(({ room }, at) => rooms.findIndex((other) => other.room === room) < at)
  return twice < 0 ? null : malformed(`rooms/${twice}/room`, { zh: '库房编号重复', en: 'names a room twice' })
}

/** A room that is not empty cannot go: its stock would stand in a place nobody sees. */
const judgeRooms = ({ site, rooms }: HubBody<'createSite'>, nodes: CatalogFacts['nodes']): Refusal | null => {
  const stocked = nodes.find(({ node }) => node === site)?.stocked ?? []
  const left = stocked.find(({ room }) => !rooms.some((one) => one.room === room))
  return left ? refuse('catalog.room-stocked', { ...left }) : null
}
