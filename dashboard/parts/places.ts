import type { SiteView } from '@lotkeeper/protocol/api/views.ts'
import { HUB, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import { type Language, nameIn, type Say } from './language.ts'
import type { SHARED_TEXTS } from './texts.ts'

export type SitesById = ReadonlyMap<string, SiteView>

/** A place in a person's words, in parts: whose it is, which room, in which state. */
export interface PlaceWords {
  readonly site: string
  readonly room: string
  readonly state: 'pending' | 'available' | 'held' | null
  /** The state in words, empty where there is none. */
  readonly stateWord: string
  /** Site and room in one line: `青龙镇卫生院 · 耗材库房`. */
  readonly whole: string
}

export const sitesById = (rows: readonly SiteView[] | undefined): SitesById => new Map((rows ?? []).map((site) => [site.site, site]))

/** A way in one line; what both ends share is said once: `青龙镇卫生院 · 耗材库房 → 病区`, `青龙镇卫生院 · 耗材库房 · 待验 → 可用`. */
export const wayWords = (from: PlaceWords, to: PlaceWords): string => {
  if (from.site !== to.site) return `${from.whole} → ${to.whole}`
  if (from.room === to.room && from.stateWord !== '') return `${from.whole} · ${from.stateWord} → ${to.stateWord}`
  return from.site === '' ? `${from.whole} → ${to.whole}` : `${from.whole} → ${to.room}`
}

/** A place the page cannot name is shown as it stands in the ledger, never hidden. */
export const placeWords = (place: PlaceId, sites: SitesById, say: Say<typeof SHARED_TEXTS>, language: Language): PlaceWords => {
  const name = placeOf(place)
  if (!name) return { site: '', room: place, state: null, stateWord: '', whole: place }
  const known = sites.get(name.owner)
  const site = name.owner === HUB ? say('place.hub') : known ? nameIn(known.name, language) : name.owner
  if (name.virtual !== null) {
    const room = say(`place.${name.virtual}`)
    return { site, room, state: null, stateWord: '', whole: name.owner === HUB ? room : `${site} · ${room}` }
  }
  const named = known?.rooms.find((one) => one.room === name.room)
  const room = named ? nameIn(named.name, language) : name.room
  return { site, room, state: name.state, stateWord: say(`state.${name.state}`), whole: `${site} · ${room}` }
}
