import { hexOf, sameBytes } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, holeText, provedTogether, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading, Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, entryId, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '@lotkeeper/protocol/wire/batch.ts'
import type { Database } from '../../database.ts'
import type { Log, LogRow } from './log.ts'

/**
 * Batches that leave the hub. Its own streams are sealed as they are asked for: a node that came lately knows the present key only, and a batch
 * may end anywhere (what `seals` keeps proves the file to whoever reads it). A node's history goes back ending at a signature that node once
 * made. A text that no longer hashes to what was kept with it leaves as a hole, and `damaged` is told.
 */
export const openOutgoing = (
  db: Database,
  parts: Parts,
  rooms: { readonly signer: () => Signer; readonly log: Log; readonly damaged: (entry: EntryId) => void },
): ((stretch: Stretch) => BatchReading | null) => {
  const { log } = rooms
  const seals = db.prepare<[string, string, number, number], SealRow>(
    `select upto_seq as upto, key, sig from batch_signature where stream = ? and epoch = ? and upto_seq between ? and ? order by upto_seq desc`,
  )
  /** Each row's text, or a hole where it no longer gives its hash. */
  const textsOf = ({ stream, epoch, from }: Stretch, rows: readonly LogRow[]): readonly string[] => {
    let head = from === 1 ? CHAIN_START : (log.hashAt(stream, epoch, from - 1) ?? CHAIN_START)
    return rows.map(({ seq, hash, body }) => {
      const whole = sameBytes(hashAfter(parts, head, body), hash)
      head = hash
      if (!whole) rooms.damaged(entryId(stream, epoch, seq))
      return whole ? body : holeText(hash)
    })
  }
  return (stretch) => {
    const { stream, epoch, from, upto } = stretch
    const rows = fitting(parts, log.rows({ stream, epoch, from }, Math.min(BATCH_ENTRIES_MAX, upto - from + 1)))
    const texts = textsOf(stretch, rows)
    const last = rows[provedTogether(texts) - 1]
    if (!last) return null
    const own = writerOf(stream) === HUB
    const kept = own ? undefined : seals.get(stream, epoch, from, last.seq)
    if (!own && !kept) return null
    const end = kept?.upto ?? last.seq
    const head = { stream, epoch, upto: end, headHash: hexOf(rows[end - from]?.hash ?? last.hash) }
    const signer = rooms.signer()
    const seal = kept ? { key: kept.key, signature: kept.sig } : { key: signer.key, signature: signer.sign(signedHead(parts, head)) }
    return { ...head, ...seal, from, entries: texts.slice(0, end - from + 1) }
  }
}

interface SealRow {
  readonly upto: number
  readonly key: string
  readonly sig: Uint8Array
}

/** As many rows as one message may carry, but always one; entries travel as JSON strings, so their quotes cost twice. */
const fitting = (parts: Parts, rows: readonly LogRow[]): readonly LogRow[] => {
  let bytes = ENVELOPE_BYTES
  const fit = rows.findIndex(({ body }) => {
    bytes += parts.utf8(JSON.stringify(body)).length + 1
    return bytes > BATCH_BYTES_MAX
  })
  return fit < 0 ? rows : rows.slice(0, Math.max(1, fit))
}

/** More than the envelope of a batch and its fields take. */
const ENVELOPE_BYTES = 1_200
