import { type Refusal, refuse } from '../refusals.ts'
import { type Ai, matchesAi } from './ai-spec.ts'
import { AIS } from './ais.ts'
import type { Element } from './elements.ts'

/** What the AIs of one label say against each other, or `null`. `requisites` off reads one symbol of a two-symbol label. */
export const besideRefusal = (elements: readonly Element[], requisites: boolean): Refusal | null => {
  let isSigned = false
  for (const element of elements) {
    const ai = element[0]
    const row = AIS.get(ai)
    for (const one of elements) {
      const other = one[0]
      if (other === ai ? one[1] !== element[1] : row !== undefined && excludes(row, other))
        return other === ai ? refuse('codes.ai-repeated', { ai }) : refuse('codes.ai-excluded', { ai, other })
    }
    if (row && requisites && !isSatisfied(row, elements))
      return refuse('codes.ai-missing', { ai, requires: row.requires.map((group) => group.join('+')).join(' / ') })
    isSigned ||= ai === SIGNATURE
  }
  return isSigned ? unsignable(elements) : null
}

const excludes = (row: Ai, other: string): boolean => {
  for (const pattern of row.excludes) if (matchesAi(pattern, other)) return true
  return false
}

const isSatisfied = ({ requires }: Ai, elements: readonly Element[]): boolean =>
  requires.length === 0 || requires.some((group) => group.every((pattern) => elements.some(([other]) => matchesAi(pattern, other))))

/** A signature is of one thing: keys that can go without a serial need one beside it [ISO/IEC 20248]. */
const unsignable = (elements: readonly Element[]): Refusal | null => {
  const bare = elements.find(([ai, value]) => SERIAL_OPTIONAL.includes(ai) && value.length === AIS.get(ai)?.lengthMin)
  return bare ? refuse('codes.serial-missing', { ai: bare[0] }) : null
}

const SIGNATURE = '8030'
const SERIAL_OPTIONAL: readonly string[] = ['253', '255', '8003']
