import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runVerb, startHouse } from '@lotkeeper/deploy/county/house.ts'
import { auditExit, auditLine, showAudit, verifyAudit } from '@lotkeeper/deploy/verbs/verify-audit.ts'
import { act, type WrittenAudit, writtenAudit } from '@lotkeeper/hub/audit/fixtures/written.ts'
import { headText } from '@lotkeeper/hub/audit/head.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let written: WrittenAudit
const running = new Set<ChildProcess>()
beforeEach(async () => {
  written = writtenAudit()
  const audit = written.open()
  await Promise.all(Array.from({ length: 6 }, (_, n) => audit.note(act({ subject: `party-${n}` }))))
  await audit.forget('party-5')
  await audit.close()
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  written[Symbol.dispose]()
})
const codesIn = (told: ReturnType<typeof verifyAudit>) => ('unreadable' in told ? [] : told.verdict.findings.map(({ code }) => code))

describe('lotkeeper verify', () => {
  test('says of an audit that it is right, with what was erased on record', () => {
    const told = verifyAudit(written.file)
    expect(told).toMatchObject({ verdict: { rows: 8, details: 5, erased: 1, headKnown: true }, damages: [] })
    expect([auditExit(told), showAudit(told)]).toEqual([0, expect.stringContaining('全部正确 / all is right')])
    expect(JSON.parse(auditLine(told))).toMatchObject({ right: true, kind: 'audit', rows: 8 })
  })

  test('says of a copy without keys that its end is unproved, unless it is told where it ended', () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-copy-'))
    const copy = join(folder, 'audit.sqlite')
    const audit = written.open()
    const head = audit.head()
    void audit.close()
    copyFileSync(written.file, copy)
    expect(showAudit(verifyAudit(copy))).toContain('its end is unproved')
    expect(showAudit(verifyAudit(copy, { head: headText(head) }))).toContain('all is right')
    expect(codesIn(verifyAudit(copy, { head: headText({ ...head, seq: head.seq + 1 }) }))).toEqual(['tail-lost'])
    expect(codesIn(verifyAudit(copy, { head: headText({ ...head, hash: 'a'.repeat(64) }) }))).toEqual(['head-differs'])
    expect(auditExit(verifyAudit(copy, { head: 'last week' }))).toBe(2)
    rmSync(folder, { recursive: true })
  })

  test.each([
    ['a row altered', `update chain set body = replace(body, 'party-2', 'party-x')`, 'row-altered'],
    ['a tail cut', 'delete from detail where seq > 4; delete from chain where seq > 4', 'tail-lost'],
    ['a detail rewritten', `update detail set json = '{}' where seq = 3`, 'detail-altered'],
  ])('exits with 1 for %s, and names it, of a file and of a home', async (_, sql, code) => {
    written.change(sql)
    for (const path of [written.file, written.home]) {
      const { code: exit, out } = await runVerb(['verify', path])
      expect([exit, out]).toEqual([1, expect.stringContaining(code)])
    }
  })

  test('of a home whose audit is gone, and of a line on stdin', async () => {
    const asked = await runVerb(['verify'], { input: `${JSON.stringify({ file: written.file })}\n` })
    expect([asked.code, JSON.parse(asked.out)]).toMatchObject([0, { right: true, kind: 'audit' }])
    for (const end of ['', '-wal', '-shm']) rmSync(`${written.file}${end}`, { force: true })
    const { code, out } = await runVerb(['verify', written.home, '--json'])
    expect([code, JSON.parse(out)]).toMatchObject([1, { right: false, kind: 'audit' }])
  })
})

/** A program of its own that puts acts on record and says each that is. */
const WRITER = `
const { openAudit } = await import(${JSON.stringify(import.meta.resolve('@lotkeeper/hub/audit/audit.ts'))})
const { headBeside } = await import(${JSON.stringify(import.meta.resolve('@lotkeeper/hub/audit/head.ts'))})
const file = process.argv[1]
const audit = openAudit({ file, headFile: headBeside(file), now: Date.now, note: () => {} })
for (let n = 0; ; n += 1) {
  await Promise.all([0, 1, 2].map((part) => audit.note({ who: 'u-ada00001', kind: 'person', act: 'saveParty', subject: 'killed-' + n + '-' + part, outcome: 'ok', detail: { n } })))
  process.stdout.write(audit.head().seq + '\\n')
}`

test('killed in the middle: whatever was said to be on record is, and the chain goes on as one', async () => {
  let least = 8
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, written.file], { stdio: ['ignore', 'pipe', 'inherit'] })
    running.add(child)
    const said = { out: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text
    })
    await expect.poll(() => said.out.split('\n').length, { timeout: 20_000 }).toBeGreaterThan(3 + round)
    const gone = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await gone
    least = Math.max(least, ...said.out.trimEnd().split('\n').slice(0, -1).map(Number))
    const told = verifyAudit(written.file)
    expect(codesIn(told)).toEqual([])
    expect(told).toMatchObject({ verdict: { epochs: 1, headKnown: true } })
    expect('verdict' in told && told.verdict.rows).toBeGreaterThanOrEqual(least)
  }
  const audit = written.open()
  expect((await audit.note(act())) ?? 'on record').toBe('on record')
  expect(await audit.verify()).toMatchObject({ epochs: 1, findings: [] })
  await audit.close()
})

test('what is no audit is said to be none', () => {
  const file = join(written.home, 'note.txt')
  writeFileSync(file, 'no database')
  expect(auditExit(verifyAudit(file))).toBe(2)
})

test('a hub that is killed: what the command line did is on record, and an older file put back does not pass for the newer', async () => {
  const home = mkdtempSync(join(tmpdir(), 'audited-hub-'))
  const ports = { httpPort: 0, httpsPort: 0, brokerPort: 0, httpsHost: '127.0.0.1', brokerHost: '127.0.0.1', pages: null }
  writeFileSync(join(home, 'hub.json'), JSON.stringify(ports))
  const file = join(home, 'audit.sqlite')
  const start = () => startHouse({ name: 'hub', args: ['hub', '--home', home] })
  const enrol = (node: string) => runVerb(['hub', 'enrol', '--node', node, '--name', node, '--home', home])
  const hubs = new Set<Awaited<ReturnType<typeof start>>>()
  try {
    const first = await start()
    hubs.add(first)
    expect((await enrol('qinglong')).code).toBe(0)
    await first.kill()
    const killed = verifyAudit(file)
    expect(killed).toMatchObject({ verdict: { rows: 2, epochs: 1, headKnown: true, findings: [] } })
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${file}-old${end}`)
    const second = await start()
    hubs.add(second)
    expect((await enrol('baisha')).code).toBe(0)
    await second.stop()
    expect(verifyAudit(file)).toMatchObject({ verdict: { rows: 3, epochs: 1, findings: [] } })
    rmSync(`${file}-shm`, { force: true })
    for (const end of ['', '-wal']) copyFileSync(`${file}-old${end}`, `${file}${end}`)
    expect(codesIn(verifyAudit(file))).toEqual(['tail-lost'])
    const third = await start()
    hubs.add(third)
    await third.stop()
    expect(verifyAudit(file)).toMatchObject({ verdict: { rows: 3, epochs: 2, findings: [{ code: 'tail-lost', seq: 3 }] } })
  } finally {
    for (const hub of hubs) await hub.kill()
    rmSync(home, { recursive: true })
  }
}, 90_000)
