import { type Ai, compileRows } from './ai-spec.ts'
import { AI_ROWS } from './ai-table.ts'

/** Every application identifier this house reads. */
export const AIS: ReadonlyMap<string, Ai> = compileRows(AI_ROWS)

/** The AI that the text holds at a position; no AI begins another, so the shortest match is the only one. */
export const aiAt = (text: string, at: number): Ai | undefined =>
  AIS.get(text.slice(at, at + 2)) ?? AIS.get(text.slice(at, at + 3)) ?? AIS.get(text.slice(at, at + 4))
