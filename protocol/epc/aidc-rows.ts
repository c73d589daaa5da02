import { bitsOfDigits } from './bits.ts'

/**
 * How the value of each AI lies in the bits of a tag [TDS 2.3 table F]: one row each, AIs as patterns (`41[0-7]`). Growing is adding rows.
 *
 *   n14        digits of four bits each; `!` behind it: the last is the check digit
 *   zero       one such digit, a zero
 *   i6         a number of six digits in as few bits as the largest needs
 *   i..8       a number of up to eight digits behind its length
 *   x..20      a text behind its way of writing and its length; `y..` may hold a number sign
 *   x..17?     the same, or nothing
 *   d..30      digits up to a mark, perhaps a text behind them; `e..` may hold a number sign
 *   date       YYMMDD                       minute   YYMMDDhhmm
 *   period     one date or two              moment   YYMMDD, with hh, hhmm or hhmmss
 *   country    two letters                  bit, minus, sequence
 */
const ROWS: readonly (readonly [ais: string, parts: string])[] = [
  ['00', 'n18!'],
  ['0[12]', 'n14!'],
  ['10', 'x..20'],
  ['1[1-3]', 'date'],
  ['1[5-7]', 'date'],
  ['20', 'i2'],
  ['2[12]', 'x..20'],
  ['235', 'x..28'],
  ['24[01]', 'x..30'],
  ['242', 'i..6'],
  ['243', 'x..20'],
  ['25[01]', 'x..30'],
  ['253', 'n13! x..17?'],
  ['254', 'x..20'],
  ['255', 'n13! i..12?'],
  ['30', 'i..8'],
  ['31[0-6][0-5]', 'i6'],
  ['32[0-9][0-5]', 'i6'],
  ['33[0-7][0-5]', 'i6'],
  ['34[0-9][0-5]', 'i6'],
  ['35[0-7][0-5]', 'i6'],
  ['36[0-9][0-5]', 'i6'],
  ['37', 'i..8'],
  ['390[0-9]', 'i..15'],
  ['391[0-9]', 'i3 i..15'],
  ['392[0-9]', 'i..15'],
  ['393[0-9]', 'i3 i..15'],
  ['394[0-3]', 'i4'],
  ['395[0-3]', 'i6'],
  ['40[013]', 'x..30'],
  ['402', 'i17!'],
  ['41[0-7]', 'n13!'],
  ['420', 'x..20'],
  ['421', 'i3 x..9'],
  ['42[246]', 'i3'],
  ['42[35]', 'i..15'],
  ['427', 'x..3'],
  ['430[01]', 'x..35'],
  ['430[2-6]', 'x..70'],
  ['4307', 'country'],
  ['4308', 'x..30'],
  ['4309', 'i20'],
  ['431[01]', 'x..35'],
  ['431[2-6]', 'x..70'],
  ['4317', 'country'],
  ['4318', 'x..20'],
  ['4319', 'x..30'],
  ['4320', 'x..35'],
  ['432[1-3]', 'bit'],
  ['432[45]', 'minute'],
  ['4326', 'date'],
  ['433[0-3]', 'i6 minus'],
  ['7001', 'i13'],
  ['7002', 'x..30'],
  ['7003', 'minute'],
  ['7004', 'i..4'],
  ['7005', 'x..12'],
  ['7006', 'date'],
  ['7007', 'period'],
  ['7008', 'x..3'],
  ['7009', 'x..10'],
  ['7010', 'x..2'],
  ['7011', 'moment'],
  ['702[0-2]', 'x..20'],
  ['7023', 'd..30'],
  ['703[0-9]', 'i3 x..27'],
  ['704[01]', 'x..4'],
  ['71[0-6]', 'x..20'],
  ['723[0-9]', 'x..30'],
  ['7240', 'x..20'],
  ['7241', 'n2'],
  ['7242', 'x..25'],
  ['7250', 'i8'],
  ['7251', 'i12'],
  ['7252', 'i1'],
  ['725[34]', 'x..40'],
  ['7255', 'x..10'],
  ['7256', 'x..90'],
  ['7257', 'x..70'],
  ['7258', 'sequence'],
  ['7259', 'x..40'],
  ['8001', 'i14'],
  ['8002', 'x..20'],
  ['8003', 'zero n13! x..16?'],
  ['8004', 'd..30'],
  ['8005', 'i6'],
  ['8006', 'n14! n4'],
  ['8007', 'x..24'],
  ['8008', 'moment'],
  ['8009', 'x..50'],
  ['8010', 'e..30'],
  ['8011', 'i..12'],
  ['8012', 'x..20'],
  ['8013', 'x..25'],
  ['801[78]', 'n18!'],
  ['8019', 'i..10'],
  ['8020', 'x..25'],
  ['8026', 'n14! n4'],
  ['8030', 'x..90'],
  ['8110', 'x..70'],
  ['8111', 'i4'],
  ['8112', 'x..70'],
  ['8200', 'x..70'],
  ['90', 'x..30'],
  ['9[1-9]', 'x..90'],
]

/** What a part of a value is made of. */
export type PartKind =
  | 'digits'
  | 'zero'
  | 'number'
  | 'counted'
  | 'text'
  | 'delimited'
  | 'date'
  | 'minute'
  | 'period'
  | 'moment'
  | 'country'
  | 'bit'
  | 'minus'
  | 'sequence'

/** One part of a value, ready to read. */
export interface AidcPart {
  readonly as: PartKind
  /** Digits or letters, at most where they are counted. */
  readonly length: number
  /** Bits that say how many [TDS table F, columns g and n]. */
  readonly lengthBits: number
  /** Bits of a number of fixed width. */
  readonly bits: number
  readonly hasCheckDigit: boolean
  readonly mayBeEmpty: boolean
  readonly mayHoldNumberSign: boolean
}

/** One AI, ready to read from a tag. */
export interface AidcRow {
  readonly ai: string
  readonly parts: readonly AidcPart[]
}

const KINDS: Readonly<Record<string, PartKind>> = {
  n: 'digits',
  i: 'number',
  'i..': 'counted',
  'x..': 'text',
  'y..': 'text',
  'd..': 'delimited',
  'e..': 'delimited',
}

const partOf = (spec: string): AidcPart => {
  const [, form = '', digits = '', mark = ''] = /^([a-z]\.\.|[a-z](?=\d)|[a-z]+)(\d*)([!?]?)$/.exec(spec) ?? []
  const length = Number(digits)
  const as = KINDS[form] ?? (form as PartKind)
  const mayHoldNumberSign = form === 'y..' || form === 'e..'
  const lengthBits = length.toString(2).length
  return { as, length, lengthBits, bits: bitsOfDigits(length), hasCheckDigit: mark === '!', mayBeEmpty: mark === '?', mayHoldNumberSign }
}

/** Every AI that a pattern of the table stands for. */
const aisOf = (pattern: string): readonly string[] => {
  const [, before, inside, behind = ''] = /^([^[]*)\[([^\]]+)\](.*)$/.exec(pattern) ?? []
  if (before === undefined || inside === undefined) return [pattern]
  const letters = inside.replace(/(\d)-(\d)/g, (_, from: string, to: string) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_each, nth) => Number(from) + nth).join(''),
  )
  return [...letters].flatMap((letter) => aisOf(before + letter + behind))
}

/** Every AI that a tag of TDS 2 may carry; (03) and (8014) it may not. */
export const AIDC: ReadonlyMap<string, AidcRow> = new Map(
  ROWS.flatMap(([pattern, parts]) => aisOf(pattern).map((ai) => [ai, { ai, parts: parts.split(' ').map(partOf) }] as const)),
)
