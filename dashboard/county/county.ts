import type { HubAnswer, HubQuery, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { Right } from '@lotkeeper/protocol/rules/access.ts'
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import type { Answer } from '../parts/door.ts'
import { useLanguage } from '../parts/language.ts'
import { fullMoment, momentText } from '../parts/moments.ts'
import { type Pages, usePages } from '../parts/pages.ts'
import { type PlaceWords, placeWords, type SitesById, sitesById } from '../parts/places.ts'
import { type Kept, useAnswer } from '../parts/shelf.ts'
import type { Hub } from './hub.ts'
import type { LiveState, LiveStore } from './live/store.ts'
import type { Session } from './session.ts'
import { useSay } from './words.ts'

/** What every screen of the county page stands on. */
export interface County {
  readonly hub: Hub
  readonly live: LiveStore
  /** Who is signed in, and what they may do and where. */
  readonly session: Session
  readonly signOut: () => void
}

export const CountyContext = createContext<County | null>(null)
export const useCounty = (): County => {
  const county = useContext(CountyContext)
  if (!county) throw new Error('a county screen stands outside its county')
  return county
}

/** A part of the live view; the screen is drawn anew only when that part changes. */
export const useLive = <Part>(part: (state: LiveState) => Part): Part => {
  const { live } = useCounty()
  return useSyncExternalStore(live.subscribe, () => part(live.state()))
}

/** The answer to a question, asked while the screen is shown; `null` asks nothing. */
export const useHub = <R extends HubRoute>(route: R, query?: HubQuery<R> | null): Kept<HubAnswer<R>> => {
  const { hub } = useCounty()
  const key = query === null ? null : keyOf(route, query)
  return useAnswer(key, (signal) => hub.ask(route, { signal, ...(query ? { query } : {}) }))
}

type PagedRoute =
  | 'stock'
  | 'stockAsOf'
  | 'movements'
  | 'items'
  | 'tags'
  | 'discrepancies'
  | 'counts'
  | PaperRoute
  | 'asides'
  | 'audit'
  | MasterRoute
  | PeopleRoute
type PeopleRoute = 'users' | 'sessions' | 'machines'
type PaperRoute = 'webhookDeliveries' | 'documents' | 'openings' | 'openingLines'
type MasterRoute = 'parties' | 'certificates' | 'portals' | 'costCentres' | 'permits' | 'provisionals' | 'labelActs' | 'nodeCertificates'
export type RowOf<R extends PagedRoute> = HubAnswer<R>['rows'][number]

/** A list of the hub, page by page. */
export const useHubPages = <R extends PagedRoute>(route: R, query: HubQuery<R>): Pages<RowOf<R>> => {
  const { hub } = useCounty()
  return usePages<RowOf<R>>(keyOf(route, query), async (cursor, signal) => {
    const asked = { ...(query as object), ...(cursor === undefined ? {} : { cursor }) } as HubQuery<R>
    return (await hub.ask(route, { query: asked, signal })) as Answer<{ rows: readonly RowOf<R>[]; next: string | null }>
  })
}

/** Whether whoever is signed in has a right anywhere; until that is known: no. */
export const useMay = (right: Right): boolean => useHub('session').value?.rights[right] !== undefined

/** Sites with their rooms: the names of all places. */
export const useSites = (): SitesById => {
  const { value } = useHub('sites')
  return useMemo(() => sitesById(value?.rows), [value])
}

/** Says places in words. */
export const usePlaceWords = (): ((place: string) => PlaceWords) => {
  const sites = useSites()
  const { language } = useLanguage()
  const say = useSay()
  return useMemo(() => (place: string) => placeWords(place, sites, say, language), [sites, say, language])
}

/** Says moments on the county's wall clock: the zone of its sites, not of the computer that looks. */
export const useMoments = () => {
  const sites = useSites()
  const say = useSay()
  const zone = [...sites.values()][0]?.zone ?? COUNTRY_ZONE
  return useMemo(
    () => ({
      zone,
      short: (instant: string, nowMs: number) => momentText(say, instant, { nowMs, zone }),
      exact: (instant: string, nowMs: number) => momentText(say, instant, { nowMs, zone, seconds: true }),
      full: (instant: string) => fullMoment(instant, zone),
    }),
    [zone, say],
  )
}

const keyOf = (route: string, query: unknown): string => `${route} ${JSON.stringify(query ?? {})}`
/** One time for the whole country, by law; a site elsewhere brings its own zone. */
const COUNTRY_ZONE = 'Asia/Shanghai'
