import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { type NodeId, transitTo } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
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
  readonly nodes: () => HubAnswer<'nodes'>
  readonly overview: () => Omit<HubAnswer<'overview'>, 'cursor'>
  readonly snapshot: () => Omit<Snapshot, 'cursor' | 'at'>
  readonly siteSummaries: (sites: readonly NodeId[]) => Pick<Snapshot, 'sites' | 'openDiscrepancies'>
}

export const openBoard = (
  db: Database,
  names: () => Names,
  rooms: { readonly movements: MovementQuestions; readonly discrepancies: DiscrepancyQuestions },
): BoardQuestions => {
  const all = db.prepare<[], { readonly site: string }>('select site from site union select node from node_life order by 1')
  const nodeOf = openNodes(db)
  const figuresOf = openFigures(db)
  const summaries = (sites: readonly NodeId[]): SiteSummary[] => {
    const called = names()
    const open = rooms.discrepancies.openBySite()
    return sites.map((site) => ({ site, name: called.siteName(site), node: nodeOf(site, called, open), ...figuresOf(site, called) }))
  }
  const everySite = () => all.all().map(({ site }) => site)
  return {
    nodes: () => {
      const called = names()
      const open = rooms.discrepancies.openBySite()
      return { rows: everySite().map((node) => nodeOf(node, called, open)) }
    },
    overview: () => ({ sites: summaries(everySite()), discrepancies: rooms.discrepancies.openCount(), today: names().today('') }),
    snapshot: () => ({
      sites: summaries(everySite()),
      movements: [...rooms.movements.newest(SNAPSHOT_MOVEMENTS)],
      discrepancies: [...rooms.discrepancies.newestOpen(SNAPSHOT_DISCREPANCIES)],
      openDiscrepancies: rooms.discrepancies.openCount(),
    }),
    siteSummaries: (sites) => ({ sites: summaries(sites), openDiscrepancies: rooms.discrepancies.openCount() }),
  }
}

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
