import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { ItemBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { isCalendarDate, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { malformed, type Refusal, type RefusalCode, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Acted, CatalogFacts, CatalogNames, VersionedIs, VersionedRecord } from '../ledger/contract.ts'
import { recordOfItem } from '../projections/apply/master.ts'
import type { CatalogKind } from './kind.ts'

/** What is particular to one kind of record: everything else about creating and changing records is the same. */
export interface RecordParts<Is extends VersionedIs, Body extends Saved, View> {
  readonly is: Is
  readonly idOf: (body: Body) => string
  /** What the body says, as it is kept; the head is put before it. */
  readonly fieldsOf: (body: Body) => Omit<RecordOf<Is>, 'is' | 'id' | 'version' | 'from' | 'retired'>
  /** What else must be known to judge it. */
  readonly names?: (body: Body) => Partial<CatalogNames>
  readonly judge?: (body: Body, facts: CatalogFacts) => Refusal | null
  readonly files?: (body: Body) => readonly string[]
  /** The body with what its maker could not see put back from the record as it stands; none: a new one. */
  readonly unmasked?: (body: Body, record: RecordOf<Is> | null) => Body
  readonly view: (record: RecordOf<Is>) => View
  readonly exists?: RefusalCode
  readonly unknown?: RefusalCode
}
export interface Saved {
  readonly action: string
  readonly from?: string
  readonly retired?: true
  readonly knownVersion?: number
}

/** An act that creates a record, or changes the version its maker has seen: two people never overwrite each other unseen. */
export const recordKind = <Is extends VersionedIs, Body extends Saved, View>(
  parts: RecordParts<Is, Body, View>,
): CatalogKind<Body, View> => {
  const { is, idOf, view } = parts
  const made = (body: Body, version: number): RecordOf<Is> => {
    const { from, retired } = body
    const head = { is, id: idOf(body), version, ...(from === undefined ? {} : { from }), ...(retired === undefined ? {} : { retired }) }
    return { ...head, ...parts.fieldsOf(body) } as unknown as RecordOf<Is>
  }
  return {
    ...(parts.files ? { files: parts.files } : {}),
    unmasked: (body, from) => {
      const record = 'known' in from ? factOf(from.known, is, idOf(body))?.latest : from.acted[0] && actedRecord(from.acted[0])
      return parts.unmasked?.(body, (record ?? null) as RecordOf<Is> | null) ?? body
    },
    names: (body) => {
      const more = parts.names?.(body) ?? {}
      return { ...NO_NAMES, ...more, records: [{ is, id: idOf(body) }, ...(more.records ?? [])] }
    },
    judge: (body, facts) => {
      const id = idOf(body)
      const known = factOf(facts, is, id)
      const wrong = judgeHead(parts, body, known) ?? parts.judge?.(body, facts) ?? null
      if (wrong) return wrong
      const record = made(body, (known?.latest.version ?? 0) + 1)
      if (known && saysSame(record as VersionedRecord, known.latest)) return { already: view(known.latest as RecordOf<Is>) }
      return { drafts: [{ stream: STREAM_TO_ALL, kind: 'master', doc: null, lines: [], body: { records: [record] as never } }] }
    },
    same: (body, [first]) => {
      const record = first ? actedRecord(first) : null
      return record?.is === is && record.id === idOf(body) && saysSame(record, made(body, 1) as VersionedRecord)
    },
    view: ([first]) => view((first ? actedRecord(first) : null) as RecordOf<Is>),
  }
}

/** What is known of one record; null when nothing is. */
export const factOf = ({ records }: CatalogFacts, is: VersionedIs, id: string): CatalogFacts['records'][number] | null =>
  records.find((one) => one.is === is && one.id === id) ?? null

/** Refuses a reference to a record that is not known. */
export const judgeKnown = (facts: CatalogFacts, is: VersionedIs, id: string | undefined): Refusal | null =>
  id === undefined || factOf(facts, is, id) ? null : refuse('catalog.record-unknown', { id })

/** Refuses what is no date, or a last day before the first. */
export const judgeTerm = (where: string, from: string | null, until: string | null): Refusal | null => {
  for (const day of [from, until]) if (day !== null && !isCalendarDate(day)) return malformed(where, NO_DATE)
  return from !== null && until !== null && until < from ? malformed(where, ENDS_BEFORE) : null
}

/** A site that is known and has that room; without a site nothing is judged. */
export const judgeRoom = (facts: CatalogFacts, site: string | undefined, room: string | null | undefined): Refusal | null => {
  if (site === undefined) return null
  const known = facts.sites.find((one) => one.site === site)
  if (!known) return refuse('catalog.site-unknown', { site })
  return room == null || known.rooms.some((one) => one.room === room) ? null : refuse('catalog.room-unknown', { site, room })
}

const NO_NAMES: CatalogNames = { items: [], sites: [], lots: [], epcs: [] }
const NO_DATE = { zh: '不是日期', en: 'is no calendar date' }
const ENDS_BEFORE = { zh: '截止日期早于起始日期', en: 'ends before it begins' }

const judgeHead = <Is extends VersionedIs, Body extends Saved, View>(
  { idOf, exists = 'catalog.record-exists', unknown = 'catalog.record-unknown' }: RecordParts<Is, Body, View>,
  body: Body,
  known: CatalogFacts['records'][number] | null,
): Refusal | null => {
  const id = idOf(body)
  const facts = { id, item: id }
  if (body.from !== undefined && !isCalendarDate(body.from)) return malformed('from', NO_DATE)
  if (!known) return body.knownVersion === undefined ? null : refuse(unknown, facts)
  if (body.knownVersion === undefined) return refuse(exists, facts)
  if (known.redirect?.to != null) return refuse('catalog.record-merged', { id, to: known.resolved })
  const { version } = known.latest
  return version === body.knownVersion ? null : refuse('catalog.version-stale', { item: id, version })
}

/** The record an act of this or of an earlier version of the hub wrote. */
const actedRecord = ({ kind, body }: Acted): VersionedRecord | null => {
  if (kind === 'item') return recordOfItem(body as unknown as ItemBody)
  const [record] = kind === 'master' ? (body['records'] as readonly VersionedRecord[]) : []
  return record ?? null
}

const saysSame = (one: VersionedRecord, other: VersionedRecord): boolean =>
  canonicalText({ ...one, version: 1 }) === canonicalText({ ...other, version: 1 })
