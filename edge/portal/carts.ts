import type { Side } from './thresholds.ts'
import { type Cell, emptyCell, epochsOf, openTrack, type Track, timeOf } from './track.ts'

/** A change of side that is sure enough to say where the tags beside it went. */
export interface Step {
  readonly direction: 'in' | 'out'
  readonly atMs: number
}

/** A stretch of a tag's time at the door: what was heard of it, and the changes of side made of that. */
export interface Stretch {
  readonly track: Track
  readonly steps: readonly Step[]
  /** How sure it is that these and no others were its changes of side: 0..1. */
  readonly certainty: number
  /** What was told of it; `null`: something that was in doubt. */
  readonly told: readonly Step[] | null
}

/** A change of side of a cart: the middle of the moments of its tags, and between which moments most of them were in the plane. */
export interface CartStep extends Step {
  readonly fromMs: number
  readonly toMs: number
}

/** Tags that surely went the same way at the same time, and when and where they were heard. */
export interface Cart {
  readonly steps: readonly CartStep[]
  /** How many tags it was told by, the less sure of them counting less, and how many others went another way. */
  readonly size: number
  readonly others: number
  /** Its tags heard as if they were one. */
  readonly pooled: Track
  readonly fromEpoch: number
  readonly toEpoch: number
  readonly heard: Readonly<Record<Side, Heard>>
}

/** Of each epoch of a cart how much it was heard there, smoothed, and how much louder than on the mean. */
export interface Heard {
  readonly reads: Float64Array
  readonly louder: Float64Array
  readonly sum: number
}

/** The tags of a door's last moments by the carts they lay on. */
export interface Carts {
  /** A tag came into range: unless it left a moment ago, what it did before is past. */
  readonly begin: (epc: string, atMs: number) => void
  /** What is thought of a tag now; takes the place of what was thought of the same stretch. `null`: it lies near and goes with nobody. When it was last heard. */
  readonly note: (epc: string, stretch: Stretch | null, lastMs: number) => void
  /** The stretch is over: what is heard from now on is another. */
  readonly keep: (epc: string, stretch: Stretch) => void
  /** What was told of a tag already; `null`: something that was in doubt. */
  readonly toldOf: (epc: string) => readonly Step[] | null
  /** What was heard of it before. */
  readonly pastOf: (epc: string) => readonly Track[]
  /** How the tags it surely went with came back and it was not heard among them; `null` where they did not. */
  readonly cameBackUnheard: (epc: string) => CameBack | null
  /** The carts, those of a few tags without this one's own part in them. */
  readonly without: (epc: string, atMs: number) => readonly Cart[]
  /** Forgets what was last heard before a moment. */
  readonly forget: (beforeMs: number) => void
}

/** The change of side by which a cart came back, and the last that was heard of the tag. */
export interface CameBack {
  readonly step: Step
  readonly track: Track
}

interface Rider {
  readonly kept: readonly Stretch[]
  readonly now: Stretch | null
  readonly lastMs: number
}

