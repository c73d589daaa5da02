import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'

/** A place in the drawing of a lot's way. */
export interface FlowNode {
  readonly place: string
  readonly units: number
  readonly column: number
  readonly row: number
}
/** Units between two places over all time; `back` runs against the grain (a return, a reversal). */
export interface FlowEdge {
  readonly from: string
  readonly to: string
  readonly units: number
  readonly movements: number
  readonly back: boolean
}
export interface FlowLayout {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
  readonly columns: number
  readonly rows: number
}

type Went = Pick<LotView['whereWent'][number], 'from' | 'to' | 'units' | 'movements'>
type Is = Pick<LotView['whereIs'][number], 'place' | 'units'>

/** Lays the places of a lot in columns from where it came to where it went; each place stands right of all that feed it. */
export const layFlow = (went: readonly Went[], is: readonly Is[]): FlowLayout => {
  const units = new Map(is.map((one) => [one.place, one.units]))
  const places = [...new Set([...went.flatMap((one) => [one.from, one.to]), ...units.keys()])].sort(byGrain)
  const back = backEdges(places, went)
  const edges = went.map((one) => ({ from: one.from, to: one.to, units: one.units, movements: one.movements, back: back.has(one) }))
  const column = columnsOf(
    places,
    edges.filter((edge) => !edge.back),
  )
  const nodes = seat(places, column, edges).map((seated) => ({ ...seated, units: units.get(seated.place) ?? 0 }))
  return {
    nodes,
    edges,
    columns: Math.max(1, ...nodes.map((node) => node.column + 1)),
    rows: Math.max(1, ...nodes.map((node) => node.row + 1)),
  }
}

/** Rooms of one site drawn as one place, for a lot that has been everywhere. Inner moves of a site fall away. */
export const bySite = (went: readonly Went[], is: readonly Is[]): { readonly went: readonly Went[]; readonly is: readonly Is[] } => {
  const sums = new Map<string, Went>()
  for (const one of went) {
    const from = siteOf(one.from)
    const to = siteOf(one.to)
    if (from === to) continue
    const known = sums.get(`${from}\n${to}`)
    sums.set(`${from}\n${to}`, { from, to, units: (known?.units ?? 0) + one.units, movements: (known?.movements ?? 0) + one.movements })
  }
  const held = new Map<string, number>()
  for (const one of is) held.set(siteOf(one.place), (held.get(siteOf(one.place)) ?? 0) + one.units)
  return { went: [...sums.values()], is: [...held].map(([place, units]) => ({ place, units })) }
}

/** Places beyond which a drawing by room can no longer be read. */
export const ROOMS_DRAWN_MAX = 14

/** A room stands for its site; virtual places stay, for they say where units ended. */
const siteOf = (place: string): string => (placeOf(place)?.room == null ? place : (placeOf(place)?.owner ?? place))

/** From supply over the way and the rooms to use: the grain that goods run along. */
const byGrain = (one: string, other: string): number => grainOf(one) - grainOf(other) || (one < other ? -1 : 1)
const grainOf = (place: string): number => {
  const name = placeOf(place)
  if (!name) return GRAIN.indexOf('available')
  return GRAIN.indexOf(name.virtual ?? name.state)
}
const GRAIN: readonly string[] = [
  'supplier',
  'unexplained',
  'transit',
  'pending',
  'held',
  'available',
  'adjusted',
  'transformed',
  'consumed',
  'scrapped',
]

/** Edges that close a circle, found walking along the grain; without them the rest has an order. */
const backEdges = (places: readonly string[], went: readonly Went[]): ReadonlySet<Went> => {
  const out = Map.groupBy(went, (one) => one.from)
  const state = new Map<string, 'open' | 'done'>()
  const back = new Set<Went>()
  const walk = (place: string): void => {
    state.set(place, 'open')
    for (const one of (out.get(place) ?? []).toSorted((a, b) => byGrain(a.to, b.to))) {
      const seen = state.get(one.to)
      if (seen === 'open') back.add(one)
      else if (seen === undefined) walk(one.to)
    }
    state.set(place, 'done')
  }
  for (const place of places) if (!state.has(place)) walk(place)
  return back
}

/** The longest way to a place is its column; passes are bounded by the number of places, for the rest has no circle. */
const columnsOf = (places: readonly string[], forward: readonly FlowEdge[]): ReadonlyMap<string, number> => {
  const column = new Map(places.map((place) => [place, 0]))
  for (let pass = 0; pass < places.length; pass += 1) {
    let moved = false
    for (const edge of forward) {
      const least = (column.get(edge.from) ?? 0) + 1
      if ((column.get(edge.to) ?? 0) >= least) continue
      column.set(edge.to, least)
      moved = true
    }
    if (!moved) break
  }
  return column
}

/** Rows within columns: near the rows of what feeds it, so that lines cross little. */
const seat = (places: readonly string[], column: ReadonlyMap<string, number>, edges: readonly FlowEdge[]) => {
  const row = new Map<string, number>()
  const columns = Map.groupBy(places, (place) => column.get(place) ?? 0)
  const numbers = [...columns.keys()].sort((one, other) => one - other)
  for (const number of numbers) {
    const wished = (columns.get(number) ?? []).map((place) => {
      const feeding = edges.filter((edge) => edge.to === place && row.has(edge.from)).map((edge) => row.get(edge.from) ?? 0)
      return { place, wish: feeding.length === 0 ? 0 : feeding.reduce((sum, one) => sum + one, 0) / feeding.length }
    })
    wished.sort((one, other) => one.wish - other.wish || byGrain(one.place, other.place))
    for (const [index, one] of wished.entries()) row.set(one.place, index)
  }
  return places.map((place) => ({ place, column: column.get(place) ?? 0, row: row.get(place) ?? 0 }))
}
