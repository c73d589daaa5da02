import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@lotkeeper/edge/database.ts'
import { draftsOfCrossing } from '@lotkeeper/edge/ledger/crossing.ts'
import { announce, draft, NODE, openBench, openTestHub } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { openRing, RING_SHAPE } from '@lotkeeper/edge/ledger/ring.ts'
import { walks } from '@lotkeeper/edge/portal/fixtures/walks.ts'
import { readScenario } from '@lotkeeper/edge/portal/scenario.ts'
import { readSettings } from '@lotkeeper/edge/settings.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'lotkeeper-tune-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true })
})

const reader = (side: 'inside' | 'outside') => ({
  ...{ device: side, kind: 'reader', family: 'bb7e', address: `tcp://${side}:1`, region: 'CN900', powerDbm: 26, door: 'gate', side },
})
const SETTINGS = {
  node: NODE,
  devices: [reader('inside'), reader('outside')],
  doors: [{ door: 'gate', name: { zh: '库房门', en: 'Store' }, inside: 'main', beyond: null, thresholds: { dwellMs: 5_000, offsetDb: 1 } }],
}
/** A season of commits, each flushed on a busy disk, and processes one after another. */
const PATIENCE_MS = 120_000
const COUNT = 36
const LOST = 3

/** A node's folder after some weeks: the keeper has answered every passage, the oldest raw reads have run out. */
const openHome = (): string => {
  const home = folder()
  writeFileSync(join(home, 'edge.json'), JSON.stringify(SETTINGS))
  const { ledger, clock } = openBench({ path: join(home, 'node.sqlite') })
  const db = openDatabase(join(home, 'ring.sqlite'), RING_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  const ring = openRing(db, { clock, timers: { after: () => () => {} } }, { bytesMax: 1e8, daysMax: 30 })
  const hub = openTestHub()
  for (const [at, { reads, truth }] of walks({ seed: 1, count: COUNT, weakerDb: 10 }).entries()) {
    const { epc, direction } = truth[0] ?? { epc: '', direction: '' }
    announce(hub, { epc, lot: 'gauze/B1', units: 10 })
    hub.tell(ledger)
    clock.pass(60_000)
    const key = `gate-${at}`
    const kept = reads.map(([tMs, , antenna, rssiDbm]) => ({
      at: clock.monotonic() + tMs,
      antenna: antenna === 'r:1' ? 'inside:1' : 'outside:1',
      rssiDbm,
    }))
    if (at >= LOST) ring.keep(key, kept)
    const seen = { direction: 'uncertain', epc, atMs: clock.now(), certainty: 0.5, algorithm: 'portal/1', evidence: {}, ring: key } as const
    const door = { door: 'gate', node: NODE, inside: 'main', beyond: null }
    const passage = ledger.book({ action: `cross-${at}`, act: 'cross' }, (book) => draftsOfCrossing(book, door, seen))
    if (isRefusal(passage)) throw new Error(passage.en)
    ledger.book({ action: `settle-${at}`, act: 'settle' }, () => [
      draft('settle', { task: passage.entries[0]?.id ?? '', answer: direction }),
    ])
  }
  ring.close()
  ledger.close()
  return home
}

/** `labels` or `tune`, each in a process of its own as a person starts it. */
const run = (verb: 'labels' | 'tune', ...args: readonly string[]) => {
  const module = new URL(`portal-${verb}.ts`, import.meta.url)
  const script = `import(${JSON.stringify(module.href)}).then(({ main }) => main(process.argv.slice(1))).then((code) => { process.exitCode = code })`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script, '--', ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}
const linesOf = (text: string): readonly unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

let home = ''
beforeAll(() => {
  home = openHome()
}, PATIENCE_MS)

test('labels are exported a walk a line; what ran out is counted', () => {
  const { status, stdout, stderr } = run('labels', join(home, 'node.sqlite'))
  const scenarios = linesOf(stdout).flatMap((line) => readScenario(line) ?? [])
  expect([status, scenarios.length]).toEqual([0, COUNT - LOST])
  expect(scenarios[0]).toMatchObject({ door: 'gate', truth: [{ direction: 'out', source: 'settled' }] })
  expect(stderr).toMatch(new RegExp(`gate\\s+${COUNT}\\s+${COUNT - LOST}\\s+0\\s+0\\s+${LOST}\\s+0`))
})

test('anonymous labels name no tag of the county, and a tag the same each time', { timeout: PATIENCE_MS }, () => {
  const out = join(home, 'labels.ndjson')
  expect(run('labels', join(home, 'node.sqlite'), '--anonymous', '--out', out).status).toBe(0)
  const first = readFileSync(out, 'utf8')
  expect(first).not.toContain('0000000030340')
  expect(first).not.toMatch(/gate|inside:1|2026/)
  expect(run('labels', join(home, 'node.sqlite'), '--anonymous').stdout).toBe(first)
  expect(JSON.parse(run('tune', out, '--json').stdout)).toMatchObject({ door: 'door 1', labels: COUNT - LOST, expired: 0, isBetter: true })
})

test('the table shows before and after; nothing is written unless asked', () => {
  const edge = readFileSync(join(home, 'edge.json'), 'utf8')
  const { status, stdout, stderr } = run('tune', join(home, 'node.sqlite'))
  expect(status).toBe(0)
  expect(stdout).toContain(`${COUNT - LOST} 条带答案的通过 / labelled passages，另有 ${LOST} 条原始读数已过期`)
  expect(stdout).toMatch(/现在 \/ now\s+\d+\s+\d+\s+\d+\s+\d+\n/)
  expect(stdout).toMatch(/offsetDb\s+1\s+→\s+-\d+/)
  expect(stderr).toContain('学习 / learning：6 / 6')
  expect(readFileSync(join(home, 'edge.json'), 'utf8')).toBe(edge)
})

test('written, the settings hold the figures, the old file is kept, and the rest stands', () => {
  const { status, stderr } = run('tune', join(home, 'node.sqlite'), '--write')
  expect([status, stderr.includes('站点下次启动时生效')]).toEqual([0, true])
  const [door] = readSettings(home, {}).doors
  expect(door?.thresholds).toMatchObject({ dwellMs: 5_000 })
  expect(Number(door?.thresholds?.offsetDb)).toBeLessThan(-4)
  const copies = readdirSync(home).filter((name) => name.startsWith('edge.json.2'))
  expect(copies.map((name) => JSON.parse(readFileSync(join(home, name), 'utf8')) as object)).toEqual([SETTINGS])
  expect(existsSync(join(home, 'edge.json.new'))).toBe(false)
})

test('a door that hangs well is not touched', () => {
  const own = folder()
  const well = join(own, 'well.ndjson')
  writeFileSync(join(own, 'edge.json'), JSON.stringify(SETTINGS).replace(',"offsetDb":1', ''))
  writeFileSync(
    well,
    walks({ seed: 1, count: 32, weakerDb: 0 })
      .map((one) => JSON.stringify(one))
      .join('\n'),
  )
  const { status, stdout } = run('tune', well, '--home', own, '--door', 'gate', '--write')
  expect([status, stdout.includes('保持现状为好'), readdirSync(own).length]).toEqual([1, true, 2])
})

test('what there is nothing to learn from is said in words', { timeout: PATIENCE_MS }, () => {
  const few = join(folder(), 'few.ndjson')
  const lines = walks({ seed: 1, count: 6, weakerDb: 0 }).map((one, at) => JSON.stringify({ ...one, door: at < 3 ? 'a' : 'b' }))
  writeFileSync(few, lines.join('\n'))
  expect(run('tune', few).stderr).toContain('[tuning.door-missing]')
  expect(run('tune', few, '--door', 'c').stderr).toContain('[tuning.door-unknown]')
  expect(run('tune', few, '--door', 'a').stderr).toContain('[tuning.labels-few]')
  writeFileSync(few, `${lines[0]}\n{"reads":1}\n`)
  expect(run('tune', few)).toMatchObject({ status: 2, stderr: expect.stringContaining('第 2 条不是带答案的通过记录') as string })
  const alone = folder()
  openBench({ path: join(alone, 'node.sqlite') }).ledger.close()
  expect(run('labels', join(alone, 'node.sqlite'))).toMatchObject({ status: 2, stderr: expect.stringContaining('edge.json') as string })
  expect(run('labels').status).toBe(2)
  expect(run('tune', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('lotkeeper portal tune') as string })
})
