import type { RefusalCode } from '../../refusals.ts'
import { isDigits } from '../character-sets.ts'
import { isCheckDigitRight } from '../check-digit.ts'
import { isYymmdd, isYyyymmdd, pairAt } from '../gs1-date.ts'
import { countryOf, isCountry } from './countries.ts'
import { isCouponCode, isCouponOffer } from './coupons.ts'
import { currencyOf } from './currencies.ts'
import {
  beginsWithPrefix,
  isCheckPairRight,
  isIban,
  isPaddedRight,
  isPercentEncoded,
  isPieceOfTotal,
  isPlaceInSequence,
} from './numbers.ts'
import { isPackageType } from './package-types.ts'

/** What a component of a value must pass beside its length and character set; `code` is the refusal of what fails. */
export interface Check {
  readonly code: RefusalCode
  readonly passes: (piece: string, referenceYear: number) => boolean
}

/** Every check of the GS1 Syntax Dictionary under its name there; `padding` belongs to every component of base64url. */
export const CHECKS = {
  csum: { code: 'codes.check-digit-wrong', passes: isCheckDigitRight },
  csumalpha: { code: 'codes.check-pair-wrong', passes: isCheckPairRight },
  gcppos1: { code: 'codes.prefix-wrong', passes: (piece) => beginsWithPrefix(piece, 0) },
  gcppos2: { code: 'codes.prefix-wrong', passes: (piece) => beginsWithPrefix(piece, 1) },
  yymmd0: { code: 'codes.date-wrong', passes: isYymmdd },
  yymmdd: { code: 'codes.date-wrong', passes: (piece, year) => isYymmdd(piece, year) && !piece.endsWith('00') },
  yyyymmdd: { code: 'codes.date-wrong', passes: isYyyymmdd },
  hhmi: { code: 'codes.time-wrong', passes: (piece) => isUnder(piece, 0, 24) && isUnder(piece, 2, 60) },
  hh: { code: 'codes.time-wrong', passes: (piece) => isUnder(piece, 0, 24) },
  mi: { code: 'codes.time-wrong', passes: (piece) => isUnder(piece, 0, 60) },
  ss: { code: 'codes.time-wrong', passes: (piece) => isUnder(piece, 0, 60) },
  iso3166: { code: 'codes.country-wrong', passes: (piece) => countryOf(piece) !== undefined },
  iso3166999: { code: 'codes.country-wrong', passes: (piece) => piece === '999' || countryOf(piece) !== undefined },
  iso3166alpha2: { code: 'codes.country-wrong', passes: isCountry },
  iso4217: { code: 'codes.currency-wrong', passes: (piece) => currencyOf(piece) !== undefined },
  iso5218: { code: 'codes.sex-wrong', passes: (piece) => isOneOf('0129', piece) },
  iban: { code: 'codes.iban-wrong', passes: isIban },
  yesno: { code: 'codes.flag-wrong', passes: (piece) => isOneOf('01', piece) },
  nonzero: { code: 'codes.number-zero', passes: (piece) => !isZero(piece) },
  zero: { code: 'codes.zero-missing', passes: (piece) => isZero(piece) },
  nozeroprefix: { code: 'codes.zero-leading', passes: (piece) => !piece.startsWith('0') },
  hasnondigit: { code: 'codes.letter-missing', passes: (piece) => !isDigits(piece) },
  winding: { code: 'codes.winding-wrong', passes: (piece) => isOneOf('019', piece) },
  importeridx: { code: 'codes.importer-wrong', passes: (piece) => piece.length === 1 && /[-\w]/.test(piece) },
  mediatype: { code: 'codes.carrier-type-wrong', passes: (piece) => isMediaType(pairAt(piece, 0)) },
  packagetype: { code: 'codes.package-type-wrong', passes: isPackageType },
  pcenc: { code: 'codes.percent-wrong', passes: isPercentEncoded },
  pieceoftotal: { code: 'codes.piece-wrong', passes: isPieceOfTotal },
  posinseqslash: { code: 'codes.sequence-wrong', passes: isPlaceInSequence },
  hyphen: { code: 'codes.hyphen-missing', passes: (piece) => piece === '-' },
  latitude: { code: 'codes.latitude-wrong', passes: (piece) => Number(piece) <= 180 * DEGREE },
  longitude: { code: 'codes.longitude-wrong', passes: (piece) => Number(piece) <= 360 * DEGREE },
  couponcode: { code: 'codes.coupon-wrong', passes: isCouponCode },
  couponposoffer: { code: 'codes.coupon-wrong', passes: isCouponOffer },
  padding: { code: 'codes.padding-wrong', passes: isPaddedRight },
} as const satisfies Readonly<Record<string, Check>>
export type CheckName = keyof typeof CHECKS

/** A degree as AI (4309) counts it: ten-millionths, latitude from the south pole, longitude eastwards from Greenwich. */
export const DEGREE = 10_000_000

const isUnder = (piece: string, at: number, limit: number): boolean => {
  const number = pairAt(piece, at)
  return number >= 0 && number < limit
}
const isOneOf = (digits: string, piece: string): boolean => piece.length === 1 && digits.includes(piece)
const isZero = (piece: string): boolean => piece !== '' && Number(piece) === 0
const isMediaType = (number: number): boolean => (number >= 1 && number <= 10) || number >= 80
