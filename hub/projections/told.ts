import { sameBytes } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, holeOf } from '@lotkeeper/protocol/ledger/chain.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, type EpochId, entryOf, type StreamId } from '@lotkeeper/protocol/names.ts'
import { openCrypto } from '../crypto.ts'
import type { Database } from '../database.ts'

/** Entries of the log, read again by whoever must know what they said. A text that no longer gives its hash says nothing, like a hole. */
export interface Told {
  /** `null` for a hole, a damaged text, and what is not held. */
  readonly entry: (id: EntryId) => Entry | null
  /** Every entry of an epoch that can be read, in order. */
  readonly ofEpoch: (stream: StreamId, epoch: EpochId) => Generator<Entry>
}

export const openTold = (db: Database): Told => {
  const crypto = openCrypto()
  const one = db.prepare<[string, string, number, number], Row>(
    'select seq, hash, body from main.log where stream = ? and epoch = ? and seq between ? and ? order by seq',
  )
  const every = db.prepare<[string, string], Row>('select seq, hash, body from main.log where stream = ? and epoch = ? order by seq')
  const read = (previous: Row | null, { seq, hash, body }: Row): Entry | null => {
    const before = seq === 1 ? CHAIN_START : previous?.hash
    return before && !holeOf(body) && sameBytes(hashAfter(crypto, before, body), hash) ? (JSON.parse(body) as Entry) : null
  }
  return {
    entry: (id) => {
      const place = entryOf(id)
      if (!place) return null
      const { stream, epoch, seq } = place
      const rows = one.all(stream, epoch, seq - 1, seq)
      const row = rows.at(-1)
      return row?.seq === seq ? read(rows.length > 1 ? (rows[0] ?? null) : null, row) : null
    },
    ofEpoch: function* (stream, epoch) {
      let previous: Row | null = null
      for (const row of every.iterate(stream, epoch)) {
        const entry = read(previous, row)
        previous = row
        if (entry) yield entry
      }
    },
  }
}

interface Row {
  readonly seq: number
  readonly hash: Uint8Array
  readonly body: string
}
