import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { HubQuestions } from '../ledger/contract.ts'

/**
 * Whether a change of a record that belongs to a site stays within the caller's: what the body says is judged before, here what stands. A record of
 * another site, or of none, is answered as one that nobody knows; a new record meets no other.
 */
export const openOwnRecords =
  (ask: Pick<HubQuestions, 'known'>) =>
  async (is: 'portal' | 'cost-centre', { id, knownVersion }: OwnBody, within: SiteScope): Promise<Refusal | null> => {
    if (within === 'all' || knownVersion === undefined) return null
    const { records } = await ask.known({ items: [], sites: [], lots: [], epcs: [], records: [{ is, id }] })
    const stands = records.flatMap(({ latest, ruling }) => [latest, ruling] as readonly { readonly site?: string }[])
    return stands.every(({ site }) => site !== undefined && isWithin(within, site)) ? null : refuse('catalog.record-unknown', { id })
  }

type OwnBody = Pick<HubBody<'savePortal'>, 'id' | 'knownVersion'>
