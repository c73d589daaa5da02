import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import type { OpeningFields } from './opening-preview.ts'
import type { StagedRow, StagedRun, Staging } from './staging.ts'
import type { WriteParts } from './write-parts.ts'

/**
 * Tells every site its documents, each whole in one act that is named by the file, the site and the document: a batch that was broken off goes on without
 * telling anything twice. Nothing is booked by it.
 */
export const tellOpenings = async ({ staging, catalog, stopped }: WriteParts, run: StagedRun): Promise<'stopped' | Refusal | null> => {
  const documents = await documentsIn(staging, run, ({ outcome, written }) => outcome === 'new' && written === 0)
  const all = staging.show(run.id)?.rows ?? 0
  let done = 0
  for (const { act, site, doc, counted, rows } of documents) {
    if (stopped()) return 'stopped'
    const lines = rows.map(({ fields }) => {
      const { supplier, ...line } = fields.line
      return supplier === null ? line : { ...line, supplier }
    })
    const told = await catalog.tellOpening({ action: act, site, doc, ...(counted === null ? {} : { counted }), lines }, run.actor)
    if (isRefusal(told) && told.code === 'ledger.disk-full') return told
    if (isRefusal(told))
      staging.put(
        run.id,
        rows.map(({ staged }) => ({ ...staged, outcome: 'error', why: told })),
      )
    else
      staging.setWritten(
        run.id,
        rows.map(({ staged }) => [staged.row, 1]),
      )
    done += rows.length
    staging.setProgress(run.id, done, all)
    await setImmediate()
  }
  return null
}

/** Withdraws what no site has taken over; what is booked stays, and is named. */
export const withdrawOpenings = async (parts: WriteParts, run: StagedRun): Promise<'stopped' | Refusal | null> => {
  const { staging, catalog, stopped } = parts
  const documents = await documentsIn(staging, run, ({ written }) => written > 0)
  let left = 0
  for (const { act, rows } of documents) {
    if (stopped()) return 'stopped'
    const said = await catalog.withdrawOpening(
      { action: `${act}:undo`, act, reason: `撤销导入 ${run.name}`.slice(0, REASON_CHARS) },
      run.actor,
    )
    if (isRefusal(said) && said.code !== 'catalog.opening-taken') return said
    if (isRefusal(said)) left += 1
    else
      staging.setWritten(
        run.id,
        rows.map(({ staged }) => [staged.row, 0]),
      )
    await setImmediate()
  }
  return left === 0 ? null : refuse('imports.openings-left', { documents: left })
}

/** Whether there is anything left to withdraw; when every document is taken over: that. */
export const judgeWithdrawal = async (
  { staging, ask }: { readonly staging: Staging; readonly ask: Pick<HubQuestions, 'known'> },
  run: StagedRun,
): Promise<Refusal | null> => {
  const documents = await documentsIn(staging, run, ({ written }) => written > 0)
  for (const { act } of documents) {
    const [fact] = (await ask.known({ items: [], sites: [], lots: [], epcs: [], openings: [act] })).openings
    if ((fact?.taken ?? 0) === 0) return null
  }
  return refuse('imports.openings-left', { documents: documents.length })
}

interface Document {
  readonly act: string
  readonly site: string
  readonly doc: string
  /** The latest day that one of its rows was counted. */
  readonly counted: string | null
  readonly rows: readonly { readonly staged: StagedRow; readonly fields: OpeningFields }[]
}

/** Rows of an import as the documents they make, in the order in which each begins. */
const documentsIn = async (staging: Staging, run: StagedRun, isMeant: (row: StagedRow) => boolean): Promise<readonly Document[]> => {
  const documents = new Map<string, Document & { readonly rows: { readonly staged: StagedRow; readonly fields: OpeningFields }[] }>()
  for (let after = 0; ; ) {
    const batch = staging.rows(run.id, after, SLICE_ROWS)
    const last = batch.at(-1)
    if (last === undefined) return [...documents.values()]
    for (const staged of batch) {
      const fields = staged.fields as OpeningFields | null
      if (fields === null || !isMeant(staged)) continue
      const { site, doc, counted } = fields
      const key = `${site}\n${doc}`
      const known = documents.get(key) ?? { act: actOf(run, key), site, doc, counted, rows: [] }
      const latest = known.counted === null || (counted !== null && counted > known.counted) ? counted : known.counted
      known.rows.push({ staged, fields })
      documents.set(key, { ...known, counted: latest })
    }
    after = last.row
    await setImmediate()
  }
}

const actOf = ({ sha256, attempt }: StagedRun, document: string): string => {
  const letters = createHash('sha256').update(document).digest('hex').slice(0, DOCUMENT_LETTERS)
  return `table:${sha256.slice(0, FILE_LETTERS)}:o${attempt}:${letters}`
}
const FILE_LETTERS = 32
const DOCUMENT_LETTERS = 16
const REASON_CHARS = 500
const SLICE_ROWS = 500
