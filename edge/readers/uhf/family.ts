import type { Framing } from '../../serial/framing.ts'

/**
 * What a protocol family must say of itself; the reader's life (`reader.ts`) and the replay are the same for all families.
 * A new family is one folder: a command table, a framing table, and this record built from them, entered in `families.ts`.
 */
export interface Family {
  /** As written in vectors and settings, upper case. */
  readonly name: string
  /** Speeds the family is met at, the usual one first. */
  readonly bauds: readonly number[]
  /** Frames as the module sends them. */
  readonly framing: Framing
  /** Frames as the host sends them, where their form differs; for recordings. */
  readonly framingSent: Framing | null
  /** Header styles the family is met in; commands go out in the first until a frame says otherwise. */
  readonly dialects: readonly string[]
  /** Header style of a frame, or `null` where a frame of either style looks so. */
  readonly dialectOf: (frame: Uint8Array) => string | null
  /** What one frame means to a reader that is reading. */
  readonly hear: (frame: Uint8Array) => Heard
  /**
   * The frame in words, as one JSON object; the field names are those of the family's vectors. Who sent it is judged by the frame itself, unless
   * the recording says so; where both could have, it is taken for the module's.
   */
  readonly decoded: (frame: Uint8Array, by?: Sender) => Decoded
  /** The questions that bring a module from unknown to reading. */
  readonly conversation: (wish: Wish) => Conversation
  /** Longest time without any frame from a healthy module that is reading, ms (the family's idle signal is much denser). */
  readonly idleMs: number
  /** Loudness of a raw number whose unit nobody defined, about in decibels, for comparing antennas of one door; `null` where it means nothing. */
  readonly levelOf?: (rssiRaw: number) => number | null
  /** The raw number again, to be shown to people: a level by `levelOf` is no dBm. */
  readonly strengthOf?: (levelDb: number) => number
  /** Inputs for other devices, numbered from 1, that readers of the family are documented to have and to tell; left out where there are none. */
  readonly inputs?: number
  /** What a frame must be answered with at once, whatever else is under way, or `null`; for families whose module asks whether its host lives. */
  readonly echoOf?: (frame: Uint8Array) => Uint8Array | null
}

export type Decoded = Readonly<Record<string, unknown>>
export type Sender = 'host' | 'module'

/**
 * `reads`: tags, and whether their frame also ended the round; `idle`: the module lives and sees nothing; `round`: an inventory round ended;
 * `condition`: the module says, unasked, that something is wrong with it, and whether that ended its inventory; `other`: an answer or something unknown.
 */
export type Heard =
  | { readonly kind: 'reads'; readonly reads: readonly Read[]; readonly round?: boolean }
  | { readonly kind: 'idle' }
  | { readonly kind: 'round' }
  | { readonly kind: 'condition'; readonly condition: Condition; readonly round?: boolean }
  | { readonly kind: 'other' }

/** What is wrong with a module or one of its antennas, in its own words. */
export interface Condition {
  readonly code: (typeof CONDITIONS)[number]
  /** From 1; `null` where it is the module's own. */
  readonly port: number | null
  readonly meaning: Meaning
}
/** What modules complain of unasked. `fault`: the firmware failed and begins anew by itself. */
export const CONDITIONS = ['antenna-missing', 'return-loss', 'temperature', 'power', 'buffer-full', 'fault'] as const

/** One tag in one frame. `crcOk` is the tag's own CRC where the family passes it on, else `null`; a read with `false` must not be used. */
export interface Read {
  readonly port: number
  readonly epc: Uint8Array
  readonly pc: number
  readonly rssiDbm: number | null
  readonly rssiRaw: number
  readonly phaseDeg: number | null
  readonly crcOk: boolean | null
}

