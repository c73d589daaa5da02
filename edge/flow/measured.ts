import { testimonyOf } from '../devices/testimony.ts'
import type { Heard } from '../devices/walks.ts'
import type { Recent, Seen } from '../ledger/recent.ts'
import type { Stay } from '../ledger/stays.ts'
import type { Passage } from '../portal/verdict.ts'
import type { DoorSetting } from '../settings.ts'
import { doorOf, type House } from './house.ts'

/** What each antenna heard of a passage, and what the books say to its direction, for the health of the door. */
export const measurePassage = (
  { health, parts, stockroom, settings, ledger }: House,
  setting: DoorSetting,
  passage: Passage,
  recent: Pick<Recent, 'of'>,
): void => {
  const { door } = setting
  const { epc, direction, from, to, at } = passage
  const agoMs = Math.max(0, parts.clock.monotonic() - at)
  const says = testimonyOf(ledger.read, doorOf(settings.node, setting), { direction, epc, atMs: stockroom.now().nowMs - agoMs })
  const heard = heardBy(recent.of(epc, from, to))
  health.crossed(door, { epc, atMs: parts.clock.now() - agoMs, decided: direction !== 'uncertain', heard, says })
}

/** A tag that was here and is gone without a passage may be what a dead antenna leaves of one. */
export const measureLeaving = (
  { health, parts: { clock } }: House,
  door: string,
  { epc, seen }: { readonly epc: string; readonly seen: readonly Seen[] },
): void => {
  const loudest = seen.reduce((one, other) => ((other.rssiDbm ?? 0) > (one.rssiDbm ?? 0) ? other : one), seen[0] ?? NO_SIGHTING)
  const spanMs = (seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0)
  if (spanMs > VISIT_MS) return
  health.left(door, { epc, atMs: clock.now() - (clock.monotonic() - loudest.at), decided: false, heard: heardBy(seen) })
}

const heardBy = (sightings: readonly Seen[]): Readonly<Record<string, Heard>> => {
  const heard: Record<string, Heard> = {}
  for (const { antenna, rssiDbm } of sightings) {
    const { reads, peakDbm } = heard[antenna] ?? { reads: 0, peakDbm: null }
    heard[antenna] = { reads: reads + 1, peakDbm: rssiDbm === null ? peakDbm : Math.max(rssiDbm, peakDbm ?? rssiDbm) }
  }
  return heard
}

/** Stays go to the ring many at once: a block a stay would be mostly frame. */
export const openSummaries = ({ parts, ring }: House, door: string) => {
  const { clock } = parts
  let rows: Stay[] = []
  let sweptMs = clock.monotonic()
  let keptMs = sweptMs
  const keep = () => {
    if (rows.length === 0) return
    const wallMs = clock.now() - clock.monotonic()
    const told = rows.map(({ from, to, ...stay }) => ({ ...stay, from: Math.round(from + wallMs), to: Math.round(to + wallMs) }))
    ring.keep(`stays:${door}:${String(Math.round(clock.now())).padStart(15, '0')}`, told)
    rows = []
  }
  return {
    sweep: (ended: (nowMs: number) => readonly Stay[], atMs: number) => {
      if (atMs - sweptMs < SWEEP_MS) return
      sweptMs = atMs
      rows.push(...ended(atMs))
      if (rows.length < STAYS_MAX && atMs - keptMs < KEEP_STAYS_MS) return
      keptMs = atMs
      keep()
    },
    close: (ended: (nowMs: number) => readonly Stay[]) => {
      rows.push(...ended(Number.POSITIVE_INFINITY))
      keep()
    },
  }
}

/** Stays are looked over once a minute, and written by the hundred or the hour. */
const SWEEP_MS = 60_000
const STAYS_MAX = 200
const KEEP_STAYS_MS = 3_600_000
/** Who stays longer than this did not walk through. */
const VISIT_MS = 30_000
const NO_SIGHTING: Seen = { at: 0, antenna: '', rssiDbm: null }
