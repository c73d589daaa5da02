import { signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import { type EpochId, HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../../database.ts'
import type { Log } from './log.ts'

/**
 * The hub's signature over all that it wrote itself, kept in the commit that wrote it: whoever reads the file alone can prove it, and an entry
 * is never on the disk unsigned. One signature per stream and commit, whatever the commit holds.
 */
export interface Seals {
  /** These streams grew in the commit that is open. */
  readonly keep: (streams: readonly StreamId[]) => void
  /** Epochs of the hub's that end unsigned: written before signatures were kept. */
  readonly keepMissing: () => void
}

export const openSeals = (
  db: Database,
  parts: Parts,
  rooms: { readonly log: Pick<Log, 'tip'>; readonly signer: () => Signer },
  epoch: EpochId,
): Seals => {
  const put = db.prepare('insert or ignore into batch_signature values (?, ?, ?, unhex(?), ?, ?)')
  const unsealed = db.prepare<[], Head>(
    `select stream, epoch, held_seq as upto, hex(head_hash) as headHash from epoch where stream between '${HUB}>' and '${HUB}>~' and held_seq > 0
     and not exists (select 1 from batch_signature s where s.stream = epoch.stream and s.epoch = epoch.epoch and s.upto_seq = epoch.held_seq)`,
  )
  const seal = (head: Head): void => {
    const { key, sign } = rooms.signer()
    put.run(head.stream, head.epoch, head.upto, head.headHash, key, sign(signedHead(parts, head)))
  }
  return {
    keep: (streams) => {
      for (const stream of streams) {
        const tip = writerOf(stream) === HUB ? rooms.log.tip(stream, epoch) : null
        if (tip && tip.held > 0) seal({ stream, epoch, upto: tip.held, headHash: tip.headHash })
      }
    },
    keepMissing: () => {
      for (const head of unsealed.all()) seal(head)
    },
  }
}

interface Head {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly upto: number
  readonly headHash: string
}
