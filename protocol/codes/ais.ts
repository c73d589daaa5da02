import { type Ai, compileRows } from './ai-spec.ts'
import { AI_ROWS } from './ai-table.ts'

/** Every application identifier this house reads. */
export const AIS: ReadonlyMap<string, Ai> = compileRows(AI_ROWS)

/** The AI that the text holds at a position. No AI begins another: its first two digits tell how long it is [GenSpecs 7.8.1]. */
export const aiAt = (text: string, at: number): Ai | undefined => {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) return undefined
  let number = tens * 10 + ones
  const length = LENGTHS[number] ?? 0
  if (length === 0) return undefined
  for (let more = 2; more < length; more += 1) {
    const digit = text.charCodeAt(at + more) - ZERO
    if (!(digit >= 0 && digit <= 9)) return undefined
    number = number * 10 + digit
  }
  return ROWS[number]
}

const ZERO = 48
/** Length of an AI by its first two digits, 0 where there is none; and the rows by the AI as a number, which no two share. */
const LENGTHS = new Uint8Array(100)
const ROWS: (Ai | undefined)[] = new Array<Ai | undefined>(10_000).fill(undefined)
for (const [ai, row] of AIS) {
  LENGTHS[Number(ai.slice(0, 2))] = ai.length
  ROWS[Number(ai)] = row
}
