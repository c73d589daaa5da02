import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { GenealogyEdge } from '@lotkeeper/protocol/api/views.ts'
import type { LotKey } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'

/** Edges an answer brings each way; a lot with more has `more`. */
export const GENEALOGY_EDGES_MAX = 1_000
/** Edges one lot shows of its next of kin. */
const KIN_EDGES_MAX = 500

/** What lots were made of and what was made of them. */
export interface GenealogyQuestions {
  /** To the last step; nearest first. */
  readonly whole: (query: HubQuery<'genealogy'>) => HubAnswer<'genealogy'> | Refusal
  /** One step each way. */
  readonly kin: (lot: LotKey) => { readonly parents: GenealogyEdge[]; readonly children: GenealogyEdge[] }
}

export const openGenealogy = (db: Database): GenealogyQuestions => {
  const exists = db.prepare<[string], number>('select 1 from lot where lot = ?').pluck()
  const above = db.prepare<[string, number], EdgeRow>(`${COLUMNS} where child = ? order by parent, entry limit ?`)
  const below = db.prepare<[string, number], EdgeRow>(`${COLUMNS} where parent = ? order by child, entry limit ?`)
  return {
    whole: ({ lot }) => {
      if (exists.get(lot) === undefined) return refuse('api.not-found', { lot })
      const up = walk(lot, (at, rows) => above.all(at, rows), 'parent')
      const down = walk(lot, (at, rows) => below.all(at, rows), 'child')
      return { lot, ancestors: up.edges, descendants: down.edges, more: up.more || down.more }
    },
    kin: (lot) => ({
      parents: above.all(lot, KIN_EDGES_MAX).map((row) => ({ ...row, depth: 1 })),
      children: below.all(lot, KIN_EDGES_MAX).map((row) => ({ ...row, depth: 1 })),
    }),
  }
}

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
