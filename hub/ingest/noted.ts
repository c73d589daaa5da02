import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'

/** Has each node's last `have` written down, at most every `NOTE_MS`: what others hold, for eyes and for the word "safe", not for the books. */
export interface NotedHaves {
  readonly told: (node: NodeId, have: NotedHave) => void
  /** What waits is written now: something hangs on the node's last word. */
  readonly settle: (node: NodeId) => void
  readonly gone: (node: NodeId) => void
  readonly close: () => void
}
type NotedHave = Parameters<HubLedger['noteHave']>[1]

/** Haves come faster than anybody looks; the last one is never left out. */
export const NOTE_MS = 1_000

export const openNotedHaves = (parts: Pick<HubParts, 'clock' | 'timers'>, note: (node: NodeId, have: NotedHave) => void): NotedHaves => {
  const nodes = new Map<NodeId, { atMs: number; waiting: NotedHave | null; cancel: () => void }>()
  const write = (node: NodeId, have: NotedHave): void => {
    nodes.set(node, { atMs: parts.clock.monotonic(), waiting: null, cancel: () => {} })
    note(node, have)
  }
  return {
    told: (node, have) => {
      const known = nodes.get(node)
      const waitMs = known ? known.atMs + NOTE_MS - parts.clock.monotonic() : 0
      if (!known || waitMs <= 0) return write(node, have)
      if (known.waiting === null) known.cancel = parts.timers.after(waitMs, () => known.waiting && write(node, known.waiting))
      known.waiting = have
    },
    settle: (node) => {
      const known = nodes.get(node)
      known?.cancel()
      if (known?.waiting) write(node, known.waiting)
    },
    gone: (node) => {
      const known = nodes.get(node)
      nodes.delete(node)
      known?.cancel()
      if (known?.waiting) note(node, known.waiting)
    },
    close: () => {
      for (const { cancel } of nodes.values()) cancel()
    },
  }
}