/** Opens a door's carts: none yet. `epochMs` as in the tracks. */
export const openCarts = (epochMs: number): Carts => {
  const riders = new Map<string, Rider>()
  let loads: readonly Load[] = []
  let loadedMs = Number.NEGATIVE_INFINITY
  const cartsOf = new Map<Load, Cart>()
  const put = (epc: string, rider: Rider): void => {
    riders.delete(epc)
    riders.set(epc, rider)
    const [oldest] = riders.keys()
    if (riders.size > RIDERS_MAX && oldest !== undefined) riders.delete(oldest)
  }
  const load = (atMs: number): void => {
    if (atMs - loadedMs < AGAIN_MS && atMs >= loadedMs) return
    loadedMs = atMs
    loads = loadsOf(riders)
    cartsOf.clear()
  }
  const toldOf: Carts['toldOf'] = (epc) => {
    const kept = riders.get(epc)?.kept ?? []
    return kept.some(({ told }) => told === null) ? null : kept.flatMap(({ told }) => told ?? [])
  }
  return {
    begin: (epc, atMs) => {
      if ((riders.get(epc)?.lastMs ?? atMs) < atMs - AWAY_MS) riders.delete(epc)
    },
    note: (epc, stretch, lastMs) => {
      const kept = riders.get(epc)?.kept ?? []
      if (stretch === null && kept.length === 0) riders.delete(epc)
      else put(epc, { kept, now: stretch, lastMs })
    },
    keep: (epc, stretch) => {
      const kept = [...(riders.get(epc)?.kept ?? []), stretch].slice(-STRETCHES_MAX)
      put(epc, { kept, now: null, lastMs: stretch.track.lastMs })
    },
    toldOf,
    pastOf: (epc) => (riders.get(epc)?.kept ?? []).map(({ track }) => track),
    cameBackUnheard: (epc) => {
      const { kept = [], now = null } = riders.get(epc) ?? {}
      const [last, told] = [kept.at(-1), toldOf(epc)]
      if (now !== null || !last || told === null) return null
      const others = [...riders].flatMap(([other, rider]) => (other === epc ? [] : (lyingOf(rider) ?? [])))
      const step = cameBackOf(told, others)
      return step && { step, track: last.track }
    },
    without: (epc, atMs) => {
      load(atMs)
      const all = loads.reduce((sum, one) => sum + sizeOf(one), 0)
      return loads.flatMap((one) => {
        const around = { others: all - sizeOf(one) }
        // Its own part in many says next to nothing of itself.
        if (one.has(epc) && one.size <= FEW) {
          const others = new Map(one)
          others.delete(epc)
          return others.size === 0 ? [] : [cartOf(others, around, epochMs)]
        }
        const known = cartsOf.get(one) ?? cartOf(one, around, epochMs)
        cartsOf.set(one, known)
        return [known]
      })
    },
    forget: (beforeMs) => {
      for (const [epc, { lastMs }] of riders) if (lastMs < beforeMs) riders.delete(epc)
    },
  }
}

/** The tags of a cart: of each its changes of side and its tracks. */
type Load = ReadonlyMap<string, Lying>
interface Lying {
  readonly steps: readonly Step[]
  readonly tracks: readonly Track[]
  readonly certainty: number
}

const sizeOf = (load: Load): number => [...load.values()].reduce((sum, { certainty }) => sum + certainty, 0)

const loadsOf = (riders: ReadonlyMap<string, Rider>): readonly Load[] => {
  const loads: Map<string, Lying>[] = []
  for (const [epc, one] of riders) {
    const rider = lyingOf(one)
    if (rider === null) continue
    // Whoever waits in the plane is thought to cross at any moment of it: one follows the other.
    const [first, ...rest] = loads.filter((load) => [...load.values()].some((other) => isSameWay(other, rider)))
    if (!first) loads.push(new Map([[epc, rider]]))
    else {
      first.set(epc, rider)
      for (const other of rest) {
        for (const [name, lying] of other) first.set(name, lying)
        loads.splice(loads.indexOf(other), 1)
      }
    }
  }
  return loads.filter((one) => !loads.some((other) => isPartOf(one, other)))
}

/** The way of a tag as far as it is known; `null` where that is not sure enough to say anything of others. */
const lyingOf = ({ kept, now }: Rider): Lying | null => {
  const stretches = now ? [...kept, now] : kept
  const certainty = Math.min(1, ...stretches.map((one) => one.certainty))
  if (certainty < LIKELY) return null
  return { steps: stretches.flatMap((one) => one.steps), certainty, tracks: stretches.map(({ track }) => track) }
}

/** The next change of side of several that began as was told and went on, unless some stayed where that left them. */
const cameBackOf = (told: readonly Step[], others: readonly Lying[]): Step | null => {
  const begun = others.filter(({ steps }) => told.every((step, at) => isNear(step, steps[at])))
  const [back, stayed] = [
    begun.filter(({ steps }) => steps.length > told.length),
    begun.filter(({ steps }) => steps.length === told.length),
  ]
  const sum = (of: readonly Lying[]): number => of.reduce((all, { certainty }) => all + certainty, 0)
  const size = sum(back)
  if (told.length === 0 || size < SEVERAL || sum(stayed) * MANY > size) return null
  return stepsOf(new Map(back.map((one, at) => [String(at), one])))[told.length] ?? null
}

