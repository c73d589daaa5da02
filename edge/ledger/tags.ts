import type { EntryKind, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { type LotKey, type NodeId, type PlaceId, placeOf, transitTo } from '@lotkeeper/protocol/names.ts'

/** Where a tagged pack stands on this node's books and how much is left in it. */
export interface TagState {
  readonly epc: string
  readonly lot: LotKey
  /** Units of the full pack. */
  readonly registered: number
  /** What is left; `null` when units left and nobody said from which pack. */
  readonly units: number | null
  /** `null` until booked here. */
  readonly place: PlaceId | null
}

/** What the rule must see: the tags before the entry, the positions after it. */
export interface TagView {
  /** Whether the place is one of the rooms this node books at. */
  readonly own: (place: PlaceId) => boolean
  readonly tag: (epc: string) => TagState | null
  /** Tags of a lot standing at a place. */
  readonly there: (lot: LotKey, place: PlaceId) => readonly TagState[]
  readonly units: (lot: LotKey, place: PlaceId) => number
}

/**
 * What an own entry does to the tags of its lots [ledger-and-sync 1.8]. Named tags move with their units, or count the remainder; units that
 * leave unnamed are counted on the one tag of that lot standing there, and where there are several all of them become unknown.
 */
export const tagsAfter = (
  node: NodeId,
  act: { readonly kind: EntryKind; readonly lines: readonly Line[]; readonly loose: boolean },
  view: TagView,
): readonly TagState[] => {
  const changed = new Map<string, TagState>()
  const see: TagView = {
    ...view,
    tag: (epc) => changed.get(epc) ?? view.tag(epc),
    there: (lot, place) => {
      const told = view.there(lot, place).filter(({ epc }) => !changed.has(epc))
      return [...told, ...[...changed.values()].filter((tag) => tag.lot === lot && tag.place === place)]
    },
  }
  const keep = (tags: readonly TagState[]) => {
    for (const tag of tags) changed.set(tag.epc, tag)
  }
  for (const line of joined(act.lines)) {
    const moved: Moved = { ...line, node, kind: act.kind, loose: act.loose }
    keep(line.tags.length > 0 ? named(moved, see) : unnamed(moved, see))
  }
  return [...changed.values()]
}

type Moved = Line & {
  readonly node: NodeId
  readonly kind: EntryKind
  /** What is reversed had moved loose units, and no pack. */
  readonly loose: boolean
}

/** One pack may leave from two states of a room: lines of the same tags to the same place are one move. */
const joined = (lines: readonly Line[]): readonly Line[] => {
  const byMove = new Map<string, Line>()
  for (const line of lines) {
    const name = line.tags.length > 0 ? `${line.lot}\n${line.to}\n${line.tags.join()}` : `${byMove.size}`
    const before = byMove.get(name)
    byMove.set(name, before ? { ...before, units: before.units + line.units } : line)
  }
  return [...byMove.values()]
}

const named = (moved: Moved, see: TagView): readonly TagState[] => {
  const [only] = moved.tags
  if (moved.tags.length === 1 && only !== undefined) return [oneNamed(moved, only, moved.units, see)].flatMap((tag) => tag ?? [])
  const tags = moved.tags.map((epc) => see.tag(epc))
  const left = sum(tags.map((tag) => tag?.units ?? null))
  const full = sum(tags.map((tag) => tag?.registered ?? null))
  const even = tags.every((tag) => tag === null) && moved.units % tags.length === 0 ? moved.units / tags.length : null
  return moved.tags.flatMap((epc, at) => {
    const tag = tags[at] ?? null
    const share = left === moved.units ? tag?.units : full === moved.units ? tag?.registered : even
    if (share != null) return oneNamed(moved, epc, share, see) ?? []
    const known = tag ?? provisional(moved, epc, 1, see)
    return known ? [{ ...known, place: moved.to, units: null }] : []
  })
}

const oneNamed = (moved: Moved, epc: string, units: number, see: TagView): TagState | null => {
  const tag = see.tag(epc)
  if (!tag) return provisional(moved, epc, units, see)
  if (moved.to === transitTo(moved.node)) return { ...tag, place: null, units: tag.registered }
  if (tag.place === moved.to) return { ...tag, units: tag.units === null ? null : tag.units + units }
  if (!see.own(moved.from)) return { ...tag, lot: moved.lot, place: moved.to, units: keptAt(moved.to, units) }
  if (tag.units === null) return OPENING.includes(moved.kind) ? tag : { ...tag, place: moved.to, units: keptAt(moved.to, units) }
  if (units < tag.units) return { ...tag, units: tag.units - units }
  return { ...tag, place: moved.to, units: units === tag.units ? keptAt(moved.to, units) : null }
}

const unnamed = (moved: Moved, see: TagView): readonly TagState[] => {
  const { lot, from, to, units } = moved
  if (moved.kind === 'reverse' && !see.own(from)) return moved.loose ? [] : backInto(moved, see)
  if (!see.own(from)) return []
  if (moved.loose && unitsBeside(moved, see) > 0) return []
  const exact = see.there(lot, from)
  if (exact.length > 0 && see.units(lot, from) <= 0) return emptied(moved, exact, see)
  if (roomOf(from) === roomOf(to)) return []
  const there = exact.length > 0 ? exact : otherStates(from).flatMap((place) => see.there(lot, place))
  const [only] = there
  if (there.length > 1) return there.map((tag) => ({ ...tag, units: null }))
  if (only?.units == null) return []
  if (units === only.units) return [wholeTo(moved, only)]
  return [{ ...only, units: units < only.units ? only.units - units : null }]
}

/** Units of the lot in the whole room. */
const unitsBeside = ({ lot, from }: Moved, see: TagView): number =>
  [from, ...statesBeside(from)].reduce((total, place) => total + see.units(lot, place), 0)

/**
 * A state of a room is empty. Its tags went along, unless they stood for more than what left: then the rest of their units stands in another
 * state of the room, and so do they.
 */
const emptied = (moved: Moved, exact: readonly TagState[], see: TagView): readonly TagState[] => {
  const { lot, from, to, units } = moved
  const [only] = exact
  const left = sum(exact.map((tag) => tag.units))
  const rest = statesBeside(from).find((place) => see.units(lot, place) > 0)
  if (roomOf(from) === roomOf(to) || rest === undefined || (left !== null && left <= units)) return exact.map((tag) => wholeTo(moved, tag))
  if (exact.length === 1 && only?.units != null) return [{ ...only, units: only.units - units, place: rest }]
  return exact.map((tag) => ({ ...tag, units: null, place: rest }))
}

/** Units come back untagged: into the one opened pack of that lot standing there, never above what it was registered with. */
const backInto = (moved: Moved, see: TagView): readonly TagState[] => {
  const there = see.there(moved.lot, moved.to)
  const [only] = there
  if (there.length !== 1 || only?.units == null || only.units >= only.registered) return []
  return [{ ...only, units: Math.min(only.registered, only.units + moved.units) }]
}

const wholeTo = (moved: Moved, tag: TagState): TagState =>
  moved.to === transitTo(moved.node)
    ? { ...tag, place: null, units: tag.registered }
    : { ...tag, place: moved.to, units: tag.units === null ? null : keptAt(moved.to, tag.units) }

/** A tag nobody registered, named with units that stand here now: usable at once, confirmed by the hub later [1.9]. */
const provisional = (moved: Moved, epc: string, units: number, see: TagView): TagState | null =>
  see.own(moved.to) ? { epc, lot: moved.lot, registered: units, units, place: moved.to } : null

/** Acts that take units out of a pack and leave the pack standing; all others move the pack itself. */
const OPENING: readonly EntryKind[] = ['issue', 'scrap', 'count']

const roomOf = (place: PlaceId): string => place.slice(0, place.lastIndexOf('/'))
/** Acceptance names lots, not packs: a pack that waits for it may be the one units leave from. What is held is held by name. */
const otherStates = (place: PlaceId): readonly PlaceId[] => statesBeside(place).filter((one) => !one.endsWith('/held'))
const statesBeside = (place: PlaceId): readonly PlaceId[] =>
  ['available', 'pending', 'held'].map((state) => `${roomOf(place)}/${state}`).filter((one) => one !== place)

/** A pack on its way holds what it held; one used up holds nothing. */
const keptAt = (place: PlaceId, units: number): number => {
  const name = placeOf(place)
  return name?.room != null || name?.virtual === 'transit' ? units : 0
}

const sum = (units: readonly (number | null)[]): number | null =>
  units.reduce((total: number | null, one) => (total === null || one === null ? null : total + one), 0)
