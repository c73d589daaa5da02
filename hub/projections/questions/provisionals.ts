import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { ProvisionalView, SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import type { ProvisionalBody } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { likest } from '@lotkeeper/protocol/rules/likeness.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import type { ProvisionalFact } from '../../ledger/contract.ts'
import type { ProvisionalState } from '../apply/provisionals.ts'
import type { Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import { type Records, RULES, STANDS_ALONE } from './records.ts'

/** What nodes met that the county did not know: open ones first, then the newest; each open item with what it may really be. */
export interface ProvisionalQuestions {
  readonly page: (query: HubQuery<'provisionals'>) => HubAnswer<'provisionals'> | Refusal
  readonly one: (entry: string) => ProvisionalFact | null
}

export const openProvisionals = (db: Database, records: Records, names: () => Names): ProvisionalQuestions => {
  const page = (where: string) =>
    db.prepare<[Bound], Found>(`${COLUMNS} where ${where} (p.state <> 'open', -p.received_at, p.entry) > (@settled, -@before, @after)
      order by p.state <> 'open', -p.received_at, p.entry limit @rows`)
  const pages = { all: page(''), state: page('p.state = @state and') }
  const one = db.prepare<[string], Found>(`${COLUMNS} where p.entry = ?`)
  const counted = db.prepare<[], number>(`select count(*) from provisional where state = 'open'`).pluck()
  const suggest = openSuggestions(db, records)
  return {
    page: (query) => {
      const key = readCursor('provisionals', ['number', 'number', 'text'], query.cursor)
      if (isRefusal(key)) return key
      const limit = query.limit ?? PAGE_ROWS
      const [settled, before, after] = key ?? [-1, 0, '']
      const bound = { settled: Number(settled), before: Number(before), after: String(after), state: query.state ?? '', rows: limit + 1 }
      const found = pages[query.state === undefined ? 'all' : 'state'].all(bound)
      const suggestions = suggest(found.slice(0, limit))
      const called = names()
      const rows = pageOf(found, limit, {
        row: (row) => ({ ...viewOf(row, called), suggestions: [...(suggestions.get(row.entry) ?? [])] }),
        cursor: (row) => writeCursor('provisionals', [row.state === 'open' ? 0 : 1, row.received_at, row.entry]),
      })
      return { rows: [...rows.rows], next: rows.next, open: counted.get() ?? 0 }
    },
    one: (entry) => {
      const row = one.get(entry)
      if (!row) return null
      const body = JSON.parse(row.body) as ProvisionalBody
      const isItemKnown = records.ruling('item', records.resolved('item', body.item)) !== null
      const redirects = body.is === 'item' ? (records.redirect('item', body.item)?.version ?? 0) : 0
      return { entry, node: row.node, state: row.state, body, isItemKnown, redirects }
    },
  }
}

interface Found {
  readonly entry: string
  readonly node: string
  readonly id: string
  readonly body: string
  readonly actor: string | null
  readonly occurred: string
  readonly received_at: number
  readonly state: ProvisionalState
  readonly target: string | null
  readonly settled_by: string | null
  readonly reason: string | null
  readonly settled_actor: string | null
  readonly settled_at: string | null
}
interface Bound {
  readonly settled: number
  readonly before: number
  readonly after: string
  readonly state: string
  readonly rows: number
}

const COLUMNS = `select p.entry, p.node, p.id, p.body, p.actor, p.occurred, p.received_at, p.state, p.target, p.settled_by,
  o.reason, o.actor as settled_actor, o.occurred as settled_at from provisional p left join outcome o on o.of_entry = p.entry`

const viewOf = (row: Found, names: Names): Omit<ProvisionalView, 'suggestions'> => ({
  entry: row.entry,
  site: row.node,
  siteName: names.siteName(row.node),
  met: JSON.parse(row.body) as ProvisionalBody,
  actor: row.actor,
  occurredAt: row.occurred,
  receivedAt: new Date(row.received_at).toISOString(),
  state: row.state,
  settled:
    row.settled_by === null
      ? null
      : { by: row.settled_by, to: row.target, reason: row.reason, actor: row.settled_actor, at: row.settled_at },
})

/** By a code of its packs first: that is no guess. Then by its name, with how alike they are. */
const openSuggestions = (db: Database, records: Records) => {
  const codes = db.prepare<[string], { readonly item: string; readonly version: number }>(
    'select item, version from item_code where code = ?',
  )
  const items = db.prepare<[{ readonly today: string }], NamedItem>(
    `select v.id, v.body ->> '$.name.zh' as zh, v.body ->> '$.name.en' as en, v.body ->> 'model' as model,
     v.body ->> '$.name.zh' || ' ' || (v.body ->> 'model') as text
     from master_version v where v.kind = 'item' and ${RULES} and ${STANDS_ALONE} and v.body ->> 'retired' is null`,
  )
  const byCode = (body: ItemMet): readonly SuggestionView[] => {
    const claims = body.packs.flatMap((level) => codesOf(level).flatMap((code) => codes.all(codeKey(code))))
    const ruling = claims.filter(({ item, version }) => records.ruling('item', item)?.version === version)
    const ids = new Set(ruling.map(({ item }) => records.resolved('item', item)))
    return [...ids].flatMap((id) => {
      const record = records.ruling('item', id)
      return record ? [{ is: 'item', id, name: record.name, detail: record.model, why: 'code', score: 100 }] : []
    })
  }
  return (found: readonly Found[]): ReadonlyMap<string, readonly SuggestionView[]> => {
    const open = found
      .filter(({ state }) => state === 'open')
      .map(({ entry, body }) => ({ entry, body: JSON.parse(body) as ProvisionalBody }))
    const met = open.flatMap(({ entry, body }) => (body.is === 'item' ? [{ entry, body, exact: byCode(body) }] : []))
    const unsure = met.filter(({ exact }) => exact.length === 0)
    const wishes = unsure.map(({ body }) => `${body.name.zh} ${body.model}`)
    const alike =
      unsure.length === 0 ? [] : likest(wishes, items.iterate({ today: records.today() }), { least: LEAST_ALIKE, rows: ALIKE_ROWS })
    return new Map([
      ...met.map(({ entry, exact }) => [entry, exact] as const),
      ...unsure.map(({ entry }, at) => [entry, (alike[at] ?? []).map(({ name, score }) => likeView(name, score))] as const),
    ])
  }
}

type ItemMet = Extract<ProvisionalBody, { readonly is: 'item' }>
interface NamedItem {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly model: string
  readonly text: string
}

const likeView = ({ id, zh, en, model }: NamedItem, score: number): SuggestionView => ({
  ...{ is: 'item', id, name: { zh, en }, detail: model, why: 'name', score },
})

/** Less alike is no help to anybody. */
const LEAST_ALIKE = 40
const ALIKE_ROWS = 3
