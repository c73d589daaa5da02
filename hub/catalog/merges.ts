import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { MergeView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Acted, CatalogFacts } from '../ledger/contract.ts'
import type { CatalogKind } from './kind.ts'
import { factOf } from './record-kind.ts'

/**
 * One record is another one: a redirect that is followed when records are read. What was signed keeps the name it was signed with, so units and
 * shared codes must mean the same in both.
 */
export const MERGES: CatalogKind<HubBody<'mergeRecords'>, MergeView> = {
  names: ({ of, id, to }) => ({
    ...NO_NAMES,
    records: [{ is: of, id }, ...(to === null ? [] : [{ is: of, id: to }])],
    codesOf: of === 'item' ? [id] : [],
  }),
  judge: ({ of, id, to }, facts) => {
    const known = factOf(facts, of, id)
    if (!known) return refuse('catalog.record-unknown', { id })
    const now = { of, id, to: known.redirect?.to ?? null, version: known.redirect?.version ?? 0 }
    if (now.to === to) return { already: now }
    const other = to === null ? null : factOf(facts, of, to)
    const wrong = (to === null ? null : judgeMerge(known, other, to)) ?? judgeParting(known, other?.resolved ?? id, facts.codes)
    if (wrong) return wrong
    const record = { is: 'redirect' as const, id, version: now.version + 1, of, to }
    return { drafts: [{ stream: STREAM_TO_ALL, kind: 'master', doc: null, lines: [], body: { records: [record] } }] }
  },
  same: ({ of, id, to }, acted) => {
    const record = redirectIn(acted)
    return record?.is === 'redirect' && record.of === of && record.id === id && record.to === to
  },
  view: (acted) => {
    const { of, id, to, version } = redirectIn(acted) as RecordOf<'redirect'>
    return { of, id, to, version }
  },
}

type Known = CatalogFacts['records'][number]
type Likened = Pick<Known, 'id' | 'latest' | 'ruling'>

const judgeMerge = (one: Known, other: Known | null, to: string): Refusal | null => {
  const { id } = one
  if (id === to) return refuse('catalog.merge-self', { id })
  if (!other) return refuse('catalog.record-unknown', { id: to })
  if (other.resolved === id) return refuse('catalog.merge-loop', { id, to })
  return judgeItems(one, other)
}

/** Every version that rules or is yet to rule must agree: quantities of the one are read as quantities of the other. */
export const judgeItems = (one: Likened, other: Likened): Refusal | null => {
  for (const mine of itemsOf(one))
    for (const theirs of itemsOf(other)) {
      const named = { id: one.id, to: other.id }
      if (mine.unit.zh !== theirs.unit.zh)
        return refuse('catalog.merge-unit-differs', { ...named, unit: mine.unit.zh, other: theirs.unit.zh })
      const known = unitsByCode(theirs)
      for (const [code, units] of unitsByCode(mine)) {
        const there = known.get(code)
        if (there !== undefined && there !== units) return refuse('catalog.merge-pack-differs', { ...named, code, units, other: there })
      }
    }
  return null
}

/** Items that came to share a code while they were one cannot part: it would name two. */
const judgeParting = ({ family }: Known, root: string, codes: CatalogFacts['codes']): Refusal | null => {
  const parted = codes.find(({ item, resolved }) => !family.includes(item) && resolved !== root)
  return parted ? refuse('catalog.gtin-taken', { gtin: parted.code.slice(parted.code.indexOf(':') + 1), item: parted.item }) : null
}

const itemsOf = ({ latest, ruling }: Likened): readonly RecordOf<'item'>[] =>
  [latest, ruling].filter((record): record is RecordOf<'item'> => record.is === 'item')

const unitsByCode = ({ packs }: RecordOf<'item'>): ReadonlyMap<string, number> =>
  new Map(packs.flatMap((level) => codesOf(level).map((code) => [codeKey(code), level.units] as const)))

const redirectIn = ([first]: readonly Acted[]): RecordOf<'redirect'> | null => {
  const [record] = first?.kind === 'master' ? (first.body['records'] as readonly RecordOf<'redirect'>[]) : []
  return record ?? null
}

const NO_NAMES = { items: [], sites: [], lots: [], epcs: [] }
