/**
 * EPC schemes by header byte [TDS 2.3, 14.2]: one row each. A row with a layout is read and written by the one walker in `fields.ts`;
 * a row without one is a scheme we can name but not read here (SGTIN+ is read in `plus.ts`, for its length is its own).
 */
export interface SchemeRow {
  readonly header: number
  readonly scheme: string
  readonly layout: Layout | null
}

/** How the bits of a scheme lie, and how they are said. `{field}` in the URIs is filled from the fields. */
export interface Layout {
  /** All bits, header included. */
  readonly bits: number
  /** Fields behind the header, in order. */
  readonly fields: readonly Field[]
  readonly uri: string
  readonly tagUri: string
  /** Which GS1 key the prefix and reference make. */
  readonly key: 'gtin'
}

/**
 * One field. `uint` is a number of fixed width; `prefix` and `reference` are decimal numbers whose width in bits and digits hangs on the
 * partition read before them [TDS 14.3].
 */
export type Field =
  | { readonly name: string; readonly as: 'uint'; readonly bits: number }
  | { readonly name: 'partition'; readonly as: 'partition'; readonly bits: 3 }
  | { readonly name: 'prefix' | 'reference'; readonly as: 'partitioned'; readonly widths: readonly Width[] }

/** Width of a field for one partition value. */
export interface Width {
  readonly bits: number
  readonly digits: number
}

const widths = (...pairs: readonly (readonly [bits: number, digits: number])[]): readonly Width[] =>
  pairs.map(([bits, digits]) => ({ bits, digits }))

/** GS1 company prefix by partition 0 to 6; the same in every partitioned scheme. */
const PREFIX = widths([40, 12], [37, 11], [34, 10], [30, 9], [27, 8], [24, 7], [20, 6])
/** Indicator digit and item reference of a GTIN by partition. */
const GTIN_REFERENCE = widths([4, 1], [7, 2], [10, 3], [14, 4], [17, 5], [20, 6], [24, 7])

export const SGTIN_96 = {
  header: 0x30,
  scheme: 'SGTIN-96',
  layout: {
    bits: 96,
    fields: [
      { name: 'filter', as: 'uint', bits: 3 },
      { name: 'partition', as: 'partition', bits: 3 },
      { name: 'prefix', as: 'partitioned', widths: PREFIX },
      { name: 'reference', as: 'partitioned', widths: GTIN_REFERENCE },
      { name: 'serial', as: 'uint', bits: 38 },
    ],
    uri: 'urn:epc:id:sgtin:{prefix}.{reference}.{serial}',
    tagUri: 'urn:epc:tag:sgtin-96:{filter}.{prefix}.{reference}.{serial}',
    key: 'gtin',
  },
} as const satisfies SchemeRow

const named = (header: number, scheme: string): SchemeRow => ({ header, scheme, layout: null })

export const SCHEME_ROWS: readonly SchemeRow[] = [
  SGTIN_96,
  named(0x2c, 'GDTI-96'),
  named(0x2d, 'GSRN-96'),
  named(0x2e, 'GSRNP-96'),
  named(0x2f, 'USDOD-96'),
  named(0x31, 'SSCC-96'),
  named(0x32, 'SGLN-96'),
  named(0x33, 'GRAI-96'),
  named(0x34, 'GIAI-96'),
  named(0x35, 'GID-96'),
  named(0x36, 'SGTIN-198'),
  named(0x37, 'GRAI-170'),
  named(0x38, 'GIAI-202'),
  named(0x39, 'SGLN-195'),
  named(0x3a, 'GDTI-113'),
  named(0x3b, 'ADI-var'),
  named(0x3c, 'CPI-96'),
  named(0x3d, 'CPI-var'),
  named(0x3e, 'GDTI-174'),
  named(0x3f, 'SGCN-96'),
  named(0x40, 'ITIP-110'),
  named(0x41, 'ITIP-212'),
  named(0xe6, 'CPI++'),
  named(0xe7, 'GSRN++'),
  named(0xe8, 'GSRNP++'),
  named(0xe9, 'SGLN++'),
  named(0xea, 'GDTI++'),
  named(0xeb, 'GRAI++'),
  named(0xec, 'SGCN++'),
  named(0xed, 'ITIP++'),
  named(0xee, 'GIAI++'),
  named(0xef, 'SSCC++'),
  named(0xf0, 'CPI+'),
  named(0xf1, 'GRAI+'),
  named(0xf2, 'SGLN+'),
  named(0xf3, 'ITIP+'),
  named(0xf4, 'GSRN+'),
  named(0xf5, 'GSRNP+'),
  named(0xf6, 'GDTI+'),
  named(0xf7, 'SGTIN+'),
  named(0xf8, 'SGCN+'),
  named(0xf9, 'SSCC+'),
  named(0xfa, 'GIAI+'),
  named(0xfb, 'DSGTIN+'),
  named(0xfc, 'DSGTIN++'),
  named(0xfd, 'SGTIN++'),
]

/** Not a scheme: chips leave the factory with an EPC that begins with their class identifier. */
export const FACTORY_HEADER = 0xe2
