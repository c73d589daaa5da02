import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { type NodeId, transitTo } from '@lotkeeper/protocol/names.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import type { OpenBySite, Sight } from '../../ledger/contract.ts'
import type { DiscrepancyQuestions } from './discrepancies.ts'
import type { MovementQuestions } from './movements.ts'
import { itemOf, type Names } from './names.ts'
import { openNodes } from './nodes.ts'

/** Newest movements a snapshot brings. */
export const SNAPSHOT_MOVEMENTS = 50
/** Open discrepancies a snapshot brings; how many there are in all stands beside them. */
export const SNAPSHOT_DISCREPANCIES = 100

/** The county at a glance: each site with its node's link and its stock in a few numbers. */
export interface BoardQuestions {
  readonly nodes: (sight?: Sight) => HubAnswer<'nodes'>
  readonly overview: (sight?: Sight) => Omit<HubAnswer<'overview'>, 'cursor'>
  readonly snapshot: (sight?: Sight) => Omit<Snapshot, 'cursor' | 'at'>
  readonly siteSummaries: (sites: readonly NodeId[]) => { readonly sites: SiteSummary[]; readonly open: OpenBySite }
}

export const openBoard = (
  db: Database,
  names: () => Names,
  rooms: { readonly movements: MovementQuestions; readonly discrepancies: DiscrepancyQuestions },
): BoardQuestions => {
  const all = db.prepare<[], { readonly site: string }>('select site from site union select node from node_life order by 1')
  const nodeOf = openNodes(db)
  const figuresOf = openFigures(db)
  const summaries = (sites: readonly NodeId[], open = rooms.discrepancies.openBySite()): SiteSummary[] => {
    const called = names()
    return sites.map((site) => ({ site, name: called.siteName(site), node: nodeOf(site, called, open), ...figuresOf(site, called) }))
  }
  const sitesIn = (within: SiteScope) => all.all().flatMap(({ site }) => (isWithin(within, site) ? [site] : []))
  const openIn = (within: SiteScope | null): number => (within === null ? 0 : rooms.discrepancies.openCount(within))
  const openSeen = ({ discrepancies }: Sight): ReadonlyMap<NodeId, number> =>
    new Map([...rooms.discrepancies.openBySite()].filter(([site]) => discrepancies !== null && isWithin(discrepancies, site)))
  const summed = (sight: Sight): SiteSummary[] => summaries(sitesIn(sight.sites), openSeen(sight))
  return {
    nodes: (sight = EVERYTHING) => {
      const called = names()
      const open = openSeen(sight)
      return { rows: sitesIn(sight.sites).map((node) => nodeOf(node, called, open)) }
    },
    overview: (sight = EVERYTHING) => ({ sites: summed(sight), discrepancies: openIn(sight.discrepancies), today: names().today('') }),
    snapshot: (sight = EVERYTHING) => ({
      sites: summed(sight),
      movements: [...rooms.movements.newest(SNAPSHOT_MOVEMENTS, sight.sites)],
      discrepancies: sight.discrepancies === null ? [] : [...rooms.discrepancies.newestOpen(SNAPSHOT_DISCREPANCIES, sight.discrepancies)],
      openDiscrepancies: openIn(sight.discrepancies),
    }),
    siteSummaries: (sites) => {
      const open = rooms.discrepancies.openBySite()
      return { sites: summaries(sites, open), open: { all: rooms.discrepancies.openCount(), bySite: open } }
    },
  }
}

const EVERYTHING: Sight = { sites: 'all', discrepancies: 'all' }
type Figures = Omit<SiteSummary, 'site' | 'name' | 'node'>

/** A site's stock in numbers: items, lots, base units; lots expired or near; units on their way to it; its last movement. */
const openFigures = (db: Database): ((site: NodeId, names: Names) => Figures) => {
  const lots = db.prepare<[NodeId, NodeId], { readonly lot: string; readonly units: number; readonly expiry: string | null }>(
    `select p.lot, sum(p.units) as units, l.expiry from position p left join lot l on l.lot = p.lot
     where p.units <> 0 and p.place >= ? || '/' and p.place < ? || '/~' group by p.lot`,
  )
  // Only what is owed counts: a lot received before its shipment stands below zero and must not hide another lot on the way.
  const transit = db.prepare<[string], { readonly units: number }>(
    'select coalesce(sum(max(units, 0)), 0) as units from position where units <> 0 and place = ?',
  )
  const last = db.prepare<[NodeId], { readonly occurred: string }>(
    `select m.occurred from (select lot, mv from feed where site = ? order by mv desc limit 1) f
     cross join movement m on m.lot = f.lot and m.mv = f.mv`,
  )
  return (site, names) => {
    const held = lots.all(site, site)
    const states = held.map(({ lot, expiry }) => names.expiry(itemOf(lot), expiry, site).expiryState)
    return {
      items: new Set(held.map(({ lot }) => itemOf(lot))).size,
      lots: held.length,
      units: held.reduce((sum, { units }) => sum + units, 0),
      inTransit: transit.get(transitTo(site))?.units ?? 0,
      expired: states.filter((state) => state === 'expired').length,
      near: states.filter((state) => state === 'near').length,
      lastMovementAt: last.get(site)?.occurred ?? null,
    }
  }
}
