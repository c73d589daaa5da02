import { lotOf, placeOf } from '@lotkeeper/protocol/names.ts'
import { useMemo } from 'react'
import type { PageRoute } from '../../parts/route.ts'
import { useHub, useHubPages } from '../county.ts'
import type { WishRow } from './wishes.ts'

/**
 * The lines an address asks for: an item, a lot, the lines of a despatch, or what stands at a place. `null` while they are being asked for; `site` and `doc`
 * are what tags announced with them would say.
 */
export const usePreset = ({
  choice,
}: PageRoute): { readonly rows: readonly WishRow[] | null; readonly site?: string; readonly doc?: string } => {
  const { item, lot, doc, to, place } = choice
  const known = useHub('lot', lot ? { lot } : null)
  const papers = useHubPages('documents', { limit: 200, ...(to ? { site: to } : {}) })
  const stock = useHubPages('stock', { limit: 500, ...(place ? { site: placeOf(place)?.owner ?? '' } : {}) })
  return useMemo(() => {
    if (item) return { rows: [lineOf(1, { item })] }
    if (lot) {
      const named = lotOf(lot)
      if (!known.value && !known.trouble) return { rows: null }
      return { rows: [lineOf(1, { item: named?.item, lotNumber: named?.lotNumber ?? '', expiry: known.value?.expiry ?? null })] }
    }
    if (doc) {
      const paper = papers.rows?.find((row) => row.doc === doc && (!to || row.to === to))
      if (!papers.rows) return { rows: null }
      const rows = (paper?.lines ?? []).map((line, at) =>
        lineOf(at + 1, { item: lotOf(line.lot)?.item, lotNumber: line.lotNumber, units: Math.max(line.announced, line.shipped) }),
      )
      return { rows, doc, ...(paper ? { site: paper.to } : {}) }
    }
    if (place) {
      if (!stock.rows) return { rows: null }
      const there = stock.rows.filter((row) => row.place === place && row.units > 0)
      return {
        rows: there.map((row, at) => lineOf(at + 1, { item: row.item, lotNumber: row.lotNumber, expiry: row.expiry, units: row.units })),
      }
    }
    return { rows: [] }
  }, [item, lot, doc, to, place, known.value, known.trouble, papers.rows, stock.rows])
}

/** A line as it begins. */
export const lineOf = (id: number, given: Partial<WishRow> = {}): WishRow => ({
  ...{ id, item: undefined, pack: undefined, lotNumber: '', expiry: null, copies: 1 },
  ...given,
})
