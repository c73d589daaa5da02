import type { EpochTip, Judgement, Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import { type BatchReading, judgeBatch, type Known } from '@lotkeeper/protocol/ledger/stream.ts'
import { HUB, type NodeId, STREAM_TO_ALL, type StreamId, streamToNode, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { RefusalCode } from '@lotkeeper/protocol/refusals.ts'
import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { type Database, storageTroubleOf } from '../../database.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import type { Outcome, Parcel } from '../contract.ts'
import type { DiscrepancyKind } from '../discrepancies.ts'
import type { Append } from './append.ts'
import type { Certificates } from './certificates.ts'
import type { Decisions } from './decisions.ts'
import type { Log } from './log.ts'
import type { Quarantine } from './quarantine.ts'

/** Judges parcels and takes what may be taken, inside the transaction that is open [ledger-and-sync 3, receiver]. */
export interface Take {
  /** With `apply` off the entries are held and parked: for an entry that would break the fold every time it is offered. */
  readonly one: (parcel: Parcel, apply: boolean) => Outcome
  /** Keeps a copy and nothing else: for a parcel that breaks even its reader. */
  readonly setAside: (parcel: Parcel, code: RefusalCode) => Outcome
  readonly refusedOf: (stream: StreamId) => ReadonlyMap<string, Tip['refused']>
  /** What would become of a batch if a person took it now, whatever became of its key. */
  readonly weigh: (batch: BatchReading) => Judgement
  /** A writer has a certificate now: what was refused for its key is asked for again, for it may come under the new one. */
  readonly forgive: (stream: StreamId) => void
}

export const openTake = (
  db: Database,
  parts: Parts,
  rooms: {
    readonly log: Log
    readonly passed: (owner: NodeId) => readonly NodeId[]
    readonly certificates: Certificates
    readonly quarantine: Pick<Quarantine, 'keep'>
    readonly decisions: Pick<Decisions, 'of'>
    readonly discrepancies: DiscrepancyRows
    readonly append: Append
  },
): Take => {
  const marks = openRefused(db)
  const seal = db.prepare('insert or ignore into batch_signature values (?, ?, ?, unhex(?), ?, ?)')

  const setAside = (parcel: Parcel, code: RefusalCode, batch: BatchReading | null = null): Outcome => {
    rooms.quarantine.keep(parcel.node, code, parcel.payload, parcel.receivedAtMs)
    // What a person refused for good is kept whenever it comes, and asks nobody again.
    if (code === 'wire.key-revoked' && batch && rooms.decisions.of(batch)) return outcome(parcel, batch, 'refused')
    const kind = KIND_OF_CODE[code] ?? 'entry-refused'
    const at = batch ? `${batch.epoch}/${batch.from}` : '-'
    const facts = { code, at, key: batch?.key ?? '-', stream: batch?.stream ?? '-' }
    const subject = subjectOf(kind, parcel.node, facts)
    rooms.discrepancies.open({
      kind,
      site: parcel.node === HUB ? null : parcel.node,
      subject,
      entry: null,
      atMs: parcel.receivedAtMs,
      facts,
    })
    return outcome(parcel, batch, batch ? 'refused' : 'unreadable')
  }

  const settle = (parcel: Parcel, batch: BatchReading, judged: Judgement, held: number, apply: boolean): Outcome => {
    if (judged.is === 'taken') {
      const { entries, filled, parent } = judged
      const holds = held + entries.length
      rooms.append.all(batch, parent, entries, { receivedAtMs: parcel.receivedAtMs, apply })
      // What breaks the fold stays a hole: the epoch has passed it, so it could not be parked.
      if (apply) rooms.append.fill({ ...batch, parent }, filled, parcel.receivedAtMs)
      // A seal speaks for the head it names; of a batch taken in part only, the rest brings its own.
      if (batch.upto <= holds && !judged.unsealed)
        seal.run(batch.stream, batch.epoch, batch.upto, batch.headHash, batch.key, batch.signature)
      marks.clear(batch.stream, batch.epoch, holds)
      return outcome(parcel, batch, 'taken', entries.length + (apply ? filled.length : 0))
    }
    if (judged.is === 'fork' || judged.is === 'refused') {
      const no = judged.is === 'fork' ? { from: judged.at, hash: judged.theirs, code: 'wire.fork' as const } : judged
      // What the hub holds stays held; of a refused batch only what lies above it need not be sent again. A fork is told where it began, for
      // the other branch goes on above it. The hub's own streams are nobody's to stop.
      const from = judged.is === 'fork' ? no.from : Math.max(no.from, held + 1)
      if (writerOf(batch.stream) !== HUB && from <= batch.upto) marks.put(batch, from, no)
      return { ...setAside(parcel, no.code, batch), judgement: judged.is }
    }
    return outcome(parcel, batch, judged.is)
  }

  const judge = (batch: BatchReading, publicKey: Known['publicKey']): Judgement =>
    judgeBatch(
      parts,
      {
        publicKey,
        tip: rooms.log.tip(batch.stream, batch.epoch),
        hashAt: (epoch, seq) => rooms.log.hashAt(batch.stream, epoch, seq),
        holes: (epoch, from, upto) => rooms.log.holes(batch.stream, epoch, from, upto),
      },
      batch,
    )
  const keyFor = (batch: BatchReading): Known['publicKey'] => {
    const key = rooms.certificates.publicKey(writerOf(batch.stream), batch.key)
    // The one exception from a revocation: a person took this very head, and its hash proves all before it.
    if (key !== 'revoked' || rooms.decisions.of(batch)?.verdict !== 'take') return key
    return rooms.certificates.certified(writerOf(batch.stream), batch.key)
  }

  return {
    one: (parcel, apply) => {
      const batch = readBatch(parts.text(parcel.payload))
      if (!batch) return setAside(parcel, 'wire.batch-malformed')
      if (!mayBring(parcel.node, batch.stream, rooms.passed)) return setAside(parcel, 'wire.writer-foreign', batch)
      const held = rooms.log.tip(batch.stream, batch.epoch)?.held ?? 0
      return settle(parcel, batch, judge(batch, keyFor(batch)), held, apply)
    },
    weigh: (batch) => judge(batch, rooms.certificates.certified(writerOf(batch.stream), batch.key)),
    setAside: (parcel, code) => setAside(parcel, code),
    refusedOf: marks.of,
    forgive: marks.forgive,
  }
}

/**
 * A node brings its own stream, and gives back what the hub once told it: its own words, and those of nodes whose places passed to this one. The
 * hub's second copy (`hub`) brings whatever the hub wrote.
 */
const mayBring = (node: NodeId, stream: StreamId, passed: (owner: NodeId) => readonly NodeId[]): boolean =>
  writerOf(stream) === node || stream === STREAM_TO_ALL || stream === streamToNode(node) || passed(node).includes(writerOf(stream))

const outcome = (parcel: Parcel, batch: BatchReading | null, judgement: Outcome['judgement'], taken = 0): Outcome => ({
  node: parcel.node,
  judgement,
  stream: batch?.stream ?? null,
  epoch: batch?.epoch ?? null,
  from: batch?.from ?? 0,
  upto: batch?.upto ?? 0,
  taken,
})

/** One row per thing a person settles: a message nobody can read per node, a key per node, else the place in the stream. */
const subjectOf = (
  kind: DiscrepancyKind,
  node: NodeId,
  { at, key, stream }: { readonly at: string; readonly key: string; readonly stream: string },
): string => {
  if (kind === 'message-unreadable') return node
  return kind === 'key-unknown' || kind === 'key-revoked' ? `${node} ${key}` : `${node} ${stream}/${at}`
}

const KIND_OF_CODE: Partial<Record<RefusalCode, DiscrepancyKind>> = {
  'wire.batch-malformed': 'message-unreadable',
  'wire.writer-foreign': 'stream-foreign',
  'wire.chain-broken': 'tamper',
  'wire.signature-wrong': 'tamper',
  'wire.key-unknown': 'key-unknown',
  'wire.key-revoked': 'key-revoked',
  'wire.fork': 'fork',
}

/** Stretches the hub told it will not take. They are forgotten at every start, so an upgrade or a mended node is asked once more. */
const openRefused = (db: Database) => {
  try {
    db.exec('delete from refused')
  } catch (cause) {
    // On a full disk they stand until a start that has room.
    if (storageTroubleOf(cause) !== 'full') throw cause
  }
  const put = db.prepare('insert or replace into refused values (?, ?, ?, ?, ?)')
  const drop = db.prepare('delete from refused where stream = ? and epoch = ? and from_seq <= ?')
  const forgive = db.prepare(`delete from refused where stream = ? and code in ('wire.key-unknown', 'wire.key-revoked')`)
  const find = db.prepare<[string], { readonly epoch: string; readonly from: number; readonly hash: string; readonly code: string }>(
    'select epoch, from_seq as "from", hash, code from refused where stream = ? order by epoch, from_seq limit 4096',
  )
  // Hardly anything is ever refused, and every word of every node asks.
  let any = db.prepare('select exists (select 1 from refused)').pluck().get() === 1
  return {
    put: ({ stream, epoch }: EpochTipName, from: number, { hash, code }: { readonly hash: string; readonly code: string }) => {
      any = true
      put.run(stream, epoch, from, hash, code)
    },
    clear: (stream: StreamId, epoch: string, upto: number) => {
      if (any) drop.run(stream, epoch, upto)
    },
    forgive: (stream: StreamId) => forgive.run(stream),
    of: (stream: StreamId): ReadonlyMap<string, Tip['refused']> => {
      if (!any) return NONE_REFUSED
      const rows = Map.groupBy(find.all(stream), ({ epoch }) => epoch)
      return new Map([...rows].map(([epoch, list]) => [epoch, list.slice(0, REFUSED_TOLD_MAX).map(({ epoch: _, ...mark }) => mark)]))
    },
  }
}
const NONE_REFUSED: ReadonlyMap<string, Tip['refused']> = new Map()
type EpochTipName = Pick<EpochTip, 'stream' | 'epoch'>
/** As many as one tip of a `have` may carry. */
const REFUSED_TOLD_MAX = 16
