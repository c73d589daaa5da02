import type { BodyOf, EntryKind, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Door } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book, Draft, Head } from '../ledger/contract.ts'
import type { SiteNow } from './now.ts'

/** What surrounds an act: where, who, when. The request and the book say the rest. */
export interface Circumstances {
  readonly node: NodeId
  /** Opaque id of the keeper. */
  readonly actor: string | null
  readonly now: SiteNow
  readonly doors: readonly Door[]
  /** Where this node's stream stands before the act. */
  readonly head: () => Head
  /** Ten characters that are this action's own: what an act has to name by itself stays the same when it is repeated. */
  readonly mark: string
  /** Door entries of the last minutes that a scan has confirmed already: each stands for one box. */
  readonly confirmed: ReadonlySet<string>
}

/** Every decision of the stockroom: pure, run inside the ledger's transaction on the book as it stands. */
export type Decide<Request> = (book: Book, request: Request, at: Circumstances) => readonly Draft[] | Refusal

/** What a draft says beside its kind and who did it when. */
export interface Act<Kind extends EntryKind> {
  readonly lines: readonly Line[]
  readonly body: BodyOf<Kind>
  readonly doc?: string | null
  readonly refs?: readonly string[]
  readonly reverses?: Draft['reverses']
}

/**
 * A draft of a person's act. It happened now by the site's time, not the bare clock's: a clock without battery would otherwise write entries
 * of 1970, and with them take "today" back to where expired goods are good again.
 */
export const draftOf = <Kind extends EntryKind>(kind: Kind, { actor, now }: Circumstances, act: Act<Kind>): Draft<Kind> => ({
  kind,
  actor,
  device: null,
  occurredAtMs: now.nowMs,
  doc: textOf(act.doc),
  refs: act.refs ?? [],
  reverses: act.reverses ?? null,
  lines: act.lines,
  body: act.body,
})

/** Text without edges, or `null` when nothing remains: a form sends an empty field where nothing was said. */
export const textOf = (text: string | null | undefined): string | null => {
  const bare = (text ?? '').trim()
  return bare === '' ? null : bare
}

/** Tags as an entry keeps them: upper-case hexadecimal, each once. */
export const tagsOf = (tags: readonly string[] | undefined): readonly string[] | Refusal => {
  const kept = new Set<string>()
  for (const tag of tags ?? []) {
    const epc = tag.trim().toUpperCase()
    if (!/^[0-9A-F]{4,124}$/.test(epc) || kept.size >= TAGS_MAX) return refuse('epc.hex-wrong', { hex: tag.slice(0, 64) })
    kept.add(epc)
  }
  return [...kept]
}

/** Whether the node has such a room; before the hub told the site, the rooms behind its doors are all it knows. */
export const roomRefusal = (book: Book, at: Circumstances, room: string, use?: 'store' | 'department'): Refusal | null => {
  const rooms = book.site()?.rooms ?? at.doors.map(({ inside }) => ({ room: inside, use: 'store' as const }))
  const known = rooms.some((one) => one.room === room && (use === undefined || one.use === use))
  return known ? null : refuse('stockroom.room-unknown', { room })
}

/** The first refusal among answers, for decisions that check several things before they use any. */
export const firstRefusal = (...answers: readonly unknown[]): Refusal | null => answers.find(isRefusal) ?? null

/** A line of an entry holds no more. */
const TAGS_MAX = 200
