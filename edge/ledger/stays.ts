/**
 * How long each tag was heard before a door, antenna by antenna: the summary that the ring keeps of tags that only stand there, one row a stay or an
 * hour, whatever is read of them [ledger-and-sync 2].
 */
export interface Stays {
  readonly see: (epc: string, seen: { readonly at: number; readonly antenna: string; readonly rssiDbm: number | null }) => void
  /** A passage of the tag was settled: its raw reads are kept beside the summary. */
  readonly passed: (epc: string) => void
  /** Takes away what ended before a moment; all of it at `Infinity`. */
  readonly ended: (nowMs: number) => readonly Stay[]
  /** When each tag that stays before a reader was last heard by it. */
  readonly residents: (reader: string) => readonly number[]
}

/** One stay, or an hour of one; times in ms on the clock of the sightings. */
export interface Stay {
  readonly epc: string
  readonly from: number
  readonly to: number
  readonly passages: number
  readonly antennas: Readonly<Record<string, { readonly reads: number; readonly peakDbm: number | null }>>
}

export const openStays = (): Stays => {
  const tags = new Map<string, Tag>()
  let over: Stay[] = []
  const end = (epc: string, tag: Tag) => void over.push(stayOf(epc, tag))
  return {
    see: (epc, { at, antenna, rssiDbm }) => {
      let tag = tags.get(epc)
      if (tag === undefined) {
        tag = { sinceMs: at, from: at, to: at, passages: 0, antennas: new Map() }
        tags.set(epc, tag)
        if (tags.size > TAGS_MAX) forgetFirst(tags, end)
      } else if (at - tag.from >= ROW_MS) {
        end(epc, tag)
        tag.from = at
        tag.passages = 0
        for (const heard of tag.antennas.values()) Object.assign(heard, { reads: 0, peakDbm: null })
      }
      tag.to = at
      const heard = tag.antennas.get(antenna)
      if (heard === undefined) tag.antennas.set(antenna, { reads: 1, peakDbm: rssiDbm, since: at, to: at })
      else {
        heard.reads += 1
        heard.to = at
        if (rssiDbm !== null && (heard.peakDbm === null || rssiDbm > heard.peakDbm)) heard.peakDbm = rssiDbm
      }
    },
    passed: (epc) => {
      const tag = tags.get(epc)
      if (tag) tag.passages += 1
    },
    ended: (nowMs) => {
      for (const [epc, tag] of tags) {
        // A clock set back must not keep a stay for ever.
        if (nowMs - tag.to < SILENT_MS && nowMs >= tag.from) continue
        tags.delete(epc)
        end(epc, tag)
      }
      const rows = over
      over = []
      return rows
    },
    residents: (reader) => [...tags.values()].flatMap((tag) => lastBefore(reader, tag) ?? []),
  }
}

interface Tag {
  /** When it came; `from` is where the present row begins. */
  readonly sinceMs: number
  from: number
  to: number
  passages: number
  readonly antennas: Map<string, { reads: number; peakDbm: number | null; readonly since: number; to: number }>
}

const stayOf = (epc: string, { from, to, passages, antennas }: Tag): Stay => ({
  ...{ epc, from, to, passages },
  antennas: Object.fromEntries(
    [...antennas].flatMap(([antenna, { reads, peakDbm }]) => (reads > 0 ? [[antenna, { reads, peakDbm }] as const] : [])),
  ),
})

const forgetFirst = (tags: Map<string, Tag>, end: (epc: string, tag: Tag) => void): void => {
  const first = tags.entries().next().value
  if (first === undefined) return
  tags.delete(first[0])
  end(...first)
}

/** A tag that goes through the door is no resident, however long it stood there before. */
const lastBefore = (reader: string, { antennas, passages }: Tag): number | null => {
  const own = [...antennas].filter(([antenna]) => antenna.slice(0, antenna.lastIndexOf(':')) === reader).map(([, heard]) => heard)
  if (own.length === 0 || passages > 0) return null
  const [since, to] = [Math.min(...own.map((one) => one.since)), Math.max(...own.map((one) => one.to))]
  return to - since >= RESIDENT_MS ? to : null
}

/** More than a cart and the shelves before a door together. */
const TAGS_MAX = 2_000
/** A row says so much at most: a shelf of a hundred tags is 2,400 rows a day, some 50 KB. */
const ROW_MS = 3_600_000
/** Longer than a reader is looked for before it is called deaf. */
const SILENT_MS = 900_000
/** Ten minutes before the door is no passer-by. */
const RESIDENT_MS = 600_000
