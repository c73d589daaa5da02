import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultOf } from './faults.js'
import { withLock } from './lock.js'
import { runNpm } from './npm.js'
import { sourcesDigest } from './sources.ts'
import { runTool } from './tools.ts'
import type { Verb } from './verbs.js'

/** Where the launcher stands: the checkout's root, its folder for things that may be thrown away, and a voice (stderr). */
export interface Place {
  readonly root: string
  readonly cache: string
  readonly say: (line: string) => void
}

/**
 * Makes ready what a verb needs: the packages of the lockfile always, the pages when the verb shows any.
 * `LOTKEEPER_INSTALL=never` (a packed release, a system service) leaves everything as it is.
 */
export const prepare = async (place: Place, verb: Verb, args: readonly string[]): Promise<void> => {
  if (process.env['LOTKEEPER_INSTALL'] === 'never') return
  await ensurePackages(place)
  // `hub enrol`, `edge --help` and their like show nobody a page.
  const word = args.find((arg, at) => !arg.startsWith('-') && !args[at - 1]?.startsWith('--home'))
  if (verb.pages === 'never' || args.includes('--help') || word !== undefined) return
  await ensurePages(place, verb.pages)
}

/** Installs the lockfile's packages unless they are there. */
export const ensurePackages = async (place: Place): Promise<void> => {
  if (packagesStand(place.root)) return
  await withLock(place, async () => {
    if (packagesStand(place.root)) return
    place.say('正在安装依赖（无需编译）/ installing the packages (nothing compiles)')
    await runNpm(['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: place.root,
      say: place.say,
    })
    writeFileSync(join(place.root, STAMP), lockDigest(place.root))
  })
}

/** Builds the dashboard into `dashboard/dist`, whole: its stamp is written last. */
export const ensurePages = async (place: Place, when: 'when-stale' | 'when-missing'): Promise<void> => {
  if (pagesStand(place.root, when)) return
  await withLock(place, async () => {
    if (pagesStand(place.root, when)) return
    place.say('正在构建网页 / building the pages')
    const digest = sourcesDigest(place.root)
    const from = Date.now()
    const code = await runTool(place.root, 'vite', ['build', '--logLevel', 'warn'], { cwd: join(place.root, 'dashboard'), output: 2 })
    if (code !== 0) throw faultOf('launcher.pages-failed', { code })
    writeFileSync(join(place.root, PAGES_STAMP), digest)
    place.say(`  完成 / done: ${((Date.now() - from) / 1000).toFixed(1)} s`)
  })
}

const STAMP = 'node_modules/.lotkeeper'
const PAGES = 'dashboard/dist/index.html'
const PAGES_STAMP = 'dashboard/dist/.built-from'

const lockDigest = (root: string): string =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

// The stamp is the quick way. Without it npm's own record decides, so that an `npm install` by hand is believed and not thrown away (D-004).
const packagesStand = (root: string): boolean => {
  const stamp = join(root, STAMP)
  const digest = lockDigest(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return true
  if (!everyPackageInstalled(root)) return false
  writeFileSync(stamp, digest)
  return true
}

interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly optional?: boolean
  readonly peer?: boolean
  readonly link?: boolean
}

const everyPackageInstalled = (root: string): boolean => {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const installed = packagesOf(record)
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true
    const found = installed[path]
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity && existsSync(join(root, path))
  })
}

const packagesOf = (lockfile: string): Readonly<Record<string, LockedPackage>> => JSON.parse(readFileSync(lockfile, 'utf8')).packages

const pagesStand = (root: string, when: 'when-stale' | 'when-missing'): boolean => {
  if (!existsSync(join(root, PAGES))) return false
  if (when === 'when-missing') return true
  const stamp = join(root, PAGES_STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesDigest(root)
}
