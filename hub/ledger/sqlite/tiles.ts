import { type Completed, type HashAt, nodeHash } from '@lotkeeper/protocol/ledger/tree.ts'
import type { EpochId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../../database.ts'

/**
 * Trees as they lie in the file: tiles of 256 hashes. A tile of level 0 holds leaves, one of level n the roots of 256 full tiles of level n - 1
 * [C2SP tlog-tiles]; what lies between is made from them when asked for.
 */
export interface Tiles {
  /** Leaves of a tree. */
  readonly size: (epoch: EpochId) => number
  readonly hashAt: (epoch: EpochId) => HashAt
  /** Roots of the perfect subtrees that a tree of `size` leaves consists of, from left to right. */
  readonly peaks: (epoch: EpochId, size: number) => readonly Uint8Array[]
  /** Goes on writing a tree of `size` leaves. A tile that is not full yet is written by `flush`. */
  readonly write: (epoch: EpochId, size: number) => { readonly completed: Completed; readonly flush: () => void }
}

/** Hashes of a tile. */
export const TILE_HASHES = 256
/** Heights of the tree that one level of tiles spans. */
const TILE_HEIGHT = 8
const HASH_BYTES = 32

export const openTiles = (db: Database, parts: Pick<Parts, 'sha256'>): Tiles => {
  const sql = statementsOf(db)
  const hashAt = (epoch: EpochId): HashAt => {
    const read = new Map<string, Uint8Array>()
    const tileAt = (level: number, tile: number): Uint8Array => {
      const name = `${level} ${tile}`
      const bytes = read.get(name) ?? sql.tile.get(epoch, level, tile) ?? new Uint8Array()
      read.set(name, bytes)
      return bytes
    }
    const at: HashAt = (height, index) => {
      if (height % TILE_HEIGHT !== 0) return nodeHash(parts, at(height - 1, 2 * index), at(height - 1, 2 * index + 1))
      const from = (index % TILE_HASHES) * HASH_BYTES
      const hash = tileAt(height / TILE_HEIGHT, Math.floor(index / TILE_HASHES)).subarray(from, from + HASH_BYTES)
      if (hash.length !== HASH_BYTES) throw new Error(`the tree of ${epoch} lacks hash ${index} at height ${height}`)
      return hash
    }
    return at
  }
  return {
    size: (epoch) => {
      const last = sql.lastLeaves.get(epoch)
      return last ? last.tile * TILE_HASHES + last.bytes / HASH_BYTES : 0
    },
    hashAt,
    peaks: (epoch, size) => {
      const at = hashAt(epoch)
      const peaks: Uint8Array[] = []
      for (let left = size, from = 0; left > 0; ) {
        const height = Math.floor(Math.log2(left))
        peaks.push(at(height, from / 2 ** height))
        from += 2 ** height
        left -= 2 ** height
      }
      return peaks
    },
    write: (epoch, size) => {
      const open: OpenTile[] = []
      const openAt = (level: number): OpenTile => {
        const count = Math.floor(size / TILE_HASHES ** level)
        const tile = Math.floor(count / TILE_HASHES)
        const bytes = new Uint8Array(TILE_HASHES * HASH_BYTES)
        const hashes = count % TILE_HASHES
        if (hashes > 0) bytes.set(sql.tile.get(epoch, level, tile) ?? new Uint8Array())
        return { level, tile, bytes, hashes, changed: false }
      }
      const put = (at: OpenTile) => {
        sql.put.run(epoch, at.level, at.tile, at.bytes.subarray(0, at.hashes * HASH_BYTES))
        at.changed = false
      }
      return {
        completed: (height, index, hash) => {
          if (height % TILE_HEIGHT !== 0) return
          const level = height / TILE_HEIGHT
          const at = open[level] ?? openAt(level)
          open[level] = at
          at.bytes.set(hash, (index % TILE_HASHES) * HASH_BYTES)
          at.hashes += 1
          at.changed = true
          if (at.hashes < TILE_HASHES) return
          put(at)
          at.tile += 1
          at.hashes = 0
        },
        flush: () => {
          for (const at of open) if (at.changed) put(at)
        },
      }
    },
  }
}

interface OpenTile {
  readonly level: number
  tile: number
  readonly bytes: Uint8Array
  hashes: number
  changed: boolean
}

const statementsOf = (db: Database) => ({
  tile: db
    .prepare<[string, number, number], Uint8Array>('select hashes from tree_tile where hub_epoch = ? and level = ? and tile = ?')
    .pluck(),
  put: db.prepare<[string, number, number, Uint8Array]>(
    'insert into tree_tile values (?, ?, ?, ?) on conflict do update set hashes = excluded.hashes',
  ),
  lastLeaves: db.prepare<[string], { readonly tile: number; readonly bytes: number }>(
    'select tile, length(hashes) as bytes from tree_tile where hub_epoch = ? and level = 0 order by tile desc limit 1',
  ),
})
