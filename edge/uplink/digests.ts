import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { DIGEST_ASK, type DigestBody } from '@lotkeeper/protocol/wire/digest.ts'
import type { EdgeExchange } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import type { UplinkNews } from './news.ts'

/** Tells the hub the digest of the node's own places, and the rows of the buckets it asks for [ledger-and-sync 3, digest]. */
export interface Digests {
  /** The line came up: the next quiet moment is used. */
  readonly begin: () => void
  /** Nothing waits: the hub holds all that the digest stands for. */
  readonly quiet: () => void
  /** A message on the hub's topic. */
  readonly asked: (payload: string) => void
}

export const openDigests = (
  { clock }: Pick<EdgeParts, 'clock'>,
  node: string,
  exchange: Pick<EdgeExchange, 'digest' | 'digestRows'>,
  on: { readonly say: (body: DigestBody) => void; readonly news: (news: UplinkNews) => void },
): Digests => {
  let toldAt = Number.NEGATIVE_INFINITY
  let told = ''
  const bodyOf = (rows: DigestBody['rows']): DigestBody => {
    const { epoch, seq, digest, buckets } = exchange.digest()
    return { stream: streamOfNode(node), epoch, seq, digest, buckets: [...buckets], rows }
  }
  return {
    begin: () => {
      toldAt = Number.NEGATIVE_INFINITY
      told = ''
    },
    quiet: () => {
      if (clock.monotonic() - toldAt < AGAIN_MS) return
      toldAt = clock.monotonic()
      const body = bodyOf([])
      // Before the first entry there is nothing to compare; the same tip was compared already.
      if (body.seq === 0 || told === `${body.epoch}/${body.seq}`) return
      told = `${body.epoch}/${body.seq}`
      on.say(body)
    },
    asked: (payload) => {
      const asked = DIGEST_ASK.read(payload)?.body
      if (!asked) return
      const rows = exchange.digestRows(asked.buckets).map(({ lot, place, units }) => ({ lot, place, units }))
      for (let at = 0; at === 0 || at < rows.length; at += ROWS_MAX) {
        const body = bodyOf(rows.slice(at, at + ROWS_MAX))
        if (at === 0) on.news({ is: 'digest-differs', epoch: body.epoch, seq: body.seq, buckets: [...asked.buckets] })
        on.say(body)
      }
    },
  }
}

/** Books differ by a fault of somebody, not by the minute. */
const AGAIN_MS = 600_000
/** As many as one message may carry. */
const ROWS_MAX = 1_000
