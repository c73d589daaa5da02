import type { DeviceView } from '@lotkeeper/protocol/api/hub-find.ts'
import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { type Language, nameIn } from '../../parts/language.ts'
import { type ItemForm, itemFormOf, itemFormOfDevice, NEAR } from '../items/draft.ts'

type Met = ProvisionalView['met']
/** An item as a node met it. */
export type ItemSeenBy = Extract<Met, { readonly is: 'item' }>
/** A lot whose number a keeper wrote. */
export type LotSeenBy = Extract<Met, { readonly is: 'lot' }>

/**
 * The form of the record that is to be made: what the keeper wrote, and instead of it what the public database says where that is known. The base
 * unit stays the keeper's, for in it everything was booked.
 */
export const formOfMet = (met: ItemSeenBy, device: DeviceView | null, newRow: () => string): Partial<ItemForm> => {
  const { item, name, model, unit, packs } = met
  const own = itemFormOf(item, { name, model, unit, packs, nearDays: [] }, newRow)
  const told = device ? itemFormOfDevice(device, newRow) : {}
  return { ...own, near: NEAR, ...told, item, unitZh: own.unitZh, ...(told.levels?.length === 0 ? { levels: own.levels } : {}) }
}

/** What it is called in a list: an item as the keeper wrote it; a tag by the item it is on; a lot by its item and its number. */
export const calledIn = ({ met, now }: Pick<ProvisionalView, 'met' | 'now'>, language: Language): string => {
  const name = nameIn(met.is === 'item' ? met.name : now.name, language)
  return met.is === 'lot' ? `${name} ${met.lotNumber}` : name
}
