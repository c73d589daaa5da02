import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { codeKey, codesOf, judgePacks } from '@lotkeeper/protocol/rules/packs.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import { itemView } from '../projections/questions/records.ts'
import { judgeKnown, recordKind } from './record-kind.ts'

/** Items: created once, then changed from a version the changer has seen. */
export const ITEMS = recordKind<'item', HubBody<'createItem'>, ItemView>({
  is: 'item',
  exists: 'catalog.item-exists',
  unknown: 'catalog.item-unknown',
  idOf: ({ item }) => item,
  // Thresholds highest first, each once: how they were keyed says nothing.
  fieldsOf: ({ action: _, item: __, from: ___, retired: ____, knownVersion: _____, nearDays, ...fields }) => ({
    ...fields,
    nearDays: [...new Set(nearDays)].sort((one, other) => other - one),
  }),
  names: ({ packs, certificate, manufacturer }) => ({
    codes: packs.flatMap((level) => codesOf(level).map(codeKey)),
    records: [
      ...(certificate === undefined ? [] : [{ is: 'certificate' as const, id: certificate }]),
      ...(manufacturer === undefined ? [] : [{ is: 'party' as const, id: manufacturer }]),
    ],
  }),
  judge: (asked, facts) =>
    judgePacks(asked.item, asked.packs) ??
    judgeTaken(asked, facts.codes) ??
    judgeKnown(facts, 'certificate', asked.certificate) ??
    judgeKnown(facts, 'party', asked.manufacturer),
  view: itemView,
})

/** One code names one level of one item [R20]; what is merged into this item may share its codes where they stand for the same units. */
const judgeTaken = ({ item, packs }: HubBody<'createItem'>, taken: CatalogFacts['codes']): Refusal | null => {
  for (const level of packs)
    for (const code of codesOf(level)) {
      const key = codeKey(code)
      const owner = taken.find((one) => one.code === key && one.item !== item && !(one.resolved === item && one.units === level.units))
      if (owner) return refuse('catalog.gtin-taken', { gtin: code.code, item: owner.item })
    }
  return null
}
