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
  /** Header styles the family is met in; commands go out in the first until a frame says otherwise. */
  readonly dialects: readonly string[]
  /** Header style of a frame. */
  readonly dialectOf: (frame: Uint8Array) => string
  /** What one frame means to a reader that is reading. */
  readonly hear: (frame: Uint8Array) => Heard
  /** The frame in words, as one JSON object; the field names are those of the family's vectors. */
  readonly decoded: (frame: Uint8Array) => Decoded
  /** The questions that bring a module from unknown to reading. */
  readonly conversation: (wish: Wish) => Conversation
  /** Longest time without any frame from a healthy module that is reading, ms (the family's idle signal is much denser). */
  readonly idleMs: number
}

export type Decoded = Readonly<Record<string, unknown>>

/** `reads`: tags; `idle`: the module lives and sees nothing; `round`: an inventory round ended; `other`: an answer or something unknown. */
export type Heard =
  | { readonly kind: 'reads'; readonly reads: readonly Read[] }
  | { readonly kind: 'idle' }
  | { readonly kind: 'round' }
  | { readonly kind: 'other' }

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
  readonly probe: Ask
  readonly configure: readonly Ask[]
  readonly start: Ask
  /** Questions that keep the inventory going, when it is time for them; else `null`. */
  readonly again: (since: Progress) => readonly Ask[] | null
}

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
  readonly region?: string
}

/** A sentence for people. */
export interface Meaning {
  readonly zh: string
  readonly en: string
}
