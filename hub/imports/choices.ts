import { setImmediate } from 'node:timers/promises'
import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import type { Known } from './preview.ts'
import { openKnownOf, openPreviewOf } from './previews.ts'
import type { StagedRow, StagedRun, Staging } from './staging.ts'

/** What a person says about rows that are only like a record. */
export interface Choices {
  /** Says of one row again what would become of it, now that its record was chosen; null: a new one. */
  readonly one: (run: StagedRun, row: number, id: string | null) => Promise<StagedRow | Refusal>
  /** The same for many rows, a stretch of them. */
  readonly many: (run: StagedRun, wish: HubBody<'chooseTableRows'>) => Promise<HubAnswer<'chooseTableRows'> | Refusal>
  /** Lets go of what was kept of the catalogue. */
  readonly forget: () => void
}

/** The catalogue is read once for the choices of a sitting: a person who answers one row after another waits for none of them. */
export const openChoices = (staging: Staging, ask: HubQuestions, now: () => number): Choices => {
  let kept: { readonly run: number; readonly known: Known; readonly at: number } | null = null
  const knownOf = async (run: StagedRun): Promise<Known> => {
    if (kept?.run === run.id && now() - kept.at < KEPT_MS) return kept.known
    kept = { run: run.id, known: await openKnownOf(run.kind, ask), at: now() }
    return kept.known
  }
  const choose = async (run: StagedRun, known: Known, { staged, id }: { readonly staged: StagedRow; readonly id: string | null }) => {
    const preview = openPreviewOf(run.kind, known, { ask, now, undone: staging.undone })
    const chosen = await preview.chosen(staged.row, new Map(Object.entries(staged.cells)), id)
    // Of an item there are many lots.
    const holder = chosen.id === null || run.kind === 'openings' ? null : staging.holder(run.id, chosen.id, staged.row)
    // What it could have been stays in sight: a person may choose again.
    const made: StagedRow = { ...chosen, shown: { ...chosen.shown, candidates: staged.shown.candidates } }
    return holder === null ? made : { ...made, outcome: 'error' as const, why: refuse('imports.row-twice', { row: holder }) }
  }
  return {
    one: async (run, row, id) => {
      const staged = staging.row(run.id, row)
      const { candidates = [] } = staged?.shown ?? {}
      if (!staged || staged.written > 0 || candidates.length === 0) return refuse('imports.choice-unknown', { row })
      if (id !== null && !candidates.some((one) => one.id === id)) return refuse('imports.choice-unknown', { row })
      const made = await choose(run, await knownOf(run), { staged, id })
      staging.put(run.id, [made])
      return made
    },
    many: async (run, { pick, scoreMin = 0, after = 0 }) => {
      const rows = pick === 'open' ? staging.chosen(run.id, after, MANY_ROWS) : staging.rows(run.id, after, MANY_ROWS, 'choice')
      const known = await knownOf(run)
      let count = 0
      for (const staged of rows) {
        const [best] = staged.shown.candidates
        if (pick === 'best' && (best === undefined || best.score < scoreMin)) continue
        // One after another: each must see what the one before it became.
        const id = pick === 'best' ? (best?.id ?? null) : null
        staging.put(run.id, [pick === 'open' ? opened(staged) : await choose(run, known, { staged, id })])
        count += 1
        if (count % SLICE_ROWS === 0) await setImmediate()
      }
      const last = rows.at(-1)
      return { chosen: count, next: last && rows.length === MANY_ROWS ? last.row : null }
    },
    forget: () => {
      kept = null
    },
  }
}

/** As it was before anybody chose. */
const opened = (staged: StagedRow): StagedRow => ({
  ...{ ...staged, outcome: 'choice', id: null, fields: null, before: null, version: 0, why: null },
  shown: { matched: null, score: null, changes: [], candidates: staged.shown.candidates },
})

/** What a person sits before without the catalogue growing old; what came since is judged when the batch is written. */
const KEPT_MS = 60_000
/** Rows of one call: a second or two. */
const MANY_ROWS = 200
const SLICE_ROWS = 20
