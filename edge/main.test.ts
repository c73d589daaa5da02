import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { hashPin, PIN_HASH_PATTERN } from './crypto.ts'

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

/** A node as a process of its own, as the launcher starts it. */
const start = (args: readonly string[], input = '') => {
  const script = `import(${JSON.stringify(join(import.meta.dirname, 'main.ts'))}).then(({ main }) => main(${JSON.stringify(args)})).then((code) => { process.exitCode = code })`
  const child = spawn(process.execPath, ['-e', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LOTKEEPER_EDGE_LOG_LEVEL: 'error' },
  })
  child.stdin.end(input)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const gone = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  ending.push(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const ready = async (): Promise<{ readonly http: string; readonly pid: number }> => {
    while (!said.out.includes('\n')) {
      if (child.exitCode !== null) throw new Error(said.err)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return JSON.parse(said.out)
  }
  return { child, said, gone, ready }
}

const makeHome = (settings: object | null): string => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-node-'))
  ending.push(() => rmSync(home, { recursive: true }))
  if (settings) writeFileSync(join(home, 'edge.json'), JSON.stringify(settings))
  return home
}
const SETTINGS = {
  node: 'qinglong',
  httpPort: 0,
  httpsPort: 0,
  pages: import.meta.dirname,
  keepers: [{ keeper: 'k1', name: 'K', pinHash: hashPin('2580') }],
}

test.each<[string, readonly string[], string, number, RegExp]>([
  ['a PIN becomes its hash', ['pin'], '2580\n', 0, new RegExp(PIN_HASH_PATTERN, 'm')],
  ['a PIN of letters is refused', ['pin'], 'secret\n', 1, /口令须为[\s\S]*A PIN is 4 to 8 digits\n\[pin.malformed\]/],
  ['help is help', ['--help'], '', 0, /lotkeeper edge join --hub/],
  ['a verb nobody knows', ['fly'], '', 2, /lotkeeper edge join --hub/],
  ['an option nobody knows', ['--hom', '/x'], '', 2, /--hom[\s\S]*lotkeeper edge/],
  ['joining without a code', ['join', '--hub', 'https://hub'], '', 2, /--code CODE/],
  ['joining with half a code', ['join', '--hub', 'https://hub', '--code', 'x'], '', 1, /登记码格式不对[\s\S]*no enrolment code/],
])('%s', async (_story, args, input, code, words) => {
  const { gone, said } = start(args.includes('join') ? [...args, '--home', makeHome(null)] : args, input)
  expect(await gone).toBe(code)
  expect(said.out + said.err).toMatch(words)
})

test('a node without a name does not start, and says which setting', async () => {
  const { gone, said } = start(['--home', makeHome({ httpPort: 0 })])
  expect(await gone).toBe(1)
  expect(said.err).toMatch(/node = \(missing\)/)
})

test('a node runs, refuses a second one, survives kill -9 and ends when asked', async () => {
  const home = makeHome(SETTINGS)
  const first = start(['--home', home])
  const { http, pid } = await first.ready()
  expect(pid).toBe(first.child.pid)
  const health = await fetch(`${http}/api/health`)
  expect(await health.json()).toMatchObject({ node: 'qinglong' })
  const second = start(['--home', home])
  expect(await second.gone).toBe(1)
  expect(second.said.err).toMatch(new RegExp(`${pid}[\\s\\S]*in use by another process`))
  first.child.kill('SIGKILL')
  expect(await first.gone).toBe('SIGKILL')
  const third = start(['--home', home])
  await third.ready()
  third.child.kill('SIGTERM')
  expect(await third.gone).toBe(0)
  expect(third.said.err).toBe('')
})

test('a port that is taken ends the start cleanly', async () => {
  const home = makeHome(SETTINGS)
  const { http } = await start(['--home', home]).ready()
  const other = start(['--home', makeHome({ ...SETTINGS, httpPort: Number(new URL(http).port) })])
  expect(await other.gone).toBe(1)
  expect(other.said.err).toMatch(/cannot listen/)
})
