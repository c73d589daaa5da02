import type { OpeningBody, TakeOverBody } from '@lotkeeper/protocol/ledger/opening.ts'
import { type EntryId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Placed } from './placed.ts'

/** The stock of old systems: what sites were told to take over, what they answered. How an act stands is judged when it is read. */
export interface OpeningRows {
  readonly told: (placed: Placed) => void
  readonly answered: (placed: Placed) => void
  /** An entry was reversed, and that is noted. */
  readonly undone: (placed: Placed, entry: EntryId) => void
}

export const openOpeningRows = (db: Database, discrepancies: DiscrepancyRows, schema: SchemaName): OpeningRows => {
  const tell = db.prepare(
    `insert or ignore into ${schema}.opening values (@act, @part, @parts, @entry, @node, @site, @doc, @counted, @lines, @occurred, @actor)`,
  )
  const withdraw = db.prepare<[string, string, string, string, string | null]>(
    `insert or ignore into ${schema}.opening_withdrawn values (?, ?, ?, ?, ?)`,
  )
  const answer = db.prepare(`insert into ${schema}.opening_answer values (@entry, @act, @part, @node, @reason, @occurred, @actor)`)
  const answerOf = db.prepare<[string], { readonly act: string; readonly part: number | null }>(
    `select act, part from ${schema}.opening_answer where entry = ?`,
  )
  const STANDING = `select entry, node from ${schema}.opening_answer a where act = ? and part is not null
    and not exists (select 1 from ${schema}.reversal r where r.entry = a.entry and r.line = 0)`
  const standing = db.prepare<[string], Standing>(STANDING)
  const standingPart = db.prepare<[string, number], Standing>(`${STANDING} and part = ?`)
  const withdrawn = db.prepare<[string], number>(`select exists (select 1 from ${schema}.opening_withdrawn where act = ?)`).pluck()
  const doc = db.prepare<[string], string>(`select doc from ${schema}.opening where act = ? limit 1`).pluck()
  const judge = ({ id, receivedAtMs: atMs }: Placed, act: string, part: number | null): void => {
    const about = (node: string, subject: string) => ({ site: node, subject, entry: id, atMs, facts: { doc: doc.get(act) ?? act } })
    const [late] = withdrawn.get(act) === 1 ? standing.all(act) : []
    if (late) discrepancies.open({ kind: 'opening-late', ...about(late.node, act) })
    else discrepancies.close('opening-late', act, atMs)
    if (part === null) return
    const subject = `${act}#${part}`
    const [first, second] = standingPart.all(act, part)
    if (first && second) discrepancies.open({ kind: 'opening-twice', ...about(first.node, subject) })
    else discrepancies.close('opening-twice', subject, atMs)
  }
  return {
    told: (placed) => {
      const { entry, id } = placed
      const { action, part, actor, occurredAt } = entry
      const body = entry.body as OpeningBody
      if (body.is === 'withdrawn') {
        withdraw.run(body.act, id, body.reason, occurredAt, actor)
        judge(placed, body.act, null)
        return
      }
      const place = body.lines[0]?.place ?? ''
      tell.run({
        ...{ act: action, part, parts: body.parts, entry: id, node: entry.stream.slice(entry.stream.indexOf('>') + 1) },
        ...{ site: place.slice(0, place.indexOf('/')), doc: body.doc, counted: body.counted, lines: body.lines.length },
        ...{ occurred: occurredAt, actor },
      })
    },
    answered: (placed) => {
      const { entry, id } = placed
      const body = entry.body as TakeOverBody
      const part = body.is === 'taken' ? body.part : null
      const said = { entry: id, act: body.act, part, node: writerOf(entry.stream), reason: body.reason ?? null }
      answer.run({ ...said, occurred: entry.occurredAt, actor: entry.actor })
      judge(placed, body.act, part)
    },
    undone: (placed, entry) => {
      const taken = answerOf.get(entry)
      if (taken) judge(placed, taken.act, taken.part)
    },
  }
}

interface Standing {
  readonly entry: string
  readonly node: string
}
