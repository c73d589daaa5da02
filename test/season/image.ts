import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** A database as it lies on the disk between two commits: what is there again after the power went. */
export interface Image {
  readonly db: Uint8Array | null
  readonly wal: Uint8Array | null
}

export const NOTHING: Image = { db: null, wal: null }

/** Copies a database of this process; its owner goes on. */
export const imageOf = (path: string): Image => ({ db: bytesOf(path), wal: bytesOf(`${path}-wal`) })

/** Closes a database as a power cut does: what lies on the disk is what lay there before `close` wrote anything, or when the power went. */
export const closeAsIfCut = (path: string, close: () => void, cut: Image | null): void => {
  if (cut) {
    close()
    putImage(path, cut)
    return
  }
  const parts = [path, `${path}-wal`].filter((file) => existsSync(file))
  for (const file of parts) copyFileSync(file, `${file}.kept`)
  close()
  for (const file of [`${path}-wal`, `${path}-shm`]) rmSync(file, { force: true })
  for (const file of parts) renameSync(`${file}.kept`, file)
}

/** Puts a copy in the place of a closed database. */
export const putImage = (path: string, { db, wal }: Image): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}.lock`, `${path}.lock-wal`]) rmSync(file, { force: true })
  if (db) writeFileSync(path, db)
  if (wal) writeFileSync(`${path}-wal`, wal)
}

/**
 * The image with the last frames of its WAL torn at some byte of the `frames` last ones, as a power cut in the middle of a write leaves it;
 * `null` when a checkpoint may have moved them into the file already [SQLite file format 4].
 */
export const tornImage = ({ db, wal }: Image, luck: number, frames = 8): Image | null => {
  if (!wal || wal.length < HEADER_BYTES) return null
  const count = framesIn(wal)
  if (count === 0 || count >= CHECKPOINT_FRAMES) return null
  const torn = new Uint8Array(wal)
  const from = HEADER_BYTES + Math.max(0, count - frames) * FRAME_BYTES
  torn.fill(0, from + Math.floor(luck * (HEADER_BYTES + count * FRAME_BYTES - from)))
  return { db, wal: torn }
}

const HEADER_BYTES = 32
const FRAME_BYTES = 4_096 + 24
const CHECKPOINT_FRAMES = 1_000

/** Frames of the present run of the WAL: their salts are those of its header. */
const framesIn = (wal: Uint8Array): number => {
  let count = 0
  for (let at = HEADER_BYTES; at + FRAME_BYTES <= wal.length; at += FRAME_BYTES) {
    const salts = wal.subarray(at + 8, at + 16)
    if (Buffer.compare(salts, wal.subarray(16, 24)) !== 0 || salts.every((byte) => byte === 0)) break
    count += 1
  }
  return count
}

const bytesOf = (path: string): Uint8Array | null => (existsSync(path) ? readFileSync(path) : null)
