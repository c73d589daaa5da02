import type { EpochId } from '../names.ts'
import type { EpochTip } from './stream.ts'

/** A ledger as it lies in a file, read row by row. */
export interface StoredLedger {
  /** In order of (stream, epoch, seq); a piece holds rows of one epoch. */
  readonly log: Iterable<readonly LogRow[]>
  /** Highest place in the order of all rows, and whether every place up to it is taken by one of them. */
  readonly order: { readonly last: number; readonly dense: boolean }
  /** What the file says of each epoch beside the log. */
  readonly tips: Iterable<TipRow>
  readonly seals: Iterable<SealRow>
  readonly certificates: Iterable<{ readonly where: string; readonly signed: boolean }>
  readonly positions: Iterable<{ readonly lot: string; readonly place: string; readonly units: number }>
  /** Entries that took effect before their text was lost: what they moved cannot be told from the log. */
  readonly lostEffects: number
  /** The stored hash of an entry, asked for once the log was walked. */
  readonly hashAt: (stream: string, epoch: string, seq: number) => Uint8Array | null
  /** When and in which place of the order an entry came to be held; `null` for whoever judges no keys of others: a node. */
  readonly heldAt: ((stream: string, epoch: string, seq: number) => Pick<LogRow, 'ord' | 'receivedAtMs' | 'late'> | null) | null
  /** The trees of a hub; `null` for whoever keeps none. */
  readonly trees: StoredTrees | null
  /** Raw public keys of the hub, and the key id of the county; `null` when no county key is at hand. */
  readonly hub: { readonly keys: readonly Uint8Array[]; readonly county: string } | null
  /** Checkpoints that a witness holds. */
  readonly witnessed: readonly ToldCheckpoint[]
}
export interface LogRow {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly hash: Uint8Array
  readonly body: string
  /** Parked entries are held, chained and signed, and counted nowhere. */
  readonly applied: boolean
  /** Place in the order in which this house applied or kept it; `null` when it has none. */
  readonly ord: number | null
  /** The kind that is stored beside the text, where one is. */
  readonly kind: string | null
  readonly receivedAtMs: number
  /** Its true text came later than its place, for it had been a hole. */
  readonly late: boolean
}
export type TipRow = Pick<EpochTip, 'stream' | 'epoch' | 'parent' | 'held' | 'headHash'>
/** A kept signature over the head of a batch. */
export interface SealRow {
  readonly stream: string
  readonly epoch: string
  readonly upto: number
  readonly headHash: Uint8Array
  /** Key id of the signer. */
  readonly key: string
  readonly signature: Uint8Array
  /** Raw public key, or `null` when no certificate for it is at hand. */
  readonly publicKey: Uint8Array | null
}

/** The trees of a hub as they lie in its file. */
export interface StoredTrees {
  /** In the order they were begun. */
  readonly trees: readonly { readonly epoch: EpochId; readonly first: string }[]
  /** In order of (stream, epoch, seq), as the log. */
  readonly spans: Iterable<TreeSpan>
  /** Leaves of the spans of a tree, in their order. */
  readonly places: (epoch: EpochId) => Iterable<{ readonly leaf: number; readonly entries: number }>
  /** All tiles of a level, in order. */
  readonly tiles: (epoch: EpochId, level: number) => Iterable<{ readonly tile: number; readonly hashes: Uint8Array }>
  readonly tile: (epoch: EpochId, level: number, tile: number) => Uint8Array | null
  readonly heads: (epoch: EpochId) => readonly { readonly size: number; readonly root: Uint8Array; readonly text: string }[]
}
export interface TreeSpan {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly entries: number
  readonly hubEpoch: EpochId
  readonly leaf: number
  /** When its entries were received; 0 for what was held before there were trees. */
  readonly at: number
}
/** A checkpoint as somebody holds it. */
export interface ToldCheckpoint {
  readonly where: string
  readonly text: string
}
