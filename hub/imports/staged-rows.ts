import { setImmediate } from 'node:timers/promises'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { cleaned } from './cells.ts'
import { headerIn } from './columns.ts'
import type { Limits } from './limits.ts'
import { openLook } from './look.ts'
import { openPreview } from './preview.ts'
import type { Reading } from './read-thread.ts'
import type { StagedRow, StagedRun, Staging } from './staging.ts'
import { TABLES } from './tables.ts'

export interface StageParts {
  readonly staging: Staging
  readonly ask: HubQuestions
  readonly limits: Limits
  readonly stopped: () => boolean
}

/** Keeps of every row of a file what would become of it, a slice at a time. Answers why there is nothing to look at. */
export const stageRows = async (parts: StageParts, run: StagedRun, reading: Reading): Promise<'stopped' | Refusal | null> => {
  const { staging, ask, stopped } = parts
  const read = await reading.rows
  if (stopped()) return 'stopped'
  if (isRefusal(read)) return read
  const table = TABLES[run.kind]
  const [first = [], ...rows] = read
  const header = headerIn(table.columns, first)
  if (isRefusal(header)) return header
  staging.setColumns(
    run.id,
    header.keys.flatMap((key) => key ?? []),
    header.ignored,
  )
  const preview = await openPreview(table, await openLook(ask, [run.kind]), ask)
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
    // Sheets end in rows that somebody once wrote in and emptied.
    if ([...cells.values()].some((cell) => cell !== '')) slice.push(await preview.stage(at + 2, cells))
    if (slice.length < SLICE_ROWS) continue
    keep()
    staging.setProgress(run.id, at + 1, rows.length)
    await setImmediate()
  }
  keep()
  staging.setProgress(run.id, rows.length, kept)
  return kept === 0 ? refuse('imports.file-empty') : null
}

/** Says of one row again what would become of it, now that a person chose its record; null: a new one. */
export const stageChoice = async (
  { staging, ask }: Pick<StageParts, 'staging' | 'ask'>,
  run: StagedRun,
  { staged, id }: { readonly staged: StagedRow; readonly id: string | null },
): Promise<StagedRow | Refusal> => {
  const { row, shown } = staged
  if (staged.shown.candidates.length === 0 || (id !== null && !shown.candidates.some((one) => one.id === id)))
    return refuse('imports.choice-unknown', { row })
  const table = TABLES[run.kind]
  const preview = await openPreview(table, await openLook(ask, [run.kind]), ask)
  const chosen = await preview.chosen(row, new Map(Object.entries(staged.cells)), id)
  const holder = chosen.id === null ? null : staging.holder(run.id, chosen.id, row)
  // What it could have been stays in sight: a person may choose again.
  const made: StagedRow = { ...chosen, shown: { ...chosen.shown, candidates: shown.candidates } }
  return holder === null ? made : { ...made, outcome: 'error', why: refuse('imports.row-twice', { row: holder }) }
}

const SLICE_ROWS = 100
