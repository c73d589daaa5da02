import type { PackCode } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { codeOf } from './codes.ts'
import type { Limits } from './limits.ts'
import { packsOf, type ReferencePack } from './packs.ts'
import { FIELD_TAGS, PACK_LIST, PASSED_TAGS, STORAGE_LIST, STORAGE_TAGS } from './tags.ts'
import { readRecord, type Told } from './xml.ts'

/** One record of the public device database, as far as a store room needs it, in texts that are cheap to pass to another thread. */
export interface Device {
  readonly di: string
  readonly version: number
  readonly name: string
  readonly trade: string
  readonly maker: string
  readonly certificate: string
  readonly model: string
  readonly withdrawn: string
  /** Every code that names this thing or one of its packs, the DI first, with blanks between. */
  readonly codes: string
  /** A `DeviceRest` as JSON. */
  readonly rest: string
}

/** What is shown of a record and not searched. */
export interface DeviceRest {
  readonly issuer: string
  readonly scheme: PackCode['scheme']
  readonly creditCode: string
  readonly classCode: string
  readonly category: string
  readonly nhsa: string
  readonly key: string
  /** `null`: not said, or not in words that are known. */
  readonly singleUse: boolean | null
  readonly sterile: boolean | null
  readonly promises: Readonly<Record<'lot' | 'serial' | 'produced' | 'expiry', boolean | null>>
  readonly packs: readonly ReferencePack[]
  readonly storage: readonly { readonly what: string; readonly min: string; readonly max: string; readonly unit: string }[]
}

/** A record judged: a device, or why it is none. `mended` counts letters that had to go. */
export interface Judged {
  readonly device: Device | Refusal
  /** The DI, as far as it could be read: a refused record is found by it. */
  readonly di: string
  readonly mended: number
}

/** Reads and judges one record; tags that are not known are told to `unknown`. */
export const judgeRecord = (text: string, limits: Limits, unknown: (tag: string) => void): Judged => {
  const dirty = UNCLEAN.test(text)
  const told = readRecord(dirty ? text.replace(UNCLEAN_ALL, '') : text, limits)
  if (isRefusal(told)) return { device: told, di: '', mended: 0 }
  const field = fieldsOf(told, unknown)
  const device = text.includes('\ufffd') ? refuse('reference.encoding-wrong') : deviceOf(told, field)
  return { device, di: field('di').slice(0, 64), mended: told.mended + (dirty ? 1 : 0) }
}

/**
 * Control letters but tab and line ends, and what Unicode says is no letter: XML 1.0 has none of them, releases are said to have some. Written as
 * numbers: the classes of Unicode that say the same cost six times as much, and every letter of a release is looked at.
 */
const UNCLEAN_RANGES = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xfdd0, 0xfdef],
  [0xfffe, 0xffff],
]
const written = (code = 0) => `\\u${code.toString(16).padStart(4, '0')}`
const UNCLEAN_CLASS = `[${UNCLEAN_RANGES.map(([from, upto]) => `${written(from)}-${written(upto)}`).join('')}]`
const UNCLEAN = new RegExp(UNCLEAN_CLASS)
const UNCLEAN_ALL = new RegExp(UNCLEAN_CLASS, 'g')

type Field = (name: (typeof FIELD_TAGS)[keyof typeof FIELD_TAGS]) => string

const fieldsOf = ({ fields, lists }: Told, unknown: (tag: string) => void): Field => {
  const known: Partial<Record<string, string>> = {}
  for (const [tag, text] of fields) {
    const name = TAGS.get(tag)
    if (name !== undefined) known[name] = text
    else if (!isKnown(tag)) unknown(tag)
  }
  for (const tag of lists.keys()) if (!isKnown(tag)) unknown(tag)
  return (name) => known[name] ?? ''
}
const TAGS: ReadonlyMap<string, string> = new Map(Object.entries(FIELD_TAGS))
const isKnown = (tag: string): boolean => tag === PACK_LIST || tag === STORAGE_LIST || PASSED_TAGS.has(tag)

const deviceOf = ({ lists }: Told, field: Field): Device | Refusal => {
  const [di, version, name] = [codeOf(field('di')), field('version'), field('name')]
  if (field('di') === '') return refuse('reference.di-missing')
  if (di === null) return refuse('reference.di-malformed', { code: field('di').slice(0, 64) })
  if (name === '') return refuse('reference.name-missing')
  if (!/^\d{0,9}$/.test(version)) return refuse('reference.version-malformed', { version: version.slice(0, 64) })
  const packs = packsOf({ di, useDi: field('useDi'), unitsInside: field('unitsInside'), rows: lists.get(PACK_LIST) ?? [] })
  if (isRefusal(packs)) return packs
  const rest: DeviceRest = {
    ...{ issuer: field('issuer'), scheme: schemeOf(di), creditCode: field('creditCode'), classCode: field('classCode') },
    ...{ category: field('category'), nhsa: field('nhsa'), key: field('key') },
    singleUse: truthOf(field('singleUse')),
    sterile: truthOf(field('sterile')),
    promises: {
      ...{ lot: truthOf(field('hasLot')), serial: truthOf(field('hasSerial')) },
      ...{ produced: truthOf(field('hasProduced')), expiry: truthOf(field('hasExpiry')) },
    },
    packs,
    storage: storageOf(lists.get(STORAGE_LIST) ?? []),
  }
  return {
    ...{ di, version: Number(version), name, trade: field('trade'), maker: field('maker'), certificate: field('certificate') },
    ...{ model: field('model'), withdrawn: field('withdrawn') },
    codes: packs.map(({ code }) => code).join(' '),
    rest: JSON.stringify(rest),
  }
}

const schemeOf = (di: string): PackCode['scheme'] => {
  if (/^\d{14}$/.test(di)) return 'gtin'
  return di.startsWith('MA.') ? 'ma' : 'ahm'
}

/** Yes and no, in the words that are known; which of them a release uses nobody could show (H-041). */
const truthOf = (text: string): boolean | null => {
  if (['是', '1', 'true', 'Y'].includes(text)) return true
  return ['否', '0', 'false', 'N'].includes(text) ? false : null
}

const storageOf = (rows: readonly ReadonlyMap<string, string>[]): DeviceRest['storage'] =>
  rows.map((row) => ({
    what: row.get(STORAGE_TAGS.what) ?? '',
    min: row.get(STORAGE_TAGS.min) ?? '',
    max: row.get(STORAGE_TAGS.max) ?? '',
    unit: row.get(STORAGE_TAGS.unit) ?? '',
  }))
