import { rmSync } from 'node:fs'
import type { HubAnswer, HubBody, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { TableImport, TableState } from '@lotkeeper/protocol/api/hub-imports.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { type OpenedDatabase, openDatabase } from '../database.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { refusalOf } from '../reference/stops.ts'
import { commitRows, judgeUndo, undoRows } from './committing.ts'
import { errorRows, type MadeFile, tableFile } from './files.ts'
import { IMPORTS_FORM } from './form.ts'
import { LIMITS, type Limits } from './limits.ts'
import { openLook } from './look.ts'
import { type Reading, readInThread } from './read-thread.ts'
import { stageChoice, stageRows } from './staged-rows.ts'
import { openStaging, rowView, type StagedRun, type Staging } from './staging.ts'
import { TABLES } from './tables.ts'
import { writeUpload } from './uploads.ts'

/** Tables of items, parties and certificates: brought in as batches that are looked at, committed and undone; and written out again. */
export interface Imports {
  readonly list: () => HubAnswer<'tableImports'>
  readonly show: (query: HubQuery<'tableImport'>) => TableImport | Refusal
  readonly rows: (query: HubQuery<'tableRows'>) => HubAnswer<'tableRows'> | Refusal
  /** Takes a file as it comes in and begins to read it; a file that is here already is the import it was. */
  readonly receive: (file: AsyncIterable<Uint8Array>, about: HubQuery<'startTableImport'>, actor: string) => Promise<TableImport | Refusal>
  readonly choose: (body: HubBody<'chooseTableRow'>) => Promise<HubAnswer<'chooseTableRow'> | Refusal>
  readonly commit: (body: HubBody<'commitTableImport'>) => TableImport | Refusal
  readonly undo: (body: HubBody<'undoTableImport'>) => Promise<TableImport | Refusal>
  readonly cancel: (body: HubBody<'cancelTableImport'>) => TableImport | Refusal
  readonly errors: (query: HubQuery<'tableErrors'>) => Promise<MadeFile | Refusal>
  readonly template: (query: HubQuery<'tableTemplate'>) => Promise<MadeFile>
  readonly exported: (query: HubQuery<'exportTable'>) => Promise<MadeFile>
  /** Goes on with what a stop broke off, and waits for what is under way; for tests and for the end. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}
export interface ImportsParts {
  /** The imports' own file; an upload lies beside it. */
  readonly file: string
  readonly ledger: Pick<HubLedger, 'ask'>
  readonly catalog: Catalog
  readonly now: () => number
  readonly timers: HubParts['timers']
  /** Told what broke. */
  readonly note: (error: unknown, where: string) => void
  readonly limits?: Limits
}

/** A batch that was broken off by a stop goes on at once. */
export const openImports = (parts: ImportsParts): Imports => {
  const { file, ledger, timers, limits = LIMITS } = parts
  const opened = openDatabase(file, IMPORTS_FORM)
  const staging = openStaging(opened.db)
  const work = openWork(parts, staging)
  const { ask } = ledger
  const upload = `${file}.upload`
  rmSync(upload, { force: true })
  for (const id of staging.inState(['reading'])) work.settle(id, 'failed', refuse('imports.broken-off'))
  for (const id of staging.inState(['committing', 'undoing'])) work.goOn(id)

  const runIn = (id: number, states: readonly TableState[]): StagedRun | Refusal => {
    const run = staging.run(id)
    if (!run) return refuse('imports.unknown', { import: id })
    return states.includes(run.state) ? run : refuse('imports.not-now', { state: run.state })
  }
  const isWritten = (id: number): boolean => staging.written(id, Number.MAX_SAFE_INTEGER, 1).length > 0
  const shown = (id: number): TableImport | Refusal => staging.show(id) ?? refuse('imports.unknown', { import: id })

  return {
    ...openTables({ staging, ask }),
    ...openRowsAsked(staging),
    receive: async (bytes, { kind, name = 'table' }, actor) => {
      if (!work.take()) return refuse('imports.busy')
      let isLeft = true
      try {
        const sha256 = await writeUpload(upload, bytes, limits.fileBytesMax)
        const before = staging.last(sha256, kind)
        if (before && !GONE.includes(before.state)) return shown(before.id)
        const id = staging.begin({ kind, name, sha256, actor }, new Date(parts.now()).toISOString())
        isLeft = false
        work.read(id, readInThread({ file: upload, limits }, timers.after), upload)
        return shown(id)
      } catch (cause) {
        const refusal = refusalOf(cause)
        if (refusal) return refusal
        throw cause
      } finally {
        if (isLeft) {
          rmSync(upload, { force: true })
          work.leave()
        }
      }
    },
    choose: async ({ import: id, row, id: record }) => {
      const run = runIn(id, ['ready'])
      if (isRefusal(run)) return run
      const staged = staging.row(id, row)
      if (!staged || staged.written > 0) return refuse('imports.choice-unknown', { row })
      const made = await stageChoice({ staging, ask }, run, { staged, id: record })
      if (isRefusal(made)) return made
      staging.put(id, [made])
      return rowView(made)
    },
    commit: ({ import: id }) => {
      const run = runIn(id, ['ready', 'committing', 'done'])
      if (isRefusal(run)) return run
      if (run.state !== 'ready') return shown(id)
      const choices = staging.show(id)?.outcomes.choice ?? 0
      if (choices > 0) return refuse('imports.choices-open', { rows: choices })
      if (!work.take()) return refuse('imports.busy')
      staging.setCommitted(id, new Date(parts.now()).toISOString())
      work.begin(id, 'committing')
      return shown(id)
    },
    undo: async ({ import: id }) => {
      const run = runIn(id, ['ready', 'done', 'undoing', 'undone'])
      if (isRefusal(run)) return run
      if (run.state === 'undoing' || run.state === 'undone') return shown(id)
      if (!isWritten(id)) return refuse('imports.not-now', { state: run.state })
      if (!work.take()) return refuse('imports.busy')
      const hindered = await judgeUndo({ staging, ask }, run)
      if (hindered) {
        work.leave()
        return hindered
      }
      work.begin(id, 'undoing')
      return shown(id)
    },
    cancel: ({ import: id }) => {
      const run = runIn(id, ['reading', 'ready', 'committing'])
      if (isRefusal(run)) return run
      if (run.state !== 'ready') work.stop()
      else if (isWritten(id)) return refuse('imports.not-now', { state: 'committing' })
      else work.settle(id, 'cancelled')
      return shown(id)
    },
    settled: work.settled,
    close: () => closeAll(work, opened),
  }
}

/** States after which the same file is a new import. */
const GONE: readonly TableState[] = ['undone', 'cancelled', 'failed']

const closeAll = async (work: ReturnType<typeof openWork>, opened: OpenedDatabase): Promise<void> => {
  work.end()
  await work.settled()
  opened.close()
}

/** One import is at work at a time; the hub goes on beside it. */
const openWork = ({ ledger, catalog, now, note, limits = LIMITS }: ImportsParts, staging: Staging) => {
  const { ask } = ledger
  let isTaken = false
  let stopAsked = false
  let isEnding = false
  let reading: Reading | null = null
  let running: Promise<void> = Promise.resolve()
  const stopped = () => stopAsked || isEnding
  const settle = (id: number, state: TableState, why: Refusal | null = null) =>
    staging.setState(id, state, state === 'ready' ? null : new Date(now()).toISOString(), why)
  /** `ready`: what may still be gone on with. What the end of the hub breaks off stays as it is: the next start goes on. */
  const run = (id: number, act: (run: StagedRun) => Promise<'stopped' | Refusal | null>, ends: Ends) => {
    isTaken = true
    stopAsked = false
    const known = staging.run(id)
    running = (known ? act(known) : Promise.resolve(null))
      .then((answer) => {
        if (answer === 'stopped') {
          if (!isEnding) settle(id, ends.stopped)
        } else settle(id, answer === null ? ends.done : ends.refused, answer)
      })
      .catch((cause: unknown) => {
        note(cause, 'table import')
        settle(id, ends.refused, refuse('api.fault'))
      })
      // Without room for its end either it stays as it is, and the next start decides.
      .catch((cause: unknown) => note(cause, 'table import'))
      .finally(() => {
        isTaken = false
        reading = null
      })
  }
  const parts = { staging, catalog, ask, stopped, limits }
  const goOn = (id: number) => {
    const committing = staging.run(id)?.state === 'committing'
    if (committing) run(id, (known) => commitRows(parts, known), { done: 'done', refused: 'ready', stopped: 'ready' })
    else run(id, (known) => undoRows(parts, known), { done: 'undone', refused: 'done', stopped: 'done' })
  }
  return {
    settle,
    goOn,
    take: () => {
      if (isTaken || isEnding) return false
      isTaken = true
      return true
    },
    leave: () => {
      isTaken = false
    },
    begin: (id: number, state: 'committing' | 'undoing') => {
      staging.setState(id, state, null)
      goOn(id)
    },
    read: (id: number, begun: Reading, upload: string) => {
      reading = begun
      const act = async (known: StagedRun) => {
        const answer = await stageRows(parts, known, begun).finally(() => rmSync(upload, { force: true }))
        if (answer !== null) staging.clear(id)
        return answer
      }
      run(id, act, { done: 'ready', refused: 'failed', stopped: 'cancelled' })
    },
    stop: () => {
      stopAsked = true
      reading?.cancel()
    },
    end: () => {
      isEnding = true
      reading?.cancel()
    },
    settled: () => running,
  }
}
interface Ends {
  readonly done: TableState
  readonly refused: TableState
  readonly stopped: TableState
}

const openRowsAsked = (staging: Staging): Pick<Imports, 'list' | 'show' | 'rows'> => ({
  list: () => ({ rows: [...staging.newest(SHOWN_RUNS)] }),
  show: ({ import: id }) => staging.show(id) ?? refuse('imports.unknown', { import: id }),
  rows: ({ import: id, outcome, cursor, limit = PAGE_ROWS }) => {
    if (!staging.run(id)) return refuse('imports.unknown', { import: id })
    const found = staging.rows(id, Number(cursor ?? 0) || 0, limit + 1, outcome)
    const rows = found.slice(0, limit)
    return { rows: rows.map(rowView), next: found.length > limit ? String(rows.at(-1)?.row ?? 0) : null }
  },
})
const SHOWN_RUNS = 50
const PAGE_ROWS = 100

/** Tables that go out: refused rows, empty forms, everything that is known. */
const openTables = ({ staging, ask }: { readonly staging: Staging; readonly ask: HubLedger['ask'] }) => {
  const tables: Pick<Imports, 'errors' | 'template' | 'exported'> = {
    errors: async ({ import: id, form }) => {
      const run = staging.run(id)
      if (!run) return refuse('imports.unknown', { import: id })
      const columns = TABLES[run.kind].columns.filter(({ key }) => run.columns.includes(key))
      return tableFile(`errors-${id}`, form, errorRows(columns, staging.rows(id, 0, LIMITS.rowsMax, 'error')))
    },
    template: ({ kind, form }) => tableFile(`template-${kind}`, form, { columns: TABLES[kind].columns, rows: [] }),
    exported: async ({ kind, form }) => {
      const table = TABLES[kind]
      const look = await openLook(ask, [kind])
      const records = kind === 'items' ? look.items : kind === 'parties' ? look.parties : look.certificates
      return tableFile(kind, form, { columns: table.columns, rows: records.map((record) => table.cellsOf(record, look)) })
    },
  }
  return tables
}
