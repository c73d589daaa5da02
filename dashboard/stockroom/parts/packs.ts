import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { type Language, nameIn } from '../../parts/language.ts'

/** A way to count an item: a pack with its exact factor, or the base unit. */
export interface CountedIn {
  /** As the node takes it. */
  readonly pack: string
  readonly units: number
  readonly words: string
}

/** Packs of an item and, where no pack is the base unit, the base unit itself; the largest first. */
export const countedIn = (item: Pick<ItemView, 'packs' | 'unit'>, language: Language): readonly CountedIn[] => {
  const packs = item.packs.map(({ pack, units }) => ({ pack, units, words: pack }))
  const base = packs.some(({ units }) => units === 1) ? [] : [{ pack: item.unit.zh, units: 1, words: nameIn(item.unit, language) }]
  return [...packs, ...base].sort((one, other) => other.units - one.units)
}
