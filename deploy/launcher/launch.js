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
    return runsHere() ? await run(verb, rest) : await runElsewhere(args)
  } catch (error) {
    if (!isFault(error)) throw error
    say(error.message)
    return 1
  }
}

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
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

const runElsewhere = async (/** @type {readonly string[]} */ args) => {
  const node = await ensureNode({ root: ROOT, cache: CACHE, say })
  return supervise(node, [join(ROOT, 'deploy', 'lotkeeper.js'), ...args], { NODE_COMPILE_CACHE: join(CACHE, 'compiled'), ...process.env })
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
