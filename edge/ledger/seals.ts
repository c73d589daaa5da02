import type { Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import type { StreamId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'

/** A kept signature over the head of a batch: history is sent again ending at one [ledger-and-sync 3]. */
export interface Seal {
  readonly upto: number
  readonly key: string
  readonly signature: Uint8Array
}
type KeptSeal = Seal & { readonly stream: StreamId; readonly epoch: string; readonly head: Uint8Array }

/** Seals are written with the next commit: after a crash the same head is signed again, so nothing is lost but work. */
export const openSeals = (db: Database) => {
  const sql = statementsOf(db)
  let waiting: KeptSeal[] = []
  const ofEpoch = ({ stream, epoch }: Pick<Stretch, 'stream' | 'epoch'>) =>
    waiting.filter((seal) => seal.stream === stream && seal.epoch === epoch)
  return {
    keep: (seal: KeptSeal) => void waiting.push(seal),
    waiting: () => waiting.length,
    /** The kept seal with the highest `upto` in from..end. */
    within: (stretch: Stretch, end: number): Seal | null => {
      const row = sql.sealWithin.get(stretch.stream, stretch.epoch, stretch.from, end) ?? null
      return ofEpoch(stretch).reduce<Seal | null>(
        (best, seal) => (seal.upto >= stretch.from && seal.upto <= end && seal.upto > (best?.upto ?? 0) ? seal : best),
        row,
      )
    },
    /** Highest `upto` of any kept seal of the epoch; 0 without one. */
    last: (stretch: Stretch): number =>
      Math.max(sql.sealLast.get(stretch.stream, stretch.epoch) ?? 0, ...ofEpoch(stretch).map((seal) => seal.upto)),
    write: () => {
      for (const seal of waiting) sql.seal.run(seal.stream, seal.epoch, seal.upto, seal.head, seal.key, seal.signature)
    },
    /** Those that wait are written, or signed and sent anew. */
    forget: () => {
      waiting = []
    },
  }
}

const statementsOf = (db: Database) => ({
  seal: db.prepare<[string, string, number, Uint8Array, string, Uint8Array]>(
    'insert or replace into batch_signature (stream, epoch, upto_seq, head_hash, key, sig) values (?, ?, ?, ?, ?, ?)',
  ),
  sealWithin: db.prepare<[string, string, number, number], Seal>(
    `select upto_seq as upto, key, sig as signature from batch_signature
     where stream = ? and epoch = ? and upto_seq between ? and ? order by upto_seq desc limit 1`,
  ),
  sealLast: db.prepare<[string, string], number | null>('select max(upto_seq) from batch_signature where stream = ? and epoch = ?').pluck(),
})
