import { closeSync, constants, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** A copy of a database that may be in use; `null` when its owner changed it faster than it could be copied. */
export interface CopiedFile extends Disposable {
  readonly path: string
}

/**
 * Copies a database file with its WAL while its owner may be writing. The owner of a node's file lets nobody in (E-002), so a copy is the
 * only way to look. It is a true state of the ledger: a page that a checkpoint moved meanwhile also stands in the WAL, which is copied last,
 * and the copy counts only when the WAL was not begun anew in between (its header carries a new salt each time [SQLite file format 4.1]).
 */
export const copyDatabase = (file: string, copyFile: CopyFile = share): CopiedFile | null => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-verify-'))
  const path = join(folder, basename(file))
  const drop = () => rmSync(folder, { recursive: true, force: true })
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) if (copyOnce(file, path, copyFile)) return { path, [Symbol.dispose]: drop }
  } catch (cause) {
    drop()
    throw cause
  }
  drop()
  return null
}

/** Copies one file; a port, so that a test can let the owner write in between. */
export type CopyFile = (from: string, to: string) => void
// Where the file system can share blocks the copy costs nothing.
const share: CopyFile = (from, to) => copyFileSync(from, to, constants.COPYFILE_FICLONE)

const ATTEMPTS_MAX = 8
const WAL_HEADER_BYTES = 32

const copyOnce = (file: string, path: string, copyFile: CopyFile): boolean => {
  const before = walHeader(file)
  copyFile(file, path)
  if (before !== null) copyFile(`${file}-wal`, `${path}-wal`)
  return walHeader(file) === before
}

const walHeader = (file: string): string | null => {
  if (!existsSync(`${file}-wal`)) return null
  const wal = openSync(`${file}-wal`, 'r')
  try {
    const header = Buffer.alloc(WAL_HEADER_BYTES)
    readSync(wal, header, 0, WAL_HEADER_BYTES, 0)
    return header.toString('hex')
  } finally {
    closeSync(wal)
  }
}
