import type { TableImport } from '@lotkeeper/protocol/api/hub-imports.ts'
import { hrefOf } from '../../parts/route.ts'

/** What is at work at the hub, and looked at until it is not. */
export const isAtWork = ({ state }: Pick<TableImport, 'state'>): boolean => AT_WORK.includes(state)
const AT_WORK: readonly TableImport['state'][] = ['reading', 'committing', 'undoing']

/** A batch that stopped midway is told apart: something of it stands in the catalogue. */
export const stateOf = ({ state, written }: Pick<TableImport, 'state' | 'written'>): TableImport['state'] | 'half' =>
  state === 'ready' && written > 0 ? 'half' : state

export const STATE_MARKS = {
  reading: 'mark-way',
  ready: 'mark-near',
  half: 'mark-bad',
  committing: 'mark-way',
  done: 'mark-good',
  undoing: 'mark-way',
  undone: '',
  cancelled: '',
  failed: 'mark-bad',
} as const satisfies Readonly<Record<ReturnType<typeof stateOf>, string>>

/** Which sentence says how an import stands and what comes next. */
export const sentenceOf = ({ kind, state, written, outcomes, why }: TableImport) => {
  const isFull = why?.code === 'ledger.disk-full'
  if (state === 'failed') return isFull ? 'full-read' : 'failed'
  if (state === 'done') return isFull ? 'full-undo' : written === 0 ? 'done-none' : kind === 'openings' ? 'told' : 'done'
  if (state !== 'ready') return state
  if (isFull) return 'full'
  if (written > 0) return 'half'
  if (outcomes.new + outcomes.changed + outcomes.choice > 0) return 'ready'
  return outcomes.error > 0 ? 'nothing' : 'same'
}

/** Rows that a commit would still write. */
export const toWriteOf = ({ outcomes, written }: Pick<TableImport, 'outcomes' | 'written'>): number =>
  Math.max(0, outcomes.new + outcomes.changed - written)

/** The page of a record; `null`: its kind has none. */
export const recordHref = (kind: string, id: string): string | null => {
  // What is told to a site is stock of an item.
  if (kind === 'items' || kind === 'openings') return hrefOf('items', { item: id })
  return kind === 'parties' || kind === 'certificates' ? hrefOf(kind, { id }) : null
}

/** Which paper lies on the page and waits for a word. */
export type Paper = 'commit' | 'undo' | null

export const importHref = (id: number, choice: Readonly<Record<string, string | undefined>> = {}): string => hrefOf(`imports/${id}`, choice)
