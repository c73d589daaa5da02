import type { SiteView } from '@lotkeeper/protocol/api/views.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { type Language, nameIn, type Text } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import type { SitesById } from '../../parts/places.ts'
import type { CountySay } from '../words.ts'

/** What a record says, whatever its kind: for showing what changed between two of its versions. */
export type Fields = Readonly<Record<string, unknown>>

/** Every field of every kind of record, in the order they are told. */
export const FIELDS = [
  ...(['name', 'model', 'specification', 'unit', 'class', 'certificate', 'manufacturer', 'nhsa', 'singleUse', 'sterile'] as const),
  ...(['promises', 'storage', 'packs', 'nearDays', 'number', 'holder', 'issued', 'until', 'file', 'roles', 'creditCode'] as const),
  ...(['gln', 'contact', 'licences', 'site', 'inside', 'outside', 'room', 'rooms', 'zone', 'from', 'retired'] as const),
] as const
export type Field = (typeof FIELDS)[number]

/** The fields in which two versions differ. */
export const changedFields = (one: Fields, other: Fields): readonly Field[] => FIELDS.filter((field) => !sameField(one, other, field))

const sameField = (one: Fields, other: Fields, field: Field): boolean =>
  canonicalText(one[field] ?? null) === canonicalText(other[field] ?? null)

/** Whose word stands, field by field, when two changed one record: whoever alone changed it; where both did, a person says. */
export const proposedOf = (began: Fields, mine: Fields, theirs: Fields): Readonly<Partial<Record<Field, Side>>> =>
  Object.fromEntries(
    changedFields(mine, theirs).flatMap((field): [Field, Side][] => {
      if (sameField(began, theirs, field)) return [[field, 'mine']]
      return sameField(began, mine, field) ? [[field, 'theirs']] : []
    }),
  )
export type Side = 'mine' | 'theirs'

/** Their version with those fields of mine that were chosen. */
export const joinedOf = (mine: Fields, theirs: Fields, chosen: Readonly<Partial<Record<Field, Side>>>): Fields => {
  const joined = {
    ...theirs,
    ...Object.fromEntries(FIELDS.filter((field) => chosen[field] === 'mine').map((field) => [field, mine[field]])),
  }
  return Object.fromEntries(Object.entries(joined).filter(([, value]) => value !== undefined))
}

/** What words are made with. */
export interface WordParts {
  readonly say: CountySay
  readonly language: Language
  readonly sites: SitesById
}

/** A field in words: one line each where there are several. */
export const fieldLines = (record: Fields, field: Field, parts: WordParts): readonly string[] => {
  const value = record[field]
  if (value === undefined || value === null || value === '') return [nothingIn(field, parts)]
  const { say, language } = parts
  if (field === 'name' || field === 'unit') return [textIn(value as Text, language)]
  if (field === 'class') return [say('class.of', { class: String(value) })]
  if (field === 'retired') return [say('record.retired')]
  if (typeof value === 'boolean') return [say(value ? 'answer.yes' : 'answer.no')]
  if (field === 'packs') return (value as Packs).map((pack) => packWords(pack))
  if (field === 'nearDays') return [(value as readonly number[]).join(' / ') || say('page.nothing')]
  if (field === 'roles') return [(value as Roles).map((role) => say(`role.${role}`)).join(' · ')]
  if (field === 'promises') return [promiseWords(value as Promises, say)]
  if (field === 'storage') return (value as Storage).map(storageWords)
  if (field === 'licences') return (value as Licences).map((one) => licenceWords(one, say))
  if (field === 'rooms') return (value as Rooms).map((one) => roomWords(one, parts))
  if (field === 'file') return [`${String(value).slice(0, HASH_SHOWN)}…`]
  return [placeWordsOf(record, field, String(value), parts)]
}

/** A pack level: `箱 = 20 × 盒 = 2,000`, its codes behind it. */
const packWords = ({ pack, units, of, gtin, codes }: Packs[number]): string => {
  const held = of ? ` = ${numberText(of.quantity)} × ${of.pack}` : ''
  const known = [gtin, ...(codes ?? []).map(({ code }) => code)].filter((code) => code !== null)
  return `${pack}${held} = ${numberText(units)}${known.length === 0 ? '' : `（${known.join('、')}）`}`
}

/** `储存温度 2 ~ 8 °C` */
export const storageWords = ({ what, min, max, unit }: Storage[number]): string => {
  const range = min !== null && max !== null ? `${min} ~ ${max}` : min !== null ? `≥ ${min}` : max !== null ? `≤ ${max}` : ''
  return [what, range, unit].filter((part) => part !== '').join(' ')
}

/** Which production identifiers the label promises. */
export const promiseWords = (promises: Promises, say: CountySay): string => {
  const promised = (['lot', 'serial', 'produced', 'expiry'] as const).filter((what) => promises[what])
  return promised.length === 0 ? say('promise.none') : promised.map((what) => say(`promise.${what}`)).join(' · ')
}

const licenceWords = ({ kind, number, from, until }: Licences[number], say: CountySay): string =>
  `${say(`licence.${kind}`)} ${number} ${from ?? ''} ~ ${until ?? say('validity.endless')}`

/** `库房（存放） main` */
const roomWords = ({ room, name, use }: Rooms[number], { say, language }: WordParts): string =>
  `${textIn(name, language)}（${say(use === 'store' ? 'enrol.store' : 'enrol.department')}） ${room}`

const placeWordsOf = (record: Fields, field: Field, value: string, { sites, language }: WordParts): string => {
  const site = sites.get(field === 'site' ? value : String(record['site'] ?? ''))
  if (field === 'site') return site ? nameIn(site.name, language) : value
  const room = ROOM_FIELDS.has(field) ? site?.rooms.find((one) => one.room === value) : undefined
  return room ? nameIn(room.name, language) : value
}

const nothingIn = (field: Field, { say }: WordParts): string => {
  if (field === 'outside') return say('portal.street')
  if (field === 'until') return say('validity.endless')
  return say(field === 'from' ? 'record.at-once' : 'page.nothing')
}

const textIn = (text: Text, language: Language): string => {
  const other = language === 'zh' ? text.en : text.zh
  const first = nameIn(text, language)
  return other === '' || other === first ? first : `${first} · ${other}`
}

const ROOM_FIELDS: ReadonlySet<Field> = new Set<Field>(['inside', 'outside', 'room'])
const HASH_SHOWN = 12
type Packs = RecordOf<'item'>['packs']
type Storage = NonNullable<RecordOf<'item'>['storage']>
type Promises = NonNullable<RecordOf<'item'>['promises']>
type Roles = RecordOf<'party'>['roles']
type Rooms = SiteView['rooms']
type Licences = RecordOf<'party'>['licences']
