import type { EdgeParts } from '@lotkeeper/edge/parts.ts'
import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import type { Wire } from './line.ts'
import type { Module, ModuleOptions, Tagged } from './modules/module.ts'
import { MODULES } from './modules/modules.ts'

/**
 * A reader of any family at the end of a wire: a module that answers every command of its table and, once told to read, streams what the radio field
 * holds, whoever listens. It does not notice that a node crashed; only losing power (`unplug`) makes it forget.
 */
export const simulateReader = (wire: Wire, parts: SimulatorParts, options: ReaderOptions): SimulatedReader => {
  const maker = MODULES[options.family ?? 'bb7e']
  const around: Mutable<ModuleOptions> = { ...options }
  const device: Device = {
    ...{ wire, parts, options },
    module: maker.make(around),
    counts: { notices: 0, idles: 0 },
    baud: null,
    lagMs: 0,
    losing: 0,
    isDeaf: false,
    next: null,
    cancel: () => {},
  }
  wire.onBytes((bytes) => hear(device, bytes))
  // Some read from the moment they have power.
  if (device.module.reading()) begin(device)
  const afresh = () => {
    device.cancel()
    device.module = maker.make(around)
    if (device.module.reading()) begin(device)
  }
  const plugged = (work: () => Promise<void>) => async () => {
    afresh()
    await work()
  }
  return {
    state: () => ({ ...device.module.state(), ...device.counts }),
    noise: (bytes) => wire.send(bytes),
    spoilNext: (how) => {
      device.next = how
    },
    speak: (style) => {
      around.style = style
      afresh()
    },
    deafen: (isDeaf) => {
      device.isDeaf = isDeaf
      if (!isDeaf) begin(device)
    },
    restart: afresh,
    change: (change) => void Object.assign(around, change),
    speed: (baud) => {
      device.baud = baud
    },
    lag: (ms) => {
      device.lagMs = ms
    },
    overrun: (bytes) => {
      device.losing += bytes
    },
    unplug: plugged(wire.unplug),
    replug: plugged(wire.replug),
    close: plugged(wire.close),
  }
}

export type SimulatorParts = Pick<EdgeParts, 'clock' | 'timers'> & { readonly random: Pick<EdgeParts['random'], 'fraction'> }

export interface ReaderOptions extends ModuleOptions {
  /** `bb7e` unless said otherwise. */
  readonly family?: FamilyName
  /** Tags in the field of an antenna port at a moment (wall clock, ms); asked at every look. */
  readonly field: (at: number, port: number) => Iterable<Tagged>
}

/** `half`: its second half is lost; `flip`: one bit wrong; `compensated`: two errors that a frame's sum does not see, only the tag's CRC. */
export type Spoiling = 'half' | 'flip' | 'compensated'

export interface SimulatedReader {
  /** What the module is set to, and what was sent of tags (`notices`) and of an empty field (`idles`), counted in looks. */
  readonly state: () => ReturnType<Module['state']> & { readonly notices: number; readonly idles: number }
  /** Bytes that belong to no frame. */
  readonly noise: (bytes: Uint8Array) => void
  /** Spoils the next frame that tells of tags. */
  readonly spoilNext: (how: Spoiling) => void
  /** Another module of the family with another header style; its memory is that of the factory. */
  readonly speak: (style: string) => void
  /** Firmware that hangs: hears nothing, says nothing, keeps its port. */
  readonly deafen: (isDeaf: boolean) => void
  /** Firmware that fails and begins anew: all is forgotten, the cable stays. */
  readonly restart: () => void
  /** Something happens to the running module: an antenna is torn off, its clock set wrong, the level of an input changed. */
  readonly change: (change: Pick<ModuleOptions, 'loose' | 'clockOffMs' | 'high'>) => void
  /** Sets the speed of its port, bits per second; at any other speed both sides hear garbage. `null`: whatever the node uses. */
  readonly speed: (baud: number | null) => void
  /** Answers come this much later: a question asked again meanwhile crosses the answer to the first. */
  readonly lag: (ms: number) => void
  /** So many of the next bytes it sends are lost, as when nobody empties the buffer in time. */
  readonly overrun: (bytes: number) => void
  /** Takes cable and power. */
  readonly unplug: () => Promise<void>
  readonly replug: () => Promise<void>
  readonly close: () => Promise<void>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Device {
  readonly wire: Wire
  readonly parts: SimulatorParts
  readonly options: ReaderOptions
  readonly counts: { notices: number; idles: number }
  module: Module
  baud: number | null
  lagMs: number
  losing: number
  isDeaf: boolean
  next: Spoiling | null
  cancel: () => void
}

const hear = (device: Device, bytes: Uint8Array): void => {
  if (device.isDeaf) return
  const { module, parts, lagMs } = device
  const wasReading = module.reading()
  const answers = module.hear(garbled(device, bytes), parts.clock.now())
  const answer = () => {
    for (const one of answers) send(device, one)
  }
  if (lagMs === 0) answer()
  else parts.timers.after(lagMs, answer)
  if (!wasReading && module.reading()) begin(device)
  if (wasReading && !module.reading()) device.cancel()
}

const look = (device: Device): void => {
  const { module, options, counts, parts } = device
  if (device.isDeaf || !module.reading()) return
  const at = parts.clock.now()
  const air = { tagsAt: (port: number) => [...options.field(at, port)], fraction: parts.random.fraction }
  const { frames, reads, afterMs } = module.look(air, at)
  counts.notices += reads
  if (frames.length > 0 && reads === 0) counts.idles += 1
  for (const frame of frames) send(device, reads > 0 ? spoilt(device, frame) : frame)
  // What it said may have ended its inventory, or begun the next round.
  if (module.reading()) schedule(device, afterMs)
}

const begin = (device: Device): void => schedule(device, 0)

const schedule = (device: Device, ms: number): void => {
  device.cancel()
  device.cancel = device.parts.timers.after(ms, () => look(device))
}

const send = (device: Device, bytes: Uint8Array): void => {
  const lost = Math.min(device.losing, bytes.length)
  device.losing -= lost
  if (lost < bytes.length) device.wire.send(garbled(device, bytes.subarray(lost)))
}

/** Bytes between two ends of different speeds: edges are sampled where there are none. */
const garbled = ({ baud, wire }: Device, bytes: Uint8Array): Uint8Array => {
  if (baud === null) return bytes
  const speed = wire.speed()
  return speed === null || speed === baud ? bytes : bytes.map((byte, at) => (byte * 0x95 + at * 0x3b + 0x5c) & 0xff)
}

const spoilt = (device: Device, frame: Uint8Array): Uint8Array => {
  const how = device.next
  device.next = null
  const middle = frame.length >> 1
  if (how === 'half') return frame.subarray(0, middle)
  if (how === 'flip') return frame.with(middle, (frame[middle] as number) ^ 0x01)
  if (how !== 'compensated') return frame
  return frame.with(middle, ((frame[middle] as number) + 1) & 0xff).with(middle + 1, ((frame[middle + 1] as number) - 1) & 0xff)
}
