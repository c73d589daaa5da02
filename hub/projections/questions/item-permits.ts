import type { ValidityView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { Licence, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { type CalendarDate, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { PERMIT_WARNS_DAYS } from '@lotkeeper/protocol/rules/validity.ts'
import type { Database } from '../../database.ts'
import type { VersionedIs } from '../../ledger/contract.ts'
import { edgeOf } from './permits.ts'
import { type Records, RULES } from './records.ts'
import { shownValidity, worstOf } from './validity.ts'

/** How the permits stand today under which items are bought: their certificates, and the licences of their makers, by every id these ever had. */
export interface ItemPermits {
  /** The worst of an item's; null where none has ended and none ends within a season. */
  readonly worst: (item: RecordOf<'item'>) => ValidityView | null
  /** Ids of certificates and parties that stand so. */
  readonly ids: (state: Troubled) => { readonly certificates: readonly string[]; readonly makers: readonly string[] }
}
export type Troubled = 'ended' | 'ending'

/** What ended and what ends soon is found by its day, and the others hold. Read again when the county has said something since, or the day has changed. */
export const openItemPermits = (db: Database, records: Records): (() => ItemPermits) => {
  const certificates = db.prepare<[Bound], Found>(
    `select v.id, v.body ->> 'issued' as "from", v.body ->> 'until' as until from master_version v indexed by certificate_by_until
     where v.kind = 'certificate' and v.body ->> 'until' <= @edge and ${RULES}`,
  )
  const licences = db.prepare<[Bound], Found>(
    `select v.id, l.value ->> 'from' as "from", l.value ->> 'until' as until from master_version v, json_each(v.body, '$.licences') l
     where v.kind = 'party' and l.value ->> 'until' <= @edge and ${RULES}`,
  )
  const merged = db.prepare<[string], string>('select distinct id from master_redirect where kind = ?').pluck()
  const said = db.prepare<[string], string | null>(`select group_concat(epoch || ' ' || applied_seq) from epoch where stream = ?`).pluck()
  const read = (today: CalendarDate): ItemPermits => {
    const bound = { today, edge: edgeOf(today, Math.max(...PERMIT_WARNS_DAYS)) }
    const standingBy = (is: VersionedIs, found: readonly Found[]) => {
      const standing = standingOf(found, today)
      // A record that was merged is spoken for by the one it is now.
      const speaking = merged.all(is).map((id) => [id, standing.get(records.resolved(is, id))] as const)
      for (const [id, validity] of speaking) if (validity) standing.set(id, validity)
      for (const [id, validity] of speaking) if (!validity) standing.delete(id)
      return standing
    }
    const byCertificate = standingBy('certificate', certificates.all(bound))
    const byMaker = standingBy('party', licences.all(bound))
    return {
      worst: ({ certificate = '', manufacturer = '' }) =>
        worstOf([byCertificate.get(certificate), byMaker.get(manufacturer)].filter((one) => one !== undefined)),
      ids: (state) => ({ certificates: idsOf(byCertificate, state), makers: idsOf(byMaker, state) }),
    }
  }
  let kept: { readonly stamp: string; readonly permits: ItemPermits } | null = null
  return () => {
    const today = records.today()
    const stamp = `${today} ${said.get(STREAM_TO_ALL) ?? ''}`
    if (kept?.stamp !== stamp) kept = { stamp, permits: read(today) }
    return kept.permits
  }
}

interface Bound {
  readonly today: CalendarDate
  readonly edge: CalendarDate
}
interface Found extends Pick<Licence, 'from' | 'until'> {
  readonly id: string
}

const standingOf = (found: readonly Found[], today: CalendarDate): Map<string, ValidityView> => {
  const standing = new Map<string, ValidityView>()
  for (const { id, from, until } of found) {
    const worst = worstOf([shownValidity({ from, until }, today), ...(standing.get(id) ? [standing.get(id) as ValidityView] : [])])
    if (worst) standing.set(id, worst)
  }
  return standing
}

const idsOf = (standing: ReadonlyMap<string, ValidityView>, state: Troubled): readonly string[] =>
  [...standing].flatMap(([id, validity]) => (validity.state === state ? [id] : []))
