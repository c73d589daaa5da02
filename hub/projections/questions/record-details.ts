import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { VersionedIs, VersionedRecord } from '../../ledger/contract.ts'
import { itemView, type Records, type RecordView, recordView, type Written } from './records.ts'
import { shownValidity } from './validity.ts'

/** One record with its past, as people look at it before they change it. */
export interface RecordDetails {
  readonly item: (query: HubQuery<'item'>) => HubAnswer<'item'> | Refusal
  readonly party: (query: HubQuery<'party'>) => HubAnswer<'party'> | Refusal
  readonly certificate: (query: HubQuery<'certificate'>) => HubAnswer<'certificate'> | Refusal
  readonly portal: (query: HubQuery<'portal'>, within?: SiteScope) => HubAnswer<'portal'> | Refusal
  readonly costCentre: (query: HubQuery<'costCentre'>, within?: SiteScope) => HubAnswer<'costCentre'> | Refusal
}

export const openRecordDetails = (records: Records): RecordDetails => {
  const party = (id: string | undefined) => {
    const record = id === undefined ? null : records.ruling('party', records.resolved('party', id))
    return record ? { record: recordView(record), licences: licencesOf(record, records) } : null
  }
  const certificate = (id: string | undefined) => {
    const record = id === undefined ? null : records.ruling('certificate', records.resolved('certificate', id))
    return record ? { record: recordView(record), validity: validityIn(record, records) } : null
  }
  return {
    item: ({ item }) => {
      const found = pastOf(records, 'item', item)
      if (!found) return refuse('api.not-found', { item })
      const { record } = found
      const shown = viewed(found, (one) => itemView(one as RecordOf<'item'>))
      return { ...shown, certificate: certificate(record.certificate), manufacturer: party(record.manufacturer) }
    },
    party: ({ id }) => {
      const found = pastOf(records, 'party', id)
      return found ? { ...viewed(found, anyView<'party'>), licences: licencesOf(found.record, records) } : refuse('api.not-found', { id })
    },
    certificate: ({ id }) => {
      const found = pastOf(records, 'certificate', id)
      if (!found) return refuse('api.not-found', { id })
      return { ...viewed(found, anyView<'certificate'>), validity: validityIn(found.record, records), holder: party(found.record.holder) }
    },
    portal: ({ id }, within = 'all') => {
      const found = ofSites(pastOf(records, 'portal', id), within)
      return found ? viewed(found, anyView<'portal'>) : refuse('api.not-found', { id })
    },
    costCentre: ({ id }, within = 'all') => {
      const found = ofSites(pastOf(records, 'cost-centre', id), within)
      return found ? viewed(found, anyView<'cost-centre'>) : refuse('api.not-found', { id })
    },
  }
}

/** Versions one record shows; older ones are in the log for ever. */
const HISTORY_MAX = 100

interface Past<Is extends VersionedIs> {
  readonly asked: string
  readonly record: RecordOf<Is>
  /** Its version. */
  readonly ruling: number
  readonly versions: readonly (Written & { readonly record: VersionedRecord })[]
  readonly merges: ReturnType<Records['merges']>
}

const pastOf = <Is extends VersionedIs>(records: Records, is: Is, asked: string): Past<Is> | null => {
  const id = records.resolved(is, asked)
  const record = records.ruling(is, id)
  if (!record) return null
  const versions = records.versions(is, id, HISTORY_MAX + 1)
  return { asked, record, ruling: (record as VersionedRecord).version, versions, merges: records.merges(is, records.family(is, id)) }
}

/** A record of these sites, or of none, with what of its past was theirs; one of another site is none. */
const ofSites = <Is extends 'portal' | 'cost-centre'>(past: Past<Is> | null, within: SiteScope): Past<Is> | null => {
  const isSeen = ({ site }: { readonly site?: string }): boolean => site === undefined || isWithin(within, site)
  if (!past || !isSeen(past.record)) return null
  return { ...past, versions: past.versions.filter(({ record }) => isSeen(record as { readonly site?: string })) }
}

const viewed = <Is extends VersionedIs>(past: Past<Is>, view: (record: VersionedRecord) => RecordView<Is>) => ({
  asked: past.asked,
  record: view(past.record),
  latest: past.versions[0]?.record.version ?? past.ruling,
  history: past.versions
    .slice(0, HISTORY_MAX)
    .map(({ record, ...written }) => ({ ...written, rules: record.version === past.ruling, record: view(record) })),
  more: past.versions.length > HISTORY_MAX,
  merges: [...past.merges],
})

const anyView = <Is extends Exclude<VersionedIs, 'item'>>(record: VersionedRecord): RecordView<Is> =>
  recordView(record as RecordOf<Exclude<VersionedIs, 'item'>>) as RecordView<Is>

const licencesOf = ({ licences }: RecordOf<'party'>, records: Records) =>
  licences.map((licence) => ({ ...licence, validity: shownValidity(licence, records.today()) }))

const validityIn = ({ issued, until }: RecordOf<'certificate'>, records: Records) => shownValidity({ from: issued, until }, records.today())
