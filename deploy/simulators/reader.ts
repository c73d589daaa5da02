import type { EdgeParts } from '@lotkeeper/edge/parts.ts'
import { NO_TAG } from '@lotkeeper/edge/readers/uhf/bb7e/errors.ts'
import { type Style, writeError, writeTagNotice } from '@lotkeeper/edge/readers/uhf/bb7e/frames.ts'
import { pcOf, tagCrcOf } from '@lotkeeper/edge/readers/uhf/gen2.ts'
import type { Wire } from './line.ts'
import { createModule, type Module } from './reader-module.ts'

/**
 * A single-port BB..7E reader at the end of a wire: it answers every command of the shared table, and once told to poll it streams what the radio field
 * holds, whoever listens. It does not notice that a node crashed; only losing power (`unplug`) makes it forget.
 */
export const simulateReader = (wire: Wire, parts: SimulatorParts, options: ReaderOptions): SimulatedReader => {
  const reader: Device = {
    wire,
    parts,
    options,
    module: createModule(options),
    counts: { notices: 0, idles: 0 },
    turnOf: 0,
    idleAt: Number.NEGATIVE_INFINITY,
    deaf: false,
    next: null,
    cancel: () => {},
  }
  wire.onBytes((bytes) => hear(reader, bytes))
  const plugged = (work: () => Promise<void>) => async () => {
    reader.cancel()
    reader.module = createModule(options)
    await work()
  }
  return {
    state: () => ({ ...reader.module.state(), ...reader.counts }),
    noise: (bytes) => wire.send(bytes),
    spoilNext: (how) => {
      reader.next = how
    },
    speak: (style) => reader.module.speak(style),
    deafen: (deaf) => {
      reader.deaf = deaf
      if (!deaf) begin(reader)
    },
    unplug: plugged(wire.unplug),
    replug: plugged(wire.replug),
    close: plugged(wire.close),
  }
}

export type SimulatorParts = Pick<EdgeParts, 'clock' | 'timers'> & { readonly random: Pick<EdgeParts['random'], 'fraction'> }

/** A tag where the antenna can read it. */
export interface Tagged {
  readonly epc: Uint8Array
  readonly rssiDbm: number
}

export interface ReaderOptions {
  /** Tags in the field at a moment (wall clock, ms); asked once a poll. */
  readonly field: (at: number) => Iterable<Tagged>
  /** Header style, `BB7E` unless said otherwise. */
  readonly style?: Style
  readonly hardware?: string
  readonly firmware?: string
  /** Tag reads a second while tags are there; real modules reach 40-60 through a doorway. */
  readonly readsPerSecond?: number
  /** Time between two empty polls told. Real modules tell one every 20-30 ms; telling fewer spares the machine and delays no read. */
  readonly idleMs?: number
  /** Most power the module takes; more is a bad parameter. */
  readonly powerDbmMax?: number
}

/** `half`: its second half is lost; `flip`: one bit wrong; `compensated`: two errors that the frame's sum does not see, only the tag's CRC. */
export type Spoiling = 'half' | 'flip' | 'compensated'

export interface SimulatedReader {
  readonly state: () => ReturnType<Module['state']> & { readonly notices: number; readonly idles: number }
  /** Bytes that belong to no frame. */
  readonly noise: (bytes: Uint8Array) => void
  /** Spoils the next tag notice. */
  readonly spoilNext: (how: Spoiling) => void
  /** Changes the header style it speaks and hears. */
  readonly speak: (style: Style) => void
  /** Firmware that hangs: hears nothing, says nothing, keeps its port. */
  readonly deafen: (deaf: boolean) => void
  /** Takes cable and power. */
  readonly unplug: () => Promise<void>
  readonly replug: () => Promise<void>
  readonly close: () => Promise<void>
}

interface Device {
  readonly wire: Wire
  readonly parts: SimulatorParts
  readonly options: ReaderOptions
  readonly counts: { notices: number; idles: number }
  module: Module
  /** Which tag of the field answers next. */
  turnOf: number
  /** Steady clock of the last empty poll told. */
  idleAt: number
  deaf: boolean
  next: Spoiling | null
  cancel: () => void
}

const hear = (reader: Device, bytes: Uint8Array): void => {
  if (reader.deaf) return
  const { module, wire } = reader
  const polled = module.streaming()
  for (const answer of module.hear(bytes)) wire.send(answer)
  if (!polled && module.streaming()) begin(reader)
  if (polled && !module.streaming()) reader.cancel()
}

/** Looks at the field: a tag answers with its notice; of the empty polls only some are sent, each an error frame 15. */
const look = (reader: Device): void => {
  const { module, options, counts, parts, wire } = reader
  if (reader.deaf || !module.streaming()) return
  const tags = [...options.field(parts.clock.now())]
  const tag = tags[reader.turnOf % Math.max(1, tags.length)]
  const now = parts.clock.monotonic()
  if (tag !== undefined) {
    reader.turnOf += 1
    counts.notices += 1
    module.poll()
    wire.send(spoilt(reader, noticeOf(module.state().style, tag)))
  } else if (now - reader.idleAt >= (options.idleMs ?? IDLE_MS)) {
    reader.idleAt = now
    counts.idles += 1
    module.poll()
    wire.send(writeError(module.state().style, NO_TAG))
  }
  const jitter = 0.8 + parts.random.fraction() * 0.4
  schedule(reader, tag === undefined ? LOOK_MS : (1_000 / (options.readsPerSecond ?? READS_PER_SECOND)) * jitter)
}

/** The first poll is told whatever it finds: it is the only answer to the command. */
const begin = (reader: Device): void => {
  reader.idleAt = Number.NEGATIVE_INFINITY
  schedule(reader, 0)
}

const schedule = (reader: Device, ms: number): void => {
  reader.cancel()
  reader.cancel = reader.parts.timers.after(ms, () => look(reader))
}

const noticeOf = (style: Style, { epc, rssiDbm }: Tagged): Uint8Array => {
  const pc = pcOf(epc.length)
  return writeTagNotice(style, { rssiDbm: Math.max(-128, Math.min(127, Math.round(rssiDbm))), pc, epc, tagCrc: tagCrcOf(pc, epc) })
}

const spoilt = (reader: Device, frame: Uint8Array): Uint8Array => {
  const how = reader.next
  reader.next = null
  const middle = frame.length >> 1
  if (how === 'half') return frame.subarray(0, middle)
  if (how === 'flip') return frame.with(middle, (frame[middle] as number) ^ 0x01)
  if (how !== 'compensated') return frame
  return frame.with(middle, ((frame[middle] as number) + 1) & 0xff).with(middle + 1, ((frame[middle + 1] as number) - 1) & 0xff)
}

const READS_PER_SECOND = 50
const IDLE_MS = 500
/** How often an empty field is looked at: a tag is read at most this much later than by a real module. */
const LOOK_MS = 100
