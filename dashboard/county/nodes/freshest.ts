import type { NodeView } from '@lotkeeper/protocol/api/views.ts'

/**
 * A node by the live view and by the last answer, whichever knows more: links come live, but what the county itself decides or compares (whose its
 * places are, whether the books agreed, what it is a witness of) moves no goods and may be told only when asked.
 */
export const freshest = (asked: NodeView, live: NodeView | undefined): NodeView =>
  live === undefined
    ? asked
    : {
        ...live,
        passedTo: asked.passedTo ?? live.passedTo,
        digest: (asked.digest?.at ?? '') > (live.digest?.at ?? '') ? asked.digest : live.digest,
        witnessed: asked.witnessed ?? live.witnessed,
      }
