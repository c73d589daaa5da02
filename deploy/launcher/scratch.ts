import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { versionOf } from './npm.js'
import { isNewEnough } from './runtime.js'

/** A checkout of its own, in a folder whose name has spaces and Chinese letters: this launcher, one house that a test writes, nothing installed. */
export interface Scratch extends Disposable {
  readonly root: string
  readonly write: (path: string, text: string) => void
  /** Starts `lotkeeper <args>` as the leader of its own process group, so that a test can play terminal. */
  readonly start: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Started
}

export interface Started {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** What it ended with: an exit code, or the name of a signal. */
  readonly ended: Promise<number | string>
}

/** Opens a scratch checkout. With `node: 'present'` its private Node is the one that runs the tests. */
export const openScratch = ({ node }: { readonly node: 'present' | 'absent' }): Scratch => {
  const root = join(mkdtempSync(join(tmpdir(), 'lotkeeper ')), '试 用')
  mkdirSync(join(root, 'deploy'), { recursive: true })
  for (const path of ['deploy/lotkeeper.js', 'deploy/launcher', 'package.json'])
    cpSync(join(ROOT, path), join(root, path), { recursive: true })
  if (node === 'present') {
    mkdirSync(join(root, '.node/node_modules/.bin'), { recursive: true })
    symlinkSync(process.execPath, join(root, '.node/node_modules/.bin/node'))
  }
  const started: ChildProcess[] = []
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return {
    root,
    write,
    start: (args, environment = {}) => {
      const script = join(root, 'deploy/lotkeeper.js')
      const running = follow(
        spawn(OLD_NODE, [script, ...args], { cwd: '/', detached: true, env: { ...bareEnvironment(), ...environment } }),
      )
      started.push(running.child)
      return running
    },
    [Symbol.dispose]: () => {
      for (const { pid } of started) endGroup(pid)
      rmSync(dirname(root), { recursive: true, force: true })
    },
  }
}

const ROOT = dirname(dirname(import.meta.dirname))

/** A Node on the PATH too old for the houses, where there is one; else this one, told to look for the private Node all the same. */
const oldNode = (): string => {
  const nodes = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'))
  return nodes.find((node) => existsSync(node) && !isNewEnough(versionOf(node) ?? '99.0.0')) ?? process.execPath
}
const OLD_NODE = oldNode()

const bareEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  LOTKEEPER_NODE: 'private',
  LOTKEEPER_INSTALL: 'never',
})

const follow = (child: ChildProcess): Started => {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<number | string>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? 'lost')))
  return { child, out: () => out, err: () => err, ended }
}

const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // ESRCH: the group is already empty, as it should be.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
