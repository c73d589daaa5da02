import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs the launcher again under another Node, as our only child, and ends as it ends: same exit code, or the same signal.
 * A signal reaches it exactly once, whether a terminal sent it to both of us or somebody sent it to us alone.
 * @param {string} node
 * @param {readonly string[]} argv the script and its arguments
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Promise<number>}
 */
export const supervise = (node, argv, environment) =>
  new Promise((resolve, reject) => {
    const child = spawn(node, argv, {
      env: supervised(environment),
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    })
    /** @type {Map<string, number>} */
    const heardAt = new Map()
    child.on('message', (message) => heardAt.set(String(message), Date.now()))
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        const at = Date.now()
        setTimeout(() => {
          if ((heardAt.get(signal) ?? 0) < at - HEARD_MS) child.kill(signal)
        }, HEARD_MS)
      })
    }
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (signal === null) return resolve(code ?? 1)
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
      resolve(128 + constants.signals[signal])
    })
  })

/**
 * The environment for a child that is to stop when this process is gone, however it went; the child needs an IPC channel too.
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export const supervised = (environment) => ({ ...environment, [SUPERVISOR]: String(process.pid) })

/**
 * The child's side: says which signals came, and stops as if told to when the launcher itself was killed.
 * Does nothing in a process that no launcher started.
 */
export const obeySupervisor = () => {
  const supervised = isSupervised()
  delete process.env[SUPERVISOR]
  if (!supervised) return
  for (const signal of SIGNALS) {
    let toldAt = Number.NEGATIVE_INFINITY
    const tell = () => {
      const again = Date.now() - toldAt < SAME_MS
      toldAt = Date.now()
      if (process.connected) process.send?.(signal)
      // A house that was busy hears one signal from the terminal and from the launcher at once: it is stopping by then.
      if (again || process.listenerCount(signal) > 1) return
      // Nobody in the house listens: then the signal means what it always meant.
      process.removeListener(signal, tell)
      process.kill(process.pid, signal)
    }
    process.on(signal, tell)
  }
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WORD_MS).unref()
  })
  // The channel must not keep a finished verb alive.
  process.channel?.unref()
}

/** Whether a launcher started this very process; what that process starts in turn is on its own. */
export const isSupervised = () => process.env[SUPERVISOR] === String(process.ppid) && process.send !== undefined

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const SUPERVISOR = 'LOTKEEPER_SUPERVISOR'
const HEARD_MS = 1_000 // a terminal reaches both of us at once, but a house that writes to a slow disk says so late
const SAME_MS = 300 // a second Ctrl-C of a person comes later
const LAST_WORD_MS = 20_000 // a house stops in a few seconds; after this it hangs
