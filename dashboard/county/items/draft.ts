import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { DeviceView } from '@lotkeeper/protocol/api/hub-find.ts'
import type { PackCode } from '@lotkeeper/protocol/ledger/master.ts'
import type { Fields } from '../records/fields.ts'
import { type Ruling, rulingOf } from '../records/head-fields.tsx'
import { type LevelDraft, levelsOf, packsOf } from './levels.ts'

type Item = Omit<HubBody<'createItem'>, 'action' | 'item' | 'knownVersion'>
type Storage = NonNullable<Item['storage']>[number]
const PROMISES = ['lot', 'serial', 'produced', 'expiry'] as const
export type Promised = (typeof PROMISES)[number]

/** An item as its form holds it; an answer nobody gave is empty. */
export interface ItemForm extends Ruling {
  readonly item: string
  readonly zh: string
  readonly en?: string
  readonly model?: string
  readonly specification?: string
  readonly unitZh: string
  readonly unitEn?: string
  readonly levels: readonly LevelDraft[]
  readonly near?: string
  readonly class?: NonNullable<Item['class']>
  readonly certificate?: string | undefined
  readonly manufacturer?: string | undefined
  readonly nhsa?: string
  readonly singleUse?: Truth
  readonly sterile?: Truth
  /** Whether it is known at all what the label promises. */
  readonly promisesKnown?: boolean
  readonly promises?: readonly Promised[]
  readonly storage?: readonly StorageForm[]
}
type Truth = 'yes' | 'no' | ''
interface StorageForm {
  readonly what: string
  readonly min?: string
  readonly max?: string
  readonly unit?: string
}

/** What the form says, as it is saved: what nobody filled in is left out. */
export const itemOf = (form: ItemForm): Item => {
  const { specification, certificate, manufacturer, nhsa } = form
  const storage = (form.storage ?? []).map(storageOf)
  return {
    name: { zh: form.zh.trim(), en: form.en?.trim() ?? '' },
    model: form.model?.trim() ?? '',
    ...(specification?.trim() ? { specification: specification.trim() } : {}),
    unit: { zh: form.unitZh.trim(), en: form.unitEn?.trim() ?? '' },
    packs: [...packsOf(form.levels)],
    nearDays: daysIn(form.near ?? ''),
    ...(form.class ? { class: form.class } : {}),
    ...(certificate ? { certificate } : {}),
    ...(manufacturer ? { manufacturer } : {}),
    ...(nhsa?.trim() ? { nhsa: nhsa.trim().toUpperCase() } : {}),
    ...(storage.length === 0 ? {} : { storage }),
    ...(form.singleUse ? { singleUse: form.singleUse === 'yes' } : {}),
    ...(form.sterile ? { sterile: form.sterile === 'yes' } : {}),
    ...(form.promisesKnown ? { promises: promisesOf(form.promises ?? []) } : {}),
    ...rulingOf(form),
  }
}

/** A version of an item as its form shows it. */
export const itemFormOf = (item: string, fields: Fields, newRow: () => string): ItemForm => {
  const { name, unit, packs, nearDays, singleUse, sterile, promises, storage, ...rest } = fields as unknown as Item
  return {
    ...rest,
    item,
    zh: name.zh,
    en: name.en,
    unitZh: unit.zh,
    unitEn: unit.en,
    levels: levelsOf(packs, newRow),
    near: nearDays.join(', '),
    singleUse: truthOf(singleUse),
    sterile: truthOf(sterile),
    promisesKnown: promises !== undefined,
    promises: PROMISES.filter((one) => promises?.[one]),
    storage: (storage ?? []).map(({ what, min, max, unit: of }) => ({ what, min: min ?? '', max: max ?? '', unit: of })),
  }
}

/** A new item begun from a record of the public device database: what is not certain there is left to a person. */
export const itemFormOfDevice = (device: DeviceView, newRow: () => string): Partial<ItemForm> => {
  const rows = new Map(device.packs.map(({ code }) => [code, newRow()]))
  return {
    zh: device.name.slice(0, NAME_MAX),
    model: device.model.slice(0, NAME_MAX),
    near: NEAR,
    levels: device.packs.map(({ code, level, of, quantity, units }) => ({
      row: rows.get(code) ?? newRow(),
      pack: level.slice(0, PACK_MAX),
      quantity: of === null ? units : quantity,
      of: of === null ? null : (rows.get(of) ?? null),
      codes: [{ row: newRow(), scheme: device.scheme as PackCode['scheme'], code }],
    })),
    ...(/^C[0-9]{19}([0-9]{7})?$/.test(device.nhsa) ? { nhsa: device.nhsa } : {}),
    singleUse: truthOf(device.singleUse ?? undefined),
    sterile: truthOf(device.sterile ?? undefined),
    promisesKnown: PROMISES.every((one) => device.promises[one] !== null),
    promises: PROMISES.filter((one) => device.promises[one] === true),
  }
}

const daysIn = (near: string): number[] => {
  const days = near
    .split(/[^\d]+/)
    .filter(Boolean)
    .map(Number)
  return [...new Set(days)].sort((one, other) => other - one).slice(0, NEAR_MAX)
}

const storageOf = ({ what, min, max, unit }: StorageForm): Storage => ({
  what: what.trim(),
  min: min?.trim() || null,
  max: max?.trim() || null,
  unit: unit?.trim() ?? '',
})

const promisesOf = (promised: readonly Promised[]): NonNullable<Item['promises']> => ({
  lot: promised.includes('lot'),
  serial: promised.includes('serial'),
  produced: promised.includes('produced'),
  expiry: promised.includes('expiry'),
})

const truthOf = (truth: boolean | undefined): Truth => (truth === undefined ? '' : truth ? 'yes' : 'no')

export const NEAR = '180, 90, 30'
const NEAR_MAX = 8
const NAME_MAX = 120
const PACK_MAX = 64
