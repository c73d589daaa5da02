import type { NodeAnswer, NodeQuery, NodeRoute, ScanView } from '@lotkeeper/protocol/api/node.ts'
import { HUB, placeOf } from '@lotkeeper/protocol/names.ts'
import { createContext, useContext, useEffect, useMemo, useRef } from 'react'
import type { Answer } from '../parts/door.ts'
import { nameIn, useLanguage } from '../parts/language.ts'
import type { Memory } from '../parts/memory.ts'
import { momentText } from '../parts/moments.ts'
import { type Pages, usePages } from '../parts/pages.ts'
import { type PlaceWords, placeWords } from '../parts/places.ts'
import { type Kept, useAnswer } from '../parts/shelf.ts'
import type { Node } from './node.ts'
import type { Scanner } from './scan/scanner.ts'
import type { Sounds } from './scan/sounds.ts'
import { useSay } from './words.ts'

/** What every screen of the stockroom page stands on. */
export interface Stockroom {
  readonly node: Node
  readonly keeper: string
  readonly signOut: () => void
  readonly scanner: Scanner
  readonly sounds: Sounds
  readonly memory: Memory
  /** Reads a text as a code and gives it to the screen that listens; trouble comes back. */
  readonly readCode: (text: string) => Promise<Answer<ScanView>>
  /** Shows for ten seconds what was booked, with a way to take it back. */
  readonly booked: (booked: BookedNote) => void
}

export interface BookedNote {
  readonly words: string
  /** Entries to reverse, in the order they were booked; none: nothing to take back. */
  readonly entries: readonly string[]
}

export const StockroomContext = createContext<Stockroom | null>(null)
export const useStockroom = (): Stockroom => {
  const stockroom = useContext(StockroomContext)
  if (!stockroom) throw new Error('a stockroom screen stands outside its stockroom')
  return stockroom
}

/** The answer to a question, asked while the screen is shown; `null` asks nothing. */
export const useNode = <R extends NodeRoute>(route: R, query?: NodeQuery<R> | null): Kept<NodeAnswer<R>> => {
  const { node } = useStockroom()
  const key = query === null ? null : keyOf(route, query)
  return useAnswer(key, (signal) => node.ask(route, { signal, ...(query ? { query } : {}) }))
}

type PagedRoute = 'stock' | 'movements' | 'items' | 'devicePast'
type RowOf<R extends PagedRoute> = NodeAnswer<R>['rows'][number]

export const useNodePages = <R extends PagedRoute>(route: R, query: NodeQuery<R>): Pages<RowOf<R>> => {
  const { node } = useStockroom()
  return usePages<RowOf<R>>(keyOf(route, query), async (cursor, signal) => {
    const asked = { ...(query as object), ...(cursor === undefined ? {} : { cursor }) } as NodeQuery<R>
    return (await node.ask(route, { query: asked, signal })) as Answer<{ rows: readonly RowOf<R>[]; next: string | null }>
  })
}

/** The node in one look: link, site, doors, counts. */
export const useNodeState = (): Kept<NodeAnswer<'state'>> => useNode('state')

/** Store rooms and departments of this site; where the hub has not told them yet, the room of the doors. */
export const useRooms = () => {
  const state = useNodeState().value
  return useMemo(() => {
    const rooms = state?.site.rooms ?? []
    const stores = rooms.filter((room) => room.use === 'store')
    return {
      stores,
      departments: rooms.filter((room) => room.use === 'department'),
      first: stores[0]?.room ?? state?.doors[0]?.inside ?? 'main',
    }
  }, [state])
}

/** Says places in words. */
export const usePlaceWords = (): ((place: string) => PlaceWords) => {
  const state = useNodeState().value
  const known = useNode('sites').value?.rows
  const { language } = useLanguage()
  const say = useSay()
  return useMemo(() => {
    const sites = new Map(known?.map((site) => [site.site, site]))
    if (state) sites.set(state.site.site, state.site)
    return (place: string) => {
      const words = placeWords(place, sites, say, language)
      // At home nobody says whose room it is.
      return placeOf(place)?.owner === state?.node ? { ...words, site: '', whole: words.room } : words
    }
  }, [state, known, say, language])
}

/** Says whose a site is by its name: another site's, or the county's. */
export const useSiteName = (): ((site: string) => string) => {
  const sites = useNode('sites').value?.rows
  const { language } = useLanguage()
  const say = useSay()
  return (site) => {
    if (site === HUB) return say('place.hub')
    const known = sites?.find((one) => one.site === site)
    return known ? nameIn(known.name, language) : site
  }
}

/** Says moments on the site's wall clock. */
export const useMoments = (): ((instant: string, nowMs: number) => string) => {
  const zone = useNodeState().value?.site.zone ?? COUNTRY_ZONE
  const say = useSay()
  return (instant, nowMs) => momentText(say, instant, { nowMs, zone, seconds: true })
}

/** Listens to codes while the screen stands. */
export const useScans = (onScan: (view: ScanView) => void): void => {
  const { scanner } = useStockroom()
  const latest = useRef(onScan)
  latest.current = onScan
  useEffect(() => scanner.follow((view) => latest.current(view)), [scanner])
}

const keyOf = (route: string, query: unknown): string => `${route} ${JSON.stringify(query ?? {})}`
const COUNTRY_ZONE = 'Asia/Shanghai'
