import { setImmediate } from 'node:timers/promises'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { actsOf, type RecordActs } from './acts.ts'
import type { Fields } from './columns.ts'
import { openLook } from './look.ts'
import { judgeWithdrawal, tellOpenings, withdrawOpenings } from './opening-batch.ts'
import type { StagedRow, StagedRun } from './staging.ts'
import { TABLES, type Table } from './tables.ts'
import type { WriteParts } from './write-parts.ts'

/**
 * Writes what is new or changed through the catalogue's own acts, a slice of rows to a commit. An act is named by the file and its row, so that a batch that was
 * broken off goes on without writing anything twice. Answers what stopped it: nothing, a full disk, or a word to stop.
 */
export const commitRows = async (parts: WriteParts, run: StagedRun): Promise<'stopped' | Refusal | null> => {
  if (run.kind === 'openings') return tellOpenings(parts, run)
  const { staging, catalog, stopped } = parts
  const acts = actsOf(TABLES[run.kind])
  const rows = staging.show(run.id)?.rows ?? 0
  let done = 0
  let full: Refusal | null = null
  for (let after = 0; ; ) {
    if (stopped()) return 'stopped'
    const batch = staging.rows(run.id, after, SLICE_ROWS)
    const last = batch.at(-1)
    if (last === undefined) return null
    const written: Written[] = []
    const asked = batch
      .filter((staged) => staged.written === 0 && isToWrite(staged))
      .map((staged) => ({ staged, body: acts.body(staged.fields ?? {}, staged.id ?? '', staged.version, actionOf(run, staged)) }))
    for (const { staged, saved } of await savedOf(acts, catalog, { asked, actor: run.actor })) {
      if (!isRefusal(saved)) written.push([staged.row, saved])
      else if (saved.code === 'ledger.disk-full') full ??= saved
      else staging.put(run.id, [{ ...staged, outcome: 'error', why: saved }])
    }
    // Together, for each word to the disk is a flush; what is lost with a kill is asked for again, and answered as it was.
    staging.setWritten(run.id, written)
    if (full) return full
    after = last.row
    done += batch.length
    staging.setProgress(run.id, done, rows)
    await setImmediate()
  }
}

/** Takes a whole batch back: only when nothing has come to refer to it since, and then all of it. Answers what hinders it. */
export const undoRows = async (parts: WriteParts, run: StagedRun): Promise<'stopped' | Refusal | null> => {
  if (run.kind === 'openings') return withdrawOpenings(parts, run)
  const { staging, catalog, stopped } = parts
  const acts = actsOf(TABLES[run.kind])
  const rows = staging.show(run.id)?.written ?? 0
  let done = 0
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    if (stopped()) return 'stopped'
    const batch = staging.written(run.id, before, SLICE_ROWS)
    const last = batch.at(-1)
    if (last === undefined) return null
    const undone: Written[] = []
    let refused: Refusal | null = null
    const asked = batch.map((staged) => {
      const fields = staged.before ?? retiredNow(staged.fields ?? {})
      return { staged, body: acts.body(fields, staged.id ?? '', staged.written, `${actionOf(run, staged)}:undo`) }
    })
    for (const { staged, saved } of await savedOf(acts, catalog, { asked, actor: run.actor })) {
      if (isRefusal(saved)) refused ??= saved
      else undone.push([staged.row, -saved])
    }
    staging.setWritten(run.id, undone)
    if (refused) return refused
    before = last.row
    done += undone.length
    staging.setProgress(run.id, done, rows)
    await setImmediate()
  }
}

/** The first thing that came to refer to a batch since it was written; null: it may be undone. */
export const judgeUndo = async ({ staging, ask }: Pick<WriteParts, 'staging' | 'ask'>, run: StagedRun): Promise<Refusal | null> => {
  if (run.kind === 'openings') return judgeWithdrawal({ staging, ask }, run)
  const { is } = TABLES[run.kind]
  const named = await namedRecords(ask, is)
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const batch = staging.written(run.id, before, SLICE_ROWS)
    const last = batch.at(-1)
    if (last === undefined) return null
    for (const staged of batch) {
      const hindered = await judgeRow(ask, run, { is, staged, named })
      if (hindered) return hindered
    }
    before = last.row
    await setImmediate()
  }
}

