import { GS } from '@lotkeeper/protocol/codes/aim.ts'
import type { ScanNotice, ScannerProfile } from './kind.ts'
import type { LineOrder } from './line-orders.ts'
import { aimedText, type SymbologyName, withoutLead } from './symbologies.ts'

/**
 * Takes a maker's parts off a scanned line: out comes the AIM id (sent, or known from the code id) and the data with GS kept.
 * A part that was set and did not come is told, and the rest taken as it stands.
 */
export const unwrap = (line: string, { parts, codeIds }: LineOrder, profile: ScannerProfile): Unwrapped => {
  const left: Left = { text: line, aim: '', symbology: null, notices: [] }
  const body = parts.indexOf('body')
  for (const part of parts.slice(0, body)) {
    if (part === 'prefix') takeEnd(left, profile.prefix, 'prefix')
    if (part === 'code-id' && profile.codeId) takeCodeId(left, codeIds)
    if (part === 'aim') takeAim(left, profile.aim)
  }
  takeEnd(left, profile.suffix, 'suffix')
  const { text, aim, symbology, notices } = left
  const separated = profile.separator === null ? text : text.replaceAll(profile.separator, GS)
  if (aim !== '') return { text: withoutLead(`${aim}${separated}`), notices }
  return { text: symbology === null ? separated : aimedText(symbology, separated), notices }
}

export interface Unwrapped {
  readonly text: string
  readonly notices: readonly ScanNotice[]
}

/** `]`, the letter of a symbology, and its modifier. */
export const AIM_SHAPE = /^\][A-Za-z][0-9A-Za-z]/

interface Left {
  text: string
  aim: string
  symbology: SymbologyName | null
  readonly notices: ScanNotice[]
}

const takeEnd = (left: Left, expected: string, end: 'prefix' | 'suffix'): void => {
  if (expected === '') return
  const stands = end === 'prefix' ? left.text.startsWith(expected) : left.text.endsWith(expected)
  if (!stands) left.notices.push(`scanner.${end}-missing`)
  else left.text = end === 'prefix' ? left.text.slice(expected.length) : left.text.slice(0, -expected.length)
}

const takeAim = (left: Left, expected: boolean | null): void => {
  if (expected === false) return
  const [aim] = AIM_SHAPE.exec(left.text) ?? []
  if (aim === undefined) {
    if (expected === true) left.notices.push('scanner.aim-missing')
    return
  }
  left.aim = aim
  left.text = left.text.slice(aim.length)
}

const takeCodeId = (left: Left, codeIds: LineOrder['codeIds']): void => {
  const id = Object.keys(codeIds)
    .filter((known) => left.text.startsWith(known))
    .reduce((longest, known) => (known.length > longest.length ? known : longest), '')
  if (id === '') {
    left.notices.push('scanner.code-id-missing')
    return
  }
  left.symbology = codeIds[id] ?? null
  left.text = left.text.slice(id.length)
}
