import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { OwnershipBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogKind } from './kind.ts'

/** The places of a node that is gone pass to another, from the last the hub holds of it on [ledger-and-sync 1.9]. */
export const OWNERSHIP: CatalogKind<HubBody<'passOwnership'>, HubAnswer<'passOwnership'>> = {
  names: ({ from, to }) => ({ items: [], sites: [from, to], lots: [], epcs: [], nodes: [from] }),
  judge: ({ from, to, reason }, { sites, nodes: [node] }) => {
    const unknown = [from, to].find((one) => !sites.some(({ site }) => site === one))
    if (unknown !== undefined) return refuse('catalog.site-unknown', { site: unknown })
    if (from === to || node?.owner === to) return refuse('ledger.ownership-same', { node: to })
    if (node?.online === true) return refuse('ledger.ownership-alive', { node: from })
    return {
      drafts: [{ stream: STREAM_TO_ALL, kind: 'ownership', doc: null, lines: [], body: { from, tip: node?.tip ?? null, to, reason } }],
    }
  },
  same: ({ from, to, reason }, [first]) => {
    const body = first?.body as OwnershipBody | undefined
    return first?.kind === 'ownership' && body?.from === from && body.to === to && body.reason === reason
  },
  view: ([first]) => ({ entry: first?.entry ?? '' }),
}
