import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import { type Crossed, draftsOfCrossing, observed } from '../ledger/crossing.ts'
import { openRecent, type Recent } from '../ledger/recent.ts'
import { openStays } from '../ledger/stays.ts'
import { openPortal, type Portal } from '../portal/portal.ts'
import { THRESHOLDS } from '../portal/thresholds.ts'
import type { Passage } from '../portal/verdict.ts'
import { openInbox } from '../readers/inbox.ts'
import type { Told } from '../readers/told.ts'
import type { DoorSetting } from '../settings.ts'
import { sidesOf } from './antennas.ts'
import type { Gaps } from './gaps.ts'
import { doorOf, type House } from './house.ts'
import { measureLeaving, measurePassage, openSummaries } from './measured.ts'

/** A doorway of the node: its sightings go in, its passages are booked. */
export interface Way {
  readonly door: string
  /** Takes what a reader told; the door looks at it a moment later, so that no port ever waits for a booking. */
  readonly see: (told: Told) => void
  /** Takes a moment, steady clock, at which the light barrier was broken. */
  readonly beam: (atMs: number) => void
  /** Tellings of a reader that were dropped because the door was too slow. */
  readonly dropped: (reader: string) => number
  readonly close: () => void
}

/** Steps 5 to 7: the sightings of a door become passages, and each passage is booked in the commit of its moment. */
export const openDoor = (house: House, setting: DoorSetting, gaps: Pick<Gaps, 'tell'>): Way => {
  const { clock, timers } = house.parts
  const antennas = sidesOf(house.settings, setting.door)
  const portal: Portal = openPortal({ door: setting.door, antennas, ...(setting.thresholds ? { thresholds: setting.thresholds } : {}) })
  const { waitMs, departureMs } = { ...THRESHOLDS, ...setting.thresholds }
  // The portal calls a tag gone earlier: a passage of the visit is settled by then.
  const leftMs = Math.max(waitMs, departureMs) + LEFT_MARGIN_MS
  const recent = openRecent(leftMs)
  const stays = openStays()
  /** Tags with a passage, until they left. */
  const crossedLately = new Set<string>()
  const summaries = openSummaries(house, setting.door)
  /** Broken moments that must wait for what the readers heard before them. */
  let beams: readonly number[] = []
  let cancel: (() => void) | null = null
  const settle = (passages: readonly Passage[]) => {
    if (passages.length === 0) return
    const [settledAt, settled] = [clock.now(), clock.monotonic()]
    for (const passage of passages) measurePassage(house, setting, passage, recent)
    house.unattended.book(passages.map((passage) => crossingAct(house, setting, passage, recent)))
    for (const { epc, to } of passages) {
      stays.passed(epc)
      // That its cart came back without it is told when it left long ago.
      if (!recent.isGone(epc)) crossedLately.add(epc)
      const silentMs = settled - (recent.of(epc, to, settled).at(-1)?.at ?? to)
      house.parts.log.debug({ door: setting.door, epc, settledAt, silentMs }, 'a passage was settled and booked')
    }
  }
  /** Hands on the broken moments up to this time. */
  const breakUntil = (atMs: number) => {
    const due = beams.filter((beamMs) => beamMs <= atMs)
    if (due.length === 0) return
    beams = beams.slice(due.length)
    for (const beamMs of due) settle(portal.beam(beamMs))
  }
  /** While a tag is in range its silence must be noticed; an empty doorway costs nothing. */
  const watch = () => {
    cancel = timers.after(portal.present() > 0 ? WATCH_MS : WATCH_GONE_MS, () => {
      cancel = null
      // What waits in the inbox was heard already: nobody is silent before it is looked at.
      const now = Math.min(clock.monotonic(), inbox.oldestMs() ?? Number.POSITIVE_INFINITY)
      breakUntil(now)
      settle(portal.tick(now))
      for (const { epc, seen } of recent.left(now - leftMs)) {
        if (!crossedLately.delete(epc)) measureLeaving(house, setting.door, { epc, seen })
      }
      recent.forget(now - RECENT_MS)
      if (portal.present() + recent.tags() > 0) watch()
    })
  }
  const look = ({ reader, port, epc, levelDb: rssiDbm, phaseDeg, monotonic: at }: Told) => {
    const antenna = `${reader}:${port}`
    const side = antennas[antenna]
    // No EPC of less than a word or more than its bank says anything.
    if (side === undefined || !/^[0-9A-F]{4,124}$/.test(epc)) return
    house.health.heard(antenna, at)
    recent.see(epc, { at, antenna, rssiDbm, ...(phaseDeg === null ? {} : { phaseDeg }) })
    stays.see(epc, { at, antenna, rssiDbm })
    summaries.sweep(stays.ended, at)
    const wasEmpty = portal.present() === 0
    breakUntil(at)
    settle(portal.see({ epc, antenna, side, at, rssiDbm, phaseDeg }))
    if (cancel !== null && !wasEmpty) return
    cancel?.()
    watch()
  }
  const inbox = openInbox(house.parts, {
    take: look,
    overrun: ({ reader, from, to, reads }) => {
      house.parts.log.warn({ reader, reads }, 'reads were dropped because the door was too slow')
      gaps.tell({ device: reader, from, to, lastedMs: to - from, why: 'reader.overrun', detail: String(reads) })
    },
  })
  house.health.residents(setting.door, stays.residents)
  return {
    door: setting.door,
    see: inbox.write,
    beam: (atMs) => {
      beams = [...beams, atMs]
      breakUntil(inbox.oldestMs() ?? Number.POSITIVE_INFINITY)
    },
    dropped: inbox.dropped,
    close: () => {
      inbox.close()
      cancel?.()
      settle(portal.tick(Number.MAX_SAFE_INTEGER))
      summaries.close(stays.ended)
    },
  }
}

/** A passage as an act of the book; the raw reads behind it go to the ring. Doors go by the steady clock, the book by the site's time. */
const crossingAct = ({ parts, ring, stockroom, settings }: House, setting: DoorSetting, passage: Passage, recent: Recent) => {
  const key = `${setting.door}-${hexOf(parts.random.bytes(8)).toLowerCase()}`
  ring.keep(key, recent.of(passage.epc, passage.from - RING_MARGIN_MS, passage.to + RING_MARGIN_MS))
  const { direction, epc, certainty, algorithm } = passage
  const atMs = stockroom.now().nowMs - Math.max(0, parts.clock.monotonic() - passage.at)
  const crossed: Crossed = { direction, epc, certainty, algorithm, evidence: { ...passage.evidence }, atMs, ring: key }
  const door = doorOf(settings.node, setting)
  return {
    action: `door:${key}`,
    act: 'crossing',
    decide: (book: EdgeLedger['read']) => draftsOfCrossing(book, door, crossed),
    otherwise: (refused: { readonly code: string }) => [
      observed(door, { ...crossed, evidence: { ...crossed.evidence, refused: refused.code } }, 'uncertain'),
    ],
  }
}

/** Grain at which a door notices silence; passages that end in the same grain share one commit. */
const WATCH_MS = 100
/** How long raw sightings of a tag are remembered: longer than a door keeps a tag's past. */
const RECENT_MS = 40_000
const RING_MARGIN_MS = 500
/** When nobody is there any more only the sightings are still to be forgotten. */
const WATCH_GONE_MS = 5_000
/** The portal looks once a second at a tag that waits, the door ten times a second at the portal. */
const LEFT_MARGIN_MS = 2_000
