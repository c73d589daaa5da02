import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { deltasOf } from '@lotkeeper/protocol/ledger/balance.ts'
import { signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import { type BatchReading, type EpochTip, type Judgement, judgeBatch, type Stretch, type Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import {
  entryId,
  type NodeId,
  placeOf,
  STREAM_TO_ALL,
  type StreamId,
  streamOfNode,
  streamToNode,
  virtualPlace,
} from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '@lotkeeper/protocol/wire/batch.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { Database } from '../database.ts'
import type { Apply } from './apply.ts'
import type { Book, Changed, Draft, EdgeExchange } from './contract.ts'
import type { Log } from './log.ts'
import { openNoted } from './noted.ts'
import { openSeals } from './seals.ts'
import { type Commit, type LedgerParts, PLAIN, type Writer } from './writer.ts'

/** What the uplink needs of the ledger, and `settle`, which writes what may wait into a commit that happens anyway. */
export interface Exchange extends EdgeExchange {
  readonly settle: () => void
  /** That commit is durable. */
  readonly settled: () => void
}

interface Store {
  readonly node: NodeId
  readonly log: Log
  readonly apply: Apply
  readonly book: Book
  readonly writer: Writer
  readonly commit: Commit
  readonly wrote: (entry: Changed['entries'][number]) => void
}

export const openExchange = (db: Database, parts: LedgerParts, store: Store): Exchange => {
  const sql = statementsOf(db)
  const own = streamOfNode(store.node)
  const readable: readonly StreamId[] = [own, streamToNode(store.node), STREAM_TO_ALL]
  const seals = openSeals(db)
  const noted = openNoted(db)
  const refused = new Map<string, Tip['refused'][number] & { stream: StreamId; epoch: string }>()

  const batch = (stretch: Stretch): BatchReading | null => {
    const entries = entriesOf(store.log, stretch)
    const end = stretch.from + entries.length - 1
    const kept = seals.within(stretch, end)
    const last = seals.last(stretch)
    const mine = stretch.stream === own && end > last
    const upto = mine ? end : (kept?.upto ?? 0)
    const head = store.log.hashAt(stretch.stream, stretch.epoch, upto)
    if (upto < stretch.from || !head) return null
    const sealed = { stream: stretch.stream, epoch: stretch.epoch, upto, headHash: hexOf(head) }
    const seal = !mine && kept ? kept : { upto, key: parts.signer.key, signature: parts.signer.sign(signedHead(parts.crypto, sealed)) }
    if (mine) seals.keep({ ...sealed, head, ...seal })
    if (seals.waiting() >= SEALS_WAITING_MAX) store.commit(() => {})
    return { ...sealed, from: stretch.from, key: seal.key, signature: seal.signature, entries: entries.slice(0, upto - stretch.from + 1) }
  }

  const take: EdgeExchange['take'] = (reading, publicKey) => {
    const { stream, epoch } = reading
    if (!readable.includes(stream)) return { is: 'refused', from: reading.from, hash: reading.headHash, code: 'wire.writer-foreign' }
    const stranger = stream === own ? strangerOf(store, reading) : null
    if (stranger) return stranger
    const known = { publicKey, tip: store.log.tip(stream, epoch), hashAt: (at: string, seq: number) => store.log.hashAt(stream, at, seq) }
    const judgement = judgeBatch(parts.crypto, known, reading)
    if (judgement.is === 'refused' && judgement.code !== 'wire.key-unknown')
      refused.set(`${stream}\n${epoch}`, { stream, epoch, ...judgement })
    if (judgement.is !== 'taken') return judgement
    const last = judgement.entries.at(-1)
    const answer = store.commit(() => {
      keepTaken(store, sql, reading, judgement, Math.round(parts.clock.now()))
      if (last?.seq === reading.upto) seals.keep({ ...reading, head: last.hash })
    })
    if (isRefusal(answer)) return { is: 'gap', held: known.tip?.held ?? 0 }
    refused.delete(`${stream}\n${epoch}`)
    return judgement
  }

  return {
    tips: (streams) => {
      const held = store.log.tips().filter((tip) => streams.includes(tip.stream))
      const names = new Set(held.map((tip) => `${tip.stream}\n${tip.epoch}`))
      const unheld = [...refused].filter(([name, one]) => streams.includes(one.stream) && !names.has(name)).map(([, one]) => emptyTip(one))
      return [...held, ...unheld].map((tip) => {
        const one = refused.get(`${tip.stream}\n${tip.epoch}`)
        return { ...tip, refused: one ? [{ from: one.from, hash: one.hash, code: one.code }] : [] }
      })
    },
    streams: () => [...new Set(store.log.tips().map((tip) => tip.stream))],
    batch,
    take,
    certificates: () => sql.certificates.all(),
    keepCertificate: (signed) => {
      const { subject, serial, signingKey } = JSON.parse(signed.certificate) as { subject: string; serial: number; signingKey: string }
      if (sql.certificateKnown.get(signed.certificate) !== 1)
        store.commit(() => sql.certificate.run(subject, serial, signingKey, signed.certificate, signed.signature))
    },
    revoked: () => sql.revoked.all(),
    note: (fact) =>
      noted.note(fact.hubAtMs === undefined ? fact : { ...fact, hubHeard: { boot: parts.boot.id, upMs: Math.floor(parts.boot.upMs()) } }),
    noted: noted.read,
    settle: () => {
      seals.write()
      noted.write()
    },
    settled: () => {
      seals.written()
      noted.written()
    },
  }
}

/** Signatures made and facts noted wait for the next commit: after a crash the same head is signed again, so nothing is lost but work. */
const SEALS_WAITING_MAX = 64

/** Own entries beyond the head of the epoch that is being written here: another machine writes as this node. */
const strangerOf = ({ writer, log }: Store, reading: BatchReading): Judgement | null => {
  const head = writer.head()
  const held = log.tip(reading.stream, reading.epoch)?.held ?? 0
  if (reading.epoch !== head.epoch || reading.upto <= held) return null
  return { is: 'fork', at: held + 1, ours: head.hash, theirs: reading.headHash }
}

const emptyTip = ({ stream, epoch }: { readonly stream: StreamId; readonly epoch: string }): EpochTip => ({
  stream,
  epoch,
  parent: null,
  held: 0,
  headHash: '0'.repeat(64),
  applied: 0,
})

/** As many whole entries as fit in one batch message; always at least one. */
const entriesOf = (log: Log, { stream, epoch, from, upto }: Stretch): readonly string[] => {
  const entries: string[] = []
  let bytes = ENVELOPE_BYTES
  for (const row of log.texts(stream, epoch, from, Math.min(upto, from + BATCH_ENTRIES_MAX - 1))) {
    // An entry stands in the message as a JSON string, with its quotes escaped.
    bytes += Buffer.byteLength(JSON.stringify(row.text)) + 1
    if (entries.length > 0 && bytes > BATCH_BYTES_MAX) break
    entries.push(row.text)
  }
  return entries
}

const ENVELOPE_BYTES = 1_024

const keepTaken = (
  store: Store,
  sql: Statements,
  reading: BatchReading,
  taken: Judgement & { readonly is: 'taken' },
  keptAtMs: number,
): void => {
  const { log, apply, node } = store
  const { stream, epoch } = reading
  const own = stream === streamOfNode(node)
  if (own) coverShortfall(store, taken, keptAtMs)
  if (!log.tip(stream, epoch)) log.begin({ stream, epoch, parent: taken.parent }, false)
  for (const { seq, text, hash, entry } of taken.entries) {
    const at = log.append({ stream, epoch, seq, hash, keptAtMs, kind: entry?.kind ?? PARKED, text })
    if (!entry) {
      log.park(stream, epoch, seq)
      continue
    }
    apply(entry, at)
    // A tablet that repeats its POST after the card was changed must still book once.
    if (own) sql.action.run(entry.action, stream, epoch, seq - entry.part, entry.part + 1)
    store.wrote({ id: entryId(stream, epoch, seq), entry, own })
  }
}

/** No kind is named so: the entry is of a later version. */
const PARKED = '?'

/** Own history always applies: a room it drives below zero gets the missing units from `unexplained` in the same commit [ledger-and-sync 3]. */
const coverShortfall = ({ node, book, writer }: Store, taken: Judgement & { readonly is: 'taken' }, nowMs: number): void => {
  const lines = deltasOf(taken.entries.flatMap(({ entry }) => entry?.lines ?? [])).flatMap(({ lot, place, units }) => {
    const name = placeOf(place)
    const missing = name?.owner === node && name.room !== null ? -(book.units(lot, place) + units) : 0
    return missing > 0 ? [{ lot, from: virtualPlace(node, 'unexplained'), to: place, units: missing, entered: null, tags: [] }] : []
  })
  const first = taken.entries[0]
  for (let at = 0; at < lines.length; at += LINES_PER_ENTRY) {
    const draft: Draft<'move'> = {
      ...PLAIN,
      kind: 'move',
      occurredAtMs: nowMs,
      lines: lines.slice(at, at + LINES_PER_ENTRY),
      body: { reason: 'history pulled back' },
    }
    const answer = writer.write(`pulled:${hexOf(first?.hash ?? new Uint8Array()).slice(0, 32)}:${at}`, [draft])
    if (isRefusal(answer)) throw new Error(`covering pulled history was refused: ${answer.en}`)
  }
}

const LINES_PER_ENTRY = 32

type Statements = ReturnType<typeof statementsOf>
const statementsOf = (db: Database) => ({
  certificates: db.prepare<[], SignedCertificate>('select certificate, signature from certificate order by node, serial'),
  certificateKnown: db.prepare<[string], number>('select exists (select * from certificate where certificate = ?)').pluck(),
  certificate: db.prepare<[string, number, string, string, string]>(
    'insert into certificate (node, serial, key, certificate, signature) values (?, ?, ?, ?, ?) on conflict do nothing',
  ),
  revoked: db.prepare<[], string>('select key from revoked').pluck(),
  action: db.prepare<[string, string, string, number, number]>(
    `insert into action (action, act, stream, epoch, first_seq, entries) values (?, null, ?, ?, ?, ?)
     on conflict (action) do update set entries = max(entries, excluded.entries) where act is null`,
  ),
})
