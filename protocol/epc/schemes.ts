import { checkDigitOf } from '../codes/check-digit.ts'
import type { Element } from '../codes/elements.ts'

/**
 * EPC schemes of fixed layout, and the two of TDS 1 that end where their text ends [TDS 14.2, 14.6]: one row each. Growing is adding rows;
 * the walker in `partitioned.ts` reads and writes them all.
 */
export interface SchemeRow {
  readonly header: number
  readonly scheme: string
  /** All bits, header included; `null` where the text decides. */
  readonly bits: number | null
  /** Names in the pure identity and in the tag URI. */
  readonly name: string
  readonly tag: string
  /** Fields behind the header in order; all but the filter stand in the URIs, joined by dots. */
  readonly fields: readonly Field[]
  readonly elements: (said: Said) => readonly Element[]
}

/** What the fields say, as text; a scheme leaves empty what it does not have. */
export interface Said {
  filter: string
  /** GS1 company prefix; the general manager number of a GID, the CAGE code or DoDAAC of USDOD and ADI. */
  prefix: string
  /** The key's part behind the prefix; the object class of a GID, the part number of an ADI. */
  reference: string
  piece: string
  total: string
  serial: string
}

/**
 * One field. `decimal` is a number without leading zeros, `padded` one filled up to its digits, `prefixed` follows a three-bit partition and is
 * padded, `guarded` keeps its leading zeros behind a 1, `text` are letters of seven bits, `six` letters of six bits up to a zero letter, `cage` and
 * `ascii` hold a CAGE code or a DoDAAC, `zeros` are reserved.
 */
export interface Field {
  readonly as: 'decimal' | 'padded' | 'prefixed' | 'guarded' | 'text' | 'six' | 'cage' | 'ascii' | 'zeros'
  readonly name: keyof Said
  /** One width, or one for each partition 0 to 6. */
  readonly widths: readonly Width[]
  /** What the text must look like. */
  readonly form?: RegExp
}

/** Bits, and the most digits or letters; `six` counts no bits. */
export type Width = readonly [bits: number, length: number]

/** One for each partition. */
const widths = (list: string): readonly Width[] => list.split(' ').map((each) => [Number(each.split('/')[0]), Number(each.split('/')[1])])

const filter = (bits: number): Field => ({ as: 'decimal', name: 'filter', widths: [[bits, 2]] })
const serial = (as: Field['as'], bits: number, length: number): Field => ({ as, name: 'serial', widths: [[bits, length]] })
const reference = (as: Field['as'], widths: readonly Width[]): Field => ({ as, name: 'reference', widths })

