import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passwordHash } from '@lotkeeper/hub/people/passwords.ts'
import { test as base } from 'vitest'
import { until } from '../county.ts'

/** A hub as a process of its own, with nothing around it; whoever attacks it talks bytes to its port. */
export interface LoneHub {
  readonly http: string
  readonly port: number
  /** Of this machine's owner. */
  readonly adminToken: string
  /** Everything it wrote to its log. */
  readonly log: () => string
  /** Memory it holds, in bytes. */
  readonly memory: () => number
  readonly signIn: (from?: SignInFrom) => Promise<{ readonly token: string; readonly cookie: string }>
  readonly stop: () => Promise<void>
}
export interface SignInFrom {
  readonly cookie?: string
  readonly password?: string
}

export const LOGIN = { user: 'county', password: 'lotkeeper' }
/** A name by which a proxy reaches this hub. */
export const NAME = 'lots.county.example'

/** `test` with a `hub` that the tests of one file share. */
export const hubTest = base
  .extend('names', { scope: 'file' }, [NAME])
  .extend('hub', { scope: 'file' }, async ({ names }, { onCleanup }) => {
    const hub = await startHub(names)
    onCleanup(hub.stop)
    return hub
  })

const startHub = async (names: readonly string[]): Promise<LoneHub> => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-lone-hub-'))
  const local = { httpHost: '0.0.0.0', httpsHost: '127.0.0.1', brokerHost: '127.0.0.1', httpPort: 0, httpsPort: 0, brokerPort: 0 }
  const login = { user: LOGIN.user, name: '县级库房', passwordHash: await passwordHash(LOGIN.password) }
  writeFileSync(join(home, 'hub.json'), JSON.stringify({ ...local, login, names, pages: null, logLevel: 'trace' }))
  const main = import.meta.resolve('@lotkeeper/hub/main.ts')
  const story = `const { main } = await import(${JSON.stringify(main)}); process.exitCode = await main(['--home', ${JSON.stringify(home)}])`
  const child = spawn(process.execPath, ['--input-type=module', '-e', story], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const stop = () => ended(child).then(() => rmSync(home, { recursive: true, force: true }))
  try {
    const out = await until(
      'the hub to be ready',
      () => (child.exitCode === null ? said.out : Promise.reject(new Error(said.err))),
      (text) => text.includes('"ready":true'),
      { withinMs: 60_000 },
    )
    const { http } = JSON.parse(out.split('\n').find((line) => line.startsWith('{')) ?? '') as { readonly http: string }
    return {
      http,
      port: Number(new URL(http).port),
      adminToken: readFileSync(join(home, 'keys', 'admin.token'), 'utf8').trim(),
      log: () => said.err,
      memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
      signIn: (from) => signIn(http, from),
      stop,
    }
  } catch (cause) {
    await stop()
    throw cause
  }
}

const signIn = async (http: string, { cookie = '', password = LOGIN.password }: SignInFrom = {}) => {
  const headers = { 'content-type': 'application/json', cookie }
  const answer = await fetch(`${http}/api/session`, { method: 'POST', headers, body: JSON.stringify({ ...LOGIN, password }) })
  const { token } = (await answer.json()) as { readonly token?: string }
  if (token === undefined) throw new Error(`not signed in: ${answer.status}`)
  return { token, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(patience)
}

/** A bare connection to the hub, from an address of this machine if one is named, and everything that came back on it. */
export interface Wire {
  readonly socket: Socket
  readonly heard: () => string
  /** Settles when the connection ended, whoever ended it, with the milliseconds it lived. */
  readonly gone: Promise<number>
}

export const openWire = ({ port }: Pick<LoneHub, 'port'>, localAddress = '127.0.0.1'): Wire => {
  const since = performance.now()
  const socket = connect({ host: '127.0.0.1', port, localAddress })
  let text = ''
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part
  })
  socket.on('error', () => socket.destroy())
  const gone = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now() - since)))
  return { socket, heard: () => text, gone }
}

/** Sends these very bytes and answers all that comes until the hub ends the connection, or nothing more comes for `quietMs` after its word. */
export const sayBytes = async (hub: Pick<LoneHub, 'port'>, bytes: string, quietMs = 700): Promise<string> => {
  const wire = openWire(hub)
  wire.socket.write(bytes, 'latin1')
  wire.socket.setTimeout(SILENT_MS, () => wire.socket.destroy())
  wire.socket.once('data', () => wire.socket.setTimeout(quietMs))
  await wire.gone
  return wire.heard()
}
/** Longer than the hub leaves anybody without a word. */
const SILENT_MS = 45_000
