import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultOf } from './faults.js'

/**
 * Runs `work` while no other launcher of this folder installs or builds anything. A dead owner's lock is taken over.
 * @template T
 * @param {{ cache: string, say: (line: string) => void, longestWaitMs?: number }} parts
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withLock = async (parts, work) => {
  const file = join(parts.cache, 'installing')
  mkdirSync(parts.cache, { recursive: true })
  await taken(file, parts)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

const LONGEST_WAIT_MS = 15 * 60_000 // a slow line fetching everything; longer means something hangs
const POLL_MS = 300
const UNWRITTEN_MS = 5_000 // an owner that died between creating the file and writing its number

const taken = async (/** @type {string} */ file, /** @type {{ say: (line: string) => void, longestWaitMs?: number }} */ parts) => {
  const until = Date.now() + (parts.longestWaitMs ?? LONGEST_WAIT_MS)
  for (let told = false; ; told = true) {
    if (created(file)) return
    const owner = ownerOf(file)
    if (owner === 'dead') {
      rmSync(file, { force: true })
      continue
    }
    if (!told) parts.say(`另一个 lotkeeper（${owner}）正在安装，等它完成 / another lotkeeper (${owner}) is installing: waiting for it`)
    if (Date.now() > until) throw faultOf('launcher.waited-too-long', { file })
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

const created = (/** @type {string} */ file) => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

const ownerOf = (/** @type {string} */ file) => {
  if (!existsSync(file)) return 'dead'
  const owner = Number(readFileSync(file, 'utf8'))
  if (owner === 0) return Date.now() - statSync(file).mtimeMs > UNWRITTEN_MS ? 'dead' : 'starting'
  try {
    process.kill(owner, 0)
    return owner
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? owner : 'dead'
  }
}