/** GS1 company prefix by partition; the same in every scheme that has one [TDS 14.6]. */
const PREFIX: Field = {
  as: 'prefixed',
  name: 'prefix',
  widths: widths('40/12 37/11 34/10 30/9 27/8 24/7 20/6'),
}
const GTIN = reference('padded', widths('4/1 7/2 10/3 14/4 17/5 20/6 24/7'))
/** Extension digit and serial reference of an SSCC, service reference of a GSRN. */
const LONG = reference('padded', widths('18/5 21/6 24/7 28/8 31/9 34/10 38/11'))
/** Location, document or coupon reference: thirteen digits with prefix and check digit. */
const SHORT = reference('padded', widths('1/0 4/1 7/2 11/3 14/4 17/5 21/6'))
const ASSET_TYPE = reference('padded', widths('4/0 7/1 10/2 14/3 17/4 20/5 24/6'))
const ASSET_NUMBER = reference('decimal', widths('42/13 45/14 48/15 52/16 55/17 58/18 62/19'))
const ASSET_TEXT = reference('text', widths('148/18 151/19 154/20 158/21 161/22 164/23 168/24'))
const PART_NUMBER = reference('decimal', widths('11/3 14/4 17/5 21/6 24/7 27/8 31/9'))
const PART_TEXT: Field = {
  ...reference('six', widths('0/18 0/19 0/20 0/21 0/22 0/23 0/24')),
  form: /^[#\-/0-9A-Z]+$/,
}
const PIECE: Field = { as: 'padded', name: 'piece', widths: [[7, 2]] }
const TOTAL: Field = { as: 'padded', name: 'total', widths: [[7, 2]] }
const RESERVED: Field = { as: 'zeros', name: 'serial', widths: [[24, 0]] }
const CAGE = /^[0-9A-HJ-NP-Z]{5,6}$/

/** The first digit of a reference stands in front of the prefix: indicator of a GTIN, extension digit of an SSCC [TDS 7.3, 7.4]. */
const digitFirst = (said: Said): string => withCheckDigit(said.reference.slice(0, 1) + said.prefix + said.reference.slice(1))
const withCheckDigit = (digits: string): string => digits + checkDigitOf(digits)
const prefixFirst = (said: Said): string => withCheckDigit(said.prefix + said.reference)

const SAYS = {
  sgtin: (said) => [
    ['01', digitFirst(said)],
    ['21', said.serial],
  ],
  sscc: (said) => [['00', digitFirst(said)]],
  // Extension 0 is the place itself [TDS 14.6.3].
  sgln: (said) =>
    said.serial === '0'
      ? [['414', prefixFirst(said)]]
      : [
          ['414', prefixFirst(said)],
          ['254', said.serial],
        ],
  grai: (said) => [['8003', `0${prefixFirst(said)}${said.serial}`]],
  giai: (said) => [['8004', said.prefix + said.reference]],
  gsrn: (said) => [['8018', prefixFirst(said)]],
  gsrnp: (said) => [['8017', prefixFirst(said)]],
  gdti: (said) => [['253', prefixFirst(said) + said.serial]],
  cpi: (said) => [
    ['8010', said.prefix + said.reference],
    ['8011', said.serial],
  ],
  sgcn: (said) => [['255', prefixFirst(said) + said.serial]],
  itip: (said) => [
    ['8006', digitFirst(said) + said.piece + said.total],
    ['21', said.serial],
  ],
  gid: () => [],
  usdod: () => [],
  adi: () => [],
} as const satisfies Readonly<Record<string, SchemeRow['elements']>>

const row = (header: number, scheme: string, bits: number | null, fields: readonly Field[]): SchemeRow => {
  const name = scheme.slice(0, scheme.indexOf('-')).toLowerCase() as keyof typeof SAYS
  return { header, scheme, bits, name, tag: scheme.toLowerCase(), fields, elements: SAYS[name] }
}

/** Trade items with a number; what labels are written in. */
export const SGTIN_96 = row(0x30, 'SGTIN-96', 96, [filter(3), PREFIX, GTIN, serial('decimal', 38, 12)])
/** The same with letters in the serial. */
export const SGTIN_198 = row(0x36, 'SGTIN-198', 198, [filter(3), PREFIX, GTIN, serial('text', 140, 20)])
/** Logistic units. */
export const SSCC_96 = row(0x31, 'SSCC-96', 96, [filter(3), PREFIX, LONG, RESERVED])
/** Places. */
export const SGLN_96 = row(0x32, 'SGLN-96', 96, [filter(3), PREFIX, SHORT, serial('decimal', 41, 13)])
/** Returnable assets. */
export const GRAI_96 = row(0x33, 'GRAI-96', 96, [filter(3), PREFIX, ASSET_TYPE, serial('decimal', 38, 12)])

/** All of them, the shorter of a name first. */
export const SCHEME_ROWS: readonly SchemeRow[] = [
  SGTIN_96,
  SGTIN_198,
  SSCC_96,
  SGLN_96,
  row(0x39, 'SGLN-195', 195, [filter(3), PREFIX, SHORT, serial('text', 140, 20)]),
  GRAI_96,
  row(0x37, 'GRAI-170', 170, [filter(3), PREFIX, ASSET_TYPE, serial('text', 112, 16)]),
  row(0x34, 'GIAI-96', 96, [filter(3), PREFIX, ASSET_NUMBER]),
  row(0x38, 'GIAI-202', 202, [filter(3), PREFIX, ASSET_TEXT]),
  row(0x2d, 'GSRN-96', 96, [filter(3), PREFIX, LONG, RESERVED]),
  row(0x2e, 'GSRNP-96', 96, [filter(3), PREFIX, LONG, RESERVED]),
  row(0x2c, 'GDTI-96', 96, [filter(3), PREFIX, SHORT, serial('decimal', 41, 13)]),
  row(0x3a, 'GDTI-113', 113, [filter(3), PREFIX, SHORT, serial('guarded', 58, 17)]),
  row(0x3e, 'GDTI-174', 174, [filter(3), PREFIX, SHORT, serial('text', 119, 17)]),
  row(0x3c, 'CPI-96', 96, [filter(3), PREFIX, PART_NUMBER, serial('decimal', 31, 10)]),
  row(0x3d, 'CPI-var', null, [filter(3), PREFIX, PART_TEXT, serial('decimal', 40, 12)]),
  row(0x3f, 'SGCN-96', 96, [filter(3), PREFIX, SHORT, serial('guarded', 41, 12)]),
  row(0x40, 'ITIP-110', 110, [filter(3), PREFIX, GTIN, PIECE, TOTAL, serial('decimal', 38, 12)]),
  row(0x41, 'ITIP-212', 212, [filter(3), PREFIX, GTIN, PIECE, TOTAL, serial('text', 140, 20)]),
  row(0x35, 'GID-96', 96, [
    { as: 'decimal', name: 'prefix', widths: [[28, 9]] },
    reference('decimal', [[24, 8]]),
    serial('decimal', 36, 11),
  ]),
  row(0x2f, 'USDOD-96', 96, [filter(4), { as: 'ascii', name: 'prefix', widths: [[48, 6]], form: CAGE }, serial('decimal', 36, 11)]),
  row(0x3b, 'ADI-var', null, [
    filter(6),
    { as: 'cage', name: 'prefix', widths: [[36, 6]], form: CAGE },
    { ...reference('six', [[0, 32]]), form: /^[-/0-9A-Z]*$/ },
    { ...serial('six', 0, 30), form: /^(?:#|[-/0-9A-Z])[-/0-9A-Z]*$/ },
  ]),
]
