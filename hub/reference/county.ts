import type { CertificateView, PartyView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { FindHit } from '@lotkeeper/protocol/api/hub-find.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { CatalogueRow } from './catalogue.ts'
import type { Wish } from './wish.ts'

/** What the county itself knows that a wish may mean: its catalogue, the lots it has, its tags. */
export interface County {
  /** The whole catalogue when it changed since it was last taken; `null`: it did not. */
  readonly changed: () => Promise<readonly CatalogueRow[] | null>
  readonly lotsAndTags: (wish: Wish, within: SiteScope) => Promise<readonly FindHit[]>
  readonly close: () => void
}

export const openCounty = (ledger: Pick<HubLedger, 'ask' | 'follow'>): County => {
  let isStale = true
  const unfollow = ledger.follow(({ grown }) => {
    isStale ||= grown.includes('hub>all')
  })
  return {
    changed: async () => {
      if (!isStale) return null
      // What comes while it is read makes it stale again.
      isStale = false
      return catalogueOf(ledger)
    },
    lotsAndTags: (wish, within) => lotsAndTags(ledger, wish, within),
    close: unfollow,
  }
}

const catalogueOf = async ({ ask }: Pick<HubLedger, 'ask'>): Promise<readonly CatalogueRow[]> => [
  ...(await allOf((cursor) => ask.items({ ...cursor, limit: PAGE_ROWS }))).map(itemRow),
  ...(await allOf((cursor) => ask.parties({ ...cursor, limit: PAGE_ROWS }))).map(partyRow),
  ...(await allOf((cursor) => ask.certificates({ ...cursor, limit: PAGE_ROWS }))).map(certificateRow),
]
const PAGE_ROWS = 500

const allOf = async <Row>(
  page: (cursor: { readonly cursor?: string }) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null } | Refusal>,
): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const answer = await page(cursor === undefined ? {} : { cursor })
    if (isRefusal(answer)) return rows
    rows.push(...answer.rows)
    cursor = answer.next
  }
  return rows
}

const itemRow = ({ item, name, model, specification = '', packs, nhsa = '' }: ItemView): CatalogueRow => ({
  ...{ is: 'item', id: item, title: name, detail: [model, specification].filter((text) => text !== '').join(' · ') },
  codes: packs.flatMap(({ gtin, codes = [] }) => [...(gtin === null ? [] : [gtin]), ...codes.map(({ code }) => code)]),
  texts: [
    { in: 'name', text: name.zh },
    { in: 'name', text: name.en },
    { in: 'model', text: model },
    { in: 'model', text: specification },
    { in: 'id', text: item },
    { in: 'id', text: nhsa },
  ],
})

const partyRow = ({ id, name, creditCode = '', gln = '', licences }: PartyView): CatalogueRow => ({
  ...{ is: 'party', id, title: name, detail: creditCode, codes: [creditCode, gln].filter((code) => code !== '') },
  texts: [
    { in: 'name', text: name.zh },
    { in: 'name', text: name.en },
    { in: 'id', text: id },
    ...licences.map(({ number }) => ({ in: 'certificate' as const, text: number })),
  ],
})

const certificateRow = ({ id, number, until }: CertificateView): CatalogueRow => ({
  ...{ is: 'certificate', id, title: { zh: number, en: number }, detail: until ?? '', codes: [] },
  texts: [
    { in: 'certificate', text: number },
    { in: 'certificate', text: number.replace(/\D/g, '') },
    { in: 'id', text: id },
  ],
})

const lotsAndTags = async ({ ask }: Pick<HubLedger, 'ask'>, { epc, lot, text }: Wish, within: SiteScope): Promise<readonly FindHit[]> => {
  const hits: FindHit[] = []
  const tag = epc === null ? null : await ask.tag({ epc }, within)
  if (tag && !isRefusal(tag))
    hits.push({ is: 'tag', id: tag.epc, title: { zh: tag.epc, en: tag.epc }, detail: tag.lot, why: 'code', in: 'tag' })
  const number = (lot ?? text).toUpperCase()
  // A lot number without a digit is rare, and a word typed for a name is none.
  if (!/\d/.test(number) || number.length > LOT_NUMBER_MAX) return hits
  for (const { lot: id, lotNumber, itemName, expiry } of await ask.lots({ number, limit: LOTS_FOUND_MAX }, within)) {
    const detail = [lotNumber, expiry].filter((part) => part !== null).join(' · ')
    hits.push({ is: 'lot', id, title: itemName, detail, why: lotNumber === number ? 'code' : 'name-begins', in: 'lot' })
  }
  return hits
}
const LOT_NUMBER_MAX = 40
/** As many as one answer shows. */
const LOTS_FOUND_MAX = 100
