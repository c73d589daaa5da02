import { LINE_ORDERS, type LineOrder, type LineOrderName } from '@lotkeeper/edge/readers/barcode/line-orders.ts'
import type { SymbologyName } from '@lotkeeper/edge/readers/barcode/symbologies.ts'
import type { MenuMemory } from './scanner-menu.ts'

/** What a scanner of this maker sends for a symbol, as it is set now. */
export const symbolText = (kind: LineOrderName, symbol: ScannedSymbol, set: MenuMemory): string => {
  const order: LineOrder = LINE_ORDERS[kind]
  const parts = {
    prefix: set.prefix,
    suffix: set.suffix,
    aim: set.aim ? AIM_IDS[symbol.symbology] : '',
    'code-id': set.codeId ? codeIdOf(order, symbol.symbology) : '',
    body: bodyOf(symbol),
  }
  return `${order.parts.map((part) => parts[part]).join('')}${set.terminator}`
}

/** AIM ids a scanner puts before the data [ISO/IEC 15424]. */
export const AIM_IDS = {
  'gs1-128': ']C1',
  'code-128': ']C0',
  'ean-13': ']E0',
  'ean-8': ']E4',
  'gs1-databar': ']e0',
  'gs1-datamatrix': ']d2',
  datamatrix: ']d1',
  'gs1-qr': ']Q3',
  qr: ']Q1',
  'itf-14': ']I1',
} as const
export type Symbology = keyof typeof AIM_IDS

/** The names the scanners' own signs know these by, the surest first. */
export const SIGNED_AS: Readonly<Record<Symbology, readonly SymbologyName[]>> = {
  'gs1-128': ['gs1-128', 'code-128-or-gs1'],
  'code-128': ['code-128', 'code-128-or-gs1'],
  'ean-13': ['ean-13', 'ean'],
  'ean-8': ['ean-8', 'ean'],
  'gs1-databar': ['gs1-databar'],
  'gs1-datamatrix': ['datamatrix'],
  datamatrix: ['datamatrix'],
  'gs1-qr': ['qr'],
  qr: ['qr'],
  'itf-14': ['itf'],
}

/** One symbol as a scanner sees it. */
export interface ScannedSymbol {
  readonly text: string
  readonly symbology: Symbology
  /** Whether the leading FNC1 of a GS1 symbol is sent as GS. */
  readonly leads: boolean
  readonly separator: string
}

const bodyOf = ({ text, symbology, leads, separator }: ScannedSymbol): string =>
  `${leads && symbology.startsWith('gs1-') ? separator : ''}${text.replaceAll('\x1d', separator)}`

const codeIdOf = ({ codeIds }: LineOrder, symbology: Symbology): string =>
  Object.keys(codeIds).find((id) => SIGNED_AS[symbology].some((name) => codeIds[id] === name)) ?? ''
