import { createHash } from 'node:crypto'
import type { TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogFacts, HubQuestions } from '../ledger/contract.ts'
import { actsOf } from './acts.ts'
import type { Cells } from './cells.ts'
import type { Fields } from './columns.ts'
import { type Look, type LookAsk, openLook } from './look.ts'
import { codeKeysIn, type Match, type Matcher, openMatcher } from './matching.ts'
import type { StagedRow } from './staging.ts'
import type { Table } from './tables.ts'

/** Says of one row after another what would become of it; nothing is written. Rows of one file know of each other. */
export interface Preview {
  readonly stage: (row: number, cells: Cells) => Promise<StagedRow>
  /** The same for a row whose record a person chose; null: a new one. */
  readonly chosen: (row: number, cells: Cells, id: string | null) => Promise<StagedRow>
}

export const openPreview = (table: Table, { look, matcher }: Known, { ask, undone }: PreviewParts): Preview => {
  const acts = actsOf(table)
  const rowOfId = new Map<string, number>()
  const rowOfCode = new Map<string, number>()
  const known = (names: Partial<Parameters<typeof ask.known>[0]>) => ask.known({ ...NO_NAMES, ...names })

  const find = async (fields: Fields, said: string): Promise<Match> => {
    if (said !== '' && matcher.has(said)) return { is: 'known', id: said, by: 'id', score: null }
    if (said !== '') return { is: 'new' }
    const codes = codeKeysIn(fields)
    return matcher.match(fields, codes.length === 0 ? [] : (await known({ codes })).codes)
  }
  const newId = (fields: Fields): string => {
    for (let salt = 0; ; salt += 1) {
      const id = `${table.is}-${digestOf([table.nameOf(fields), ...codeKeysIn(fields), salt].join('\n'))}`
      if (!matcher.has(id) && !rowOfId.has(id)) return id
    }
  }
  /** A row once its record is known, or known to be new. */
  const settle = async (row: number, cells: Cells, match: Settled): Promise<StagedRow> => {
    const plain = staged(table, row, cells)
    const fact = match.id === null ? undefined : (await known({ records: [{ is: table.is, id: match.id }] })).records[0]
    const before = fact ? fieldsOf(table, fact.latest) : null
    // What only an undoing retired comes back with the table that brought it; what a person retired stays as it is.
    const back = before?.['retired'] === true && fact !== undefined && undone(fact.latest.id, fact.latest.version)
    const fields = table.fieldsIn(cells, back ? { ...before, retired: undefined } : before, look)
    if (isRefusal(fields)) return wrong(plain, fields)
    const id = match.id ?? newId(fields)
    const version = fact?.latest.version ?? 0
    const shown = { matched: match.by, score: match.score, changes: changesOf(table, look, before, fields), candidates: [] }
    const made: StagedRow = { ...plain, id, fields, before, version, name: table.nameOf(fields).slice(0, NAME_CHARS), shown }
    const twice = twiceIn(rowOfId, rowOfCode, { row, id, codes: codeKeysIn(fields) })
    if (twice) return wrong(made, twice)
    const body = acts.body(fields, id, version, NO_ACTION)
    const judged = isRefusal(body) ? body : acts.judge(body, await ask.known(acts.names(body)))
    if (isRefusal(judged)) return wrong(made, judged)
    rowOfId.set(id, row)
    for (const code of codeKeysIn(fields)) rowOfCode.set(code, row)
    if (judged === 'same') return { ...made, outcome: 'same', shown: { ...shown, changes: [] } }
    return { ...made, outcome: version === 0 ? 'new' : 'changed' }
  }
  return {
    chosen: (row, cells, id) => settle(row, cells, { id, by: 'chosen', score: null }),
    stage: async (row, cells) => {
      const plain = staged(table, row, cells)
      const fields = table.fieldsIn(cells, null, look)
      if (isRefusal(fields)) return wrong(plain, fields)
      const said = cells.get('id') ?? ''
      const match = await find(fields, said)
      const name = table.nameOf(fields).slice(0, NAME_CHARS)
      if (match.is === 'wrong') return wrong({ ...plain, name }, match.why)
      if (match.is === 'known') return settle(row, cells, match)
      // A person is asked about what is like another; who gave it an id of its own has answered.
      if (match.is === 'choice')
        return { ...plain, name, fields, outcome: 'choice', shown: { ...NOTHING_SHOWN, candidates: match.candidates } }
      return settle(row, cells, { id: said === '' ? null : said, by: null, score: null })
    },
  }
}

/** The catalogue as a preview looks at it. */
export interface Known {
  readonly look: Look
  readonly matcher: Matcher
}
export const openKnown = async (table: Table, ask: LookAsk): Promise<Known> => {
  const look = await openLook(ask, [table.kind])
  return { look, matcher: await openMatcher(table, look) }
}

export interface PreviewParts {
  readonly ask: Pick<HubQuestions, 'known'>
  /** Whether that version of a record is what the undoing of a batch left. */
  readonly undone: (record: string, version: number) => boolean
}

interface Settled {
  readonly id: string | null
  readonly by: TableRow['matched']
  readonly score: number | null
}

const NAME_CHARS = 300
const DIGEST_LETTERS = 12
const NO_NAMES = { items: [], sites: [], lots: [], epcs: [] }
/** Stands where an act will have its own: a preview writes nothing. */
const NO_ACTION = 'table-preview'
const NOTHING_SHOWN: StagedRow['shown'] = { matched: null, score: null, changes: [], candidates: [] }

const staged = (table: Table, row: number, cells: Cells): StagedRow => ({
  ...{ row, cells: Object.fromEntries(cells), outcome: 'error', id: cells.get('id') || null, fields: null, before: null, version: 0 },
  ...{ name: (cells.get(table.is === 'certificate' ? 'number' : 'name-zh') ?? '').slice(0, NAME_CHARS), shown: NOTHING_SHOWN },
  ...{ why: null, written: 0 },
})

const wrong = (row: StagedRow, why: Refusal): StagedRow => ({ ...row, id: row.id?.slice(0, 64) ?? null, outcome: 'error', why })

/** What a record says, as the act that saves it takes it. */
const fieldsOf = ({ is }: Table, record: CatalogFacts['records'][number]['latest']): Fields => {
  const { is: _, id, version: __, ...fields } = record
  return { ...fields, [is === 'item' ? 'item' : 'id']: id }
}

const changesOf = (table: Table, look: Look, before: Fields | null, after: Fields): TableRow['changes'] => {
  const was = before ? table.cellsOf(before, look) : {}
  const is = table.cellsOf(after, look)
  return table.columns.flatMap(({ key }) => {
    const change = { column: key, before: was[key] ?? '', after: is[key] ?? '' }
    return key === 'id' || change.before === change.after ? [] : [change]
  })
}

const twiceIn = (
  ids: ReadonlyMap<string, number>,
  codes: ReadonlyMap<string, number>,
  row: { readonly row: number; readonly id: string; readonly codes: readonly string[] },
): Refusal | null => {
  const same = ids.get(row.id)
  if (same !== undefined) return refuse('imports.row-twice', { row: same })
  const code = row.codes.find((one) => codes.has(one))
  return code === undefined ? null : refuse('imports.code-twice', { code: code.slice(code.indexOf(':') + 1), row: codes.get(code) ?? 0 })
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LETTERS)
