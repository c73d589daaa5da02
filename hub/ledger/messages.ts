import type { KeyObject } from 'node:crypto'
import type { Fault } from '../faults.ts'
import type { Committed, Parcel } from './contract.ts'

/** What the ledger's thread is told once; all of it can cross to another thread. */
export interface ThreadOptions {
  readonly file: string
  readonly mbMax: number | null
  readonly countyKey: Uint8Array
  readonly signingKey: KeyObject
  readonly epoch: string
  readonly zone: string
  readonly software: string
  readonly transitDueMs: number
  readonly secondCopy?: string | null
}

/** What is said to the thread. `take` carries all payloads in one buffer that changes hands instead of being copied. */
export type Asked =
  | { readonly id: number; readonly word: string; readonly asked: readonly unknown[] }
  | {
      readonly id: number
      readonly take: { readonly heads: readonly Omit<Parcel, 'payload'>[]; readonly ends: readonly number[]; readonly bytes: Uint8Array }
    }
  | { readonly follow: boolean }

/** What the thread says. */
export type Told =
  | { readonly opened: true }
  | { readonly broken: TroubleText }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly trouble: TroubleText }
  | { readonly committed: Committed }
/** A fault or a bug on its way between threads: classes and own fields do not survive that, so it is spelt out. */
export interface TroubleText {
  readonly code: string | null
  readonly facts: Fault['facts']
  readonly message: string
  readonly stack: string
}
