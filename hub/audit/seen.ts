import type { Right, SiteScope } from '@lotkeeper/protocol/rules/access.ts'

/** What stands where somebody may not see. */
export const HIDDEN_MARK = '…'

/** A detail without what the viewer lacks the right to see: contacts, prices, case numbers, by the names of their fields. */
export const detailShownTo = (rights: Readonly<Partial<Record<Right, SiteScope>>>): ((detail: object) => object) => {
  const hidden = new Set(HIDING.filter(({ right }) => rights[right] === undefined).flatMap(({ fields }) => fields))
  if (hidden.size === 0) return (detail) => detail
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(without)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, hidden.has(plain(name)) && part !== null ? HIDDEN_MARK : without(part)]),
    )
  }
  return (detail) => without(detail) as object
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '')

const HIDING: readonly { readonly right: Right; readonly fields: readonly string[] }[] = [
  {
    right: 'contacts.see',
    fields: ['contact', 'contacts', 'contactname', 'phone', 'phones', 'telephone', 'mobile', 'email', 'wechat', 'person'],
  },
  {
    right: 'prices.see',
    fields: ['price', 'prices', 'unitprice', 'amount', 'amounts', 'cost', 'costs', 'total', 'discount', 'tax', 'taxrate', 'invoice'],
  },
  { right: 'cases.see', fields: ['case', 'cases', 'caseno', 'casenumber', 'casenumbers', 'patient', 'patients', 'admission'] },
]
