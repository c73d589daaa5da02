import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, delimiter, dirname } from 'node:path'
import { faultOf } from './faults.js'

/**
 * Runs npm under the Node that runs us, with a line every ten seconds so that nobody thinks it hangs; rejects when it fails.
 * Its output goes to stderr: stdout belongs to the verb.
 * @param {readonly string[]} args
 * @param {{ cwd: string, say: (line: string) => void }} options
 * @returns {Promise<void>}
 */
export const runNpm = async (args, { cwd, say }) => {
  const from = Date.now()
  const ticker = setInterval(() => say(`  … ${Math.round((Date.now() - from) / 1000)} s`), TICK_MS)
  try {
    await finished(args, cwd)
  } finally {
    clearInterval(ticker)
  }
  say(`  完成 / done: ${((Date.now() - from) / 1000).toFixed(1)} s`)
}

/** What `<node> --version` answers without the v, or undefined when it cannot run. @param {string} node */
export const versionOf = (node) => {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return answer.status === 0 ? answer.stdout.trim().replace(/^v/, '') : undefined
}

const TICK_MS = 10_000

const finished = (/** @type {readonly string[]} */ args, /** @type {string} */ cwd) =>
  /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const [command, first] = npmCommand()
      const child = spawn(command, [...first, ...args], { cwd, env: npmEnvironment(), stdio: ['ignore', 2, 2] })
      child.on('error', (cause) => reject(faultOf('launcher.npm-missing', {}, cause)))
      child.on('exit', (code, signal) =>
        code === 0 ? resolve() : reject(faultOf('launcher.npm-failed', { what: args[0] ?? '', code: code ?? String(signal) })),
      )
    })
  )

// Under `npm start` npm tells where it is; otherwise the one on the PATH is taken. Either way our own Node runs it, so that a package
// which wants a newer Node than the system's has nothing to warn about.
const npmCommand = () => {
  const told = process.env['npm_execpath']
  const own = told !== undefined && basename(told) === 'npm-cli.js' && existsSync(told)
  return own ? /** @type {const} */ ([process.execPath, [told]]) : /** @type {const} */ (['npm', []])
}

const npmEnvironment = () => {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` }
  // An npm around us hands its own project and workspace down; the one we start has its own.
  for (const name of Object.keys(environment))
    if (/^npm_(config_(local_prefix|workspace|prefix)|package|lifecycle)/.test(name)) delete environment[name]
  return environment
}
