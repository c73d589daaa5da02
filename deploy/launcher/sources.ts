import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** One digest over everything the dashboard's build reads: its own files, the protocol's, and the lockfile. Tests do not count. */
export const sourcesDigest = (root: string): string => {
  const digest = createHash('sha256')
  const files = [...HOUSES.flatMap((house) => filesUnder(join(root, house))), join(root, 'package-lock.json')]
  for (const file of files.sort()) {
    digest.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return digest.digest('hex')
}

const HOUSES = ['dashboard', 'protocol']
const NOT_SOURCES = new Set(['node_modules', 'dist', '.vite'])

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_SOURCES.has(entry.name) || /\.(test\.tsx?|md)$/.test(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
