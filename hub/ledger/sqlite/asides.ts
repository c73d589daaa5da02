import type { HubAnswer, HubBody, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { BatchReading, EpochTip, Judgement } from '@lotkeeper/protocol/ledger/stream.ts'
import { HUB, nodeOfStream, STREAM_TO_ALL, type StreamId, streamToNode, writerOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import type { Database } from '../../database.ts'
import { PAGE_ROWS, readCursor, writeCursor } from '../../projections/questions/pages.ts'
import { sitesAsked } from '../../projections/questions/scope.ts'
import type { Outcome } from '../contract.ts'
import { contentOf, openContents } from './asides/contents.ts'
import { type AsideParts, isParkedEpoch, openAsideRows } from './asides/rows.ts'
import type { Own } from './own.ts'
import type { Quarantined } from './quarantine.ts'
import type { Take } from './take.ts'

/** What the hub keeps aside, shown to people, and the one thing they decide: whether what a revoked key signed is taken all the same. */
export interface Asides {
  readonly page: (query: HubQuery<'asides'>, within?: SiteScope) => HubAnswer<'asides'> | Refusal
  readonly one: (aside: string, within?: SiteScope) => HubAnswer<'aside'> | Refusal
  /** Writes the decision and, to take, offers the kept bytes to the ordinary intake, in the transaction that is open; `apply` as in `Take`. */
  readonly decide: (wish: AsideWish, apply: boolean) => Decided | Refusal
  /** Closes what asks a person about a revoked key once nothing of that key waits any longer. */
  readonly close: (atMs: number) => void
}
export type AsideWish = HubBody<'decideAside'> & { readonly actor: string }
export interface Decided {
  readonly row: HubAnswer<'decideAside'>
  /** `null` when nothing was taken by it. */
  readonly outcome: Outcome | null
  readonly receivedAtMs: number
}

export const openAsides = (db: Database, parts: AsideParts & AsideActs): Asides => {
  const rows = openAsideRows(db, parts)
  const contents = openContents(db, parts)
  const unknown = (aside: string): Refusal => refuse('aside.unknown', { aside })
  const opened = db.prepare<[], string>(`select subject from discrepancy where kind = 'key-revoked' and closed_at is null`).pluck()
  const hindersOf = (batch: BatchReading): Refusal | null => {
    const held = parts.log.tip(batch.stream, batch.epoch)?.held ?? 0
    return hindranceOf(batch, parts.take.weigh(batch), held)
  }
  const find = (aside: string): EpochTip | Quarantined | null => {
    const named = aside.slice(2)
    const cut = named.lastIndexOf('/')
    const [first, last] = [named.slice(0, cut), named.slice(cut + 1)]
    if (aside.startsWith('q:')) return parts.quarantine.one(first, last)
    const tip = parts.log.tip(first, last)
    return tip && isParkedEpoch(tip) ? tip : null
  }
  /** Parked epochs by their order, then kept batches from the newest on. */
  function* from(place: Place | null, nodes: SiteScope): Generator<{ readonly place: Place; readonly found: EpochTip | Quarantined }> {
    if (place === null || place[0] === 'p') {
      for (const [at, tip] of parts.log.epochs().entries())
        if (at > Number(place?.[1] ?? -1) && isParkedEpoch(tip) && isWithin(nodes, writerOf(tip.stream)))
          yield { place: ['p', at, '', ''], found: tip }
    }
    const behind = place?.[0] === 'q' ? { receivedAtMs: Number(place[1]), node: String(place[2]), hash: String(place[3]) } : null
    for (const found of parts.quarantine.after(behind, nodes, LOOKS_MAX + 1))
      yield { place: ['q', found.receivedAtMs, found.node, found.hash], found }
  }
  return {
    page: (query, within = 'all') => {
      const place = readCursor('asides', ['text', 'number', 'text', 'text'], query.cursor)
      if (isRefusal(place)) return place
      const limit = query.limit ?? PAGE_ROWS
      const found: HubAnswer<'asides'>['rows'] = []
      const seen = new Set<string>()
      const show = rows.open()
      let last: Place | null = null
      let looks = 0
      for (const one of from(place as Place | null, sitesAsked(query.node, within))) {
        if (found.length === limit || looks === LOOKS_MAX) return { rows: found, next: last && writeCursor('asides', last) }
        const row = show(one.found)
        const name = `${row.stream} ${row.epoch} ${row.upto} ${row.key} ${row.code}`
        // Sent again after a start, a batch comes in another envelope: one line is enough.
        const copy = row.is === 'quarantined' && row.stream !== null && seen.has(name)
        if (!copy && isOwn(row, within) && (query.waiting !== true || row.stands === 'waiting')) found.push(row)
        seen.add(name)
        last = one.place
        looks += 1
      }
      return { rows: found, next: null }
    },
    one: (aside, within = 'all') => {
      const found = find(aside)
      if (!found) return unknown(aside)
      const row = rows.open()(found)
      if (!isOwn(row, within)) return unknown(aside)
      const batch = 'payload' in found ? readBatch(parts.crypto.text(found.payload)) : null
      const asked = row.again === 'person'
      const hinders = asked && batch ? hindersOf(batch) : null
      return {
        ...row,
        ...contentOf(contents(), found, batch, parts),
        mayTake: asked && hinders === null,
        mayRefuse: asked,
        hinders: hinders && { code: hinders.code, why: { zh: hinders.zh, en: hinders.en } },
      }
    },
    decide: ({ aside, verdict, reason, action, actor }, apply) => {
      const found = find(aside)
      if (!found) return unknown(aside)
      const show = rows.open()
      const batch = 'payload' in found ? readBatch(parts.crypto.text(found.payload)) : null
      if (!batch || !('payload' in found) || found.code !== 'wire.key-revoked') return refuse('aside.not-asked', { code: show(found).code })
      const before = parts.decisions.of(batch)
      if (before)
        return before.verdict === verdict
          ? { row: show(found), outcome: null, receivedAtMs: 0 }
          : refuse('aside.decided', { actor: before.actor, at: before.at })
      if (show(found).stands === 'held') return refuse('aside.held')
      const hinders = verdict === 'take' ? hindersOf(batch) : null
      if (hinders) return hinders
      const { stream, epoch, upto, headHash, key } = batch
      const body = { verdict, stream, epoch, upto, headHash, key, reason }
      const written = parts.own.write([{ ...FIXED, stream: toldIn(batch), kind: 'decision', action, actor, body }])
      if (isRefusal(written)) return written
      if (!written.fresh) return refuse('api.action-reused')
      const parcel = { node: found.node, payload: found.payload, receivedAtMs: parts.now() }
      const outcome = verdict === 'take' ? parts.take.one(parcel, apply) : null
      return { row: rows.open()(found), outcome, receivedAtMs: parcel.receivedAtMs }
    },
    close: (atMs) => {
      for (const subject of opened.all()) {
        const [node = '', key] = subject.split(' ')
        const kept = parts.quarantine.of(node, 'wire.key-revoked').flatMap((one) => readBatch(parts.crypto.text(one.payload)) ?? [])
        const same = kept.filter((batch) => batch.key === key)
        if (same.length > 0 && same.every(rows.isSettled)) parts.discrepancies.close('key-revoked', subject, atMs)
      }
    },
  }
}

/** What a site brought of its own, or of what the hub tells it; what it brought in another's name is for those who see both. */
const isOwn = ({ node, stream }: { readonly node: string; readonly stream: StreamId | null }, within: SiteScope): boolean => {
  const spoken = stream === null ? null : nodeOfStream(stream)
  return isWithin(within, node) && (spoken === null || isWithin(within, spoken))
}

interface AsideActs {
  readonly own: Pick<Own, 'write'>
  readonly take: Pick<Take, 'one' | 'weigh'>
}
type Place = readonly [string, number, string, string]

const FIXED = { part: 0, doc: null, lines: [] } as const

/** Kept copies looked at for one page: each may be a hundred kilobytes to read. */
const LOOKS_MAX = 200

/** The node whose work it is hears of it and keeps the word, so that a restored hub learns it back. */
const toldIn = ({ stream }: BatchReading) => (writerOf(stream) === HUB ? STREAM_TO_ALL : streamToNode(writerOf(stream)))

/** Why a batch cannot be taken as it lies there: a decision sets aside the revocation, and no other rule of the chain. */
const hindranceOf = (batch: BatchReading, judged: Judgement, held: number): Refusal | null => {
  if (judged.is === 'gap') return refuse('aside.gap', { held, from: batch.from })
  if (judged.is === 'fork') return refuse('aside.fork', { at: judged.at })
  if (judged.is === 'parent-missing') return refuse('aside.parent-missing')
  if (judged.is === 'refused') return refuse('aside.not-whole', { code: judged.code })
  if (judged.is === 'taken' && held + judged.entries.length < batch.upto) return refuse('aside.not-whole', { code: 'wire.entry-malformed' })
  return null
}
