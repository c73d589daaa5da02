/** One key as a keyboard wedge types it. */
export interface WedgeKey {
  readonly key: string
  readonly code: string
  readonly ctrl: boolean
  readonly alt: boolean
  readonly meta: boolean
  readonly shift: boolean
}

/** What a key did: it belongs to a code being typed, it ended one, it emptied what was there, or it is none of a scanner's business. */
export type WedgeStep =
  | { readonly is: 'typed'; readonly text: string }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'cleared' }
  | { readonly is: 'foreign' }

export interface Wedge {
  readonly key: (key: WedgeKey, atMs: number) => WedgeStep
  readonly text: () => string
  readonly clear: () => void
}

/**
 * Gathers what a scanner types as a keyboard. A code ends at Enter (or Tab), never at a pause: slow scanners and busy tablets tear codes apart
 * otherwise. What nobody ended is dropped when the next key comes much later, so a stray key does not spoil the next code.
 */
export const openWedge = (): Wedge => {
  let text = ''
  let lastMs = Number.NEGATIVE_INFINITY
  const key = (pressed: WedgeKey, atMs: number): WedgeStep => {
    if (atMs - lastMs > STALE_MS) text = ''
    if (pressed.key === 'Enter' || pressed.key === 'Tab') {
      if (text === '') return { is: 'foreign' }
      const code = text
      text = ''
      return { is: 'code', text: code }
    }
    if (pressed.key === 'Escape') {
      if (text === '') return { is: 'foreign' }
      text = ''
      return { is: 'cleared' }
    }
    const sign = signOf(pressed)
    if (sign === null) return { is: 'foreign' }
    if (text.length >= LENGTH_MAX) text = ''
    text += sign
    lastMs = atMs
    return { is: 'typed', text }
  }
  return {
    key,
    text: () => text,
    clear: () => {
      text = ''
    },
  }
}

/** Group separator, ASCII 29, which parts the elements of a GS1 message [GS1 GenSpecs 7.8]. */
export const GS = '\u001d'
/** Longest code taken, as the node's route takes it. */
const LENGTH_MAX = 300
/** Between two keys of one code lie milliseconds; after so many seconds a person has put the scanner down. */
const STALE_MS = 5_000

const signOf = ({ key, code, ctrl, alt, meta, shift }: WedgeKey): string | null => {
  // Scanners send the separator as control-], as F8, or as the sign itself.
  if ((ctrl && (key === ']' || code === 'BracketRight')) || key === 'F8' || key === GS) return GS
  if (ctrl || alt || meta) return null
  if (key.length === 1) return key
  // A Chinese input method swallows the sign and says only which key it was; scanners type on the American layout.
  return key === 'Process' || key === 'Unidentified' ? keySign(code, shift) : null
}

const keySign = (code: string, shift: boolean): string | null => {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return shift ? letter : letter.toLowerCase()
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]
  if (digit) return shift && code.startsWith('Digit') ? (')!@#$%^&*('[Number(digit)] ?? null) : digit
  return SIGNS[code]?.[shift ? 1 : 0] ?? null
}

const SIGNS: Readonly<Record<string, string | undefined>> = {
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  Backquote: '`~',
  Space: '  ',
  NumpadDecimal: '..',
  NumpadSubtract: '--',
  NumpadAdd: '++',
  NumpadDivide: '//',
  NumpadMultiply: '**',
}
