import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import type { OpenPort } from './serial/port.ts'

/** Wall clock and monotonic clock, both in milliseconds. */
export interface Clock {
  readonly now: () => number
  readonly monotonic: () => number
}

/** Runs something later; the answer cancels it. */
export interface Timers {
  readonly after: (ms: number, run: () => void) => () => void
}

export interface Random {
  readonly bytes: (count: number) => Uint8Array
  /** 0 <= x < 1 */
  readonly fraction: () => number
}

/** What a node's flow borrows from outside, so that a whole county can run in one process under one clock. */
export interface EdgeParts {
  readonly crypto: Parts
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly openPort: OpenPort
  readonly openLink: OpenLink
  /** The node's signing key; made at join, never leaves the node. */
  readonly signer: Signer
  /** Names this boot of the machine, and milliseconds since then. */
  readonly boot: { readonly id: string; readonly upMs: () => number }
}

/** A line to the hub's broker. Topics are absolute; payloads are text (CloudEvents JSON). */
export interface Link {
  /** Resolves when the broker took it (PUBACK); rejects when the line broke first. */
  readonly publish: (topic: string, payload: string) => Promise<void>
  readonly close: () => Promise<void>
}

export type OpenLink = (
  on: {
    /** The line is up and subscribed. */
    readonly up: () => void
    readonly down: (why: string) => void
    readonly message: (topic: string, payload: string) => void
  },
  will: { readonly topic: string; readonly payload: string },
) => Link
