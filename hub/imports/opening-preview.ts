import type { TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import { gtin14Of } from '@lotkeeper/protocol/codes/check-digit.ts'
import type { SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { OpeningLine } from '@lotkeeper/protocol/ledger/opening.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import { codeKey } from '@lotkeeper/protocol/rules/packs.ts'
import { isStanding, OPENINGS } from '../catalog/openings.ts'
import { judgeExpiry } from '../catalog/tags.ts'
import type { HubQuestions, OpeningFact } from '../ledger/contract.ts'
import { fold } from '../reference/fold.ts'
import { type Cells, cleanedCode } from './cells.ts'
import type { Match } from './matching.ts'
import { type ItemKnown, type OpeningSaid, openingIn, openingLineOf, stateCell } from './opening-table.ts'
import type { Known, Preview } from './preview.ts'
import type { StagedRow } from './staging.ts'

/** What a row of the stock of an old system becomes: the line of a document that its site is told. */
export interface OpeningFields {
  readonly site: string
  readonly doc: string
  readonly counted: string | null
  readonly line: OpeningLine
}
type Asks = Pick<HubQuestions, 'known' | 'sites'>

/** Says of every row of an old system's stock what would become of it; rows of one file know of each other. */
export const openOpeningPreview = (known: Known, ask: Asks, now: () => number): Preview => {
  const itemOf = openItems(known, ask)
  const sites = once(async () => (await ask.sites()).rows as readonly SiteBody[])
  const judge = openJudge(ask, now)
  const settle = async (plain: StagedRow, said: OpeningSaid, { id, by, score }: Found): Promise<StagedRow> => {
    const [fact] = (await ask.known({ ...NO_NAMES, records: [{ is: 'item', id }] })).records
    const item = fact?.ruling
    if (item?.is !== 'item') return wrong(plain, refuse('imports.item-unknown', { item: id }))
    const line = openingLineOf(said, item)
    if (isRefusal(line)) return wrong({ ...plain, id }, line)
    const { outcome, standing, warnings } = await judge(plain.row, said, line)
    const named: StagedRow = { ...plain, id, name: `${nameOf(item)} ${line.printed}`.slice(0, NAME_CHARS) }
    if (isRefusal(outcome)) return wrong(named, outcome)
    const fields: OpeningFields = { site: said.site.site, doc: said.doc, counted: said.counted, line }
    const shown = { matched: by, score, candidates: [], changes: outcome === 'same' ? [] : changesOf(said, line, { item, standing }) }
    return { ...named, fields: { ...fields }, outcome, shown: warnings.length === 0 ? shown : { ...shown, warnings: warnings.map(whyOf) } }
  }
  return {
    stage: async (row, cells) => {
      const plain = staged(row, cells)
      const said = openingIn(cells, await sites(), known.look)
      if (isRefusal(said)) return wrong(plain, said)
      const match = await itemOf(cells)
      if (match.is === 'wrong') return wrong(plain, match.why)
      if (match.is === 'new') return wrong(plain, refuse('imports.item-unknown', { item: plain.name }))
      if (match.is === 'choice') return { ...plain, outcome: 'choice', shown: { ...NOTHING_SHOWN, candidates: match.candidates } }
      return settle(plain, said, match)
    },
    chosen: async (row, cells, id) => {
      const plain = staged(row, cells)
      const said = openingIn(cells, await sites(), known.look)
      if (isRefusal(said)) return wrong(plain, said)
      // What stands on a shelf is no new item: its record comes first.
      if (id === null) return wrong(plain, refuse('imports.item-unknown', { item: plain.name }))
      return settle(plain, said, { id, by: 'chosen', score: null })
    },
  }
}

interface Found {
  readonly id: string
  readonly by: TableRow['matched']
  readonly score: number | null
}

/** The item of a row: by its id, by a code, by a name that is its own; what is only alike is for a person to choose. */
const openItems = ({ look, matcher }: Known, ask: Asks) => {
  const byName = new Map<string, string | null>()
  for (const { item, name } of look.items) byName.set(fold(name.zh), byName.has(fold(name.zh)) ? null : item)
  return async (cells: Cells): Promise<Match> => {
    const said = (key: string): string => cells.get(key) ?? ''
    const code = cleanedCode(said('code'))
    const gtin = code === '' ? null : gtin14Of(code)
    const codes = code === '' ? [] : [isRefusal(gtin) || gtin === null ? code : codeKey({ scheme: 'gtin', code: gtin })]
    const facts = await ask.known({ ...NO_NAMES, codes, records: said('item') === '' ? [] : [{ is: 'item', id: said('item') }] })
    const byId = facts.records[0]?.resolved
    const other = facts.codes.find(({ resolved }) => byId !== undefined && resolved !== byId)
    if (byId !== undefined && other) return { is: 'wrong', why: refuse('imports.match-twice', { items: `${byId}, ${other.resolved}` }) }
    if (byId !== undefined) return { is: 'known', id: byId, by: 'id', score: null }
    const only = said('model') === '' && said('specification') === '' ? byName.get(fold(said('name'))) : undefined
    if (facts.codes.length === 0 && only != null) return { is: 'known', id: only, by: 'name', score: 1 }
    if (facts.codes.length === 0 && said('name') === '') return { is: 'new' }
    return matcher.match({ name: { zh: said('name'), en: '' }, model: said('model'), specification: said('specification') }, facts.codes)
  }
}

interface Judged {
  readonly outcome: 'new' | 'same' | Refusal
  /** Units of the lot in rooms of the site, and at this very place. */
  readonly standing: number
  readonly warnings: readonly Refusal[]
}

/** Judges a line by the very rules of the act that will tell it, and names what a person should see before. */
const openJudge = (ask: Asks, now: () => number) => {
  const documents = new Map<string, { readonly facts: readonly OpeningFact[]; readonly left: OpeningLine[] }>()
  const expiries = new Map<string, string | null>()
  const rows = new Map<string, number>()
  const documentOf = async (site: string, doc: string) => {
    const key = `${site}\n${doc}`
    const known = documents.get(key)
    if (known) return known
    const facts = (await ask.known({ ...NO_NAMES, openings: [{ site, doc }] })).openings.filter(isStanding)
    const made = { facts, left: facts.flatMap(({ lines }) => lines) }
    documents.set(key, made)
    return made
  }
  return async (row: number, said: OpeningSaid, line: OpeningLine): Promise<Judged> => {
    const { site } = said.site
    const document = await documentOf(site, said.doc)
    const { supplier, ...bare } = line
    const asked = { action: NO_ACTION, site, doc: said.doc, lines: [supplier === null ? bare : { ...bare, supplier }] }
    const facts = await ask.known({ ...OPENINGS.names(asked), openings: [], standing: [line.lot] })
    const standing = facts.standing.filter(({ place }) => place.startsWith(`${site}/`)).reduce((sum, { units }) => sum + units, 0)
    const twin = document.left.findIndex((told) => saysSame(told, line))
    if (twin >= 0) {
      document.left.splice(twin, 1)
      return { outcome: 'same', standing, warnings: [] }
    }
    const day = judgeExpiry(line.lot, line.expiry, expiries.get(line.lot) ?? null)
    const judged = isRefusal(day) ? day : OPENINGS.judge(asked, { ...facts, openings: document.facts })
    if (isRefusal(judged) || isRefusal(day)) return { outcome: isRefusal(day) ? day : (judged as Refusal), standing, warnings: [] }
    expiries.set(line.lot, day.day)
    const key = `${said.doc}\n${line.place}\n${line.lot}`
    const before = rows.get(key)
    rows.set(key, before ?? row)
    const known = day.day ?? facts.lots.find(({ lot }) => lot === line.lot)?.expiry ?? null
    const warnings = [
      ...(standing > 0 ? [refuse('imports.opening-standing', { site: said.site.name.zh, units: standing })] : []),
      ...(before === undefined ? [] : [refuse('imports.lot-twice', { row: before })]),
      ...(known === null ? [refuse('imports.expiry-missing')] : []),
      ...(known !== null && known < todayIn(said.site.zone, now()) ? [refuse('imports.lot-expired', { expiry: known })] : []),
    ]
    return { outcome: 'new', standing, warnings }
  }
}

/** Whether a row says what was told; an expiry that it lacks was given by the county. */
const saysSame = (told: OpeningLine, { lot, place, units, expiry }: OpeningLine): boolean =>
  told.lot === lot && told.place === place && told.units === units && (expiry === null || told.expiry === expiry)

const changesOf = (
  { site, room, state, counted, doc }: OpeningSaid,
  { printed, expiry, units, entered }: OpeningLine,
  { item, standing }: { readonly item: ItemKnown; readonly standing: number },
): TableRow['changes'] => {
  const unit = item.unit.zh
  const packs = entered ? `（${entered.quantity} ${entered.pack}）` : ''
  const rows = [
    ...[['site', '', site.name.zh] as const, ['room', '', room.name.zh] as const, ['expiry', '', expiry ?? ''] as const],
    ['quantity', standing === 0 ? '' : `${standing} ${unit}`, `${standing + units} ${unit}${packs}`] as const,
    ...[['lot', '', printed] as const, ['state', '', stateCell(state)] as const],
    ...[['counted', '', counted ?? ''] as const, ['doc', '', doc] as const],
  ]
  return rows.flatMap(([column, before, after]) => (before === after ? [] : [{ column, before, after }]))
}

const nameOf = ({ name, model, specification = '' }: ItemKnown): string =>
  [name.zh, model, specification].filter((part) => part !== '').join(' ')

const staged = (row: number, cells: Cells): StagedRow => ({
  ...{ row, cells: Object.fromEntries(cells), outcome: 'error', id: null, fields: null, before: null, version: 0 },
  name: [cells.get('name'), cells.get('item'), cells.get('code')].find((cell) => (cell ?? '') !== '')?.slice(0, NAME_CHARS) ?? '',
  ...{ shown: NOTHING_SHOWN, why: null, written: 0 },
})
const wrong = (row: StagedRow, why: Refusal): StagedRow => ({ ...row, outcome: 'error', why })
const whyOf = ({ code, zh, en }: Refusal) => ({ code, zh, en })

const once = <Made>(make: () => Promise<Made>): (() => Promise<Made>) => {
  let made: Promise<Made> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const NAME_CHARS = 300
const NO_NAMES = { items: [], sites: [], lots: [], epcs: [] }
/** Stands where an act will have its own: a preview writes nothing. */
const NO_ACTION = 'table-preview'
const NOTHING_SHOWN: StagedRow['shown'] = { matched: null, score: null, changes: [], candidates: [] }
