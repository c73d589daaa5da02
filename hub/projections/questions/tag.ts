import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { TagEvent } from '@lotkeeper/protocol/api/hub-labels.ts'
import type { TagView } from '@lotkeeper/protocol/api/views.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { TAG_COLUMNS, type TagRow, tagOfRow } from './catalogue.ts'
import type { Names } from './names.ts'
import { amongSites, ownerOfPlace, sitesText } from './scope.ts'

/** Where one tag is by the books; of one that lies elsewhere nobody is told that there is one. */
export const openTag = (db: Database): ((query: HubQuery<'tag'>, within?: SiteScope) => HubAnswer<'tag'> | Refusal) => {
  const position = db.prepare<[string], HubAnswer<'tag'>>(
    'select epc, lot, place, units, entry, occurred as at from tag_position where epc = ?',
  )
  return ({ epc }, within = 'all') => {
    const found = position.get(epc)
    return found && isWithin(within, ownerOfPlace(found.place ?? '')) ? found : refuse('api.not-found', { epc })
  }
}

/**
 * What became of one tag, and what it stands for now, as the sites saw it that the asker may see: one for which it was registered, or where it lies.
 */
export const openTagLife = (
  db: Database,
  names: () => Names,
): ((query: HubQuery<'tagLife'>, within?: SiteScope) => HubAnswer<'tagLife'> | Refusal) => {
  const registration = db.prepare<[string], TagRow>(`${TAG_COLUMNS} where epc = ?`)
  const position = db.prepare<[string], { readonly place: string; readonly units: number | null }>(
    'select place, units from tag_position where epc = ?',
  )
  const events = db.prepare<[Bound], TagEvent>(
    `select what, other, why, entry, site, actor, occurred as at from tag_event
     where epc = @epc and (@all or ${amongSites('site')}) order by nth desc limit @rows`,
  )
  return ({ epc }, within = 'all') => {
    const lies = position.get(epc) ?? null
    const stands = lies && isWithin(within, ownerOfPlace(lies.place)) ? lies : null
    const row = registration.get(epc)
    if (!row || (stands === null && !isWithin(within, row.site))) return refuse('api.not-found', { epc })
    const called = names()
    const life = events.all({ epc, all: within === 'all' ? 1 : 0, sites: sitesText(within), rows: EVENTS_MAX })
    const tag = tagSeen(tagOfRow(row), within, life)
    return {
      ...{ tag, itemName: called.item(tag.item).name, place: stands?.place ?? null, left: stands?.units ?? null },
      placeName: stands === null ? null : called.place(stands.place),
      life,
    }
  }
}

/** What another site said of it is that site's: the paper it was announced with, the tag that took its place there. */
const tagSeen = (tag: TagView, within: SiteScope, life: readonly TagEvent[]): TagView => {
  if (within === 'all') return tag
  const isNextSeen = life.some(({ other }) => other !== null && other === tag.next)
  return { ...tag, doc: isWithin(within, tag.site) ? tag.doc : null, next: isNextSeen ? tag.next : null }
}
interface Bound {
  readonly epc: string
  /** 1: every site is seen. */
  readonly all: number
  readonly sites: string
  readonly rows: number
}

/** A retired label left beside a door is read for years; who looks at it wants to know of the last times. */
const EVENTS_MAX = 200
