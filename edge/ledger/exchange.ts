import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { provedTogether, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import {
  type BatchReading,
  type EpochTip,
  type Judgement,
  judgeBatch,
  type Known,
  type Stretch,
  type Tip,
} from '@lotkeeper/protocol/ledger/stream.ts'
import { entryId, type NodeId, STREAM_TO_ALL, type StreamId, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '@lotkeeper/protocol/wire/batch.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { Database } from '../database.ts'
import type { Actions } from './actions.ts'
import type { Apply } from './apply.ts'
import type { Book, Changed, EdgeExchange, Found } from './contract.ts'
import { coverShortfall } from './cover.ts'
import { type Damage, NO_KIND } from './damage.ts'
import { openOwnDigest } from './digest.ts'
import type { Log } from './log.ts'
import type { openNoted } from './noted.ts'
import { openSeals, type Seal } from './seals.ts'
import { undoTakenTwice } from './twice.ts'
import { openWitness } from './witness.ts'
import type { Commit, LedgerParts, Writer } from './writer.ts'

/** What the uplink needs of the ledger, and `settle`, which writes what may wait into a commit that happens anyway. */
export interface Exchange extends EdgeExchange {
  readonly settle: () => void
  /** That commit is durable. */
  readonly settled: () => void
  /** After a rollback: a signature that came with entries must not be written without them. */
  readonly unsettled: () => void
}

interface Store {
  readonly node: NodeId
  readonly log: Log
  readonly apply: Apply
  readonly book: Book
  readonly writer: Writer
  readonly actions: Actions
  readonly commit: Commit
  readonly wrote: (entry: Changed['entries'][number]) => void
  readonly damage: Damage
  readonly noted: ReturnType<typeof openNoted>
  /** Something came that may show the clock to be wrong. */
  readonly heard: () => void
  readonly now: () => number
}

export const openExchange = (db: Database, parts: LedgerParts, store: Store): Exchange => {
  const sql = statementsOf(db)
  const own = streamOfNode(store.node)
  const { damage, noted } = store
  const seals = openSeals(db)
  const digest = openOwnDigest(parts.crypto, store.node, store.book)
  const contradicts = openWitness(db)
  const refused = new Map<string, Tip['refused'][number] & { stream: StreamId; epoch: string }>()
  let found: Found[] = []

  const batch = (stretch: Stretch): BatchReading | null => {
    if (!damage.look({ ...stretch, upto: Math.min(stretch.upto, stretch.from + BATCH_ENTRIES_MAX - 1) })) return null
    const entries = entriesOf(store.log, stretch)
    const end = stretch.from + entries.length - 1
    const kept = seals.within(stretch, end)
    // History keeps its first signatures, but those of a key that was given up since prove nothing to a peer that never saw them.
    const anew = stretch.stream === own && (end > seals.last(stretch) || kept?.key !== parts.signer.key)
    const upto = anew ? end : (kept?.upto ?? 0)
    const head = store.log.hashAt(stretch.stream, stretch.epoch, upto)
    if (upto < stretch.from || !head) return null
    const sealed = { stream: stretch.stream, epoch: stretch.epoch, upto, headHash: hexOf(head) }
    const fresh = (): Seal => ({ upto, key: parts.signer.key, signature: parts.signer.sign(signedHead(parts.crypto, sealed)) })
    const seal = !anew && kept ? kept : fresh()
    if (anew) seals.keep({ ...sealed, head, ...seal })
    if (seals.waiting() >= SEALS_WAITING_MAX) store.commit(() => {})
    return { ...sealed, from: stretch.from, key: seal.key, signature: seal.signature, entries: entries.slice(0, upto - stretch.from + 1) }
  }

  const take: EdgeExchange['take'] = (reading, publicKey) => {
    const { stream, epoch } = reading
    if (!isReadable(store, stream)) return { is: 'refused', from: reading.from, hash: reading.headHash, code: 'wire.writer-foreign' }
    const stranger = stream === own ? strangerOf(store, reading) : null
    if (stranger) return stranger
    const judgement = judgeBatch(parts.crypto, knownOf(store, reading, publicKey), reading)
    if (judgement.is === 'refused' && judgement.code !== 'wire.key-unknown')
      refused.set(`${stream}\n${epoch}`, { stream, epoch, ...judgement })
    if (judgement.is !== 'taken') return judgement
    const held = store.log.tip(stream, epoch)?.held ?? 0
    const last = judgement.entries.at(-1)
    const news = store.commit(() => {
      if (last?.seq === reading.upto) seals.keep({ ...reading, head: last.hash })
      return keepTaken(db, { ...store, contradicts }, reading, judgement)
    })
    if (isRefusal(news)) return { is: 'gap', held }
    found.push(...news)
    refused.delete(`${stream}\n${epoch}`)
    return judgement
  }

  const tips: EdgeExchange['tips'] = (streams) => {
    const held = store.log.tips().filter((tip) => streams.includes(tip.stream))
    const names = new Set(held.map((tip) => `${tip.stream}\n${tip.epoch}`))
    const unheld = [...refused].filter(([name, one]) => streams.includes(one.stream) && !names.has(name)).map(([, one]) => emptyTip(one))
    return [...held, ...unheld].map((tip) => {
      const one = refused.get(`${tip.stream}\n${tip.epoch}`)
      return { ...tip, refused: one ? [{ from: one.from, hash: one.hash, code: one.code }] : [] }
    })
  }

  return {
    tips,
    toldTips: (streams, isVain) => tips(streams).map((tip) => damage.told(tip, isVain)),
    streams: () => [...new Set(store.log.tips().map((tip) => tip.stream))],
    batch,
    take,
    inspect: damage.inspect,
    holes: damage.all,
    found: () => {
      const news = [...damage.found(), ...found]
      found = []
      return news
    },
    digest: () => {
      const { epoch, seq } = store.writer.head()
      return { epoch, seq, ...digest.read() }
    },
    digestRows: digest.rows,
    certificates: () => sql.certificates.all(),
    keepCertificate: (signed) => {
      const { subject, serial, signingKey } = JSON.parse(signed.certificate) as { subject: string; serial: number; signingKey: string }
      if (sql.certificateKnown.get(signed.certificate) !== 1)
        store.commit(() => sql.certificate.run(subject, serial, signingKey, signed.certificate, signed.signature))
    },
    revoked: () => sql.revoked.all(),
    note: (fact) => {
      noted.note(fact.hubAtMs === undefined ? fact : { ...fact, hubHeard: { boot: parts.boot.id, upMs: Math.floor(parts.boot.upMs()) } })
      if (fact.hubAtMs !== undefined) store.heard()
    },
    noted: noted.read,
    settle: () => {
      seals.write()
      noted.write()
    },
    settled: () => {
      seals.forget()
      noted.written()
    },
    unsettled: seals.forget,
  }
}

/** Signatures made and facts noted wait for the next commit: after a crash the same head is signed again, so nothing is lost but work. */
const SEALS_WAITING_MAX = 64

/** Its own stream, what the hub says, and what was said by nodes whose places passed here. */
const isReadable = ({ node, book }: Store, stream: StreamId): boolean =>
  [streamOfNode(node), streamToNode(node), STREAM_TO_ALL, ...book.passed().map(streamOfNode)].includes(stream)

/** Own entries beyond the head of the epoch that is being written here: another machine writes as this node. */
const strangerOf = ({ writer, log }: Store, reading: BatchReading): Judgement | null => {
  const held = log.tip(reading.stream, reading.epoch)?.held ?? 0
  if (reading.epoch !== writer.epoch || reading.upto <= held) return null
  return { is: 'fork', at: held + 1, ours: writer.head().hash, theirs: reading.headHash }
}

const knownOf = ({ log, damage }: Store, { stream, epoch }: BatchReading, publicKey: Known['publicKey']): Known => ({
  publicKey,
  tip: log.tip(stream, epoch),
  hashAt: (at, seq) => log.hashAt(stream, at, seq),
  holes: (at, from, upto) => damage.holes(stream, at, from, upto),
})

const emptyTip = ({ stream, epoch }: { readonly stream: StreamId; readonly epoch: string }): EpochTip => ({
  stream,
  epoch,
  parent: null,
  held: 0,
  headHash: '0'.repeat(64),
  applied: 0,
})

/** As many whole entries as fit in one batch message and one signature proves; always at least one. */
const entriesOf = (log: Log, { stream, epoch, from, upto }: Stretch): readonly string[] => {
  const entries: string[] = []
  let bytes = ENVELOPE_BYTES
  for (const row of log.texts(stream, epoch, from, Math.min(upto, from + BATCH_ENTRIES_MAX - 1))) {
    // An entry stands in the message as a JSON string, with its quotes escaped.
    bytes += Buffer.byteLength(JSON.stringify(row.text)) + 1
    if (entries.length > 0 && bytes > BATCH_BYTES_MAX) break
    entries.push(row.text)
  }
  return entries.slice(0, provedTogether(entries))
}

const ENVELOPE_BYTES = 1_024

const keepTaken = (
  db: Database,
  store: Store & { readonly contradicts: (entry: Entry) => boolean },
  { stream, epoch }: BatchReading,
  taken: Taken,
): readonly Found[] => {
  const { log, apply, node, damage, actions, contradicts } = store
  const own = stream === streamOfNode(node)
  const found: Found[] = []
  const mended = taken.filled.filter((filled) => damage.mend(stream, epoch, filled))
  const keptAtMs = Math.round(store.now())
  if (own) coverShortfall(store, [...mended, ...taken.entries], keptAtMs)
  if (!log.tip(stream, epoch)) log.begin({ stream, epoch, parent: taken.parent }, false)
  // A tablet that repeats its POST after the card was changed must still book once.
  const learn = (seq: number, text: string, entry: Entry | null) => {
    if (own) actions.learn({ epoch, seq }, text, entry)
  }
  const take = (seq: number, text: string, entry: Entry, at: number) => {
    learn(seq, text, entry)
    if (entry.kind === 'checkpoint' && contradicts(entry)) found.push({ is: 'fork', stream, epoch, from: seq })
    apply(entry, at)
    store.wrote({ id: entryId(stream, epoch, seq), entry, own })
  }
  for (const { seq, text, entry } of mended) if (entry) take(seq, text, entry, log.atOf(stream, epoch, seq))
  for (const { seq, text, hash, entry, hole } of taken.entries) {
    const at = log.append({ stream, epoch, seq, hash, keptAtMs, kind: entry?.kind ?? NO_KIND, text })
    if (entry) take(seq, text, entry, at)
    else if (hole) damage.keepHole(stream, epoch, seq)
    else {
      learn(seq, text, null)
      log.park(stream, epoch, seq)
    }
  }
  if (own) {
    // What is undone here asks nobody for anything any more.
    undoTakenTwice(db, store, keptAtMs)
    actions.nameTwins(store, keptAtMs)
  }
  return found
}
type Taken = Judgement & { readonly is: 'taken' }

const statementsOf = (db: Database) => ({
  certificates: db.prepare<[], SignedCertificate>('select certificate, signature from certificate order by node, serial'),
  certificateKnown: db.prepare<[string], number>('select exists (select * from certificate where certificate = ?)').pluck(),
  certificate: db.prepare<[string, number, string, string, string]>(
    'insert into certificate (node, serial, key, certificate, signature) values (?, ?, ?, ?, ?) on conflict do nothing',
  ),
  revoked: db.prepare<[], string>('select key from revoked').pluck(),
})