const judgeRow = async (
  ask: HubQuestions,
  run: StagedRun,
  { is, staged, named }: { readonly is: Table['is']; readonly staged: StagedRow; readonly named: ReadonlyMap<string, string> },
): Promise<Refusal | null> => {
  const id = staged.id ?? ''
  const [fact] = (await ask.known({ items: [], sites: [], lots: [], epcs: [], records: [{ is, id }] })).records
  const version = fact?.latest.version ?? 0
  // An undo that was broken off goes on: what it wrote itself is no change by somebody else.
  if (version !== staged.written && !(await ask.acted(`${actionOf(run, staged)}:undo`)))
    return refuse('imports.undo-changed', { id, version })
  const merged = fact?.family.find((other) => other !== id) ?? fact?.redirect?.to
  const by = merged ?? (staged.before === null ? named.get(id) : undefined) ?? (is === 'item' ? await movedSince(ask, id, run) : undefined)
  return by === undefined || by === null ? null : refuse('imports.undo-used', { id, by })
}

/** Of each row what came of it; what no act takes is not asked for. */
const savedOf = async (
  acts: RecordActs,
  catalog: WriteParts['catalog'],
  { asked, actor }: { readonly asked: readonly Asked[]; readonly actor: string },
): Promise<readonly { readonly staged: StagedRow; readonly saved: number | Refusal }[]> => {
  const answers = await acts.save(
    catalog,
    asked.flatMap(({ body }) => (isRefusal(body) ? [] : [body])),
    actor,
  )
  const next = answers.values()
  return asked.map(({ staged, body }) => ({ staged, saved: isRefusal(body) ? body : (next.next().value ?? refuse('api.fault')) }))
}
interface Asked {
  readonly staged: StagedRow
  readonly body: Fields | Refusal
}

/** A row and the version it stands at; below 0: the one that undid it. */
type Written = readonly [row: number, version: number]

/** Rows between two looks at whether anybody else waits. */
const SLICE_ROWS = 50

const isToWrite = ({ outcome }: StagedRow): boolean => outcome === 'new' || outcome === 'changed'

const actionOf = ({ kind, sha256, attempt }: StagedRun, { row }: StagedRow): string =>
  `table:${sha256.slice(0, ACTION_LETTERS)}:${kind[0]}${attempt}:${row}`
const ACTION_LETTERS = 32

/** At once, whenever it was to begin. */
const retiredNow = ({ from: _, ...fields }: Fields): Fields => ({ ...fields, retired: true })

/** Which records name others: id of the one that is named, id of one that names it. */
const namedRecords = async (ask: HubQuestions, is: string): Promise<ReadonlyMap<string, string>> => {
  const { items, certificates } = await openLook(ask, is === 'item' ? [] : ['items'])
  const pairs =
    is === 'certificate'
      ? items.map((row) => [row.certificate, row.item] as const)
      : [...items.map((row) => [row.manufacturer, row.item] as const), ...certificates.map((row) => [row.holder, row.id] as const)]
  return new Map(pairs.flatMap(([id, by]) => (id === undefined ? [] : [[id, by] as const])))
}

/** The newest entry that moved an item since the batch was written. */
const movedSince = async (ask: HubQuestions, item: string, { committedAt }: StagedRun): Promise<string | undefined> => {
  const page = await ask.movements({ item, limit: 1 })
  const [newest] = isRefusal(page) ? [] : page.rows
  const at = newest?.receivedAt ?? newest?.occurredAt ?? ''
  return newest && at >= (committedAt ?? '') ? newest.entry : undefined
}
