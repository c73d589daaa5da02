import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isFault } from './faults.js'
import { ensureNode, isNewEnough } from './runtime.js'
import { isSupervised, obeySupervisor, supervise } from './supervise.js'
import { overview, VERBS } from './verbs.js'

/**
 * Finds the verb, a Node that can run it, what it depends on, and calls it.
 * @param {readonly string[]} args without node and script
 * @returns {Promise<number>} the exit code: the verb's own; 2 for a word that is no verb
 */
export const launch = async (args) => {
  const [word, ...rest] = args
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') return print(overview())
  if (word === '--version' || word === '-v') return print(`${ownVersion()}\n`)
  const verb = VERBS.find(({ name }) => name === word)
  if (verb === undefined) {
    say(`没有“${word}”这个命令 / there is no verb "${word}"\n`)
    say(overview())
    return 2
  }
  if (!existsSync(join(ROOT, verb.module))) {
    say(`本安装不含 ${word}（缺 ${verb.module}）/ this installation has no ${word} (${verb.module} is missing)`)
    return 2
  }
  try {
    if (!runsHere()) return await runElsewhere(verb, args)
    becomeWith(verb, args)
    return await run(verb, rest)
  } catch (error) {
    if (!isFault(error)) throw error
    say(error.message)
    return 1
  }
}

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const SCRIPT = join(ROOT, 'deploy', 'lotkeeper.js')
const CACHE = process.env['LOTKEEPER_CACHE'] ?? join(ROOT, '.cache')
const FLUSH_AFTER_MS = 3_000

// `LOTKEEPER_NODE=private` takes the private Node even where the system's would do: the same one everywhere.
const runsHere = () => isSupervised() || (isNewEnough(process.versions.node) && process.env['LOTKEEPER_NODE'] !== 'private')

const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`)

const print = (/** @type {string} */ text) => {
  process.stdout.write(text)
  return 0
}

const ownVersion = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version

// V8 sizes its heap when it starts: a house that needs other figures than Node's becomes a process that has them (D-011).
const becomeWith = (/** @type {import('./verbs.js').Verb} */ verb, /** @type {readonly string[]} */ args) => {
  const wanted = (verb.flags ?? []).filter((flag) => !process.execArgv.includes(flag))
  if (wanted.length === 0 || process.execve === undefined || process.send !== undefined) return
  const environment = { ...process.env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(CACHE, 'compiled') }
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...wanted, SCRIPT, ...args], environment)
}

const runElsewhere = async (/** @type {import('./verbs.js').Verb} */ verb, /** @type {readonly string[]} */ args) => {
  const node = await ensureNode({ root: ROOT, cache: CACHE, say })
  return supervise(node, [...(verb.flags ?? []), SCRIPT, ...args], { NODE_COMPILE_CACHE: join(CACHE, 'compiled'), ...process.env })
}

const run = async (/** @type {import('./verbs.js').Verb} */ verb, /** @type {readonly string[]} */ rest) => {
  obeySupervisor()
  process.env['NODE_COMPILE_CACHE'] ??= join(CACHE, 'compiled')
  module.enableCompileCache(process.env['NODE_COMPILE_CACHE'])
  const { prepare } = await import('./prepare.ts')
  await prepare({ root: ROOT, cache: CACHE, say }, verb, rest)
  const { main } = await import(pathToFileURL(join(ROOT, verb.module)).href)
  // A house that is killed never reaches its exit, where Node would write the cache.
  setTimeout(module.flushCompileCache, FLUSH_AFTER_MS).unref()
  return main(rest)
}
