import { chmodSync, existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What stood open to other users of the machine, and what could not be closed (it belongs to somebody else). */
export interface Closed {
  readonly mended: readonly string[]
  readonly open: readonly string[]
}

/**
 * From now on whatever this process makes is its owner's alone, whatever mask it was started under; and so is what lies in `home` already:
 * folders 0700, files 0600. Files put back from a backup come with whatever modes the archive gave them. Links are not followed.
 */
export const keepPrivate = (home: string): Closed => {
  process.umask(0o077)
  const [mended, open]: [string[], string[]] = [[], []]
  const waiting = existsSync(home) ? [home] : []
  for (let seen = 0; waiting.length > 0 && seen < PATHS_MAX; seen += 1) {
    const path = waiting.pop() ?? home
    const { mode, isFolder } = modeOf(path)
    if ((mode & OTHERS) !== 0) (close(path, isFolder) ? mended : open).push(path)
    if (isFolder) waiting.push(...readdirSync(path).map((name) => join(path, name)))
  }
  return { mended, open }
}

/** A node keeps a few dozen files; whoever has more than this started in the wrong folder, and it is not ours to close. */
const PATHS_MAX = 10_000
const OTHERS = 0o077

/** A link has a mode of its own that means nothing; one that vanished meanwhile needs none. */
const modeOf = (path: string): { readonly mode: number; readonly isFolder: boolean } => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found || found.isSymbolicLink() || process.platform === 'win32') return { mode: 0, isFolder: false }
  return { mode: found.mode, isFolder: found.isDirectory() }
}

const close = (path: string, isFolder: boolean): boolean => {
  try {
    chmodSync(path, isFolder ? 0o700 : 0o600)
    return true
  } catch {
    return false
  }
}
