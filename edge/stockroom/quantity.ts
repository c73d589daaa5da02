import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Item } from '../ledger/contract.ts'

/** An amount in base units, with what the person said before it became that (R25). */
export interface Amount {
  readonly units: number
  readonly entered: NonNullable<Line['entered']>
  /** Base units of one pack. */
  readonly factor: number
}

/** Packs to base units, exactly. `pack` is a pack of the item, or its base unit by name (or empty). */
export const amountOf = (item: Item, pack: string, quantity: number): Amount | Refusal => {
  const factor = item.packs.find((one) => one.pack === pack)?.units ?? baseFactor(item, pack)
  if (factor === null) return refuse('catalog.pack-unknown', { item: item.item, pack })
  const units = quantity * factor
  if (!Number.isSafeInteger(quantity) || quantity < 1 || !Number.isSafeInteger(units))
    return refuse('ledger.quantity-not-whole', { units: quantity })
  return { units, entered: { quantity, pack, factorVersion: item.version }, factor }
}

/** Units that are base units already, refused unless whole and above 0. */
export const wholeUnits = (units: number): number | Refusal =>
  Number.isSafeInteger(units) && units > 0 ? units : refuse('ledger.quantity-not-whole', { units })

/**
 * What was entered, for a part of an amount that goes as a line of its own: packs where the part is whole packs, else nothing, for no
 * quantity of packs would be true.
 */
export const enteredPart = ({ entered, factor }: Amount, units: number): Line['entered'] =>
  units % factor === 0 && units > 0 ? { ...entered, quantity: units / factor } : null

const baseFactor = (item: Item, pack: string): number | null => (['', item.unit.zh, item.unit.en].includes(pack) ? 1 : null)
