import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { OpeningRow } from '@lotkeeper/protocol/api/hub-openings.ts'
import type { OpeningLine, OpeningTold } from '@lotkeeper/protocol/ledger/opening.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import type { OpeningFact } from '../../ledger/contract.ts'
import { openTold } from '../told.ts'
import { itemOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import type { Records } from './records.ts'
import { amongSites, sitesAsked, sitesText } from './scope.ts'

/** Opening balances: which were told, what became of each, and what they say. */
export interface OpeningQuestions {
  readonly page: (query: HubQuery<'openings'>, within?: SiteScope) => HubAnswer<'openings'> | Refusal
  readonly lines: (query: HubQuery<'openingLines'>, within?: SiteScope) => HubAnswer<'openingLines'> | Refusal
  readonly byAct: (act: string) => OpeningFact | null
  /** All that a site was told under one document, however it stands. */
  readonly byDoc: (of: { readonly site: string; readonly doc: string }) => readonly OpeningFact[]
}

export const openOpenings = (db: Database, records: Records, names: () => Names): OpeningQuestions => {
  const page = (where: string) =>
    db.prepare<[Bound], Found>(`select * from (${STANDS}) where ${where} (occurred, act) < (@before, @below)
      and (@all or ${amongSites('site')}) order by occurred desc, act desc limit @rows`)
  const pages = { all: page(''), state: page('state = @state and') }
  const one = db.prepare<[string], Found>(`select * from (${STANDS}) where act = ?`)
  const acts = db.prepare<[string, string], string>('select act from opening where site = ? and doc = ? and part = 0 order by act').pluck()
  const said = openSaid(db)
  const linesOf = openLines(db)
  const fact = (act: string): OpeningFact | null => {
    const row = one.get(act)
    if (!row) return null
    const { site, node, doc, state, taken } = row
    const withdrawn = said(act).withdrawn?.entry ?? null
    return { act, site, node, doc, state, taken, withdrawn, entry: row.entry, lines: linesOf(act).flatMap(({ lines }) => lines) }
  }
  return {
    page: (query, within = 'all') => {
      const key = readCursor('openings', ['text', 'text'], query.cursor)
      if (isRefusal(key)) return key
      const limit = query.limit ?? PAGE_ROWS
      const [before = LAST, below = LAST] = (key ?? []).map(String)
      const sites = sitesAsked(query.site, within)
      const bound = { before, below, all: sites === 'all' ? 1 : 0, sites: sitesText(sites), state: query.state ?? '', rows: limit + 1 }
      const called = names()
      const found = pageOf(pages[query.state === undefined ? 'all' : 'state'].all(bound), limit, {
        row: (row) => viewOf(row, called, said(row.act)),
        cursor: ({ occurred, act }) => writeCursor('openings', [occurred, act]),
      })
      return { rows: [...found.rows], next: found.next }
    },
    lines: (query, within = 'all') => {
      const key = readCursor('opening-lines', ['number'], query.cursor)
      if (isRefusal(key)) return key
      const limit = query.limit ?? PAGE_ROWS
      const from = Number(key?.[0] ?? 0)
      const called = names()
      // An act of another site has as many lines as one that never was.
      const act = one.get(query.act)
      const parts = act && isWithin(within, act.site) ? linesOf(query.act) : []
      const all = parts.flatMap(({ part, taken, lines }) => lines.map((line) => ({ part, taken, line })))
      const rows = all.slice(from, from + limit).map((one) => lineView(one, called, records))
      return { rows, next: all.length > from + limit ? writeCursor('opening-lines', [from + limit]) : null }
    },
    byAct: fact,
    byDoc: ({ site, doc }) => acts.all(site, doc).flatMap((act) => fact(act) ?? []),
  }
}

interface Bound {
  readonly before: string
  readonly below: string
  /** 1: of every site. */
  readonly all: number
  readonly sites: string
  readonly state: string
  readonly rows: number
}
interface Found extends Pick<OpeningRow, 'act' | 'site' | 'doc' | 'counted' | 'state' | 'parts' | 'taken' | 'lines'> {
  readonly entry: string
  readonly node: string
  readonly occurred: string
  readonly actor: string | null
}
interface SaidRow {
  readonly entry: string
  readonly at: string
  readonly actor: string | null
  readonly reason: string | null
}
interface Said {
  readonly answered: SaidRow | null
  readonly withdrawn: SaidRow | null
}

/** Sorts after every moment and every act. */
const LAST = '~'
/** Of `opening_answer a`: what was not taken back. */
const ANSWER_STANDS = 'not exists (select 1 from reversal r where r.entry = a.entry and r.line = 0)'
/** Every act with what became of it: what was taken over stands, whatever was said beside it. */
const STANDS = `select told.*, case when taken = parts then 'taken' when taken > 0 then 'partly'
    when exists (select 1 from opening_withdrawn w where w.act = told.act) then 'withdrawn'
    when exists (select 1 from opening_answer a where a.act = told.act and a.part is null) then 'refused' else 'open' end as state
  from (select o.act, o.parts, o.entry, o.node, o.site, o.doc, o.counted, o.occurred, o.actor,
    (select sum(lines) from opening l where l.act = o.act) as lines,
    (select count(distinct a.part) from opening_answer a where a.act = o.act and a.part is not null and ${ANSWER_STANDS}) as taken
    from opening o where o.part = 0) told`

const openSaid = (db: Database) => {
  const answered = db.prepare<[string], SaidRow>(
    `select entry, occurred as at, actor, reason from opening_answer a where act = ? and ${ANSWER_STANDS} order by occurred desc, entry desc limit 1`,
  )
  const withdrawn = db.prepare<[string], SaidRow>('select entry, occurred as at, actor, reason from opening_withdrawn where act = ?')
  return (act: string): Said => ({ answered: answered.get(act) ?? null, withdrawn: withdrawn.get(act) ?? null })
}

/** What the parts of an act say stands in the log alone. */
const openLines = (db: Database) => {
  const parts = db.prepare<[string], { readonly part: number; readonly entry: string; readonly taken: number }>(
    `select o.part, o.entry, exists (select 1 from opening_answer a where a.act = o.act and a.part = o.part and ${ANSWER_STANDS}) as taken
     from opening o where o.act = ? order by o.part`,
  )
  const log = openTold(db)
  return (act: string): readonly { readonly part: number; readonly taken: boolean; readonly lines: readonly OpeningLine[] }[] =>
    parts.all(act).map(({ part, entry, taken }) => {
      const told = log.entry(entry)?.body as OpeningTold | undefined
      return { part, taken: taken === 1, lines: told?.lines ?? [] }
    })
}

const viewOf = (row: Found, names: Names, { answered, withdrawn }: Said): OpeningRow => {
  const { entry, node: _, occurred, actor, ...rest } = row
  return { ...rest, siteName: names.siteName(row.site), told: { entry, at: occurred, actor, reason: null }, answered, withdrawn }
}

const lineView = (
  { part, taken, line }: { readonly part: number; readonly taken: boolean; readonly line: OpeningLine },
  names: Names,
  records: Records,
): HubAnswer<'openingLines'>['rows'][number] => {
  const { lot, printed, expiry, place, units, supplier } = line
  const item = names.item(itemOf(lot))
  const party = supplier === null ? null : records.ruling('party', records.resolved('party', supplier))
  return {
    ...{ part, taken, lot, itemName: item.name, unit: item.unit, lotNumber: printed, expiry, place, units, supplier },
    supplierName: supplier === null ? null : (party?.name ?? { zh: supplier, en: supplier }),
  }
}
