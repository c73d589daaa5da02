/** The sightings of the last seconds per tag, so that those behind a passage can be kept in the ring. A tag that only stands there costs little. */
export interface Recent {
  readonly see: (epc: string, seen: Seen) => void
  /** What was seen of a tag in a span. */
  readonly of: (epc: string, from: number, to: number) => readonly Seen[]
  /** Tags that left, not seen since a moment, each once a visit, with the sightings of the visit. */
  readonly left: (beforeMs: number) => readonly { readonly epc: string; readonly seen: readonly Seen[] }[]
  /** Its visit was told as over already. */
  readonly isGone: (epc: string) => boolean
  /** Forgets tags not seen since. */
  readonly forget: (beforeMs: number) => void
  readonly tags: () => number
}

/** One sighting as the ring keeps it: time in ms, `reader:port`, level in dBm, phase in degrees where the reader tells it. */
export interface Seen {
  readonly at: number
  readonly antenna: string
  readonly rssiDbm: number | null
  /** Degrees, where the family tells it. */
  readonly phaseDeg?: number
}

/** A silence of `pauseMs` ends a visit: whoever is heard again after it comes again. */
export const openRecent = (pauseMs: number): Recent => {
  const tags = new Map<string, Seen[]>()
  /** Those that left and did not come back yet. */
  const gone = new Set<string>()
  return {
    see: (epc, seen) => {
      const list = tags.get(epc) ?? []
      // Kept in the order of their last sighting: the first ones are forgotten first.
      tags.delete(epc)
      tags.set(epc, list)
      list.push(seen)
      gone.delete(epc)
      if (list.length > SEEN_MAX * 2) list.splice(0, list.length - SEEN_MAX)
      if (tags.size > TAGS_MAX) {
        const [first = ''] = tags.keys()
        tags.delete(first)
        gone.delete(first)
      }
    },
    of: (epc, from, to) => (tags.get(epc) ?? []).filter(({ at }) => at >= from && at <= to).slice(-SEEN_MAX),
    left: (beforeMs) => {
      const visits: { readonly epc: string; readonly seen: readonly Seen[] }[] = []
      for (const [epc, list] of tags) {
        if ((list.at(-1)?.at ?? 0) >= beforeMs) break
        if (gone.has(epc)) continue
        gone.add(epc)
        const begin = list.findLastIndex(({ at }, index) => at - (list[index - 1]?.at ?? Number.NEGATIVE_INFINITY) > pauseMs)
        visits.push({ epc, seen: list.slice(begin) })
      }
      return visits
    },
    isGone: (epc) => gone.has(epc),
    forget: (beforeMs) => {
      for (const [epc, list] of tags) {
        if ((list.at(-1)?.at ?? 0) >= beforeMs) return
        tags.delete(epc)
        gone.delete(epc)
      }
    },
    tags: () => tags.size,
  }
}

/** A slow walk past two readers gives some 300 sightings. */
const SEEN_MAX = 500
/** More than a cart and a shelf together. */
const TAGS_MAX = 2_000
