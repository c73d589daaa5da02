import type { HubQuery, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { NarrowedQuestions } from '../ledger/contract.ts'

/** How what a request changes stands now; asked before it is done and after. `null`: there is none yet. */
export type Standing = (body: Readonly<Record<string, unknown>>) => Promise<object | null>
/** For the routes that change one record: how to find it. */
export type Standings = Readonly<Partial<Record<HubRoute, Standing>>>

export const catalogueStandings = (
  ask: Pick<NarrowedQuestions, 'item' | 'party' | 'certificate' | 'portal' | 'costCentre' | 'sites'>,
): Standings => {
  const record =
    (question: (query: { readonly id: string }) => Promise<object>, field = 'id'): Standing =>
    async (body) => {
      const id = body[field]
      return typeof id === 'string' ? recordIn(await question({ id })) : null
    }
  const kinds: Readonly<Record<string, (query: { readonly id: string }) => Promise<object>>> = {
    item: ({ id }) => ask.item({ item: id } as HubQuery<'item'>),
    party: ask.party,
    certificate: ask.certificate,
    portal: (query) => ask.portal(query, 'all'),
    'cost-centre': (query) => ask.costCentre(query, 'all'),
  }
  return {
    createItem: record(({ id }) => ask.item({ item: id }), 'item'),
    saveParty: record(ask.party),
    saveCertificate: record(ask.certificate),
    savePortal: record((query) => ask.portal(query, 'all')),
    saveCostCentre: record((query) => ask.costCentre(query, 'all')),
    createSite: async (body) => (await ask.sites('all')).rows.find(({ site }) => site === body['site']) ?? null,
    mergeRecords: async (body) => {
      const question = kinds[String(body['of'])]
      return question ? record(question)(body) : null
    },
  }
}

const recordIn = (found: object): object | null => {
  const record = (found as { readonly record?: unknown }).record
  return typeof record === 'object' ? record : null
}
