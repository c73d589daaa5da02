import { spawn } from 'node:child_process'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { figureOf, median } from './figures.ts'

/** What the figures were measured on, in one line: they say nothing without it. */
export const machineFacts = (): string => {
  const memory = Math.round(totalmem() / 1024 ** 3)
  const load = loadavg()[0]?.toFixed(1)
  return `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${memory} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}, fdatasync ${syncMs().toFixed(2)} ms, load before ${load}`
}

/** A folder that goes with the scope. */
export const openFolder = (scope: AsyncDisposableStack): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-bench-'))
  scope.defer(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What a process has used so far, from `/proc`; `null` where there is none. */
export interface Usage {
  readonly rssMb: number
  readonly cpuMs: number
}
export const usageOf = (pid: number): Usage | null => {
  try {
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    // The name of the program, in brackets, may hold blanks; user and system time are the 14th and 15th field [proc(5)].
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return { rssMb: Number(rss) / 1024, cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS }
  } catch {
    return null
  }
}

/** A program that runs; it is killed with the scope, or before. */
export interface Program {
  readonly pid: number
  readonly startMs: number
  readonly close: () => Promise<void>
}

/** A Node program of the bench's own, ready: it says one JSON line when it is. */
export const startProgram = async (scope: AsyncDisposableStack, args: readonly string[]): Promise<Program & Said> => {
  const from = performance.now()
  const { child, gone, close } = spawnProgram(scope, process.execPath, args, 'inherit')
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve)
    void gone.then(() => reject(new Error(`${args.join(' ')} ended before it was ready`)))
  })
  return { pid: child.pid ?? 0, startMs: performance.now() - from, said: JSON.parse(said), close }
}
interface Said {
  readonly said: Readonly<Record<string, unknown>>
}

/** Somebody else's program, ready: it takes connections at its port. */
export const startServer = async (
  scope: AsyncDisposableStack,
  command: string,
  args: readonly string[],
  port: number,
): Promise<Program> => {
  const from = performance.now()
  const { child, gone, close } = spawnProgram(scope, command, args, 'ignore')
  let ended = false
  void gone.then(() => {
    ended = true
  })
  while (!(await takesConnections(port))) {
    if (ended || performance.now() - from > SERVER_MS_MAX) throw new Error(`${command} does not listen on ${port}`)
    await sleep(20)
  }
  return { pid: child.pid ?? 0, startMs: performance.now() - from, close }
}

const spawnProgram = (scope: AsyncDisposableStack, command: string, args: readonly string[], complaints: 'inherit' | 'ignore') => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', complaints] })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const close = async () => {
    child.kill('SIGKILL')
    await gone
  }
  scope.defer(close)
  return { child, gone, close }
}

const SERVER_MS_MAX = 5_000

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Linux counts processor time in hundredths of a second, whatever its clock is. */
const TICK_MS = 10

const syncMs = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-bench-'))
  const file = openSync(join(folder, 'sync'), 'w')
  const page = Buffer.alloc(4_096, 1)
  const values = Array.from({ length: 24 }, () => {
    const from = performance.now()
    writeSync(file, page, 0, page.length, 0)
    fdatasyncSync(file)
    return performance.now() - from
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  return figureOf(median('ms', values))
}
