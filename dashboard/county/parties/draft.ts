import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { Fields } from '../records/fields.ts'
import { type Ruling, rulingOf } from '../records/head-fields.tsx'

type Party = Omit<HubBody<'saveParty'>, 'action' | 'id' | 'knownVersion'>
export type LicenceKind = Party['licences'][number]['kind']
export const LICENCE_KINDS: readonly LicenceKind[] = ['business', 'production', 'distribution', 'filing']
export const ROLES: readonly Party['roles'][number][] = ['supplier', 'manufacturer', 'carrier']

/** A party as its form holds it. */
export interface PartyForm extends Ruling {
  readonly id: string
  readonly zh: string
  readonly en?: string
  readonly roles: Party['roles']
  readonly creditCode?: string
  readonly gln?: string
  readonly contact?: string
  readonly licences: readonly LicenceForm[]
}
interface LicenceForm {
  readonly kind: LicenceKind
  readonly number: string
  readonly from?: string
  readonly until?: string
  readonly file?: string
}

/** What the form says, as it is saved: what nobody filled in is left out. */
export const partyOf = ({ zh, en, roles, creditCode, gln, contact, licences, ...ruling }: PartyForm): Party => ({
  name: { zh: zh.trim(), en: en?.trim() ?? '' },
  roles,
  ...(creditCode ? { creditCode: creditCode.trim().toUpperCase() } : {}),
  ...(gln ? { gln: gln.trim() } : {}),
  ...(contact?.trim() ? { contact: contact.trim() } : {}),
  licences: licences.map(({ kind, number, from, until, file }) => ({
    kind,
    number: number.trim(),
    from: from || null,
    until: until || null,
    ...(file ? { file } : {}),
  })),
  ...rulingOf(ruling),
})

/** A version of a party as its form shows it. */
export const partyFormOf = (id: string, fields: Fields): PartyForm => {
  const { name, licences, ...rest } = fields as unknown as Party
  return {
    ...rest,
    id,
    zh: name.zh,
    en: name.en,
    licences: licences.map(({ from, until, ...licence }) => ({ ...licence, from: from ?? '', until: until ?? '' })),
  }
}
