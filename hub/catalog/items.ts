import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { isCheckDigitRight } from '@lotkeeper/protocol/codes/check-digit.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { ItemBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import { itemView } from '../projections/questions/catalogue.ts'
import type { CatalogKind } from './kind.ts'

/** Items: created once, then changed from a version the changer has seen. */
export const ITEMS: CatalogKind<HubBody<'createItem'>, ItemView> = {
  names: ({ item, packs }) => ({ items: [item], gtins: packs.flatMap(({ gtin }) => gtin ?? []), sites: [], lots: [], epcs: [] }),
  judge: (asked, facts) => {
    const known = facts.items.find(({ item }) => item === asked.item) ?? null
    const wrong = judgeVersion(asked, known) ?? judgePacks(asked, facts.gtins)
    if (wrong) return wrong
    const content = contentOf(asked)
    if (known && canonicalText(contentOf(known)) === canonicalText(content)) return { already: itemView(known) }
    const body = { ...content, version: (known?.version ?? 0) + 1 }
    return { drafts: [{ stream: STREAM_TO_ALL, kind: 'item', doc: null, lines: [], body }] }
  },
  same: (asked, [first]) =>
    first?.kind === 'item' && canonicalText(contentOf(first.body as unknown as ItemBody)) === canonicalText(contentOf(asked)),
  view: ([first]) => itemView(first?.body as unknown as ItemBody),
}

const judgeVersion = ({ item, knownVersion }: HubBody<'createItem'>, known: ItemBody | null): Refusal | null => {
  if (knownVersion === undefined) return known ? refuse('catalog.item-exists', { item }) : null
  if (!known) return refuse('catalog.item-unknown', { item })
  return known.version === knownVersion ? null : refuse('catalog.version-stale', { item, version: known.version })
}

const judgePacks = ({ item, packs }: HubBody<'createItem'>, taken: CatalogFacts['gtins']): Refusal | null => {
  for (const [at, { gtin, pack }] of packs.entries()) {
    if (packs.findIndex((other) => other.pack === pack) < at) return malformed(`packs/${at}/pack`, TWICE)
    if (gtin === null) continue
    if (!isCheckDigitRight(gtin)) return refuse('catalog.gtin-wrong', { gtin })
    const owner = taken.find((one) => one.gtin === gtin && one.item !== item)?.item
    if (owner !== undefined) return refuse('catalog.gtin-taken', { gtin, item: owner })
    if (packs.findIndex((other) => other.gtin === gtin) < at) return refuse('catalog.gtin-taken', { gtin, item })
  }
  return null
}

/** What an item says, without what only says when it was said: thresholds highest first, each once. */
const contentOf = ({ item, name, model, unit, packs, nearDays }: Omit<ItemBody, 'version'>): Omit<ItemBody, 'version'> => ({
  item,
  name,
  model,
  unit,
  packs,
  nearDays: [...new Set(nearDays)].sort((one, other) => other - one),
})

const TWICE = { zh: '包装名称重复', en: 'names a pack twice' }
