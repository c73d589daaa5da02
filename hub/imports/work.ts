import { rmSync } from 'node:fs'
import type { TableState } from '@lotkeeper/protocol/api/hub-imports.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { type OpenedDatabase, storageTroubleOf } from '../database.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { commitRows, undoRows } from './committing.ts'
import type { Limits } from './limits.ts'
import type { Reading } from './read-thread.ts'
import { stageRows } from './staged-rows.ts'
import type { StagedRun, Staging } from './staging.ts'

/** The one import that is at work; the hub goes on beside it. */
export interface Work {
  /** Ends an import in that state. */
  readonly settle: (id: number, state: TableState, why?: Refusal | null) => void
  /** Claims the only place there is; `false`: somebody else is at work. */
  readonly take: () => boolean
  readonly leave: () => void
  /** Does what needs room on the disk, as the caller of a claimed place; without room it is refused and the place is free again. */
  readonly withRoom: <Made>(act: () => Made) => Made | Refusal
  readonly begin: (id: number, state: 'committing' | 'undoing') => void
  /** Goes on with what a stop broke off. */
  readonly goOn: (id: number) => void
  readonly read: (id: number, begun: Reading, given: { readonly upload: string; readonly hidden: readonly Sensitive[] }) => void
  readonly stop: () => void
  readonly end: () => void
  readonly settled: () => Promise<void>
}
interface WorkParts {
  readonly staging: Staging
  readonly opened: OpenedDatabase
  readonly catalog: Catalog
  readonly ask: HubQuestions
  readonly now: () => number
  readonly note: (error: unknown, where: string) => void
  readonly limits: Limits
}

export const openWork = ({ staging, opened, catalog, ask, now, note, limits }: WorkParts): Work => {
  let isTaken = false
  let stopAsked = false
  let isEnding = false
  let reading: Reading | null = null
  let running: Promise<void> = Promise.resolve()
  const stopped = () => stopAsked || isEnding
  const settle: Work['settle'] = (id, state, why = null) =>
    staging.setState(id, state, state === 'ready' ? null : new Date(now()).toISOString(), why)
  const leave = () => {
    isTaken = false
  }
  /** Says what ended it; without room it is said out of the reserve, and the hub and its ledger go on. */
  const settleBroken = (id: number, cause: unknown, refused: TableState) => {
    const trouble = troubleOf(cause)
    if (trouble) opened.freeReserve()
    else note(cause, 'table import')
    settle(id, refused, trouble ?? refuse('api.fault'))
    // What was read halfway is of no use, and would keep the disk full.
    if (refused === 'failed') staging.clear(id)
  }
  /** `ends.stopped`: what may still be gone on with. What the end of the hub breaks off stays as it is: the next start goes on. */
  const run = (id: number, act: (run: StagedRun) => Promise<'stopped' | Refusal | null>, ends: Ends) => {
    isTaken = true
    stopAsked = false
    opened.keepReserve()
    const known = staging.run(id)
    running = (known ? act(known) : Promise.resolve(null))
      .then((answer) => {
        if (answer === 'stopped') {
          if (!isEnding) settle(id, ends.stopped)
        } else settle(id, answer === null ? ends.done : ends.refused, answer)
      })
      .catch((cause: unknown) => settleBroken(id, cause, ends.refused))
      // Without room for its end either it stays as it is, and the next start decides.
      .catch((cause: unknown) => note(cause, 'table import'))
      .finally(() => {
        isTaken = false
        reading = null
      })
  }
  const parts = { staging, catalog, ask, stopped, limits, now }
  const goOn = (id: number) => {
    const committing = staging.run(id)?.state === 'committing'
    if (committing) run(id, (known) => commitRows(parts, known), { done: 'done', refused: 'ready', stopped: 'ready' })
    else run(id, (known) => undoRows(parts, known), { done: 'undone', refused: 'done', stopped: 'done' })
  }
  return {
    settle,
    goOn,
    leave,
    take: () => {
      if (isTaken || isEnding) return false
      isTaken = true
      return true
    },
    withRoom: (act) => {
      try {
        return act()
      } catch (cause) {
        leave()
        const trouble = troubleOf(cause)
        if (!trouble) throw cause
        return trouble
      }
    },
    begin: (id, state) => {
      staging.setState(id, state, null)
      goOn(id)
    },
    read: (id, begun, { upload, hidden }) => {
      reading = begun
      const act = async (known: StagedRun) => {
        const answer = await stageRows({ ...parts, hidden }, known, begun).finally(() => rmSync(upload, { force: true }))
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

/** What broke that is no fault of ours: no room, or whoever sent a file hung up in the middle. */
export const troubleOf = (cause: unknown): Refusal | null => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'ENOSPC' || storageTroubleOf(cause) === 'full') return refuse('ledger.disk-full')
  return code === 'ECONNRESET' ? refuse('imports.upload-cut') : null
}
