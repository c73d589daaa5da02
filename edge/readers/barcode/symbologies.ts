import { aimRow, GS } from '@lotkeeper/protocol/codes/aim.ts'

/**
 * The text of a scan whose kind of symbol is known from another sign than an AIM id: AIM id, then data, or the bare data where the sign does not
 * say whether an FNC1 leads (`datamatrix` may be GS1 or not). Then a leading GS decides, and without one the reader of codes looks at the data.
 */
export const aimedText = (symbology: SymbologyName, body: string): string => {
  const row: SymbologyRow = SYMBOLOGIES[symbology]
  const isLed = body.startsWith(GS)
  if (row.gs1 !== undefined && isLed) return `${row.gs1}${body.slice(1)}`
  if (row.gs1 !== undefined || row.aim === null) return body
  return `${aimOf(row.aim, body)}${row.digits === undefined ? body : row.digits(body)}`
}

/** Without the GS that some scanners send for the leading FNC1 although the AIM id says it too. */
export const withoutLead = (text: string): string =>
  text[3] === GS && aimRow(text.slice(0, 3))?.carries === 'gs1' ? `${text.slice(0, 3)}${text.slice(4)}` : text

interface SymbologyRow {
  /** Its AIM id, `null` when another sign leaves it open; `]I` and `]E` get their modifier from the data. */
  readonly aim: string | null
  /** Where the sign is the same for GS1 and other contents: the id of GS1. */
  readonly gs1?: string
  /** How its digits become the 13 of an EAN-13, which is what `]E0` announces. */
  readonly digits?: (body: string) => string
}

/** ITF-14 with its check digit right is `]I1`, anything else `]I0`; EAN-8 is `]E4` [ISO/IEC 15424]. */
const aimOf = (aim: string, body: string): string => {
  if (aim === ']I') return isItf14(body) ? ']I1' : ']I0'
  if (aim === ']E') return body.length === 8 ? ']E4' : body.length === 13 ? ']E0' : ']E3'
  return aim
}

const isItf14 = (body: string): boolean => /^\d{14}$/.test(body) && sumOf(body) % 10 === 0
/** Weights 3 and 1 from the left of an even number of digits [GenSpecs 7.9.1]. */
const sumOf = (digits: string): number => Array.from(digits, Number).reduce((sum, digit, at) => sum + digit * (at % 2 === 0 ? 3 : 1), 0)

const upcA = (body: string): string => (/^\d{12}$/.test(body) ? `0${body}` : body)

/** UPC-E with number system and check digit, back to the twelve digits it shortens [GenSpecs 5.2.3.5]. */
const upcE = (body: string): string => {
  if (!/^[01]\d{7}$/.test(body)) return upcA(body)
  const [system = '', a = '', b = '', c = '', d = '', e = '', f = '', check = ''] = body
  const middle =
    f <= '2' ? `${a}${b}${f}0000${c}${d}${e}` : f === '3' ? `${a}${b}${c}00000${d}${e}` : f === '4' ? `${a}${b}${c}${d}00000${e}` : null
  return `0${system}${middle ?? `${a}${b}${c}${d}${e}0000${f}`}${check}`
}

/** Kinds of symbol by the names this room uses, and their AIM ids [ISO/IEC 15424]. */
export const SYMBOLOGIES = {
  'code-39': { aim: ']A0' },
  telepen: { aim: ']B0' },
  'code-128': { aim: ']C0' },
  'code-128-or-gs1': { aim: null, gs1: ']C1' },
  'gs1-128': { aim: ']C1' },
  'isbt-128': { aim: ']C4' },
  'gs1-databar': { aim: ']e0' },
  'ean-13': { aim: ']E0' },
  'ean-8': { aim: ']E4' },
  'upc-a': { aim: ']E0', digits: upcA },
  'upc-e': { aim: ']E0', digits: upcE },
  'ean-add-on': { aim: ']E3' },
  ean: { aim: ']E' },
  codabar: { aim: ']F0' },
  'code-93': { aim: ']G0' },
  'code-11': { aim: ']H0' },
  itf: { aim: ']I' },
  'code-16k': { aim: ']K0' },
  pdf417: { aim: ']L0' },
  'micro-pdf417': { aim: ']L3' },
  msi: { aim: ']M0' },
  codablock: { aim: ']O4' },
  plessey: { aim: ']P0' },
  datamatrix: { aim: null, gs1: ']d2' },
  'gs1-datamatrix': { aim: ']d2' },
  qr: { aim: null, gs1: ']Q3' },
  'gs1-qr': { aim: ']Q3' },
  dotcode: { aim: null, gs1: ']J1' },
  'straight-2-of-5': { aim: ']S0' },
  'iata-2-of-5': { aim: ']R0' },
  maxicode: { aim: ']U0' },
  aztec: { aim: ']z0' },
  'han-xin': { aim: ']h0' },
  'grid-matrix': { aim: ']g0' },
  other: { aim: ']X0' },
} as const satisfies Readonly<Record<string, SymbologyRow>>
export type SymbologyName = keyof typeof SYMBOLOGIES
