import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { GenealogyEdge } from '@lotkeeper/protocol/api/views.ts'
import type { LotKey } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { amongSites, openLotSight, sitesText } from './scope.ts'

/** Edges an answer brings each way; a lot with more has `more`. */
export const GENEALOGY_EDGES_MAX = 1_000
/** Edges one lot shows of its next of kin. */
const KIN_EDGES_MAX = 500

/** What lots were made of and what was made of them. */
export interface GenealogyQuestions {
  /** To the last step; nearest first. */
  readonly whole: (query: HubQuery<'genealogy'>, within?: SiteScope) => HubAnswer<'genealogy'> | Refusal
  /** One step each way. */
  readonly kin: (lot: LotKey, within?: SiteScope) => { readonly parents: GenealogyEdge[]; readonly children: GenealogyEdge[] }
}

export const openGenealogy = (db: Database): GenealogyQuestions => {
  const exists = db.prepare<[string], number>('select 1 from lot where lot = ?').pluck()
  const isSeen = openLotSight(db)
  const above = db.prepare<[Bound], EdgeRow>(`${COLUMNS} where child = @lot and ${ACT_SEEN} order by parent, entry limit @rows`)
  const below = db.prepare<[Bound], EdgeRow>(`${COLUMNS} where parent = @lot and ${ACT_SEEN} order by child, entry limit @rows`)
  return {
    whole: ({ lot }, within = 'all') => {
      const sight = sightOf(within)
      if (!isSeen(lot, within) || exists.get(lot) === undefined) return refuse('api.not-found', { lot })
      const up = walk(lot, (at, rows) => above.all({ ...sight, lot: at, rows }), 'parent')
      const down = walk(lot, (at, rows) => below.all({ ...sight, lot: at, rows }), 'child')
      return { lot, ancestors: up.edges, descendants: down.edges, more: up.more || down.more }
    },
    kin: (lot, within = 'all') => ({
      parents: above.all({ ...sightOf(within), lot, rows: KIN_EDGES_MAX }).map((row) => ({ ...row, depth: 1 })),
      children: below.all({ ...sightOf(within), lot, rows: KIN_EDGES_MAX }).map((row) => ({ ...row, depth: 1 })),
    }),
  }
}

interface Bound {
  readonly lot: LotKey
  readonly rows: number
  /** 1: every site is seen. */
  readonly all: number
  readonly sites: string
}
const sightOf = (within: SiteScope) => ({ all: within === 'all' ? 1 : 0, sites: sitesText(within) })
/** Whoever sees the site of an act sees what it made of what; what lies beyond an act elsewhere is not walked to. */
const ACT_SEEN = `(@all or ${amongSites('site')})`

type EdgeRow = Omit<GenealogyEdge, 'depth'>
const COLUMNS = `select parent, child, parent_units as parentUnits, child_units as childUnits, act, entry, site, occurred as occurredAt from lot_edge`

/** Step by step away from a lot; each lot is looked at once, so circles end and the first way to an edge is its shortest. */
const walk = (lot: LotKey, next: (lot: LotKey, rows: number) => readonly EdgeRow[], far: 'parent' | 'child') => {
  const edges: GenealogyEdge[] = []
  const seen = new Set<LotKey>([lot])
  let step: readonly LotKey[] = [lot]
  for (let depth = 1; step.length > 0; depth += 1) {
    const reached: LotKey[] = []
    for (const at of step) {
      const rows = next(at, GENEALOGY_EDGES_MAX - edges.length + 1)
      for (const row of rows) {
        if (edges.length >= GENEALOGY_EDGES_MAX) return { edges, more: true }
        edges.push({ ...row, depth })
        if (!seen.has(row[far])) reached.push(row[far])
        seen.add(row[far])
      }
    }
    step = reached
  }
  return { edges, more: false }
}
