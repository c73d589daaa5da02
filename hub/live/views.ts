import type { Cursor, Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { SiteSummary } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Sight } from '../ledger/contract.ts'
import type { County } from './county.ts'
import type { Shots } from './shots.ts'

/** The live view as one kind of listener sees it; all of one sight share what is made for them. */
export interface View {
  readonly snapshot: () => Promise<Snapshot>
  /** Says to whoever was told up to there that nothing has happened since; null while even that is not known. */
  readonly nothing: (told: Cursor) => Delta | null
  /** What of a delta is theirs, as it follows what they were told; null: nothing. */
  readonly shown: (delta: Delta, told: Cursor) => Delta | null
  readonly leave: () => void
}

/** The views that somebody looks at now. */
export interface Views {
  readonly take: (sight: Sight) => View
}

export const openViews = ({ county, shots }: { readonly county: County; readonly shots: (sight: Sight) => Shots['take'] }): Views => {
  const open = new Map<string, { readonly view: Omit<View, 'leave'>; seats: number }>()
  return {
    take: (sight) => {
      const key = keyOf(sight)
      const shared = open.get(key) ?? { view: openView(sight, county, shots(sight)), seats: 0 }
      shared.seats += 1
      open.set(key, shared)
      return {
        ...shared.view,
        leave: () => {
          shared.seats -= 1
          if (shared.seats === 0) open.delete(key)
        },
      }
    },
  }
}

const openView = (sight: Sight, county: County, take: Shots['take']): Omit<View, 'leave'> => {
  const made = new WeakMap<Delta, Delta | null>()
  const whole = sight.sites === 'all' && sight.discrepancies === 'all'
  const partOf = (delta: Delta): Delta | null => {
    if (whole) return delta
    const known = made.get(delta)
    if (known !== undefined) return known
    const part = narrowedTo(sight, delta, county.open(sight.discrepancies) ?? 0)
    made.set(delta, part)
    return part
  }
  return {
    snapshot: () => take(county.isGood),
    nothing: (told) => county.nothing(sight.discrepancies, told),
    shown: (delta, told) => {
      const part = partOf(delta)
      return part === null || part.after.seq === told.seq ? part : { ...part, after: told }
    },
  }
}

const keyOf = ({ sites, discrepancies }: Sight): string => JSON.stringify([sites, discrepancies].map(sorted))
const sorted = (scope: SiteScope | null) => (scope === null || scope === 'all' ? scope : scope.toSorted())

const narrowedTo = ({ sites, discrepancies }: Sight, delta: Delta, openDiscrepancies: number): Delta | null => {
  const isSeen = (site: string): boolean => isWithin(sites, site)
  const isNamed = (site: string | null): boolean =>
    discrepancies === 'all' || (discrepancies !== null && site !== null && discrepancies.includes(site))
  const part = {
    sites: delta.sites.filter(({ site }) => isSeen(site)).map((summary) => (isNamed(summary.site) ? summary : uncounted(summary))),
    stock: delta.stock.filter(({ site }) => isSeen(site)),
    movements: delta.movements.filter(({ site, from, to }) =>
      [site, placeOf(from)?.owner, placeOf(to)?.owner].some((one) => isSeen(one ?? '')),
    ),
    discrepancies: delta.discrepancies.filter(({ site }) => isNamed(site)),
  }
  const isEmpty = Object.values(part).every(({ length }) => length === 0)
  return isEmpty ? null : { ...delta, ...part, openDiscrepancies }
}

const uncounted = (summary: SiteSummary): SiteSummary => ({ ...summary, node: { ...summary.node, discrepancies: 0 } })
