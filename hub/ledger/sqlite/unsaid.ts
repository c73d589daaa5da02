import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import { type DiscrepancyDraft, type DiscrepancyKind, discrepancyName } from '../discrepancies.ts'

/** Discrepancies that found no room on the disk: they are opened with the very commit that finds some. They do not outlive the process. */
export interface Unsaid {
  readonly wait: (draft: DiscrepancyDraft) => void
  /** It is over before anybody could be told. */
  readonly drop: (kind: DiscrepancyKind, subject: string) => void
  /** Opens all that wait, inside the transaction that is open; `said` once that is committed, `forget` once it is not. */
  readonly say: () => void
  readonly said: () => void
  readonly forget: () => void
}

export const openUnsaid = (rows: Pick<DiscrepancyRows, 'open'>): Unsaid => {
  const waiting = new Map<string, DiscrepancyDraft>()
  let saying = false
  return {
    wait: (draft) => {
      const name = discrepancyName(draft.kind, draft.subject)
      // As in the table: what is named already stands as it was named first.
      if (!waiting.has(name) && waiting.size < WAITING_MAX) waiting.set(name, draft)
    },
    drop: (kind, subject) => void waiting.delete(discrepancyName(kind, subject)),
    say: () => {
      saying = true
      for (const draft of waiting.values()) rows.open(draft)
    },
    said: () => {
      if (saying) waiting.clear()
      saying = false
    },
    forget: () => {
      saying = false
    },
  }
}

/** Some of every kind for every node of a county; whoever forges can make up any number. */
const WAITING_MAX = 4_096
