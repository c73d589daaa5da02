import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading, Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import { HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '@lotkeeper/protocol/wire/batch.ts'
import type { Database } from '../../database.ts'
import type { Log, LogRow } from './log.ts'

/**
 * Batches that leave the hub. Its own streams are sealed as they are asked for (Ed25519 signs the same head the same way every time, so
 * nothing need be kept); a node's history goes back ending at a signature that node once made.
 */
export const openOutgoing = (db: Database, parts: Parts, signer: Signer, log: Log): ((stretch: Stretch) => BatchReading | null) => {
  const seals = db.prepare<[string, string, number, number], SealRow>(
    `select upto_seq as upto, key, sig from batch_signature where stream = ? and epoch = ? and upto_seq between ? and ? order by upto_seq desc`,
  )
  return ({ stream, epoch, from, upto }) => {
    const rows = fitting(parts, log.rows({ stream, epoch, from }, Math.min(BATCH_ENTRIES_MAX, upto - from + 1)))
    const last = rows.at(-1)
    if (!last) return null
    const own = writerOf(stream) === HUB
    const kept = own ? undefined : seals.get(stream, epoch, from, last.seq)
    if (!own && !kept) return null
    const end = kept?.upto ?? last.seq
    const sent = rows.filter(({ seq }) => seq <= end)
    const head = { stream, epoch, upto: end, headHash: hexOf(sent.at(-1)?.hash ?? last.hash) }
    const seal = kept ? { key: kept.key, signature: kept.sig } : { key: signer.key, signature: signer.sign(signedHead(parts, head)) }
    return { ...head, ...seal, from, entries: sent.map(({ body }) => body) }
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
