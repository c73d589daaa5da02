import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { supervised } from '../launcher/supervise.js'
import { VERBS } from '../launcher/verbs.js'

/** A hub or a node as a process of its own. */
export interface RunningHouse {
  readonly name: string
  readonly pid: number
  /** What its ready line said: addresses. */
  readonly ready: Readonly<Record<string, unknown>>
  /** Milliseconds from spawn to the ready line. */
  readonly startMs: number
  /** The last lines it wrote to stderr, newest last. */
  readonly log: () => readonly string[]
  /** Exit code, or the signal's name; settles when it is gone. */
  readonly gone: Promise<number | string>
  /** Asks it to end (SIGTERM) and waits. */
  readonly stop: () => Promise<number | string>
  /** kill -9. */
  readonly kill: () => Promise<number | string>
}

export interface HouseStart {
  readonly name: string
  /** Words after `lotkeeper`: `['hub', '--home', dir]`. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly onLog?: (line: string) => void
  /** What it says on stdout before its ready line: what a person must see once. */
  readonly onSay?: (line: string) => void
}

/**
 * Starts a house and waits for its ready line; rejects with its log when it ends or says nothing for so long. When this process is killed,
 * the house stops by itself.
 */
export const startHouse = async (start: HouseStart): Promise<RunningHouse> => {
  const from = performance.now()
  const flags = VERBS.find(({ name }) => name === start.args[0])?.flags ?? []
  const child = spawn(process.execPath, [...flags, LAUNCHER, ...start.args], {
    env: supervised({ ...process.env, ...start.env }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = followLog(child, start.onLog)
  const gone = new Promise<number | string>((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone')))
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal)
    return gone
  }
  const ready = await readyOf(start, child, gone, log)
  return {
    name: start.name,
    pid: child.pid ?? 0,
    ready,
    startMs: performance.now() - from,
    log,
    gone,
    stop: end('SIGTERM'),
    kill: end('SIGKILL'),
  }
}

/** Runs a verb to its end; answers what it printed. */
export const runVerb = async (
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
) => {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const out: string[] = []
  const err: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number | string>((resolve) => child.once('close', (exit, signal) => resolve(exit ?? signal ?? 'gone')))
  return { code, out: out.join(''), err: err.join('') }
}

const LAUNCHER = fileURLToPath(new URL('../lotkeeper.js', import.meta.url))
/** A first start may have to build pages; a later one takes about a second. */
const READY_WITHIN_MS = 60_000
const LOG_LINES_KEPT = 400

const followLog = (child: ChildProcess, onLog: ((line: string) => void) | undefined): (() => readonly string[]) => {
  const lines: string[] = []
  eachLine(child.stderr, (line) => {
    lines.push(line)
    if (lines.length > LOG_LINES_KEPT) lines.shift()
    onLog?.(line)
  })
  return () => lines
}

const readyOf = (start: HouseStart, child: ChildProcess, gone: Promise<number | string>, log: () => readonly string[]) =>
  new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`${start.name}: ${why}\n${log().slice(-30).join('\n')}`))
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`not ready within ${READY_WITHIN_MS} ms`)
    }, READY_WITHIN_MS)
    void gone.then((code) => fail(`ended with ${code} before it was ready`))
    eachLine(child.stdout, (line) => {
      const said = readyLine(line)
      if (!said) {
        start.onSay?.(line)
        return
      }
      clearTimeout(timer)
      resolve(said)
    })
  })

const readyLine = (line: string): Readonly<Record<string, unknown>> | null => {
  if (!line.startsWith('{')) return null
  try {
    const value = JSON.parse(line)
    return value.ready === true ? value : null
  } catch {
    return null
  }
}

const eachLine = (stream: NodeJS.ReadableStream | null, listener: (line: string) => void): void => {
  let rest = ''
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) listener(line)
  })
}