const isNear = ({ direction, atMs }: Step, other: Step | undefined): boolean =>
  other?.direction === direction && Math.abs(atMs - other.atMs) <= PART_MS

/** The changes of side of a cart, each from one tenth of its tags to nine tenths. */
const stepsOf = (load: Load): readonly CartStep[] => {
  const all = [...load.values()]
  return (all[0]?.steps ?? []).map(({ direction }, at) => {
    const times = all.map(({ steps }) => steps[at]?.atMs ?? 0).toSorted((one, other) => one - other)
    const timeAt = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
    return { direction, atMs: timeAt(0.5), fromMs: timeAt(0.1), toMs: timeAt(0.9) }
  })
}

const isSameWay = (one: Lying, other: Lying): boolean =>
  one.steps.length === other.steps.length &&
  (one.steps.length > 0
    ? one.steps.every(
        ({ direction, atMs }, at) => direction === other.steps[at]?.direction && Math.abs(atMs - (other.steps[at]?.atMs ?? 0)) <= APART_MS,
      )
    : isAtOnce(one, other))

/** Came and went together, or nearly. */
const isAtOnce = (one: Lying, other: Lying): boolean =>
  Math.abs((one.tracks[0]?.startMs ?? 0) - (other.tracks[0]?.startMs ?? 0)) <= APART_MS &&
  Math.abs((one.tracks.at(-1)?.lastMs ?? 0) - (other.tracks.at(-1)?.lastMs ?? 0)) <= 2 * APART_MS

/** A few that seem to have gone another way at the moment at which many went this one were on the same cart. */
const isPartOf = (few: Load, many: Load): boolean => {
  if (few.size === 0 || sizeOf(few) * MANY > sizeOf(many)) return false
  const [ours, theirs] = [stepsOf(few), stepsOf(many)]
  return ours.some((step) =>
    theirs.some(
      ({ direction, fromMs, toMs }) => direction === step.direction && step.atMs >= fromMs - PART_MS && step.atMs <= toMs + PART_MS,
    ),
  )
}

const cartOf = (load: Load, around: Pick<Cart, 'others'>, epochMs: number): Cart => {
  let fromEpoch = Number.POSITIVE_INFINITY
  let toEpoch = Number.NEGATIVE_INFINITY
  for (const { tracks } of load.values())
    for (const track of tracks) {
      fromEpoch = Math.min(fromEpoch, Math.floor(track.startMs / epochMs))
      toEpoch = Math.max(toEpoch, Math.floor(timeOf(track, epochsOf(track), epochMs) / epochMs))
    }
  fromEpoch = Math.max(fromEpoch, toEpoch - EPOCHS_MAX)
  const epochs = toEpoch - fromEpoch + 1
  const heardBy = (side: Side): Heard => {
    const reads = new Float64Array(epochs)
    const levels = new Float64Array(epochs)
    const louder = new Float64Array(epochs)
    for (const { tracks } of load.values()) {
      const meanDbm = meanLevelOf(tracks, side)
      for (const track of tracks)
        track[side].forEach((cell, epoch) => {
          const at = Math.floor(timeOf(track, epoch, epochMs) / epochMs) - fromEpoch
          if (!cell || at < 0 || at >= epochs) return
          const count = Math.min(cell.reads, READS_MAX)
          reads[at] = (reads[at] ?? 0) + count
          if (cell.levels === 0) return
          levels[at] = (levels[at] ?? 0) + count
          louder[at] = (louder[at] ?? 0) + count * (cell.sumDbm / cell.levels - meanDbm)
        })
    }
    const spread = smoothed(reads)
    const weights = smoothed(levels)
    const sums = smoothed(louder)
    return {
      reads: spread,
      louder: sums.map((sum, at) => ((weights[at] ?? 0) > 0 ? sum / (weights[at] ?? 1) : 0)),
      sum: spread.reduce((sum, value) => sum + value, 0),
    }
  }
  return {
    ...around,
    steps: stepsOf(load),
    size: sizeOf(load),
    pooled: pooledOf(load, epochMs),
    fromEpoch,
    toEpoch,
    heard: { inside: heardBy('inside'), outside: heardBy('outside') },
  }
}

