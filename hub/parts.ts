import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'

/** What the hub's flow borrows from outside, so that a whole county can run in one process under one clock. */
export interface HubParts {
  readonly crypto: Parts
  readonly clock: { readonly now: () => number; readonly monotonic: () => number }
  readonly timers: { readonly after: (ms: number, run: () => void) => () => void }
  readonly random: { readonly bytes: (count: number) => Uint8Array; readonly fraction: () => number }
  /** The hub's signing key, certified by the county key. */
  readonly signer: Signer
}
