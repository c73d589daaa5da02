import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'

const LAUNCHER = join(import.meta.dirname, '../lotkeeper.js')
const ENVIRONMENT = { ...process.env, LOTKEEPER_INSTALL: 'never' }
interface Device {
  readonly device: string
  readonly kind: string
  readonly family: string
  readonly address: string
}

let home = ''
let door: ChildProcessWithoutNullStreams | null = null
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-verbs-'))
})
afterEach(() => {
  door?.kill('SIGKILL')
  door = null
  rmSync(home, { recursive: true, force: true })
})

const start = (...args: readonly string[]) => {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: ENVIRONMENT })
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.stdin.end()
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const told = async () => {
    const [out, err] = await said
    return { code: await ended, out, err }
  }
  return { child, told }
}
const run = (...args: readonly string[]) => start(...args).told()

/** A simulated door as a person starts it; answers the devices it says it has, and a way to say words to it. */
const simulate = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [LAUNCHER, 'simulate', '--folder', home, ...args], { env: ENVIRONMENT })
  door = child
  let answers = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    answers += piece
  })
  const [ready] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const ended = new Promise((resolve) => child.on('close', resolve))
  return {
    devices: (JSON.parse(ready) as { readonly devices: readonly Device[] }).devices,
    say: (words: string) => void child.stdin.write(`${words}\n`),
    answers: () => answers,
    ended,
  }
}
test('a door is played, found, recorded and replayed by the verbs alone', async () => {
  const { devices, say, ended } = await simulate()
  expect(devices.map(({ device, kind }) => [device, kind])).toEqual([
    ['main-inside', 'reader'],
    ['main-outside', 'reader'],
    ['table-scanner', 'scanner'],
  ])
  const address = devices[0]?.address ?? ''
  const found = await run('detect', address)
  expect([found.code, JSON.parse(found.out)]).toMatchObject([
    0,
    { kind: 'reader', family: 'bb7e', address, region: 'CN900', side: 'inside' },
  ])

  writeFileSync(
    join(home, 'edge.json'),
    JSON.stringify({ doors: [{ door: 'main', name: { zh: '门', en: 'door' }, inside: 'store', beyond: null }] }),
  )
  const written = await run('detect', address, '--door', 'main', '--side', 'outside', '--home', home)
  expect(written.code).toBe(0)
  expect(JSON.parse(readFileSync(join(home, 'edge.json'), 'utf8'))).toMatchObject({
    doors: [{ door: 'main' }],
    devices: [{ device: 'main-outside', family: 'bb7e', address, door: 'main', side: 'outside' }],
  })
  const refused = await run('detect', address, '--door', 'none', '--side', 'outside', '--home', home)
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('settings.wrong')])

  const file = join(home, 'capture.ndjson')
  say('shelf 2')
  const capturing = start('capture', address, '--family', 'bb7e', '--out', file)
  const linesIn = () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [])
  // Ctrl-C, when it has read for a while.
  await expect.poll(() => linesIn().length, { timeout: 30_000 }).toBeGreaterThan(100)
  capturing.child.kill('SIGINT')
  const captured = await capturing.told()
  expect([captured.code, captured.err]).toEqual([0, expect.stringContaining('reading M100')])
  const lines = linesIn()
  expect(new Set(lines.map((line) => (JSON.parse(line) as { dir: string }).dir))).toEqual(new Set(['rx', 'tx']))
  expect((await run('capture', address, '--seconds', '1', '--out', join(home, 'short.ndjson'))).code).toBe(0)
  expect((await run('capture', address, '--family', 'bb7e', '--seconds', '1', '--out', file)).code).toBe(1)
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toEqual(lines)

  const replayed = spawn(process.execPath, [LAUNCHER, 'replay', '--family', 'bb7e'], { env: ENVIRONMENT })
  replayed.stdin.end(readFileSync(file))
  const said = (await text(replayed.stdout))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(said.filter((one) => 'sighting' in one).length).toBeGreaterThan(10)
  // The byte that wakes a sleeping module belongs to no frame; one that is slow to answer is woken again.
  const rejected = said.filter((one) => 'reject' in one).map((one) => JSON.stringify(one))
  expect([...new Set(rejected)]).toEqual(['{"reject":"00","reason":"header"}'])
  expect(said.filter((one) => (one['decoded'] as { kind?: string } | undefined)?.kind === 'command').length).toBeGreaterThan(8)
  say('quit')
  expect(await ended).toBe(0)
}, 120_000)

test.each([
  [['detect', '/dev/no-such-thing'], 1, 'serial.open-failed'],
  [['detect', 'somewhere'], 2, '/dev/... or tcp://host:port'],
  [['detect', '/dev/x', '--side', 'inside'], 2, 'lotkeeper detect'],
  [['capture', '/dev/x', '--family', 'zz'], 2, 'lotkeeper capture'],
  [['capture', '/dev/no-such-thing', '--seconds', '1'], 1, 'did not open'],
  [['simulate', '--family', 'zz'], 2, 'lotkeeper simulate'],
] as const)('lotkeeper %s: exit %i', async (args, exit, says) => {
  const { code, err } = await run(...args)
  expect([code, err]).toEqual([exit, expect.stringContaining(says)])
})

test('a door of one reader with two antennas is recorded whole', async () => {
  const { devices, say } = await simulate('--tcp', '--single', '--family', 'a0')
  const file = join(home, 'two.ndjson')
  const capturing = start('capture', devices[0]?.address ?? '', '--family', 'a0', '--antennas', '2,1', '--out', file)
  const linesNow = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0)
  await expect.poll(linesNow, { timeout: 30_000 }).toBeGreaterThan(40)
  const before = linesNow()
  say('shelf 6')
  await expect.poll(linesNow, { timeout: 30_000 }).toBeGreaterThan(before + 200)
  capturing.child.kill('SIGINT')
  expect((await capturing.told()).code).toBe(0)
  const replayed = spawn(process.execPath, [LAUNCHER, 'replay', '--family', 'a0'], { env: ENVIRONMENT })
  replayed.stdin.end(readFileSync(file))
  const seen = (await text(replayed.stdout))
    .trimEnd()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { sighting?: { antenna: number } }).sighting?.antenna ?? [])
  expect(new Set(seen)).toEqual(new Set([1, 2]))
  expect((await run('capture', 'tcp://127.0.0.1:1', '--antennas', '0')).code).toBe(2)
})

test('nothing answers on the port: said so', async () => {
  const { devices, say, answers } = await simulate('--tcp')
  say('deaf on')
  await expect.poll(answers).toContain('\nok\n')
  const { code, err } = await run('detect', devices[0]?.address ?? '')
  expect([code, err]).toEqual([1, expect.stringContaining('no known reader answered')])
})
