import { rmSync } from 'node:fs'
import type { HubAnswer, HubBody, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { TableImport, TableState } from '@lotkeeper/protocol/api/hub-imports.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { type OpenedDatabase, openDatabase } from '../database.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { refusalOf } from '../reference/stops.ts'
import { openRowsAsked, openTablesAsked, type RowsAsked, type TablesAsked } from './asked.ts'
import { openChoices } from './choices.ts'
import { judgeUndo } from './committing.ts'
import { openStagedPersons, type StagedPersons } from './erasing.ts'
import { IMPORTS_FORM } from './form.ts'
import { hiddenChanges, hiddenKeys } from './hidden.ts'
import { columnsOf } from './kinds.ts'
import { LIMITS, type Limits } from './limits.ts'
import { readInThread } from './read-thread.ts'
import { openStaging, rowView, type StagedRun } from './staging.ts'
import { writeUpload } from './uploads.ts'
import { openWork, troubleOf, type Work } from './work.ts'

/** Tables of items, parties and certificates: brought in as batches that are looked at, committed and undone; and written out again. */
export interface Imports extends RowsAsked, TablesAsked {
  /** Takes a file as it comes in and begins to read it; a file that is here already is the import it was. */
  readonly receive: (
    file: AsyncIterable<Uint8Array>,
    about: HubQuery<'startTableImport'>,
    by: string | Sender,
  ) => Promise<TableImport | Refusal>
  readonly choose: (body: HubBody<'chooseTableRow'>, hidden?: readonly Sensitive[]) => Promise<HubAnswer<'chooseTableRow'> | Refusal>
  readonly chooseMany: (body: HubBody<'chooseTableRows'>) => Promise<HubAnswer<'chooseTableRows'> | Refusal>
  readonly commit: (body: HubBody<'commitTableImport'>) => TableImport | Refusal
  readonly undo: (body: HubBody<'undoTableImport'>) => Promise<TableImport | Refusal>
  readonly cancel: (body: HubBody<'cancelTableImport'>) => TableImport | Refusal
  /** What its rows say of persons. */
  readonly persons: StagedPersons['persons']
  /** Erases that; refuses `imports.busy` while rows are read or written, and may carry it on. */
  readonly erasePersons: (party: string, texts: readonly string[]) => number | Refusal
  /** Goes on with what a stop broke off, and waits for what is under way; for tests and for the end. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}
/** Who brings a file, and what they may not see. */
export interface Sender {
  readonly actor: string
  readonly hidden: readonly Sensitive[]
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
  /** Makes its disk small; for tests. */
  readonly mbMax?: number
}

/** A batch that was broken off by a stop goes on at once. */
export const openImports = (parts: ImportsParts): Imports => {
  const { file, ledger, timers, limits = LIMITS } = parts
  const opened = openDatabase(file, IMPORTS_FORM, parts.mbMax ?? null)
  const staging = openStaging(opened.db)
  const { ask } = ledger
  const work = openWork({ ...parts, staging, opened, ask, limits })
  const persons = openStagedPersons(opened.db)
  const choices = openChoices(staging, ask, parts.now)
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
    ...openTablesAsked(staging, ask),
    ...openRowsAsked(staging),
    receive: async (bytes, { kind, name = 'table' }, by) => {
      const { actor, hidden } = typeof by === 'string' ? { actor: by, hidden: [] } : by
      if (!work.take()) return refuse('imports.busy')
      let isLeft = true
      try {
        const sha256 = await writeUpload(upload, bytes, limits.fileBytesMax)
        const before = staging.last(sha256, kind)
        if (before && !GONE.includes(before.state)) return shown(before.id)
        const id = staging.begin({ kind, name, sha256, actor }, new Date(parts.now()).toISOString())
        isLeft = false
        work.read(id, readInThread({ file: upload, limits }, timers.after), { upload, hidden })
        return shown(id)
      } catch (cause) {
        const refusal = refusalOf(cause) ?? troubleOf(cause)
        if (refusal) return refusal
        throw cause
      } finally {
        if (isLeft) {
          rmSync(upload, { force: true })
          work.leave()
        }
      }
    },
    choose: async ({ import: id, row, id: record }, hidden = []) => {
      const run = runIn(id, ['ready'])
      if (isRefusal(run)) return run
      const made = await roomOr(() => choices.one(run, row, record))
      return isRefusal(made) ? made : hiddenChanges(rowView(made), hiddenKeys(columnsOf(run.kind), hidden))
    },
    chooseMany: async (wish) => {
      const run = runIn(wish.import, ['ready'])
      if (isRefusal(run)) return run
      if (!work.take()) return refuse('imports.busy')
      return roomOr(() => choices.many(run, wish)).finally(work.leave)
    },
    commit: ({ import: id }) => {
      const run = runIn(id, ['ready', 'committing', 'done'])
      if (isRefusal(run)) return run
      if (run.state !== 'ready') return shown(id)
      const open = staging.show(id)?.outcomes.choice ?? 0
      if (open > 0) return refuse('imports.choices-open', { rows: open })
      if (!work.take()) return refuse('imports.busy')
      choices.forget()
      return work.withRoom(() => {
        staging.setCommitted(id, new Date(parts.now()).toISOString())
        work.begin(id, 'committing')
        return shown(id)
      })
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
      return work.withRoom(() => {
        work.begin(id, 'undoing')
        return shown(id)
      })
    },
    cancel: ({ import: id }) => {
      const run = runIn(id, ['reading', 'ready', 'committing'])
      if (isRefusal(run)) return run
      if (run.state !== 'ready') work.stop()
      else if (isWritten(id)) return refuse('imports.not-now', { state: 'committing' })
      else work.settle(id, 'cancelled')
      choices.forget()
      return shown(id)
    },
    persons: persons.persons,
    erasePersons: (party, texts) => {
      if (!work.take()) return refuse('imports.busy')
      choices.forget()
      try {
        return persons.erase(party, texts)
      } finally {
        work.leave()
      }
    },
    settled: work.settled,
    close: () => closeAll(work, opened),
  }
}

/** States after which the same file is a new import. */
const GONE: readonly TableState[] = ['undone', 'cancelled', 'failed']

/** What came of it; without room on the disk: that. */
const roomOr = async <Made>(act: () => Promise<Made>): Promise<Made | Refusal> => {
  try {
    return await act()
  } catch (cause) {
    const trouble = troubleOf(cause)
    if (!trouble) throw cause
    return trouble
  }
}

const closeAll = async (work: Work, opened: OpenedDatabase): Promise<void> => {
  work.end()
  await work.settled()
  opened.close()
}