/** How a reader is wished to be. Powers and regions a module refuses are reported, and it reads on as it is. */
export interface Wish {
  readonly region: Region
  readonly powerDbm: number
  readonly session: Session
  /** Antenna ports in use, from 1, ascending; a single-port module reads on its one whatever stands here. */
  readonly ports: readonly number[]
  /** Inputs whose levels are wanted while it reads, from 1; only for families that have `inputs`. */
  readonly inputs?: readonly number[]
}

/** Radio regions by the band a site's law allows; CN900 is 920-925 MHz. */
export const REGIONS = ['CN900', 'US', 'EU', 'CN800', 'KR'] as const
export type Region = (typeof REGIONS)[number]
/** Gen2 sessions fit for a doorway: S2 and S3 silence tags after one read and hide a second crossing. */
export const SESSIONS = [0, 1] as const
export type Session = (typeof SESSIONS)[number]

/** The order of a reader's life; steps run one after another with one command in flight. */
export interface Conversation {
  /** Bytes that wake a sleeping module; it discards the first. */
  readonly wake: Uint8Array
  readonly stop: Ask
  /** After stop, what still comes is thrown away until the line is quiet. */
  readonly drain: { readonly quietMs: number; readonly mostMs: number }
  /** Read-only and harmless to any other module: it is also how a port is searched for one. */
  readonly probe: Ask
  readonly configure: readonly Ask[]
  /** How the module is: temperature, return loss. Asked before the first start, and now and then between a stop and a start. */
  readonly health: readonly Ask[]
  /** The question that begins, or for modules that read round by round goes on with, the inventory; any frame of the inventory answers it. */
  readonly start: Ask
  /** Questions that keep the inventory going, when it is time for them; else `null`. */
  readonly again: (since: Progress) => readonly Ask[] | null
  /** How the wished inputs are looked at, or `null` where none is wished; asked anew each time, for the module is only known after its first answers. */
  readonly inputs?: () => InputWatch | null
  /**
   * Port of a read, or of an antenna complained of, where its frame alone does not tell: modules count their ports in different ways, or name only
   * what was asked. `told` is what the frame says, 0 where it says nothing. Asked once for each, in order.
   */
  readonly portOf?: (told: number) => number
}

/** How a module is asked for the levels of its inputs while it reads: where a light barrier, a door contact or a button hangs. */
export interface InputWatch {
  /**
   * `beside`: the inventory goes on meanwhile; `between`: in front of a next round; `pausing`: the inventory rests, and the questions begin with
   * stop and end with start.
   */
  readonly way: 'beside' | 'between' | 'pausing'
  readonly everyMs: number
  readonly asks: readonly Ask[]
}

/** Levels of inputs, by input from 1: whether each is high. */
export type Levels = Readonly<Record<number, boolean>>

/** What happened since the inventory was last started. */
export interface Progress {
  readonly frames: number
  readonly rounds: number
  readonly ms: number
}

/** One question to the module. */
export interface Ask {
  readonly name: string
  readonly bytes: (dialect: string) => Uint8Array
  /** What this frame answers, or `null` when it answers something else: unsolicited frames never complete a question. */
  readonly answer: (frame: Uint8Array) => Answer | null
  /** What it means that nothing came in time, for commands that a module takes without a word; else it is asked again, and then silent. */
  readonly silence?: Answer
  readonly waitMs: number
  readonly tries: number
}

export type Answer =
  | { readonly ok: true; readonly learned: Learned }
  | { readonly ok: false; readonly code: string; readonly meaning: Meaning }

/** What an answer taught about the module. */
export interface Learned {
  readonly version?: string
  readonly firmware?: string
  readonly powerDbm?: number
  /** One of `REGIONS` where the module's band is one of them, else in the module's own words. */
  readonly region?: string
  readonly temperatureC?: number
  /** Of one port, dB: what comes back from the antenna is this much weaker than what was sent; under 10 something is loose. */
  readonly returnLoss?: { readonly port: number; readonly db: number }
  readonly inputs?: Levels
}

/** A sentence for people. */
export interface Meaning {
  readonly zh: string
  readonly en: string
}
