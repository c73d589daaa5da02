import type { CertificateView, CostCentreView, MergeView, PartyView, PortalView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import type { ProvisionalBody, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import type { CalendarDate, EntryId, Instant } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { VersionedIs, VersionedRecord } from '../../ledger/contract.ts'
import { dayOf } from '../calendar.ts'

/** Master data as it stands on the day it is asked for; a `kind` and an id name one record. */
export interface Records {
  /** Today by the county's calendar. */
  readonly today: () => CalendarDate
  readonly ruling: <Is extends VersionedIs>(is: Is, id: string) => RecordOf<Is> | null
  /** An item as a node made it before the county knew it: version 0. */
  readonly met: (item: string) => RecordOf<'item'> | null
  readonly latest: (is: VersionedIs, id: string) => VersionedRecord | null
  /** The last word on whether this record is another one. */
  readonly redirect: (is: VersionedIs, id: string) => { readonly version: number; readonly to: string | null } | null
  /** The id that all redirects of this one lead to; itself when there are none. */
  readonly resolved: (is: VersionedIs, id: string) => string
  /** Every id that leads here, itself among them. */
  readonly family: (is: VersionedIs, id: string) => readonly string[]
  /** Versions, the highest first. */
  readonly versions: (is: VersionedIs, id: string, limit: number) => readonly WrittenVersion[]
  /** Words on redirects of these ids and to them, newest version first. */
  readonly merges: (is: VersionedIs, ids: readonly string[]) => readonly WrittenMerge[]
}
export interface Written {
  readonly entry: EntryId
  readonly part: number
  readonly actor: string | null
  readonly at: Instant
}
export interface WrittenVersion extends Written {
  readonly record: VersionedRecord
}
export type WrittenMerge = Written & MergeView

/**
 * The statement's condition that a row `v` of `master_version` rules on `@today` [H-033]: the highest version that has begun; before the first
 * has begun, the lowest.
 */
export const RULES = `v.version = (select w.version from master_version w where w.kind = v.kind and w.id = v.id
  order by w.from_day <= @today desc, iif(w.from_day <= @today, w.version, -w.version) desc limit 1)`
/** The condition that the record of a row `v` is not merged into another. */
export const STANDS_ALONE = `not exists (select 1 from master_redirect r where r.kind = v.kind and r.id = v.id and r.target is not null
  and r.version = (select max(version) from master_redirect where kind = v.kind and id = v.id))`

/** `now` is the hub's clock, in milliseconds. */
export const openRecords = (db: Database, now: () => number): Records => {
  const today = () => dayOf(now())
  const ruling = db.prepare<[Asked & { readonly today: string }], Body>(
    `select body from master_version v where kind = @is and id = @id and ${RULES}`,
  )
  const latest = db.prepare<[Asked], Body>('select body from master_version where kind = @is and id = @id order by version desc limit 1')
  const met = db.prepare<[string], Body>(`select body from provisional where kind = 'item' and id = ? order by entry limit 1`)
  const redirect = db.prepare<[Asked], { readonly version: number; readonly to: string | null }>(
    'select version, target as "to" from master_redirect where kind = @is and id = @id order by version desc limit 1',
  )
  const versions = db.prepare<[Asked & { readonly limit: number }], VersionRow>(
    `select entry, part, actor, occurred as at, body from master_version where kind = @is and id = @id order by version desc limit @limit`,
  )
  const led = db.prepare<[Asked], { readonly id: string }>(
    `select id from master_redirect r where kind = @is and target = @id
     and version = (select max(version) from master_redirect where kind = r.kind and id = r.id)`,
  )
  const merges = db.prepare<[{ readonly is: string; readonly ids: string; readonly limit: number }], WrittenMerge>(
    `select kind as of, id, target as "to", version, entry, part, actor, occurred as at from master_redirect
     where kind = @is and (id in (select value from json_each(@ids)) or target in (select value from json_each(@ids)))
     order by occurred desc, id, version desc limit @limit`,
  )
  const resolved: Records['resolved'] = (is, id) => {
    const seen = new Set([id])
    let at = id
    for (let next = redirect.get({ is, id })?.to; next != null && !seen.has(next); next = redirect.get({ is, id: next })?.to) {
      seen.add(next)
      at = next
    }
    return at
  }
  return {
    today,
    resolved,
    ruling: (is, id) => recordIn(ruling.get({ is, id, today: today() })) as never,
    met: (id) => recordMet(met.get(id)),
    latest: (is, id) => recordIn(latest.get({ is, id })),
    redirect: (is, id) => redirect.get({ is, id }) ?? null,
    family: (is, id) => {
      const found = new Set([id])
      for (const one of found) for (const { id: other } of led.all({ is, id: one })) if (found.size < FAMILY_MAX) found.add(other)
      return [...found]
    },
    versions: (is, id, limit) =>
      versions.all({ is, id, limit }).map(({ body, ...written }) => ({ ...written, record: JSON.parse(body) as VersionedRecord })),
    merges: (is, ids) => merges.all({ is, ids: JSON.stringify(ids), limit: MERGES_MAX }),
  }
}

/** Any record but an item, as it is shown: what it says. */
export const recordView = <Record extends Exclude<VersionedRecord, { readonly is: 'item' }>>({ is: _, ...rest }: Record) =>
  rest as unknown as RecordView<Record['is']>

/** An item as it is shown. */
export const itemView = ({ is: _, id, ...rest }: RecordOf<'item'>): ItemView => ({ item: id, ...rest })

export type RecordView<Is extends VersionedIs> = {
  readonly item: ItemView
  readonly party: PartyView
  readonly certificate: CertificateView
  readonly portal: PortalView
  readonly 'cost-centre': CostCentreView
}[Is]

interface Asked {
  readonly is: string
  readonly id: string
}
interface Body {
  readonly body: string
}
type VersionRow = Written & Body

/** Records that are shown as merged into one; nobody merges more. */
const FAMILY_MAX = 200
/** Words on merges that one record shows. */
const MERGES_MAX = 200

/** An item as its maker wrote it. */
export const recordOfMet = ({ item: id, name, model, unit, packs }: ItemMet): RecordOf<'item'> => ({
  ...{ is: 'item', id, version: 0, name, model, unit, packs, nearDays: [] },
})
type ItemMet = Extract<ProvisionalBody, { readonly is: 'item' }>
const recordMet = (row: Body | undefined): RecordOf<'item'> | null => (row ? recordOfMet(JSON.parse(row.body) as ItemMet) : null)
const recordIn = (row: Body | undefined): VersionedRecord | null => (row ? (JSON.parse(row.body) as VersionedRecord) : null)
