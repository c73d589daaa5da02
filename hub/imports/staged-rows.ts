import { setImmediate } from 'node:timers/promises'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { cleaned } from './cells.ts'
import { headerIn } from './columns.ts'
import { cellsHeld, hiddenKeys } from './hidden.ts'
import { columnsOf } from './kinds.ts'
import type { Limits } from './limits.ts'
import { openKnownOf, openPreviewOf } from './previews.ts'
import type { Reading } from './read-thread.ts'
import type { StagedRow, StagedRun, Staging } from './staging.ts'

export interface StageParts {
  readonly staging: Staging
  readonly ask: HubQuestions
  readonly limits: Limits
  readonly now: () => number
  readonly stopped: () => boolean
  /** What whoever brought the file may not see, and so not set. */
  readonly hidden: readonly Sensitive[]
}

/** Keeps of every row of a file what would become of it, a slice at a time. Answers why there is nothing to look at. */
export const stageRows = async (parts: StageParts, run: StagedRun, reading: Reading): Promise<'stopped' | Refusal | null> => {
  const { staging, ask, stopped } = parts
  const read = await reading.rows
  if (stopped()) return 'stopped'
  if (isRefusal(read)) return read
  const [first = [], ...rows] = read
  const header = headerIn(columnsOf(run.kind), first)
  if (isRefusal(header)) return header
  staging.setColumns(
    run.id,
    header.keys.flatMap((key) => key ?? []),
    header.ignored,
  )
  const columns = columnsOf(run.kind)
  const keys = hiddenKeys(columns, parts.hidden)
  const preview = openPreviewOf(run.kind, await openKnownOf(run.kind, ask), { ask, now: parts.now, undone: staging.undone })
  let slice: StagedRow[] = []
  let kept = 0
  const keep = () => {
    staging.put(run.id, slice)
    kept += slice.length
    slice = []
  }
  for (const [at, row] of rows.entries()) {
    if (stopped()) return 'stopped'
    const cells = new Map(header.keys.flatMap((key, column) => (key === null ? [] : [[key, cleaned(row[column] ?? '')] as const])))
    const held = cellsHeld(columns, cells, keys)
    // Sheets end in rows that somebody once wrote in and emptied.
    if ([...cells.values()].some((cell) => cell !== '')) slice.push(refusedIf(held.why, await preview.stage(at + 2, held.cells), cells))
    // Names are compared with thousands of others: nobody else shall wait for more than a few of them.
    if (at % PAUSE_ROWS === 0) await setImmediate()
    if (slice.length < SLICE_ROWS) continue
    keep()
    staging.setProgress(run.id, at + 1, rows.length)
  }
  keep()
  staging.setProgress(run.id, rows.length, kept)
  return kept === 0 ? refuse('imports.file-empty') : null
}

/** A row that sets what its sender may not see is left out, as it came. */
const refusedIf = (why: Refusal | null, staged: StagedRow, cells: ReadonlyMap<string, string>): StagedRow =>
  why === null ? staged : { ...staged, cells: Object.fromEntries(cells), outcome: 'error', why, shown: { ...staged.shown, candidates: [] } }

const SLICE_ROWS = 100
const PAUSE_ROWS = 5
