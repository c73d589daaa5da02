import type { AskOf, CommandName } from '@lotkeeper/edge/readers/uhf/a0/commands.ts'
import { ANTENNA_MISSING, PARAMETER_INVALID } from '@lotkeeper/edge/readers/uhf/a0/errors.ts'
import { ROUND_END, SWITCH_END, writePortMissing, writeRoundEnd, writeTagRecord } from '@lotkeeper/edge/readers/uhf/a0/frames.ts'
import { levelOf } from '@lotkeeper/edge/readers/uhf/a0/inventory.ts'
import type { Band } from '@lotkeeper/edge/readers/uhf/a0/region.ts'
import { pcOf } from '@lotkeeper/edge/readers/uhf/gen2.ts'
import { type Air, IDLE_MS, LOOK_MS, type Look, type ModuleOptions, readPauseMs, type Tagged } from './module.ts'

/** One command's worth of reading: a port, or several in turn, each for its stay. */
export interface Round {
  readonly name: Inventory
  readonly setting: RoundSetting
  /** Ports in the order they are visited. */
  readonly places: readonly Place[]
  readonly withPhase: boolean
  readonly begunAt: number
  at: number
  /** When the stay at the present place is over; `null` before it began. */
  until: number | null
  reads: number
  readonly missing: Set<number>
}

export interface RoundSetting {
  readonly options: ModuleOptions
  readonly address: number
  readonly workPort: number
  readonly band: Band
  readonly atMs: number
}

interface Place {
  readonly port: number
  readonly stayMs: number
}
type Inventory = 'inventory' | 'fastSwitch4' | 'fastSwitch8' | 'fastSwitchSession' | 'sessionInventory'

/** The round a command begins, a result code where it begins none, or `null` for any other command. */
export const beginRound = (
  asked: { readonly name: CommandName; readonly values: unknown },
  setting: RoundSetting,
): Round | number | null => {
  const { name, values } = asked
  const { workPort } = setting
  const { firmware = '1.9', loose = [] } = setting.options
  const isOld = Number(firmware.split('.')[0]) === 1 && Number(firmware.split('.')[1]) < KNOWS_SESSIONS
  switch (name) {
    case 'inventory':
      if (loose.includes(workPort)) return ANTENNA_MISSING
      return roundOf(name, setting, [placeOf(workPort, (values as AskOf<'inventory'>).repeat)], false)
    case 'sessionInventory':
    case 'sessionInventorySelect':
    case 'sessionInventoryPhase': {
      if (isOld) return PARAMETER_INVALID
      if (loose.includes(workPort)) return ANTENNA_MISSING
      const { repeat } = values as AskOf<'sessionInventory'>
      const { phase } = { phase: 0, ...(values as Partial<AskOf<'sessionInventoryPhase'>>) }
      return roundOf('sessionInventory', setting, [placeOf(workPort, repeat)], phase === 1)
    }
    case 'fastSwitchSession': {
      if (isOld) return PARAMETER_INVALID
      const { phase } = values as AskOf<'fastSwitchSession'>
      return roundOf(name, setting, placesOf(setting.options, values as AskOf<'fastSwitch8'>), phase === 1)
    }
    case 'fastSwitch4':
    case 'fastSwitch8':
      return roundOf(name, setting, placesOf(setting.options, values as AskOf<'fastSwitch8'>), false)
    default:
      return null
  }
}

/** One look at the field: a tag of the present port, or on to the next; the last frame is the round's end. */
export const lookRound = (round: Round, air: Air, atMs: number): Look & { readonly ended: boolean } => {
  const { loose = [], idleMs = IDLE_MS } = round.setting.options
  const frames: Uint8Array[] = []
  while (round.at < round.places.length) {
    const { port, stayMs } = round.places[round.at] as Place
    round.until ??= atMs + stayMs
    const tags = loose.includes(port) ? [] : air.tagsAt(port)
    const tag = tags[round.reads % Math.max(1, tags.length)]
    if (tag !== undefined && atMs < round.until) {
      round.reads += 1
      frames.push(recordOf(round, port, tag, air))
      return { frames, reads: 1, afterMs: readPauseMs(round.setting.options, air), ended: false }
    }
    if (loose.includes(port) && !round.missing.has(port)) frames.push(writePortMissing(round.setting.address, port, ANTENNA_MISSING))
    round.missing.add(port)
    round.at += 1
    round.until = null
  }
  // An empty round lasts longer here than in a real module, and is looked at again and again: that spares the machine and delays no read.
  if (round.reads === 0 && atMs - round.begunAt < idleMs) {
    round.at = 0
    return { frames, reads: 0, afterMs: LOOK_MS, ended: false }
  }
  frames.push(endOf(round, atMs))
  return { frames, reads: 0, afterMs: TURN_MS, ended: true }
}

const roundOf = (name: Inventory, setting: RoundSetting, places: readonly Place[], withPhase: boolean): Round => ({
  name,
  setting,
  places,
  withPhase,
  begunAt: setting.atMs,
  at: 0,
  until: null,
  reads: 0,
  missing: new Set(),
})

/** FF asks for the shortest loop. */
const placeOf = (port: number, repeat: number): Place => ({ port, stayMs: (repeat === 0xff ? 1 : Math.max(1, repeat)) * LOOP_MS })

/** The ports of a fast switch that the module has, as often as they are to be visited. */
const placesOf = ({ ports = [1] }: ModuleOptions, { slots, repeat }: AskOf<'fastSwitch8'>): readonly Place[] => {
  const used = slots.flatMap(({ antenna, stay }) => (ports.includes(antenna + 1) ? [placeOf(antenna + 1, stay)] : []))
  return Array.from({ length: Math.max(1, repeat) }, () => used).flat()
}

const recordOf = (
  { name, setting, withPhase }: Round,
  port: number,
  { epc, rssiDbm, phaseDeg = 0 }: Tagged,
  { fraction }: Air,
): Uint8Array =>
  writeTagRecord(setting.address, name, {
    freqIndex: channelOf(setting.band, fraction()),
    port,
    pc: pcOf(epc.length),
    epc,
    rssiRaw: levelOf(rssiDbm),
    phase: withPhase ? Math.round(phaseDeg) : null,
    tid: null,
  })

const channelOf = (band: Band, fraction: number): number =>
  band.region === 'user'
    ? Math.floor(fraction * Math.min(64, Math.max(1, band.count)))
    : band.from + Math.floor(fraction * (band.to - band.from + 1))

const endOf = ({ name, setting, reads, begunAt }: Round, atMs: number): Uint8Array => {
  const ms = atMs - begunAt
  const data =
    name === 'inventory' || name === 'sessionInventory'
      ? ROUND_END.write({ antenna: setting.workPort - 1, readRate: Math.round((reads * 1_000) / Math.max(1, ms)), totalRead: reads })
      : SWITCH_END.write({ totalRead: reads, durationMs: ms })
  return writeRoundEnd(setting.address, name, data)
}

/** One loop of slotted answers; real ones take 30-50 ms for a tag and up to a second for hundreds. */
const LOOP_MS = 100
const TURN_MS = 5
/** The first minor version of the major 1 whose simulated firmware knows sessions. */
const KNOWS_SESSIONS = 5
