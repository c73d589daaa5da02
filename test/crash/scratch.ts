import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that goes with whoever disposes it. */
export interface Scratch extends Disposable {
  readonly path: string
}

/** A folder in memory where the machine has room for it: here files are flushed a hundred thousand times, and what is proved does not depend on a disk. */
export const openScratch = (name: string): Scratch => {
  const path = mkdtempSync(join(isRoomy(MEMORY) ? MEMORY : tmpdir(), `lotkeeper-${name}-`))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

const MEMORY = '/dev/shm'
const ROOMY_BYTES = 1_073_741_824

const isRoomy = (folder: string): boolean => {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > ROOMY_BYTES
}
