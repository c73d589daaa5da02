/**
 * AIM symbology identifiers [ISO/IEC 15424] a scanner puts before its data.
 *
 *   carries   `gs1` AIs with GS separators · `gtin13` `gtin8` the bare number · `link` text that GS1 allows to be a Digital Link · `text` any text
 *   symbology the word our line format uses; the name is for people
 */
export interface AimRow {
  readonly aim: string
  readonly carries: 'gs1' | 'gtin13' | 'gtin8' | 'link' | 'text'
  readonly symbology: string
  readonly name: string
}

export const AIM_ROWS = [
  { aim: ']d2', carries: 'gs1', symbology: 'DM', name: 'GS1 DataMatrix' },
  { aim: ']C1', carries: 'gs1', symbology: 'GS1_128_CCA', name: 'GS1-128' },
  { aim: ']Q3', carries: 'gs1', symbology: 'QR', name: 'GS1 QR' },
  { aim: ']e0', carries: 'gs1', symbology: 'DataBarExpanded', name: 'GS1 DataBar' },
  { aim: ']J1', carries: 'gs1', symbology: 'DotCode', name: 'GS1 DotCode' },
  { aim: ']E0', carries: 'gtin13', symbology: 'EAN13', name: 'EAN-13' },
  { aim: ']E4', carries: 'gtin8', symbology: 'EAN8', name: 'EAN-8' },
  { aim: ']d1', carries: 'link', symbology: 'DM', name: 'DataMatrix' },
  { aim: ']Q1', carries: 'link', symbology: 'QR', name: 'QR' },
  { aim: ']J0', carries: 'link', symbology: 'DotCode', name: 'DotCode' },
  { aim: ']E1', carries: 'text', symbology: 'EAN2', name: 'EAN 附加码 2 位 EAN add-on' },
  { aim: ']E2', carries: 'text', symbology: 'EAN5', name: 'EAN 附加码 5 位 EAN add-on' },
  { aim: ']E3', carries: 'text', symbology: 'EAN13', name: '带附加码的 EAN-13 with add-on' },
  { aim: ']C0', carries: 'text', symbology: 'Code128', name: 'Code 128' },
  { aim: ']C2', carries: 'text', symbology: 'Code128', name: 'Code 128 (FNC1 in second place)' },
  { aim: ']I0', carries: 'text', symbology: 'ITF', name: 'ITF' },
  { aim: ']I1', carries: 'text', symbology: 'ITF', name: 'ITF' },
  { aim: ']A0', carries: 'text', symbology: 'Code39', name: 'Code 39' },
  { aim: ']L0', carries: 'text', symbology: 'PDF417', name: 'PDF417' },
  { aim: ']z0', carries: 'text', symbology: 'Aztec', name: 'Aztec' },
  { aim: ']h0', carries: 'text', symbology: 'HanXin', name: '汉信码 Han Xin' },
] as const satisfies readonly AimRow[]

/** What a scanner sent, taken apart: the AIM identifier if there is one, and the data with GS as separator. */
export interface Scan {
  readonly aim: string | null
  readonly payload: string
  /** Without an AIM identifier some scanners send the leading FNC1 as GS: proof that the data is GS1. */
  readonly leadingSeparator: boolean
}

/** Takes a scanner's line apart. `substitute` is what this scanner's profile sends in place of GS; it must lie outside set 82, like `|`. */
export const scanOf = (line: string, substitute: string | null = null): Scan => {
  const bare = bareOf(line)
  const text = substitute === null ? bare : bare.replaceAll(substitute, GS)
  if (isAim(text)) return { aim: text.slice(0, 3), payload: text.slice(3), leadingSeparator: false }
  const leadingSeparator = text.startsWith(GS)
  return { aim: null, payload: leadingSeparator ? text.slice(1) : text, leadingSeparator }
}

/** The row of an AIM identifier. */
export const aimRow = (aim: string): AimRow | undefined => ROWS.get(aim)

/** Group separator, which a scanner sends for FNC1 inside the data [GenSpecs 7.8.3]. */
export const GS = '\u001d'
const ROWS: ReadonlyMap<string, AimRow> = new Map(AIM_ROWS.map((row) => [row.aim, row]))

/** `]`, the letter of a symbology, and a digit or letter of its own. */
const isAim = (text: string): boolean =>
  text[0] === ']' && isLetter(text.charCodeAt(1)) && (isDigit(text.charCodeAt(2)) || isLetter(text.charCodeAt(2)))
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** Without the framing some scanners are set to: STX before, ETX and line ends behind. */
const bareOf = (line: string): string => {
  let end = line.length
  while (end > 0 && ENDS.includes(line.charAt(end - 1))) end -= 1
  return line.slice(line.startsWith(STX) ? 1 : 0, end)
}

const STX = '\u0002'
const ENDS = '\u0003\r\n'
