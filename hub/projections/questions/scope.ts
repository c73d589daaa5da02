import type { LotKey, NodeId } from '@lotkeeper/protocol/names.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'

/** The sites a question reaches: those its asker may see, and of them the one it names. */
export const sitesAsked = (site: NodeId | undefined, within: SiteScope): SiteScope => {
  if (site === undefined) return within
  return isWithin(within, site) ? [site] : []
}

/** Sites as a statement's `@sites` takes them; each once, for a statement that joins them shows a row for each. */
export const sitesText = (sites: SiteScope): string => JSON.stringify(sites === 'all' ? [] : [...new Set(sites)])

/** SQL: the owner of a place. */
export const ownerSql = (place: string): string => `substr(${place}, 1, instr(${place}, '/') - 1)`

/** SQL: that a site is one of `@sites`. */
export const amongSites = (site: string): string => `${site} in (select value from json_each(@sites))`

/** SQL: the rooms of `@sites`, each site a range of `position_by_place`. */
export const ROOMS_OF_SITES = `json_each(@sites) w cross join position p on p.place >= w.value || '/' and p.place < w.value || '/~'`

/** SQL: that a movement `m`, told by the site of `f`, is one of `@sites`, comes from one or goes to one: both sides see what passes between them. */
export const MOVEMENT_SEEN = `(${amongSites('f.site')} or ${amongSites(ownerSql('m.src'))} or ${amongSites(ownerSql('m.dst'))})`

/** The owner of a place. */
export const ownerOfPlace = (place: string): string => place.slice(0, place.indexOf('/'))

/** Whether a lot is known to some of these sites: it stood there, is on its way there, was labelled for them or met by them. */
export const openLotSight = (db: Database): ((lot: LotKey, within: SiteScope) => boolean) => {
  const seen = db
    .prepare<[{ readonly lot: string; readonly sites: string }], number>(
      `select exists (select 1 from json_each(@sites) w cross join position p on p.lot = @lot and p.place >= w.value || '/' and p.place < w.value || '0')
        or exists (select 1 from tag where lot = @lot and ${amongSites('site')})
        or exists (select 1 from provisional where kind = 'lot' and id = @lot and ${amongSites('node')})`,
    )
    .pluck()
  return (lot, within) => within === 'all' || seen.get({ lot, sites: sitesText(within) }) === 1
}
