import { CHAIN_START, hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import { ENTRY_BYTES_MAX, type Entry, writeEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { judgeLines } from '@lotkeeper/protocol/ledger/movement.ts'
import type { EpochTip, TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, type EpochId, entryId, HUB, type StreamId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'
import type { Fold } from '../../projections/apply.ts'
import { openTold } from '../../projections/told.ts'
import type { HubDraft } from '../contract.ts'
import type { Append } from './append.ts'
import type { DespatchDraft } from './despatch.ts'
import type { Log } from './log.ts'
import type { LotWord } from './lot-word.ts'

/** The hub's own streams: a new epoch at every start, opened at the first write of each stream. */
export interface Own {
  readonly write: (drafts: readonly HubDraft[]) => { readonly fresh: boolean; readonly entries: readonly EntryId[] } | Refusal
  /** Writes what follows from an entry being taken, in the same commit; once, however often that entry is met again. */
  readonly follow: (drafts: readonly (DespatchDraft | LotWord)[]) => void
}
export interface OwnFacts {
  readonly epoch: EpochId
  readonly zone: string
  readonly software: string
  readonly now: () => number
  readonly upMs: () => number
}

export const openOwn = (
  db: Database,
  parts: Parts,
  rooms: { readonly log: Log; readonly append: Append; readonly fold: Fold },
  facts: OwnFacts,
): Own => {
  const acted = db.prepare<[string], ActedRow>('select stream, epoch, seq from acted where action = ? order by part')
  const log = openTold(db)
  const told = db.prepare<[string, number], number>('select exists (select 1 from acted where action = ? and part = ?)').pluck()

  const put = (draft: OwnDraft, parent: EpochTip['parent']): EntryId | Refusal => {
    const tip = rooms.log.tip(draft.stream, facts.epoch)
    const seq = (tip?.held ?? 0) + 1
    const at = facts.now()
    const entry: Entry = { refs: [], reverses: null, ...draft, ...fixedOf(facts, at), lines: [...draft.lines], epoch: facts.epoch, seq }
    const text = writeEntry(entry)
    const bytes = parts.utf8(text).length
    if (bytes > ENTRY_BYTES_MAX) return refuse('ledger.entry-too-large', { bytes })
    const hash = hashAfter(parts, rooms.log.hashAt(draft.stream, facts.epoch, seq - 1) ?? CHAIN_START, text)
    const taken: TakenEntry = { seq, text, hash, entry }
    rooms.append.all(entry, parent, [taken], { receivedAtMs: at, apply: true })
    return entryId(draft.stream, facts.epoch, seq)
  }
  const open = (stream: StreamId): EpochTip['parent'] => {
    const tip = rooms.log.tip(stream, facts.epoch)
    if (tip) return tip.parent
    const last = rooms.log.tips(stream).findLast(({ held }) => held > 0)
    const parent = last ? { epoch: last.epoch, seq: last.held, hash: last.headHash } : null
    const first = { stream, kind: 'epoch', action: `epoch/${facts.epoch}`, part: 0, actor: null, doc: null, lines: [] }
    put({ ...first, body: { parent, software: facts.software } }, parent)
    return parent
  }
  return {
    write: (drafts) => {
      const [first] = drafts
      const before = first ? acted.all(first.action) : []
      if (first && before[0]) {
        // Of a damaged text nobody knows the kind: told that nothing stands, a person would do it once more.
        const written = log.entry(entryId(before[0].stream, before[0].epoch, before[0].seq)) ?? first
        const same = written.kind === first.kind && written.actor === first.actor && before[0].stream === first.stream
        return same
          ? { fresh: false, entries: before.map(({ stream, epoch, seq }) => entryId(stream, epoch, seq)) }
          : refuse('api.action-reused')
      }
      const entries: EntryId[] = []
      for (const draft of drafts) {
        const wrong = judgeLines(HUB, draft.lines, rooms.fold.units)
        if (wrong) return wrong
        const id = put(draft, open(draft.stream))
        if (typeof id !== 'string') return id
        entries.push(id)
      }
      return { fresh: true, entries }
    },
    follow: (drafts) => {
      for (const draft of drafts) {
        if (told.get(draft.action, draft.part) === 1) continue
        const id = put(draft, open(draft.stream))
        if (typeof id !== 'string') throw new TypeError(`what follows from an entry was refused: ${id.en}`)
      }
    },
  }
}

type OwnDraft = Omit<HubDraft, 'kind' | 'body'> & Pick<Entry, 'kind' | 'body'> & Partial<Pick<Entry, 'refs' | 'reverses'>>

interface ActedRow {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
}

const fixedOf = (facts: OwnFacts, at: number) => ({
  v: 1 as const,
  device: null,
  occurredAt: new Date(at).toISOString(),
  zone: facts.zone,
  boot: `hub-${facts.epoch}`,
  upMs: Math.round(facts.upMs()),
})
