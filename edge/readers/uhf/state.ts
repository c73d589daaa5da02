import type { Framer, Noise } from '../../serial/framing.ts'
import type { Gap } from '../../serial/gap.ts'
import type { Line, LineParts } from '../../serial/line.ts'
import type { Told } from '../told.ts'
import type { Asker } from './asking.ts'
import type { FamilyName } from './families.ts'
import type { Condition, Conversation, Family, Levels, Meaning, Wish } from './family.ts'

/** Settings of one reader; ranges are checked where settings are read. */
export interface ReaderSettings extends Wish {
  readonly id: string
  /** `/dev/...` or `tcp://host:port`. */
  readonly address: string
  readonly family: FamilyName
  /** Only where it differs from the family's usual speed. */
  readonly baud?: number
}

export interface ReaderEvents {
  /** One tag read, its CRC held. */
  readonly told: (told: Told) => void
  /** The phase changed, or something was learned about the module. */
  readonly state: (state: ReaderState) => void
  readonly gap: (gap: Gap) => void
  /** Levels of the wished inputs, as often as they are looked at. */
  readonly inputs?: (told: InputsTold) => void
  /** Bytes that were no frame. */
  readonly noise: (noise: Noise) => void
}

export interface InputsTold {
  readonly reader: string
  readonly levels: Levels
  /** Steady clock. */
  readonly monotonic: number
}

/** `opening`: not open yet; `probing`: open, being stopped, asked and configured; `reading`; `lost`: was open, is not. */
export type ReaderPhase = 'opening' | 'probing' | 'reading' | 'lost'

export interface ReaderState {
  readonly reader: string
  readonly family: string
  readonly phase: ReaderPhase
  /** What the module says it is, `null` before it was asked. */
  readonly version: string | null
  readonly firmware: string | null
  readonly powerDbm: number | null
  readonly region: string | null
  /** As the module measured it last; `null` where it cannot. */
  readonly temperatureC: number | null
  /** By port, dB; empty where the module cannot measure it. */
  readonly returnLossDb: Readonly<Record<number, number>>
  /** Header style the module speaks, `null` before the first frame. */
  readonly dialect: string | null
  readonly counters: ReaderCounters
  /** Wishes the module refused or ignored at its last start; it reads on without them. */
  readonly troubles: readonly Trouble[]
  /** What the module complained of itself, the latest of each kind and port, until its inventory is started anew without it. */
  readonly conditions: readonly SeenCondition[]
}

/** Counts since the reader was opened. */
export interface ReaderCounters {
  readonly frames: number
  readonly reads: number
  /** Reads thrown away because the tag's own CRC failed. */
  readonly tagCrcFailures: number
  /** Reads thrown away before the inventory was started anew: what a module still sent from before. */
  readonly drained: number
  readonly noiseBytes: number
  readonly noises: number
  /** Times the module was brought to reading, and times its inventory was started anew before its count ran out. */
  readonly starts: number
  readonly rearms: number
}

export interface SeenCondition extends Condition {
  /** Wall clock of the last complaint, ms since 1970. */
  readonly at: number
}

export interface Trouble extends Meaning {
  /** Name of the question, such as `power`. */
  readonly ask: string
  /** `silent`, `differs`, or the module's error name. */
  readonly code: string
}

/** The reader's working memory, shared by `reader.ts` and `life.ts` only. */
export interface ReaderAtWork {
  readonly parts: LineParts
  readonly settings: ReaderSettings
  readonly on: ReaderEvents
  readonly family: Family
  readonly talk: Conversation
  readonly framer: Framer
  readonly counters: { -readonly [C in keyof ReaderCounters]: number }
  line: Line
  asker: Asker
  phase: ReaderPhase
  /** Counts lives: a life that finds another number here is over. */
  turn: number
  learned: Known
  dialect: string | null
  troubles: readonly Trouble[]
  conditions: readonly SeenCondition[]
  /** Steady clock of the last questions about health. */
  healthAt: number
  /** Whether reads count: from our own start on. What comes before was begun by somebody else and may have been buffered for long. */
  telling: boolean
  /** Steady clock of the last byte, the last valid frame, and the last (re)start of the inventory. */
  byteAt: number
  frameAt: number
  /** Steady clock of the last frame heard while reading: gaps are dated from here, because a module that only answers reads no tags. */
  workedAt: number
  since: { at: number; frames: number; rounds: number }
  rearming: boolean
  /** Steady clock of the last look at the inputs, and of the last time their levels came. */
  inputsAskedAt: number
  inputsToldAt: number
  /** How often running it was asked for its inputs and did not tell them; from some time on it is asked no more. */
  inputsMissed: number
  isInputless: boolean
  /** A question about the inputs is under way while the inventory goes on: its answer is no sign that the radio works. */
  isBeside: boolean
  cancelInputs: () => void
  cancelGap: () => void
  cancelWatch: () => void
}

/** What is known of a module from its answers. */
export type Known = Pick<ReaderState, 'version' | 'firmware' | 'powerDbm' | 'region' | 'temperatureC' | 'returnLossDb'>
export const UNKNOWN: Known = { version: null, firmware: null, powerDbm: null, region: null, temperatureC: null, returnLossDb: {} }

export const showPhase = (reader: ReaderAtWork, phase: ReaderPhase): void => {
  reader.phase = phase
  reader.on.state(stateOf(reader))
}

/** A copy for the outside. */
export const stateOf = (reader: ReaderAtWork): ReaderState => ({
  reader: reader.settings.id,
  family: reader.family.name,
  phase: reader.phase,
  ...reader.learned,
  dialect: reader.dialect,
  counters: { ...reader.counters },
  troubles: reader.troubles,
  conditions: reader.conditions,
})
