import type { Element } from '../codes/elements.ts'

/** What a tag holds, in every way GS1 says it [TDS 6, 12, 14, 15.3]. */
export interface EpcIdentity {
  readonly scheme: string
  /** Pure identity, without the filter; the schemes of TDS 2 have none, their `elementString` says it. */
  readonly uri: string | null
  readonly tagUri: string | null
  /** `(01)...(21)...`, values as they are; `null` for what is no GS1 key (GID, USDOD, ADI). */
  readonly elementString: string | null
  /** The same, one AI each, in the order of the bits; a prioritised date behind the key it belongs to. */
  readonly elements: readonly Element[]
  /** 0 other, 1 point of sale, 2 full case, 4 inner pack, 6 unit load, 7 component; a GID has none. */
  readonly filter: number | null
  /** Domain of a `++` scheme. */
  readonly hostname: string | null
  /** AI (01): what the tag names is a trade item. */
  readonly gtin14: string | null
  /** AI (21). */
  readonly serial: string | null
  /** AI (00). */
  readonly sscc: string | null
  /** AI (10). */
  readonly lot: string | null
  /** AI (17) as it stands, `YYMMDD`: the century is the reader's to choose. */
  readonly expiry: string | null
  /** Digits of the company prefix, needed to write the same tag again; a scheme of TDS 2 knows none. */
  readonly prefixDigits: number | null
  /** Hexadecimal of what follows behind the last AI that could be read, from its first bit on. */
  readonly rest: string | null
}

/** What each scheme says of itself; the facts follow from its elements. */
export type Says = Pick<EpcIdentity, 'scheme' | 'uri' | 'tagUri' | 'elements' | 'filter' | 'hostname' | 'prefixDigits' | 'rest'>

/** The whole identity; of two equal AIs the first rules, for the key stands before what is appended. */
export const identityOf = ({ scheme, uri, tagUri, elements, filter, hostname, prefixDigits, rest }: Says): EpcIdentity => {
  let elementString = ''
  let gtin14: string | null = null
  let serial: string | null = null
  let sscc: string | null = null
  let lot: string | null = null
  let expiry: string | null = null
  for (const element of elements) {
    const ai = element[0]
    const value = element[1]
    elementString += `(${ai})${value}`
    if (ai === '01') gtin14 ??= value
    else if (ai === '21') serial ??= value
    else if (ai === '00') sscc ??= value
    else if (ai === '10') lot ??= value
    else if (ai === '17') expiry ??= value
  }
  return {
    scheme,
    uri,
    tagUri,
    elementString: elementString === '' ? null : elementString,
    elements,
    filter,
    hostname,
    gtin14,
    serial,
    sscc,
    lot,
    expiry,
    prefixDigits,
    rest,
  }
}
