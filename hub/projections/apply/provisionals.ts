import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { BodyOf, ItemBody, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { OutcomeBody, ProvisionalBody } from '@lotkeeper/protocol/ledger/master.ts'
import { type LotKey, lotKey, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Placed } from './placed.ts'

/** What nodes met that the county did not know, and how each stands: judged anew whenever anything is said of it, in whatever order it came. */
export interface ProvisionalRows {
  /** A node told of something. */
  readonly note: (placed: Placed) => void
  /** The hub said something, and its rows are written: whatever it may settle is looked at again. */
  readonly heard: (placed: Placed) => void
}

export const openProvisionalRows = (db: Database, discrepancies: DiscrepancyRows, schema: SchemaName): ProvisionalRows => {
  const put = db.prepare<Cells>(`insert or replace into ${schema}.provisional values (?, ?, ?, ?, ?, ?, ?, ?, 'open', null, null)`)
  const rows = db.prepare<[string, string], Row>(
    `select entry, node, body, state, target, settled_by from ${schema}.provisional where kind = ? and id = ?`,
  )
  const set = db.prepare<[string, string | null, string | null, string, string, string]>(
    `update ${schema}.provisional set state = ?, target = ?, settled_by = ? where kind = ? and id = ? and entry = ?`,
  )
  const answer = db.prepare<[OutcomeCells]>(
    `insert or replace into ${schema}.outcome values (@kind, @id, @version, @of, @answer, @to, @reason, @entry, @actor, @occurred)`,
  )
  const standing = openStanding(db, schema)
  const judge = (kind: ProvisionalBody['is'], id: string, { id: entryId, receivedAtMs }: Placed): void => {
    for (const row of rows.all(kind, id)) {
      const body = JSON.parse(row.body) as ProvisionalBody
      const now = standing(row.entry, body)
      if (now.state === row.state && now.target === row.target && now.by === row.settled_by) continue
      set.run(now.state, now.target, now.by, kind, id, row.entry)
      if (now.state === row.state) continue
      if (row.state === 'conflict') discrepancies.close('provisional-conflict', row.entry, receivedAtMs)
      if (now.state !== 'conflict') continue
      const facts = { name: calledIn(body), reason: now.reason ?? '' }
      const about = { site: row.node, subject: row.entry, entry: entryId, atMs: receivedAtMs, facts }
      discrepancies.open({ kind: 'provisional-conflict', ...about })
    }
  }
  return {
    note: (placed) => {
      const { id, entry, receivedAtMs } = placed
      const body = entry.body as ProvisionalBody
      const named = nameIn(body)
      put.run(body.is, named, id, writerOf(entry.stream), canonicalText(body), entry.actor, entry.occurredAt, receivedAtMs)
      judge(body.is, named, placed)
    },
    heard: (placed) => {
      const { id, entry } = placed
      if (entry.kind === 'outcome') {
        const { is, version = 1, ...said } = entry.body as OutcomeBody
        answer.run({ ...said, kind: is, version, entry: id, actor: entry.actor, occurred: entry.occurredAt })
      }
      for (const { kind, name } of namesIn(placed)) judge(kind, name, placed)
    },
  }
}

export type ProvisionalState = 'open' | 'confirmed' | 'redirected' | 'conflict'

interface Standing {
  readonly state: ProvisionalState
  /** The item or lot a redirect leads to. */
  readonly target: string | null
  /** The entry it follows from. */
  readonly by: string | null
  readonly reason?: string | null
}
const OPEN: Standing = { state: 'open', target: null, by: null }

/** A redirect speaks before a record, and both before a conflict: whoever makes the record after all has ended it. */
const openStanding = (db: Database, schema: SchemaName) => {
  const redirect = db.prepare<[string], { readonly target: string | null; readonly by: string }>(
    `select target, entry as by from ${schema}.master_redirect where kind = 'item' and id = ? order by version desc limit 1`,
  )
  const record = db.prepare<[string], { readonly by: string }>(
    `select entry as by from ${schema}.master_version where kind = 'item' and id = ? order by version limit 1`,
  )
  const tag = db.prepare<[string], { readonly lot: LotKey; readonly by: string }>(
    `select lot, entry as by from ${schema}.tag where epc = ?`,
  )
  const conflict = db.prepare<[string, string, string], { readonly by: string; readonly reason: string | null }>(
    `select entry as by, reason from ${schema}.outcome where kind = ? and id = ? and of_entry = ? and answer = 'conflict'`,
  )
  const lot = db.prepare<[LotKey], LotAnswer>(
    `select answer, target, entry as by, reason from ${schema}.outcome where kind = 'lot' and id = ? order by version desc, entry desc limit 1`,
  )
  return (entry: string, body: ProvisionalBody): Standing => {
    if (body.is === 'lot') return standingOf(lot.get(nameIn(body)))
    const led = body.is === 'item' ? redirect.get(body.item) : undefined
    if (led?.target != null) return { state: 'redirected', ...led }
    const made = body.is === 'item' ? record.get(body.item) : registered(tag.get(body.epc), body)
    if (made) return { state: 'confirmed', target: null, by: made.by }
    const differs = conflict.get(body.is, nameIn(body), entry)
    return differs ? { state: 'conflict', target: null, ...differs } : OPEN
  }
}

/** Nothing but an answer settles a lot, and it counts for every node that met it. */
const standingOf = (said: LotAnswer | undefined): Standing =>
  said ? { state: STATES[said.answer], target: said.target, by: said.by, reason: said.reason } : OPEN
const STATES = { confirm: 'confirmed', redirect: 'redirected', conflict: 'conflict' } as const
interface LotAnswer {
  readonly answer: OutcomeBody['answer']
  readonly target: LotKey | null
  readonly by: string
  readonly reason: string | null
}

/** What is met by: the id of an item, an EPC, a lot key. */
const nameIn = (body: ProvisionalBody): string =>
  body.is === 'item' ? body.item : body.is === 'tag' ? body.epc : lotKey(body.item, body.lotNumber)
/** As a person reads it. */
const calledIn = (body: ProvisionalBody): string => (body.is === 'item' ? body.name.zh : body.is === 'tag' ? body.epc : body.lotNumber)

/** A registration of another lot settles nothing: the two disagree. */
const registered = (tag: { readonly lot: LotKey; readonly by: string } | undefined, body: ProvisionalBody) =>
  tag !== undefined && body.is === 'tag' && tag.lot === lotKey(body.item, body.lotNumber) ? tag : undefined

interface Named {
  readonly kind: ProvisionalBody['is']
  readonly name: string
}
const namesIn = ({ entry: { kind, body } }: Placed): readonly Named[] => {
  if (kind === 'item') return [{ kind: 'item', name: (body as ItemBody).item }]
  if (kind === 'tag') return [{ kind: 'tag', name: (body as TagBody).epc }]
  if (kind === 'outcome') return [{ kind: (body as OutcomeBody).is, name: (body as OutcomeBody).id }]
  if (kind !== 'master') return []
  const { records } = body as BodyOf<'master'>
  return records
    .flatMap((record) => (record.is === 'item' || (record.is === 'redirect' && record.of === 'item') ? [record.id] : []))
    .map(itemNamed)
}
const itemNamed = (name: string): Named => ({ kind: 'item', name })

type OutcomeCells = Pick<OutcomeBody, 'of' | 'id' | 'answer' | 'to' | 'reason'> & {
  readonly kind: OutcomeBody['is']
  readonly version: number
  readonly entry: string
  readonly actor: string | null
  readonly occurred: string
}
type Cells = [string, string, string, string, string, string | null, string, number]
interface Row {
  readonly entry: string
  readonly node: string
  readonly body: string
  readonly state: ProvisionalState
  readonly target: string | null
  readonly settled_by: string | null
}
