import type { KeyObject } from 'node:crypto'
import type { HubAnswer, HubBody, HubQuery, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { ROUTE_RIGHTS } from '@lotkeeper/protocol/api/hub-rights.ts'
import type { Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { ItemView, MovementRow } from '@lotkeeper/protocol/api/views.ts'
import type { BodyOf, EntryKind, Line, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { MasterIs, MasterRecord, ProvisionalBody } from '@lotkeeper/protocol/ledger/master.ts'
import type { OpeningLine } from '@lotkeeper/protocol/ledger/opening.ts'
import type { BatchReading, EpochTip, Judgement, Stretch, Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { CalendarDate, EntryId, EpochId, Instant, ItemId, LotKey, NodeId, PlaceId, StreamId } from '@lotkeeper/protocol/names.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { ExpiryStanding } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { DigestBody } from '@lotkeeper/protocol/wire/digest.ts'
import type { BirthBody } from '@lotkeeper/protocol/wire/have.ts'
import type { DiscrepancyDraft, DiscrepancyKind } from './discrepancies.ts'

/** One batch message as it came from an admitted node; `payload` is kept byte for byte when it must be quarantined. */
export interface Parcel {
  readonly node: NodeId
  readonly payload: Uint8Array
  readonly receivedAtMs: number
}

/** What became of a parcel. `unreadable`: no batch at all; kept in quarantine. */
export interface Outcome {
  readonly node: NodeId
  readonly judgement: Judgement['is'] | 'unreadable'
  readonly stream: StreamId | null
  readonly epoch: EpochId | null
  /** First number of the batch. */
  readonly from: number
  /** Last number of the batch: what the sender certainly holds itself. */
  readonly upto: number
  readonly taken: number
}

/** What the hub holds of one epoch; `holes`, where there are any: each one's number and the hash before it, in order. */
export interface HubTip extends EpochTip, Pick<Tip, 'refused'> {
  readonly holes?: readonly { readonly seq: number; readonly before: string }[]
}

/** An entry of the hub's own: a directive, a registration. The ledger adds stream, epoch, seq, hash and seals it. */
export interface HubDraft<Kind extends EntryKind = EntryKind> {
  readonly stream: StreamId
  readonly kind: Kind
  readonly action: string
  readonly part: number
  readonly actor: string | null
  readonly doc: string | null
  readonly lines: readonly Line[]
  readonly body: BodyOf<Kind>
}

/**
 * What commits changed, told once after they are durable; enough for the live view without asking again. In busy times several commits come
 * as one, a few hundredths of a second later.
 */
export interface Committed {
  readonly sites: readonly NodeId[]
  readonly entries: number
  /** The changed rows; `null` when they are too many to tell one by one: the live view then takes a snapshot. */
  readonly delta: Pick<Delta, 'stock' | 'movements' | 'discrepancies'> | null
  /** Hub streams that grew: their nodes must be told. */
  readonly grown: readonly StreamId[]
}

/**
 * The county's master ledger. Asynchronous, so that a worker thread with SQLite today and PostgreSQL later stand behind one wall.
 * Every write is one transaction for the log and its projections; a promise resolves only after the commit is on disk.
 */
export interface HubLedger {
  /**
   * Judges and takes a group of parcels in ONE commit. Never refuses authentic entries for business reasons; opens discrepancies instead.
   * The only refusal is `ledger.disk-full`: nothing of the group was taken, offer it again later.
   */
  readonly take: (parcels: readonly Parcel[]) => Promise<readonly Outcome[] | Refusal>
  /**
   * Writes the hub's own entries in one commit; a repeated action returns its first entries. Refuses `ledger.disk-full`, and
   * `api.action-reused` when the action stands for entries of another kind or stream.
   */
  readonly write: (drafts: readonly HubDraft[]) => Promise<{ readonly fresh: boolean; readonly entries: readonly EntryId[] } | Refusal>
  /** What the hub holds of these streams, ready for a `have` (refused stretches included), and what of it are only holes. */
  readonly tips: (streams: readonly StreamId[]) => Promise<readonly HubTip[]>
  /** Nodes whose places belong to this one now: it reads their streams, to know what lies there. */
  readonly passed: (node: NodeId) => Promise<readonly NodeId[]>
  /** Up to 64 entries and 128 KB of a stretch, with the kept signature it ends at. */
  readonly batch: (stretch: Stretch) => Promise<BatchReading | null>
  readonly nodes: () => Promise<
    readonly { readonly node: NodeId; readonly certificates: readonly SignedCertificate[]; readonly revoked: readonly string[] }[]
  >
  readonly keepCertificate: (node: NodeId, signed: SignedCertificate) => Promise<void>
  /** As `keepCertificate`, for one that a node shows of itself or of another hub: `false` when it is not the county's word on either. */
  readonly showCertificate: (node: NodeId, signed: SignedCertificate) => Promise<boolean | Refusal>
  /**
   * Every certificate of the hub itself that is known, how many entries this start took back from the second copy, and whether the file was made by an
   * import that no hub has told its nodes about yet: the ledger it was made from may live on elsewhere.
   */
  readonly standing: () => Promise<{
    readonly certificates: readonly SignedCertificate[]
    readonly tookBack: number
    readonly imported: boolean
  }>
  /** The imported ledger has an incarnation of its own now. */
  readonly settleImport: () => Promise<void>
  /** Seals the hub's streams and checkpoints with another key from now on; its certificate must be known before. */
  readonly signWith: (key: KeyObject) => Promise<void>
  /**
   * Signs the head of this hub epoch's tree and tells it in `hub>all`, so that every node is a witness; `false` when nothing came since the last
   * time, or the disk has no room.
   */
  readonly keepCheckpoint: () => Promise<boolean>
  readonly checkpoint: () => Promise<HubAnswer<'checkpoint'>>
  /** Refuses `ledger.entry-unknown`. */
  readonly inclusion: (entry: EntryId) => Promise<HubAnswer<'inclusion'> | Refusal>
  /** Link life of a node, for the board. */
  readonly noteBirth: (node: NodeId, birth: BirthBody, atMs: number) => Promise<void>
  readonly noteDeath: (node: NodeId, why: string, atMs: number) => Promise<void>
  /** With the tips it named, so that others know what a second machine holds. */
  readonly noteHave: (
    node: NodeId,
    have: { readonly waiting: number; readonly nodeAtMs: number; readonly tips?: readonly Pick<Tip, 'stream' | 'epoch' | 'held'>[] },
    atMs: number,
  ) => Promise<void>
  /** Compares a node's digest with the books; answers which buckets must be asked for to name the row that differs. */
  readonly judgeDigest: (node: NodeId, said: DigestBody, atMs: number) => Promise<readonly number[]>
  /** A parcel or event that could not be taken: one copy per hash, quota per node. */
  readonly quarantine: (node: NodeId, code: string, payload: Uint8Array, atMs: number) => Promise<void>
  /** What is kept aside: parked entries first, then batches that were not taken, newest first. */
  readonly asides: (query: HubQuery<'asides'>, within?: SiteScope) => Promise<HubAnswer<'asides'> | Refusal>
  /** Refuses `aside.unknown`. */
  readonly aside: (aside: string, within?: SiteScope) => Promise<HubAnswer<'aside'> | Refusal>
  /**
   * A person's word on a batch of a revoked key: the decision is an entry of the hub's own, and to take is to offer the kept bytes to the ordinary intake
   * in the same commit. Repeating it answers the same. Refuses `aside.*` when the chain does not take it, or nobody was asked.
   */
  readonly decideAside: (wish: HubBody<'decideAside'> & { readonly actor: string }) => Promise<HubAnswer<'decideAside'> | Refusal>
  /**
   * Opens a discrepancy that no entry tells of (a clone, a forged topic); the row's text and severity follow from its kind. `false` when the disk has
   * no room: it is opened with the first commit that finds some, unless the hub ends before.
   */
  readonly openDiscrepancy: (draft: DiscrepancyDraft) => Promise<boolean>
  readonly closeDiscrepancy: (kind: DiscrepancyKind, subject: string, atMs: number) => Promise<void>
  readonly makeEnrolment: (enrolment: {
    readonly node: NodeId
    readonly secretHash: string
    readonly untilMs: number
    readonly replace: boolean
  }) => Promise<Refusal | null>
  /** Uses up a code: true once; again only for the very key it was used with, so that a lost answer can be asked for again. */
  readonly redeemEnrolment: (node: NodeId, secretHash: string, signingKey: string, nowMs: number) => Promise<boolean | Refusal>
  /** Every code made for a node, used or not, is worth nothing from now on: whoever is shut out may not come in again by one. */
  readonly endEnrolments: (node: NodeId, nowMs: number) => Promise<Refusal | null>
  /** Opens and closes what time alone makes a discrepancy (a transit residue past its due time); run once a minute. */
  readonly sweep: (nowMs: number) => Promise<void>
  /** Whether writes find room on the disk, and whether the second copy of the hub's own entries can be written. */
  readonly storage: () => Promise<{
    readonly state: 'ok' | 'full'
    readonly sinceMs: number | null
    readonly secondCopy: 'none' | 'ok' | 'failing'
  }>
  readonly ask: HubQuestions
  /** Called after commits that changed something. */
  readonly follow: (listener: (committed: Committed) => void) => () => void
  /** The hub's epoch: new at every start; every cursor carries it. */
  readonly epoch: string
  /** Refolds everything from the log and compares: empty when the projections are true. */
  readonly audit: () => Promise<readonly string[]>
  /** Throws the projections away and folds them from the log again, in one commit. */
  readonly rebuild: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Names whose facts a writer of directives needs. */
export interface CatalogNames {
  readonly items: readonly ItemId[]
  readonly sites: readonly NodeId[]
  readonly lots: readonly LotKey[]
  readonly epcs: readonly string[]
  /** Nodes whose standing is wanted; none when left out. */
  readonly nodes?: readonly NodeId[]
  /** Records of master data; none when left out. */
  readonly records?: readonly RecordName[]
  /** Codes of packs, as `codeKey` writes them; none when left out. */
  readonly codes?: readonly string[]
  /** Items whose own codes are wanted too, with those of all that is merged into them. */
  readonly codesOf?: readonly ItemId[]
  /** Entries in which nodes told what they met; none when left out. */
  readonly provisionals?: readonly EntryId[]
  /** Opening balances, by their acts or as documents of a site; none when left out. */
  readonly openings?: readonly (string | { readonly site: NodeId; readonly doc: string })[]
  /** Lots whose units in rooms are wanted; none when left out. */
  readonly standing?: readonly LotKey[]
}
export interface RecordName {
  readonly is: VersionedIs
  readonly id: string
}
/** Kinds of records that have versions of their own. */
export type VersionedIs = Exclude<MasterIs, 'redirect'>
export type VersionedRecord = Extract<MasterRecord, { readonly is: VersionedIs }>

/** What is known of them; a name that is missing here is not known. */
export interface CatalogFacts {
  /** Each by its own record, be it merged into another or not. */
  readonly items: readonly ItemView[]
  readonly sites: readonly SiteBody[]
  /** `now`: the lot the county says it is; `days`: how its last usable day stands. */
  readonly lots: readonly {
    readonly lot: LotKey
    readonly expiry: CalendarDate | null
    readonly now: LotKey
    readonly days: ExpiryStanding & { readonly told: readonly CalendarDate[] }
  }[]
  readonly epcs: readonly string[]
  readonly nodes: readonly NodeFact[]
  readonly records: readonly RecordFact[]
  readonly codes: readonly CodeFact[]
  readonly provisionals: readonly ProvisionalFact[]
  readonly openings: readonly OpeningFact[]
  readonly standing: readonly { readonly lot: LotKey; readonly place: PlaceId; readonly units: number }[]
}

/** Stock of an old system that a node was told to take over, and how that stands. */
export interface OpeningFact {
  readonly act: string
  /** Whose places it goes to, and which node was told. */
  readonly site: NodeId
  readonly node: NodeId
  readonly doc: string
  readonly entry: EntryId
  readonly state: 'open' | 'taken' | 'partly' | 'refused' | 'withdrawn'
  /** Parts that are taken over and stand. */
  readonly taken: number
  /** The entry that withdrew it. */
  readonly withdrawn: EntryId | null
  readonly lines: readonly OpeningLine[]
}

/** What a node met, and how it stands. */
export interface ProvisionalFact {
  readonly entry: EntryId
  readonly node: NodeId
  readonly state: 'open' | 'confirmed' | 'redirected' | 'conflict'
  /** What a redirect leads to by now. */
  readonly target: string | null
  readonly body: ProvisionalBody
  /** Whether the item it names, or what that is merged into, is known by now. */
  readonly isItemKnown: boolean
  /** Words spoken so far on whether it is another item: one that was taken back leaves it open. Of a lot: answers given. */
  readonly redirects: number
}

/** A lot, as it is found by its number. */
export interface LotNamed {
  readonly lot: LotKey
  readonly lotNumber: string
  readonly itemName: ItemView['name']
  readonly expiry: CalendarDate | null
}

/** How one record stands. */
export interface RecordFact extends RecordName {
  /** Its highest version, and the one that rules today. */
  readonly latest: VersionedRecord
  readonly ruling: VersionedRecord
  /** The last word on whether it is another one; none was ever spoken: null. */
  readonly redirect: { readonly version: number; readonly to: string | null } | null
  /** The id all redirects lead to: its own when it is not merged. */
  readonly resolved: string
  /** Every id that leads here, its own among them. */
  readonly family: readonly string[]
}
/** A code as the ruling version of an item has it, or one that is yet to rule. */
export interface CodeFact {
  readonly code: string
  readonly item: ItemId
  readonly units: number
  /** The item that one is merged into, or itself. */
  readonly resolved: ItemId
}

/** How a node stands now. */
export interface NodeFact {
  readonly node: NodeId
  readonly online: boolean
  /** Who owns its places: itself, or the node they passed to. */
  readonly owner: NodeId
  /** The last the hub holds of its stream. */
  readonly tip: { readonly epoch: EpochId; readonly seq: number; readonly hash: string } | null
  /** Rooms that are not empty on the books. */
  readonly stocked: readonly { readonly room: string; readonly lot: LotKey; readonly units: number }[]
}

/** A place in the order in which the hub booked movements, with the entry that stands there: after a restore the number may mean another one. */
export interface MovedAt {
  readonly mv: number
  readonly entry: EntryId
}
/** Rows after a place, and the place of the last; asked without a place, or for one this file does not know any more (`lost`): none, and where it ends. */
export interface Moved {
  readonly rows: readonly MovementRow[]
  readonly at: MovedAt | null
  readonly lost: boolean
}

/** One entry of an action of the hub's own. */
export interface Acted {
  readonly entry: EntryId
  readonly kind: string
  readonly actor: string | null
  readonly occurredAt: Instant
  readonly doc: string | null
  readonly body: Readonly<Record<string, unknown>>
}

/** What somebody may see of the board: which sites, and the discrepancies of which; `null`: none. */
export interface Sight {
  readonly sites: SiteScope
  readonly discrepancies: SiteScope | null
}
/** How many discrepancies are open: in all, those of no site among them, and by site. */
export interface OpenBySite {
  readonly all: number
  readonly bySite: ReadonlyMap<NodeId, number>
}

/**
 * Every question people and machines ask; each is one read of committed rows. `within`: the sites of which it may tell, everything when the house
 * itself asks. What lies elsewhere is answered as if there were no such thing: not a row, not in a sum, not as a refusal of its own.
 */
export interface HubQuestions {
  readonly overview: (sight?: Sight) => Promise<Omit<HubAnswer<'overview'>, 'cursor'>>
  readonly stock: (query: HubQuery<'stock'>, within?: SiteScope) => Promise<HubAnswer<'stock'> | Refusal>
  readonly stockAsOf: (query: HubQuery<'stockAsOf'>, within?: SiteScope) => Promise<HubAnswer<'stockAsOf'> | Refusal>
  readonly movements: (query: HubQuery<'movements'>, within?: SiteScope) => Promise<HubAnswer<'movements'> | Refusal>
  /** What moved after a place in the hub's own order, oldest first: for whoever must miss nothing. */
  readonly movedSince: (query: { readonly after: MovedAt | null; readonly limit: number }) => Promise<Moved>
  readonly lot: (query: HubQuery<'lot'>, within?: SiteScope) => Promise<HubAnswer<'lot'> | Refusal>
  readonly genealogy: (query: HubQuery<'genealogy'>, within?: SiteScope) => Promise<HubAnswer<'genealogy'> | Refusal>
  readonly tag: (query: HubQuery<'tag'>, within?: SiteScope) => Promise<HubAnswer<'tag'> | Refusal>
  readonly tagLife: (query: HubQuery<'tagLife'>, within?: SiteScope) => Promise<HubAnswer<'tagLife'> | Refusal>
  readonly labelActs: (query: HubQuery<'labelActs'>, within?: SiteScope) => Promise<HubAnswer<'labelActs'> | Refusal>
  readonly counts: (query: HubQuery<'counts'>, within?: SiteScope) => Promise<HubAnswer<'counts'> | Refusal>
  readonly documents: (query: HubQuery<'documents'>, within?: SiteScope) => Promise<HubAnswer<'documents'> | Refusal>
  readonly nodes: (sight?: Sight) => Promise<HubAnswer<'nodes'>>
  readonly sites: (within?: SiteScope) => Promise<HubAnswer<'sites'>>
  readonly items: (query: HubQuery<'items'>) => Promise<HubAnswer<'items'> | Refusal>
  readonly item: (query: HubQuery<'item'>) => Promise<HubAnswer<'item'> | Refusal>
  readonly parties: (query: HubQuery<'parties'>) => Promise<HubAnswer<'parties'> | Refusal>
  readonly party: (query: HubQuery<'party'>) => Promise<HubAnswer<'party'> | Refusal>
  readonly certificates: (query: HubQuery<'certificates'>) => Promise<HubAnswer<'certificates'> | Refusal>
  readonly certificate: (query: HubQuery<'certificate'>) => Promise<HubAnswer<'certificate'> | Refusal>
  readonly portals: (query: HubQuery<'portals'>, within?: SiteScope) => Promise<HubAnswer<'portals'> | Refusal>
  readonly portal: (query: HubQuery<'portal'>, within?: SiteScope) => Promise<HubAnswer<'portal'> | Refusal>
  readonly costCentres: (query: HubQuery<'costCentres'>, within?: SiteScope) => Promise<HubAnswer<'costCentres'> | Refusal>
  readonly costCentre: (query: HubQuery<'costCentre'>, within?: SiteScope) => Promise<HubAnswer<'costCentre'> | Refusal>
  readonly provisionals: (query: HubQuery<'provisionals'>, within?: SiteScope) => Promise<HubAnswer<'provisionals'> | Refusal>
  readonly openings: (query: HubQuery<'openings'>, within?: SiteScope) => Promise<HubAnswer<'openings'> | Refusal>
  readonly openingLines: (query: HubQuery<'openingLines'>, within?: SiteScope) => Promise<HubAnswer<'openingLines'> | Refusal>
  readonly provisional: (entry: EntryId) => Promise<ProvisionalFact | null>
  /** Lots whose number begins so, wherever their units are by now, the shortest numbers first. */
  readonly lots: (query: { readonly number: string; readonly limit: number }, within?: SiteScope) => Promise<readonly LotNamed[]>
  readonly permits: (query: HubQuery<'permits'>) => Promise<HubAnswer<'permits'> | Refusal>
  readonly tags: (query: HubQuery<'tags'>, within?: SiteScope) => Promise<HubAnswer<'tags'> | Refusal>
  readonly discrepancies: (query: HubQuery<'discrepancies'>, within?: SiteScope) => Promise<HubAnswer<'discrepancies'> | Refusal>
  readonly snapshot: (sight?: Sight) => Promise<Omit<Snapshot, 'cursor' | 'at'>>
  /** The board's lines of these sites, and how many discrepancies are open where. */
  readonly siteSummaries: (sites: readonly NodeId[]) => Promise<Pick<Snapshot, 'sites'> & { readonly open: OpenBySite }>
  /** What the catalogue knows of these names: all that a writer of directives checks before it writes. `within` leaves out lots of other sites. */
  readonly known: (names: CatalogNames, within?: SiteScope) => Promise<CatalogFacts>
  /** What the hub's own entries of this action say, in the order of their parts; `null` when the action is new. */
  readonly acted: (action: string) => Promise<readonly Acted[] | null>
}

/** Questions whose route is narrowed to the asker's sites. */
type NarrowedQuestion = {
  readonly [Name in HubRoute & keyof HubQuestions]: (typeof ROUTE_RIGHTS)[Name]['site'] extends 'rows' ? Name : never
}[HubRoute & keyof HubQuestions]
/** The questions as whoever answers a person must ask them: never without saying for which sites. */
export type NarrowedQuestions = {
  readonly [Name in keyof HubQuestions]: Name extends NarrowedQuestion
    ? (...asked: Required<Parameters<HubQuestions[Name]>>) => ReturnType<HubQuestions[Name]>
    : HubQuestions[Name]
}
