import type { BookDigest } from '@lotkeeper/protocol/ledger/digest.ts'
import type { BodyOf, Entry, EntryKind, Line, SiteBody, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { MasterIs, PackCode, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import type { Owns } from '@lotkeeper/protocol/ledger/movement.ts'
import type { OpeningLine } from '@lotkeeper/protocol/ledger/opening.ts'
import type { RosterBody } from '@lotkeeper/protocol/ledger/roster.ts'
import type { BatchReading, EpochTip, Judgement, Stretch, Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { CalendarDate, EntryId, LotKey, NodeId, PlaceId, StreamId } from '@lotkeeper/protocol/names.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { RecentReceipt, TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'
import type { ExpiryStanding } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'

/** An act before it has a place in the stream. The ledger adds stream, epoch, seq, zone, boot and up time. */
export interface Draft<Kind extends EntryKind = EntryKind> {
  readonly kind: Kind
  readonly actor: string | null
  readonly device: string | null
  readonly occurredAtMs: number
  readonly doc: string | null
  readonly refs: readonly EntryId[]
  readonly reverses: Entry['reverses']
  readonly lines: readonly Line[]
  readonly body: BodyOf<Kind>
}

/**
 * What a booking gave: the entries written (or first written, when the action is a repeat), and the head after them. `entry` is `null` only in a
 * repeat, while its text cannot be read: that it was booked stands all the same.
 */
export interface Booking {
  readonly fresh: boolean
  readonly entries: readonly { readonly id: EntryId; readonly seq: number; readonly hash: string; readonly entry: Entry | null }[]
  readonly head: Head
}
export interface Head {
  readonly epoch: string
  readonly seq: number
  readonly hash: string
}

/** A node's ledger: its own stream, what the hub told it, and the projections of both, in one SQLite file. Synchronous: one writer. */
export interface EdgeLedger {
  /**
   * Books the drafts of one action in one commit (chain, projections, cursor together). `decide` runs inside the transaction and sees the
   * book as it stands; it answers drafts or a refusal. A repeated action returns its first entries without deciding again, also when they
   * are damaged by now; the same action with another `act` refuses `api.action-reused`. `judgeLines` of the protocol is applied to every draft;
   * disk full refuses `ledger.disk-full`, a failing one `ledger.disk-failed`, with nothing written; a repeat needs no room and is answered all the
   * same.
   */
  readonly book: (
    act: { readonly action: string; readonly act: string },
    decide: (book: Book) => readonly Draft[] | Refusal,
  ) => Booking | Refusal
  /** Books several door crossings at once (group commit): each its own action, all or none durable together. */
  readonly bookGroup: (
    acts: readonly { readonly action: string; readonly act: string; readonly decide: (book: Book) => readonly Draft[] | Refusal }[],
  ) => readonly (Booking | Refusal)[]
  readonly read: Book
  readonly exchange: EdgeExchange
  readonly head: () => Head
  /**
   * The epoch this process writes, and no other ever does. As long as the disk lets nothing be written it has not begun, and the head is that of an
   * epoch that an earlier process wrote.
   */
  readonly epoch: string
  /** Whether this very entry stands in the own log: a client that was answered it sends it back, and `false` means a lost tail. */
  readonly holds: (head: Head) => boolean
  /** What the last write came to: a full or failed disk refuses bookings until a write succeeds again. */
  readonly disk: () => 'ok' | 'full' | 'failed'
  /** Called after every commit with what changed, once per commit. */
  readonly follow: (listener: (changed: Changed) => void) => () => void
  /** Refolds every projection from the log in one commit; answers the tables that had differed: empty when they were true. */
  readonly rebuild: () => readonly string[]
  readonly close: () => void
}

export interface Changed {
  readonly entries: readonly { readonly id: EntryId; readonly entry: Entry; readonly own: boolean }[]
}

/** Reading the book. Lists are in FEFO order where that has a meaning. */
export interface Book {
  /** Whether the places of that node are this one's to book: its own, and those that passed to it [ledger-and-sync 1.9]. */
  readonly owns: Owns
  /** Nodes whose places passed to this one: it reads their streams, to know what lies there. */
  readonly passed: () => readonly NodeId[]
  readonly units: (lot: LotKey, place: PlaceId) => number
  readonly positions: () => readonly PositionRow[]
  readonly lot: (lot: LotKey) => LotRow | null
  /** How its last usable day stands: what was told, what people answered (newest first), what stands against each other. */
  readonly lotExpiry: (
    lot: LotKey,
  ) => ExpiryStanding & { readonly told: readonly CalendarDate[]; readonly answers: readonly LotAnswerRow[] }
  /** Lots of which several last days stand against each other, the earliest first. */
  readonly lotConflicts: () => readonly LotRow[]
  /** The answer that rules of each lot that has one, newest first, so many at most. */
  readonly lotAnswers: (limit: number) => readonly LotAnswerRow[]
  /** The item as it rules today; where the county says it is another one, that one. */
  readonly item: (item: string) => Item | null
  /** Items to choose from, by id: those that were given up or merged are left out. */
  readonly items: (query?: { readonly search?: string | undefined; readonly from?: number; readonly limit?: number }) => readonly Item[]
  readonly itemByCode: (code: { readonly scheme: PackCode['scheme']; readonly code: string }) => ItemFound | null
  /** The entry in which somebody here said what a code stands for, be that still so or not. */
  readonly codeBoundBy: (code: { readonly scheme: PackCode['scheme']; readonly code: string }) => EntryId | null
  /** Any other record of the county as it rules today, redirects followed. */
  readonly record: <Is extends Exclude<MasterIs, 'item' | 'redirect'>>(is: Is, id: string) => RecordOf<Is> | null
  /** Items this node made itself, newest first, with what became of them. */
  readonly provisionals: () => readonly ProvisionalRow[]
  /** The tags it bound before anybody registered them, newest first, so many at most. */
  readonly tagsMet: (limit: number) => readonly TagMetRow[]
  /** The lots whose number was written here before anybody knew them, newest first, so many at most. */
  readonly lotsMet: (limit: number) => readonly LotMetRow[]
  /** The lot the county says it is: itself, as long as it says nothing else. */
  readonly lotNow: (lot: LotKey) => LotKey
  /** Whether the county has answered what this lot is. */
  readonly lotAnswered: (lot: LotKey) => boolean
  readonly site: () => SiteBody | null
  /** Who may sign in here, by the highest version the county told; `null` until it told any. */
  readonly roster: () => RosterBody | null
  /** Every site the county told, this one too, by name. */
  readonly sites: () => readonly SiteBody[]
  /** Units of a lot that tag registrations announce to this node and that have not come; goods of despatch advices are counted by document. */
  readonly announced: (lot: LotKey) => number
  /** The same by the document the registrations name; `null` for what none names, or nobody can tell. */
  readonly announcedUnder: (lot: LotKey) => readonly { readonly doc: string | null; readonly units: number }[]
  /** What despatch advices announce to this node, by document and lot, with what came under them. */
  readonly expected: () => readonly ExpectedRow[]
  /** Whether goods under this document come out of transit: a despatch of another site, its advice heard or not. */
  readonly despatched: (doc: string) => boolean
  readonly tag: (epc: string) => TagRow | null
  /** Every tag of a lot that is known here, retired ones too. */
  readonly tagsOf: (lot: LotKey) => readonly TagRow[]
  /** Tags put on, replaced or retired here, newest first, with the reversal of each. */
  readonly retags: (limit: number) => readonly { readonly id: EntryId; readonly entry: Entry; readonly undoneBy: EntryId | null }[]
  readonly retagUndoneBy: (id: EntryId) => EntryId | null
  readonly standing: (epc: string) => TagStanding | null
  /** What was received of a lot since then, by scan or through a door, newest first; `tags` counts those a crossing confirmed. */
  readonly recentReceipts: (lot: LotKey, sinceMs: number) => readonly RecentReceipt[]
  readonly entry: (id: EntryId) => Entry | null
  /** The entry that reversed this line, if any. */
  readonly reversedBy: (id: EntryId, line: number) => EntryId | null
  /** Own entries that moved something and can be read, newest first; `before` is the `at` of the last one seen. */
  readonly movements: (query: {
    readonly lot?: LotKey
    readonly before?: number
    readonly limit: number
  }) => readonly { readonly id: EntryId; readonly at: number; readonly entry: Entry }[]
  /** Newest first; without those whose entry is damaged. */
  readonly openTasks: () => readonly TaskRow[]
  /** A task, settled or not; `null` when the entry is none, or damaged. */
  readonly task: (id: EntryId) => TaskRow | null
  /** When an entry was truly written, ms, by a `clock` entry of the same boot; `null` when nothing says its time was wrong. */
  readonly dated: (entry: Entry) => number | null
  /** What the node itself kept of what happened to it, oldest first; `facts` are JSON. */
  readonly raised: () => readonly { readonly alarm: string; readonly facts: string; readonly at: string }[]
  /** Entries about devices (`gap`, `maintenance`) before a moment, ms since 1970, newest first; of one moment by id. Damaged ones are left out. */
  readonly deviceEntries: (
    before: { readonly atMs: number; readonly id: string },
    limit: number,
  ) => readonly { readonly id: EntryId; readonly atMs: number; readonly entry: Entry }[]
  /** The newest `alarm` entry about it. */
  readonly acknowledged: (alarm: string) => { readonly by: string | null; readonly at: string } | null
  /** Occurrence time of the newest own entry, for the site's "today". */
  readonly lastOwnAtMs: () => number | null
}
/** An item as it rules; version 0 is one that this node made itself and no county has confirmed. */
export type Item = Omit<RecordOf<'item'>, 'is' | 'id'> & { readonly item: string }
/** What a code names; no pack where the item was merged and the kept one has none like it. */
export interface ItemFound {
  readonly item: Item
  readonly pack: string | null
  readonly units: number | null
  /** Nobody but a person of this node says so: the county does not know the code. */
  readonly isBoundHere?: true
}
export interface ProvisionalRow {
  readonly item: string
  readonly entry: EntryId
  /** As it was called here. */
  readonly name: Item['name']
  readonly state: 'waiting' | 'confirmed' | 'redirected' | 'conflict'
  /** What it is now. */
  readonly now: Item
}
export interface TagMetRow {
  readonly epc: string
  readonly lot: LotKey
  readonly state: 'waiting' | 'confirmed' | 'conflict'
}
export interface LotMetRow {
  readonly lot: LotKey
  readonly state: ProvisionalRow['state']
  readonly now: LotKey
}
export interface PositionRow {
  readonly lot: LotKey
  readonly place: PlaceId
  readonly units: number
}
export interface LotRow {
  readonly lot: LotKey
  readonly item: string
  readonly lotNumber: string
  readonly printed: string
  /** The day that rules: the earliest told, until a person has said which is right. */
  readonly expiry: string | null
  readonly produced: string | null
  readonly conflict: boolean
}
/** A person's word on the last usable day of a lot. */
export interface LotAnswerRow {
  readonly lot: LotKey
  readonly version: number
  readonly entry: EntryId
  readonly expiry: CalendarDate
  readonly told: readonly CalendarDate[]
  readonly reason: string | null
  readonly actor: string | null
  readonly at: string
}
export interface TagRow {
  readonly epc: string
  readonly registration: TagBody
  readonly doc: string | null
  readonly units: number | null
  readonly place: PlaceId | null
  /** It stands for nothing any more: the entry that says so, and why. */
  readonly retired: { readonly entry: EntryId; readonly why: string } | null
}
export interface TaskRow {
  readonly task: EntryId
  /** Place in this node's commit order. */
  readonly at: number
  /** A `passage` or `code-met` entry, an `ask` or an `opening` of the hub, or a `move` that covered pulled-back history. */
  readonly entry: Entry
  readonly settledBy: EntryId | null
  /** What is asked, where no passage made the task. */
  readonly asks: AskRow | null
  /** What is to be taken over, where that is the task. */
  readonly opening: OpeningRow | null
}
/** Stock of an old system that the county tells this node to take over, as far as it is not taken over yet. */
export interface OpeningRow {
  readonly act: string
  readonly doc: string
  /** Day the old system counted it. */
  readonly counted: string | null
  readonly parts: readonly { readonly part: number; readonly opening: EntryId; readonly lines: readonly OpeningLine[] }[]
}
/** A question to this node: to count a lot at a place, or to book a correction. */
export interface AskRow {
  readonly what: 'count' | 'correct'
  readonly place: PlaceId
  readonly lot: LotKey
  readonly lines: readonly Line[]
  readonly reason: string
  readonly by: 'hub' | 'node'
}
export interface ExpectedRow {
  readonly doc: string
  readonly from: string
  readonly due: string | null
  readonly lot: LotKey
  readonly expiry: string | null
  readonly announced: number
  readonly received: number
}

/** What the uplink needs of the ledger. */
export interface EdgeExchange {
  /** Tips of some streams, in the order the epochs were first held, with what was refused of them since the start. */
  readonly tips: (streams: readonly StreamId[]) => readonly (EpochTip & Pick<Tip, 'refused'>)[]
  /** Streams this node holds anything of. */
  readonly streams: () => readonly StreamId[]
  /** Up to 64 entries and 128 KB of the stretch, sealed: signs own unsigned entries now and keeps the signature; re-sent history ends at a kept one. */
  readonly batch: (stretch: Stretch) => BatchReading | null
  /**
   * Judges and takes a batch from the hub (hub streams, or own history pulled back), in one commit. Nothing could be written: `gap`, so it
   * comes again. Own entries beyond the head of the running epoch are somebody else's: `fork`.
   */
  readonly take: (batch: BatchReading, publicKey: Uint8Array | 'unknown' | 'revoked') => Judgement
  /** Certificates that came as directives or were kept from the hub's state; whoever uses one checks the county's signature. */
  readonly certificates: () => readonly SignedCertificate[]
  readonly keepCertificate: (signed: SignedCertificate) => void
  /** Key ids that were revoked. */
  readonly revoked: () => readonly string[]
  /** Remembers the hub's last told time and what it holds of us, for "today" and for what the page shows. */
  readonly note: (fact: { readonly hubAtMs?: number; readonly heldByHub?: { readonly epoch: string; readonly seq: number } }) => void
  readonly noted: () => {
    readonly hubAtMs: number | null
    /** When that was heard, by the machine's own count of time since it was switched on. */
    readonly hubHeard: { readonly boot: string; readonly upMs: number } | null
    readonly heldByHub: { readonly epoch: string; readonly seq: number } | null
  }
  /**
   * Tips as they are to be told a hub: up to the first entry this node can no longer read and that hub may have [ledger-and-sync 3, hole], which it
   * may unless it was asked in vain.
   */
  readonly toldTips: (
    streams: readonly StreamId[],
    isVain: (stream: StreamId, epoch: string, seq: number) => boolean,
  ) => readonly (EpochTip & Pick<Tip, 'refused'>)[]
  /** Checks so many rows of the log more against their hashes, in turns over all of it. */
  readonly inspect: (rows: number) => void
  /** Entries this node can no longer read: by its own card's fault, or as its writer sent them. */
  readonly holes: () => readonly { readonly stream: StreamId; readonly epoch: string; readonly seq: number }[]
  /** What the log and the hub's words showed since this was last asked. */
  readonly found: () => readonly Found[]
  /** The own places at the head, as one hash, and the rows of some of its buckets. */
  readonly digest: () => BookDigest & Pick<Head, 'epoch' | 'seq'>
  readonly digestRows: (buckets: readonly number[]) => readonly PositionRow[]
}

/** Something a person should know of what is held. */
export type Found =
  /** The text of an entry is damaged; it is asked back from the hub. */
  | { readonly is: 'hole'; readonly stream: StreamId; readonly epoch: string; readonly seq: number }
  /** A checkpoint of the hub contradicts an earlier one: it tells two histories. */
  | { readonly is: 'fork'; readonly stream: StreamId; readonly epoch: string; readonly from: number }
