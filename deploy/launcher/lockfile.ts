import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What is read here of one package in `package-lock.json`. */
export interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A binary for another machine that some package names and the lockfile lacks. */
export interface MissingBinary {
  readonly name: string
  readonly version: string
  readonly dev: boolean
}

/**
 * The binaries the lockfile lacks. A registry that does not carry every machine's binary makes npm leave them out silently,
 * and then refuse its own lockfile at the next `npm ci` (D-006).
 */
export const missingBinaries = (packages: Readonly<Record<string, LockedPackage>>): readonly MissingBinary[] =>
  Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !placesOf(path, name).some((place) => place in packages))
      .map(([name, version]) => ({ name, version, dev })),
  )

/** The same packages with every missing binary named by its exact version and machine, without a digest. */
export const completed = (packages: Readonly<Record<string, LockedPackage>>): Readonly<Record<string, LockedPackage>> => {
  const added = missingBinaries(packages).map(({ name, version, dev }) => {
    const machine = /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(gnu|musl|msvc|eabi))?/.exec(name)
    const [, os, cpu, abi] = machine ?? []
    if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`not a binary: ${name}@${version}`)
    const libc = os === 'linux' && (abi === 'gnu' || abi === 'musl') ? { libc: [abi === 'gnu' ? 'glibc' : 'musl'] } : {}
    return [`node_modules/${name}`, { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] }] as const
  })
  return Object.fromEntries([...Object.entries(packages), ...added].sort(([a], [b]) => a.localeCompare(b, 'en')))
}

// Where Node would look for `name` from the package at `path`: beside its own packages, then one house up, to the root.
const placesOf = (path: string, name: string): readonly string[] => {
  const own = `${path === '' ? '' : `${path}/`}node_modules/${name}`
  if (path === '') return [own]
  const above = path.includes('/node_modules/') ? path.slice(0, path.lastIndexOf('/node_modules/')) : ''
  return [own, ...placesOf(above, name)]
}

// `node deploy/launcher/lockfile.ts` mends the root's lockfile after an `npm install` that lost some.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'package-lock.json')
  const lock: { packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(readFileSync(file, 'utf8'))
  const missing = missingBinaries(lock.packages)
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify({ ...lock, packages: completed(lock.packages) }, null, 2)}\n`)
  process.stdout.write(`${missing.length} added\n`)
}
