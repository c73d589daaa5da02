import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { readEnrolmentCode } from '@lotkeeper/protocol/wire/enrolment.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLedgerThread } from './ledger/thread.ts'

let home = ''
const running = new Set<ChildProcess>()
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hub-main-'))
  settings({})
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

const settings = (more: object) => {
  const values = { httpPort: 0, httpsPort: 0, brokerPort: 0, httpsHost: '127.0.0.1', brokerHost: '127.0.0.1', pages: null, ...more }
  writeFileSync(join(home, 'hub.json'), JSON.stringify(values))
}

/** The program as a process of its own. */
const start = (...args: readonly string[]) => {
  const story = `const { main } = await import(${JSON.stringify(new URL('./main.ts', import.meta.url).href)})
    process.exitCode = await main(${JSON.stringify(args)})`
  const child = spawn(process.execPath, ['--input-type=module', '-e', story], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const ended = new Promise<number | string>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? '?')))
  void ended.then(() => running.delete(child))
  const ready = async (): Promise<Record<string, string>> => {
    await expect.poll(() => said.out.includes('"ready":true') || child.exitCode !== null, { timeout: 30_000 }).toBe(true)
    return JSON.parse(said.out.split('\n').find((line) => line.startsWith('{')) ?? '{}') as Record<string, string>
  }
  return { child, said, ended, ready }
}
const run = async (...args: readonly string[]) => {
  const { said, ended } = start(...args)
  return { code: await ended, ...said }
}

test('says what it can do, and what it cannot', async () => {
  const help = await run('--help')
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('LOTKEEPER_HUB_BROKER_PORT')
  expect(await run('--hom', home)).toMatchObject({ code: 2, out: '' })
})

test.each([
  ['a setting out of range', { httpPort: 70_000 }, 'settings.value-wrong'],
  ['a name nobody knows', { htpPort: 1 }, 'settings.name-unknown'],
])('does not start with %s, and says where it stands', async (_what, more, code) => {
  settings(more)
  const { code: exit, err } = await run('--home', home)
  expect(exit).toBe(1)
  expect(err).toContain(code)
  expect(err).toContain(join(home, 'hub.json'))
  expect(existsSync(join(home, 'hub.sqlite'))).toBe(false)
})

test('does not start on a port that is taken, and leaves nothing running', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  settings({ brokerPort: typeof address === 'object' ? address?.port : 0 })
  const { code, err } = await run('--home', home)
  expect(code).toBe(1)
  expect(err).toContain('broker.cannot-listen')
  server.close()
})

test('runs, gives codes to whoever holds its home, is alone there, and ends cleanly', { timeout: 120_000 }, async () => {
  expect((await run('enrol', '--home', home, '--node', 'qinglong')).err).toContain('hub.not-running')
  const hub = start('--home', home)
  const { http } = await hub.ready()
  const code = /^ {2}(\S+)$/m.exec(hub.said.out)?.[1]
  const body = JSON.stringify({ code, login: 'wangfang', name: '王芳', password: '三口铝锅 烧 lamian' })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${http}/api/setup`, { method: 'POST', headers, body })).status).toBe(200)

  const forgotten = await run('password', '--home', home, '--user', 'wangfang')
  expect(forgotten).toMatchObject({ code: 0, out: expect.stringMatching(/^\S{32}\n$/) })
  const redeemed = JSON.stringify({ user: 'wangfang', code: forgotten.out.trim(), password: '三口铁锅 烧 lamian' })
  expect((await fetch(`${http}/api/password/code`, { method: 'POST', headers, body: redeemed })).status).toBe(200)
  expect((await run('password', '--home', home, '--user', 'nobody')).err).toContain('access.user-unknown')

  const rooms = ['--room', 'main:库房:store', '--room', 'ward:门诊:department']
  const enrolled = await run('enrol', '--home', home, '--node', 'qinglong', '--name', '青龙卫生院', ...rooms)
  expect(readEnrolmentCode(enrolled.out)).toMatchObject({ node: 'qinglong' })
  const refused = await run('enrol', '--home', home, '--node', 'hub', '--name', 'x')
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toContain('hub.answer-refused')

  const second = await run('--home', home)
  expect(second.code).toBe(1)
  expect(second.err).toContain('database.in-use')
  expect(second.err).toContain(String(hub.child.pid))

  hub.child.kill('SIGTERM')
  expect(await hub.ended).toBe(0)
  expect(existsSync(join(home, 'run.json'))).toBe(false)
})

test('starts again after kill -9 with all it had, and tells its set-up code until there is an administrator', {
  timeout: 120_000,
}, async () => {
  const first = start('--home', home)
  await first.ready()
  await run('enrol', '--home', home, '--node', 'qinglong', '--name', '青龙卫生院')
  const turned = await run('rotate-key', '--home', home, '--reason', '例行')
  expect(turned).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9A-F]{16}\n$/), err: expect.stringContaining('certificate 2') })
  expect(await run('revoke', '--home', home, '--node', 'qinglong')).toMatchObject({ code: 0, out: '' })
  expect((await run('revoke', '--home', home, '--node', 'nobody')).err).toContain('catalog.site-unknown')
  first.child.kill('SIGKILL')
  await first.ended
  const again = start('--home', home)
  const { http } = await again.ready()
  expect(again.said.out).toMatch(/^ {2}\S+$/m)
  const second = await run('enrol', '--home', home, '--node', 'qinglong', '--name', 'x')
  expect(second.code).toBe(0)
  expect(await (await fetch(`${http}/api/health`)).json()).toMatchObject({ state: 'ok', incarnation: 1, secondCopy: 'none' })
  again.child.kill('SIGINT')
  expect(await again.ended).toBe(0)
})

test('a ledger thread that ends by itself is told once, and everything asked of it is rejected', async () => {
  const thread = new Promise<Worker>((resolve) => process.once('worker', resolve))
  const facts = { epoch: '00000000000000ee', zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 1 }
  const signingKey = generateKeyPairSync('ed25519').privateKey
  const order = { file: join(home, 'hub.sqlite'), mbMax: null, countyKey: new Uint8Array(32), signingKey, ...facts }
  const told: string[] = []
  const ledger = await openLedgerThread(order, (why) => told.push(why.code))
  await expect(ledger.quarantine('qinglong', 'x', (() => {}) as never, 1)).rejects.toThrow()
  const worker = await thread
  // Asked first it might answer before it is ended.
  void worker.terminate()
  const asked = ledger.audit()
  await expect(asked).rejects.toMatchObject({ code: 'ledger.worker-ended' })
  expect(told).toEqual(['ledger.worker-ended'])
  const nowhere = { ...order, file: join(home, 'no', 'folder', 'hub.sqlite') }
  await expect(openLedgerThread(nowhere, (why) => told.push(why.code))).rejects.toMatchObject({ code: 'database.failed' })
  expect(told).toHaveLength(1)
})
