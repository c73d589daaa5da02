import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import { type Crossed, draftsOfCrossing, observed } from '../ledger/crossing.ts'
import { openRecent, type Recent } from '../ledger/recent.ts'
import { openPortal, type Portal } from '../portal/portal.ts'
import type { Passage } from '../portal/verdict.ts'
import type { Told } from '../readers/told.ts'
import type { DoorSetting } from '../settings.ts'
import { antennasOf } from './antennas.ts'
import { doorOf, type House } from './house.ts'

/** A doorway of the node: its sightings go in, its passages are booked. */
export interface Way {
  readonly door: string
  readonly see: (told: Told) => void
  readonly close: () => void
}

/** Steps 5 to 7: the sightings of a door become passages, and each passage is booked in the commit of its moment. */
export const openDoor = (house: House, setting: DoorSetting): Way => {
  const { clock, timers } = house.parts
  const antennas = antennasOf(house.settings, setting.door)
  const portal: Portal = openPortal({ door: setting.door, antennas, ...(setting.thresholds ? { thresholds: setting.thresholds } : {}) })
  const recent = openRecent()
  let cancel: (() => void) | null = null
  const settle = (passages: readonly Passage[]) => {
    if (passages.length === 0) return
    const [settledAt, settled] = [clock.now(), clock.monotonic()]
    house.unattended.book(passages.map((passage) => crossingAct(house, setting, passage, recent)))
    for (const { epc, to } of passages) {
      const silentMs = settled - (recent.of(epc, to, settled).at(-1)?.at ?? to)
      house.parts.log.debug({ door: setting.door, epc, settledAt, silentMs }, 'a passage was settled and booked')
    }
  }
  /** While a tag is in range its silence must be noticed; an empty doorway costs nothing. */
  const watch = () => {
    cancel = timers.after(WATCH_MS, () => {
      cancel = null
      const now = clock.monotonic()
      settle(portal.tick(now))
      recent.forget(now - RECENT_MS)
      if (portal.present() > 0) watch()
    })
  }
  return {
    door: setting.door,
    see: ({ reader, port, epc, levelDb: rssiDbm, phaseDeg, monotonic: at }) => {
      const antenna = `${reader}:${port}`
      const side = antennas[antenna]
      // No EPC of less than a word or more than its bank says anything.
      if (side === undefined || !/^[0-9A-F]{4,124}$/.test(epc)) return
      recent.see(epc, { at, antenna, rssiDbm, ...(phaseDeg === null ? {} : { phaseDeg }) })
      settle(portal.see({ epc, antenna, side, at, rssiDbm }))
      if (cancel === null) watch()
    },
    close: () => {
      cancel?.()
      settle(portal.tick(Number.MAX_SAFE_INTEGER))
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
