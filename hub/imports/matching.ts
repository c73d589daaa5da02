import { setImmediate } from 'node:timers/promises'
import type { TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { PackLevel } from '@lotkeeper/protocol/ledger/master.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { CodeFact } from '../ledger/contract.ts'
import { fold } from '../reference/fold.ts'
import type { Fields } from './columns.ts'
import type { Look } from './look.ts'
import type { Table } from './tables.ts'

/** Which record a row is, as far as it can be told without asking. */
export type Match =
  | { readonly is: 'known'; readonly id: string; readonly by: NonNullable<TableRow['matched']>; readonly score: number | null }
  | { readonly is: 'new' }
  | { readonly is: 'choice'; readonly candidates: TableRow['candidates'] }
  | { readonly is: 'wrong'; readonly why: Refusal }

/**
 * Finds the record of a row: by its codes, then by its certificate and model, then by its name. Only what proves itself is taken; what is like
 * another is for a person to choose.
 */
export interface Matcher {
  readonly match: (fields: Fields, codes: readonly CodeFact[]) => Match
  /** Every id that is taken. */
  readonly has: (id: string) => boolean
}

export const openMatcher = async (table: Table, look: Look): Promise<Matcher> => {
  const rows = recordsIn(table, look)
  const ids = new Set(rows.map(({ id }) => id))
  const byProof = new Map<string, string[]>()
  for (const { id, fields } of rows) for (const proof of proofsOf(table, fields)) byProof.set(proof, [...(byProof.get(proof) ?? []), id])
  const like = await openLikeness(rows.map(({ id, fields }) => ({ id, name: table.nameOf(fields) })))
  return {
    has: (id) => ids.has(id),
    match: (fields, codes) => {
      const coded = [...new Set(codes.map(({ resolved }) => resolved))]
      if (coded.length > 1) return { is: 'wrong', why: refuse('imports.match-twice', { items: coded.join(', ') }) }
      const [byCode] = coded
      if (byCode !== undefined) return { is: 'known', id: byCode, by: 'code', score: null }
      const proved = [...new Set(proofsOf(table, fields).flatMap((proof) => byProof.get(proof) ?? []))]
      const [first] = proved
      if (first !== undefined && proved.length === 1) return { is: 'known', id: first, by: 'certificate', score: null }
      const found = like(table.nameOf(fields))
      if (proved.length > 1) return { is: 'choice', candidates: amongst(proved, found, rows, table) }
      const [best, next] = found
      if (best === undefined) return { is: 'new' }
      // A certificate has no name but its number: what is only like it is another one.
      if (table.is === 'certificate') return { is: 'new' }
      if (best.score === 1 && next?.score !== 1) return { is: 'known', id: best.id, by: 'name', score: 1 }
      return { is: 'choice', candidates: found.slice(0, CANDIDATES_MAX) }
    },
  }
}

/** The codes of an item's packs, as the ledger asks for them. */
export const codeKeysIn = (fields: Fields): readonly string[] =>
  ((fields['packs'] ?? []) as readonly PackLevel[]).flatMap((level) => codesOf(level).map(codeKey))

const CANDIDATES_MAX = 5
/** Below this share of common letter pairs two names are two things. */
const SCORE_MIN = 0.6

/** Those that a proof names, each with the likeness of its name. */
const amongst = (
  ids: readonly string[],
  found: TableRow['candidates'],
  rows: ReturnType<typeof recordsIn>,
  table: Table,
): TableRow['candidates'] =>
  ids.slice(0, CANDIDATES_MAX).map((id) => {
    const fields = rows.find((row) => row.id === id)?.fields ?? {}
    return found.find((one) => one.id === id) ?? { id, name: table.nameOf(fields).slice(0, 300), score: 0 }
  })

const recordsIn = ({ is }: Table, { items, parties, certificates }: Look): readonly { readonly id: string; readonly fields: Fields }[] =>
  is === 'item'
    ? items.map((item) => ({ id: item.item, fields: item }))
    : (is === 'party' ? parties : certificates).map((record) => ({ id: record.id, fields: record }))

/** What proves that two records are one: certificate and model of an item, the credit code or GLN of a party, the number of a certificate. */
const proofsOf = ({ is }: Table, fields: Fields): readonly string[] => {
  const said = (name: string) => fold(String(fields[name] ?? ''))
  if (is === 'item')
    return said('certificate') === '' || said('model') === '' ? [] : [[said('certificate'), said('model'), said('specification')].join(' ')]
  if (is === 'certificate') return [said('number')]
  return [...(said('creditCode') === '' ? [] : [`credit ${said('creditCode')}`]), ...(said('gln') === '' ? [] : [`gln ${said('gln')}`])]
}

/** How like two names are: twice their common letter pairs by all of their pairs; the rarest pairs of a name lead to those it is looked at with. */
const openLikeness = async (rows: readonly { readonly id: string; readonly name: string }[]) => {
  const known: { readonly id: string; readonly name: string; readonly pairs: ReadonlySet<string> }[] = []
  const byPair = new Map<string, number[]>()
  for (const [at, { id, name }] of rows.entries()) {
    const pairs = pairsOf(name)
    known.push({ id, name, pairs })
    for (const pair of pairs) {
      const list = byPair.get(pair)
      if (list) list.push(at)
      else byPair.set(pair, [at])
    }
    if (at % SLICE_ROWS === SLICE_ROWS - 1) await setImmediate()
  }
  return (name: string): TableRow['candidates'] => {
    const pairs = pairsOf(name)
    const rare = [...pairs].map((pair) => byPair.get(pair) ?? []).filter((list) => list.length > 0)
    rare.sort((one, other) => one.length - other.length)
    const looked = new Set(rare.slice(0, RARE_PAIRS).flatMap((list) => list.slice(0, LOOKED_MAX)))
    const found = [...looked].flatMap((at) => {
      const row = known[at]
      const score = row ? likenessOf(pairs, row.pairs) : 0
      return row && score >= SCORE_MIN ? [{ id: row.id, name: row.name.slice(0, 300), score: Math.round(score * 1_000) / 1_000 }] : []
    })
    return found.sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
  }
}
/** Rows between two looks at whether anybody else waits. */
const SLICE_ROWS = 500
const RARE_PAIRS = 4
const LOOKED_MAX = 300

const pairsOf = (name: string): ReadonlySet<string> => {
  const text = ` ${fold(name)} `
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)))
}

const likenessOf = (one: ReadonlySet<string>, other: ReadonlySet<string>): number => {
  let common = 0
  for (const pair of one) if (other.has(pair)) common += 1
  return (2 * common) / (one.size + other.size)
}
