import { STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { HAVE, type HaveBody, HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts } from '../parts.ts'
import type { HubLine } from './hubs.ts'
import type { Keyring } from './keys.ts'
import type { UplinkNews } from './news.ts'
import { newestHeld, type RefusedStretch, refusedOf, surplusOf } from './tips.ts'
import type { Vain } from './vain.ts'

/** Everything a node hears, judged. Answers whether it calls for a `have`, or what was told; what is no such message is passed over. */
export interface Ear {
  readonly batch: (payload: string) => boolean
  readonly state: (payload: string) => boolean
  readonly have: (payload: string) => HaveBody | null
  /** Tells what the ledger found, and a revocation of the node's own key. */
  readonly tellFound: () => void
}

export const openEar = (
  parts: Pick<EdgeParts, 'clock' | 'signer'>,
  { exchange, epoch: writing }: EdgeLedger,
  line: { readonly node: string; readonly keyring: Keyring; readonly hub: HubLine; readonly vain: Pick<Vain, 'note'> },
  on: { readonly news: (news: UplinkNews) => void; readonly refused: (stretches: readonly RefusedStretch[]) => void },
): Ear => {
  const { node, keyring, hub } = line
  const own = streamOfNode(node)
  const tellFound = () => {
    for (const found of exchange.found()) on.news(found)
    if (exchange.revoked().includes(parts.signer.key)) on.news({ is: 'key-revoked', key: parts.signer.key })
  }
  return {
    tellFound,
    batch: (payload) => {
      const batch = readBatch(payload)
      // Own history may come from any hub; what hubs write is taken from the one that is obeyed.
      if (!batch || (batch.stream !== own && !hub.obeyed())) return false
      const { stream, epoch } = batch
      const judged = exchange.take(batch, keyring.keyFor(stream, batch.key))
      line.vain.note(batch)
      if (judged.is === 'refused') on.news({ is: 'directive-refused', stream, epoch, from: judged.from, code: judged.code })
      if (judged.is === 'fork' && stream === own && epoch === writing) on.news({ is: 'clone', epoch, from: judged.at })
      else if (judged.is === 'fork') on.news({ is: 'fork', stream, epoch, from: judged.at })
      if (judged.is === 'taken' && stream === STREAM_TO_ALL) tellFound()
      return true
    },
    state: (payload) => {
      const state = HUB_STATE.read(payload)
      const certificate = state && keyring.learn(state.body)
      if (certificate?.role !== 'hub') return false
      hub.shows(certificate.incarnation)
      return true
    },
    have: (payload) => {
      const body = HAVE.read(payload)?.body ?? null
      if (!body) return null
      if (hub.obeyed()) {
        const tips = exchange.tips([own])
        const heldByHub = newestHeld(tips, body.tips)
        exchange.note({ hubAtMs: Date.parse(body.at), ...(heldByHub ? { heldByHub } : {}) })
        on.refused(refusedOf(body.tips, own, parts.clock.now()))
      }
      for (const surplus of surplusOf(exchange.tips([own]), body.tips, own)) {
        const { epoch, from } = surplus
        on.news(epoch === writing ? { is: 'clone', epoch, from } : { is: 'lost-tail', ...surplus })
      }
      return body
    },
  }
}
