import type { PackCode } from '../../ledger/master.ts'
import type { CalendarDate } from '../../names.ts'
import type { Identification } from '../identification.ts'
import { kindOf, type UdiFields, type UdiKind } from './said.ts'

/** A unique device identification, whoever issued it: what the thing is, which one of its kind, and the symbol that said so. */
export interface Udi {
  readonly issuer: Identification['issuer']
  /** As a catalogue keeps it; `null` in a symbol of lot and dates alone. */
  readonly di: PackCode | null
  readonly pi: {
    readonly lot: string | null
    readonly serial: string | null
    readonly expiry: CalendarDate | null
    readonly produced: CalendarDate | null
    readonly sterilisationLot: string | null
    readonly donation: string | null
    readonly count: number | null
  }
  /** Short name of the printed symbol; `null` where only the text is known. */
  readonly carrier: string | null
}

/** The one view over all agencies. */
export const udiOf = ({ issuer, gtin14, agency, lot, serial, expiry, produced, count, symbology }: Identification): Udi => {
  const text = (name: string): string | null => {
    const value = agency?.fields[name]
    return typeof value === 'string' ? value : null
  }
  return {
    issuer,
    di: agency ? agency.di : gtin14 === null ? null : { scheme: 'gtin', code: gtin14 },
    pi: { lot, serial, expiry, produced, sterilisationLot: text('sterilisationLot'), donation: text('din'), count },
    carrier: symbology,
  }
}

/** Which kind of symbol it is, and its parts by the names all agencies share; only what was said is there. */
export const udiPartsOf = (identification: Identification): { readonly kind: UdiKind; readonly fields: UdiFields } => {
  const { agency, gtin14, sscc, lot, serial, expiry, produced, count } = identification
  if (agency) return agency
  const pi = { lot, serial, expiry, manufactured: produced, quantity: count }
  const said = Object.entries({ di: gtin14, gtin: gtin14, sscc, ...pi })
  return {
    kind: kindOf(
      gtin14 !== null,
      Object.values(pi).some((value) => value !== null),
    ),
    fields: Object.fromEntries(said.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  }
}
