import { hash } from 'node:crypto'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'

/** Who acted: somebody signed in, a program with a key, the command line of this machine, a node, the hub itself, or nobody who was known. */
export const CALLER_KINDS = ['person', 'machine', 'console', 'node', 'hub', 'nobody'] as const
export type CallerKind = (typeof CALLER_KINDS)[number]

/** An act to be put on record. Only `detail` may hold what must be erasable one day: names, addresses, what was typed. */
export interface AuditNote {
  /** Opaque id; `null` for nobody. */
  readonly who: string | null
  readonly kind: CallerKind
  /** The route asked, or a named act. */
  readonly act: string
  readonly right?: string | null
  readonly sites?: readonly NodeId[]
  /** Opaque id of what it was done to. */
  readonly subject?: string | null
  /** `ok`, or the code of the refusal or fault. */
  readonly outcome: string
  readonly action?: string | null
  /** How many alike it stands for; 1 when left out. */
  readonly count?: number
  /** Rows, from and to, whose details were erased. */
  readonly erased?: readonly (readonly [number, number])[]
  readonly detail?: object | null
}

/** A row of the chain as it is hashed: nothing in it can be erased. */
export interface ChainBody extends Required<Omit<AuditNote, 'detail' | 'erased'>> {
  readonly v: 1
  readonly seq: number
  /** RFC 3339 UTC by the hub's clock. */
  readonly at: string
  /** Names one unbroken life of the file: a file that lost rows goes on under another. */
  readonly epoch: string
  readonly erased?: readonly (readonly [number, number])[]
  /** SHA-256 of salt and text of the detail, lower-case hex; `null` without one. */
  readonly detail: string | null
  /** Hash of the row before; zeros before the first. */
  readonly prev: string
}

/** A row as it is stored. */
export interface ChainRow {
  readonly said: ChainBody
  /** Its canonical text, and the SHA-256 of that. */
  readonly body: string
  readonly hash: string
}

/** Where a chain stands: its last row. */
export interface Head {
  readonly epoch: string
  readonly seq: number
  readonly hash: string
}

/** Before the first row. */
export const NO_HASH = '0'.repeat(64)

/** The next row of a chain. The digest of its detail is salted, so that one that was erased cannot be guessed from it. */
export const linked = (head: Head, note: AuditNote, { at, digest }: { readonly at: string; readonly digest: string | null }): ChainRow => {
  const said: ChainBody = {
    v: 1,
    seq: head.seq + 1,
    at,
    epoch: head.epoch,
    who: note.who,
    kind: note.kind,
    act: note.act,
    right: note.right ?? null,
    sites: note.sites ?? [],
    subject: note.subject ?? null,
    outcome: note.outcome,
    action: note.action ?? null,
    count: note.count ?? 1,
    ...(note.erased ? { erased: note.erased } : {}),
    detail: digest,
    prev: head.hash,
  }
  const body = canonicalText(said)
  return { said, body, hash: textHash(body) }
}

/** SHA-256 of a text, lower-case hex. */
export const textHash = (text: string): string => hash('sha256', text)

/** What the chain holds of a detail. */
export const detailDigest = (salt: string, json: string): string => hash('sha256', salt + json)
