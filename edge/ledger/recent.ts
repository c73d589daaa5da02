/** The sightings of the last seconds per tag, so that those behind a passage can be kept in the ring. A tag that only stands there costs little. */
export interface Recent {
  readonly see: (epc: string, seen: Seen) => void
  /** What was seen of a tag in a span. */
  readonly of: (epc: string, from: number, to: number) => readonly Seen[]
  /** Forgets tags not seen since. */
  readonly forget: (beforeMs: number) => void
  readonly tags: () => number
}

/** One sighting as the ring keeps it: time in ms, `reader:port`, level in dBm, phase in degrees where the reader tells it. */
export interface Seen {
  readonly at: number
  readonly antenna: string
  readonly rssiDbm: number | null
  readonly phaseDeg?: number
}

export const openRecent = (): Recent => {
  const tags = new Map<string, Seen[]>()
  return {
    see: (epc, seen) => {
      const list = tags.get(epc) ?? []
      // Kept in the order of their last sighting: the first ones are forgotten first.
      tags.delete(epc)
      tags.set(epc, list)
      list.push(seen)
      if (list.length > SEEN_MAX * 2) list.splice(0, list.length - SEEN_MAX)
      if (tags.size > TAGS_MAX) tags.delete(tags.keys().next().value ?? '')
    },
    of: (epc, from, to) => (tags.get(epc) ?? []).filter(({ at }) => at >= from && at <= to).slice(-SEEN_MAX),
    forget: (beforeMs) => {
      for (const [epc, list] of tags) {
        if ((list.at(-1)?.at ?? 0) >= beforeMs) return
        tags.delete(epc)
      }
    },
    tags: () => tags.size,
  }
}

/** A slow walk past two readers gives some 300 sightings. */
const SEEN_MAX = 500
/** More than a cart and a shelf together. */
const TAGS_MAX = 2_000
