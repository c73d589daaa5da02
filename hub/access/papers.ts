import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Validity } from '@lotkeeper/protocol/rules/renewal.ts'

/** What the hub remembers of a node's X.509 certificates; none of it is secret, and all of it is learnt again when the node comes on line. */
export interface NodePapers {
  /** The newest certificate of its line to the hub. */
  readonly line: Validity | null
  /** The newest of its page. */
  readonly page: Validity | null
  /** When somebody wished that it be renewed, and it was not yet; milliseconds since 1970. */
  readonly wishedMs: number | null
}

/** Kept in one small file beside the database, written whole; lost, it costs no more than a moment of "not known yet". */
export interface Papers {
  readonly of: (node: NodeId) => NodePapers
  readonly note: (node: NodeId, change: Partial<NodePapers>) => void
}

/** `note` is told when the file could not be written: what is in memory counts, and the next change tries again. */
export const openPapers = (file: string, failed: (why: unknown) => void): Papers => {
  const kept = new Map<NodeId, NodePapers>(Object.entries(read(file)))
  return {
    of: (node) => kept.get(node) ?? NONE,
    note: (node, change) => {
      const before = kept.get(node) ?? NONE
      const after = { ...before, ...change }
      if (JSON.stringify(after) === JSON.stringify(before)) return
      kept.set(node, after)
      try {
        writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 })
        renameSync(`${file}.new`, file)
      } catch (why) {
        failed(why)
      }
    },
  }
}

const NONE: NodePapers = { line: null, page: null, wishedMs: null }

/** A file that is damaged is as good as none. */
const read = (file: string): Readonly<Record<NodeId, NodePapers>> => {
  if (!existsSync(file)) return {}
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Partial<NodePapers>>>
    return Object.fromEntries(
      Object.entries(value).map(([node, { line, page, wishedMs }]) => [
        node,
        { line: validity(line), page: validity(page), wishedMs: typeof wishedMs === 'number' ? wishedMs : null },
      ]),
    )
  } catch {
    return {}
  }
}

const validity = (value: Partial<Validity> | null | undefined): Validity | null =>
  typeof value?.fromMs === 'number' && typeof value.untilMs === 'number' ? { fromMs: value.fromMs, untilMs: value.untilMs } : null