/** The tracks of a cart's tags as one, each tag's own loudness taken off. */
const pooledOf = (load: Load, epochMs: number): Track => {
  const startMs = Math.min(...[...load.values()].flatMap(({ tracks }) => tracks.map((track) => track.startMs)))
  const pooled = openTrack(Number.isFinite(startMs) ? startMs : 0, epochMs)
  const add = (cells: (Cell | undefined)[], epoch: number, cell: Cell, offDb: number): void => {
    while (cells.length <= epoch) cells.push(undefined)
    const to = cells[epoch] ?? emptyCell()
    cells[epoch] = to
    const levels = Math.min(cell.levels, READS_MAX)
    to.reads += Math.min(cell.reads, READS_MAX)
    to.levels += levels
    if (levels > 0) to.sumDbm += levels * (cell.sumDbm / cell.levels - offDb)
    if (cell.peakDbm - offDb > to.peakDbm) to.peakDbm = cell.peakDbm - offDb
    for (const key of ['still', 'turned', 'driftDeg', 'steps'] as const) to[key] += cell[key]
  }
  for (const { tracks } of load.values()) {
    const means = (['inside', 'outside'] as const).flatMap((side) => meanLevelOf(tracks, side) || [])
    const offDb = means.length === 0 ? 0 : means.reduce((sum, mean) => sum + mean, 0) / means.length + 60
    for (const track of tracks)
      for (const side of ['inside', 'outside'] as const)
        track[side].forEach((cell, at) => {
          const epoch = Math.floor((timeOf(track, at, epochMs) - pooled.startMs) / epochMs)
          if (cell && epoch >= 0 && epoch < EPOCHS_MAX) add(pooled[side], epoch, cell, offDb)
        })
    pooled.lastMs = Math.max(pooled.lastMs, ...tracks.map(({ lastMs }) => lastMs))
  }
  return pooled
}

/** Mean level in dBm of what a side heard, 0 without any. */
export const meanLevelOf = (tracks: readonly Track[], side: Side): number => {
  let [sum, count] = [0, 0]
  for (const track of tracks)
    for (const cell of track[side]) {
      if (!cell || cell.levels === 0) continue
      sum += (Math.min(cell.reads, READS_MAX) * cell.sumDbm) / cell.levels
      count += Math.min(cell.reads, READS_MAX)
    }
  return count === 0 ? 0 : sum / count
}

const smoothed = (values: Float64Array): Float64Array => {
  const out = new Float64Array(values.length)
  values.forEach((value, at) => {
    if (value === 0) return
    for (let near = Math.max(0, at - REACH); near <= Math.min(values.length - 1, at + REACH); near += 1)
      out[near] = (out[near] ?? 0) + value * (1 - Math.abs(near - at) / (REACH + 1))
  })
  return out
}

/** More readings in one epoch say no more of when it was heard. */
export const READS_MAX = 3
/** Half width of the smoothing, epochs: what one tag of a cart is ahead of another. */
const REACH = 4
/** The tags of one cart are in the plane within this time, and by the error of the moment. */
const APART_MS = 2500
const PART_MS = 4000
const MANY = 3
/** One or two tags may have gone another way, or twice. */
export const SEVERAL = 2.5
/** From this certainty on a way counts for those beside it. */
const LIKELY = 0.6
/** Two minutes. */
const EPOCHS_MAX = 1200
/** Carts are put together anew this often. */
const AGAIN_MS = 1000
const RIDERS_MAX = 300
const FEW = 8
/** Who was away for longer than a tag is thought to rest where it went comes for something else. */
const AWAY_MS = 15_000
/** There, back, and there again. */
const STRETCHES_MAX = 4
