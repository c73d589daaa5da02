import { existsSync, renameSync } from 'node:fs'
import { type Database, isDamage, openDatabase, type Shape } from './database.ts'
import { isFault } from './faults.ts'

/**
 * Opens a file the node can do without: raw reads, figures of the devices. A damaged one is set aside under the name in `aside` and made anew, for what
 * can be learnt again must never keep the books closed.
 */
export const openSpare = (path: string, shape: Shape, nowMs: number): { readonly db: Database; readonly aside: string | null } => {
  const options = { synchronous: 'NORMAL', walPages: 0 } as const
  try {
    return { db: openDatabase(path, shape, options), aside: null }
  } catch (error) {
    if (!isDamage(error) && !(isFault(error) && SPOILT.includes(error.code))) throw error
    const aside = `${path}.damaged-${Math.round(nowMs)}`
    for (const end of ['', '-wal', '-shm']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`)
    return { db: openDatabase(path, shape, options), aside }
  }
}

/** The file is damaged, or somebody put another one there. */
const SPOILT: readonly string[] = ['database.damaged', 'database.foreign-file']
