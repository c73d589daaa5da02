import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { exportInto } from '@lotkeeper/deploy/verbs/export.ts'
import { importLedger } from '@lotkeeper/deploy/verbs/import-file.ts'
import { openProgress } from '@lotkeeper/deploy/verbs/progress.ts'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { exitOf } from '@lotkeeper/deploy/verbs/verify-show.ts'
import { draft, line, NODE, openBench } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { openKeys } from '@lotkeeper/hub/access/keys.ts'
import { openStanding } from '@lotkeeper/hub/access/standing.ts'
import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCounty } from './contracts/hub-county.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-portable-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const LOT = 'gauze/B1'
const crypto = openCrypto()
const FACTS = { zone: 'Asia/Shanghai', software: 'test', transitDueMs: 3_600_000 }

const openHub = () =>
  openCounty(async ({ file, mbMax, countyKey, signingKey, epoch }) => {
    const own = { crypto, countyKey, epoch, signer: signerOf(crypto, signingKey), now: Date.now, upMs: () => performance.now() }
    return openLedgerHere(openDatabase(file, LEDGER_FORM, mbMax), { ...own, ...FACTS })
  })

/** A hub that lived twice: entries of a node, something in quarantine, a discrepancy seen once, two trees. */
const writeHub = async () => {
  const county = openHub()
  const writer = county.writer(NODE)
  writer.add({ kind: 'receive', lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/available`, 10)] })
  for (let life = 0; life < 2; life += 1) {
    const ledger = await county.open()
    await ledger.keepCertificate(NODE, county.certificateOf(NODE))
    writer.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 1)] })
    const at = { source: '/test', time: '2026-11-22T01:02:04.000Z' }
    const payload = Buffer.from(writeBatch(writer.batch(life === 0 ? 1 : 4, life === 0 ? 3 : 4), at))
    await ledger.take([{ node: NODE, payload, receivedAtMs: 1_000 + life }])
    await ledger.quarantine(NODE, 'wire.batch-malformed', Buffer.from('nonsense'), 5)
    await ledger.openDiscrepancy({ kind: 'clone', site: NODE, subject: NODE, entry: null, atMs: 7, facts: {} })
    await ledger.keepCheckpoint()
    await county.close()
  }
  return county
}

/** A hub's start on a file, as far as it concerns who it is; answers its incarnation. */
const startOn = async (file: string): Promise<number> => {
  const keys = await openKeys(join(home, 'new', 'keys'), crypto, [], Date.now())
  const { signer } = keys.identity.now()
  const own = { crypto, signer, countyKey: keys.county.publicKey, now: Date.now, upMs: () => performance.now() }
  const epoch = Buffer.from(randomBytes(8)).toString('hex')
  const ledger = openLedgerHere(openDatabase(file, LEDGER_FORM), { ...own, epoch, ...FACTS })
  const timers = { after: () => () => {} }
  await openStanding({
    parts: { crypto, timers, clock: { now: Date.now, monotonic: () => 0 } },
    identity: keys.identity,
    ledger,
    told: () => {},
  }).open()
  await ledger.close()
  return keys.identity.now().incarnation
}

const linesIn = async function* (text: string) {
  for (const one of text.trimEnd().split('\n')) yield one
}

describe('a ledger moves whole', () => {
  test('a hub: the same lines come out of what was made from them, every check is right, and it is told apart from them', async () => {
    const county = await writeHub()
    const [one, two] = [join(home, 'one.ndjson'), join(home, 'two.ndjson')]
    const header = exportInto(county.file, one)
    expect(header).toMatchObject({ kind: 'hub', tables: { log: 8, tree: 2, tree_head: 3, quarantine: 1, discrepancy: 1 } })
    expect(readFileSync(one, 'utf8')).not.toMatch(/PRIVATE|enrolment/)
    const made = await importLedger(linesIn(readFileSync(one, 'utf8')), join(home, 'new'))
    expect(exitOf(made.verdict)).toBe(0)
    expect(made.verdict).toMatchObject({ projections: 'compared', verdict: { tree: { trees: 2, beyond: 0 }, findings: [] } })
    expect(readdirSync(join(home, 'new'))).toEqual(['hub.sqlite'])
    exportInto(made.file, two)
    expect(readFileSync(two).equals(readFileSync(one))).toBe(true)
    // Whoever starts on it first stands above the hub it came from; once.
    expect([await startOn(made.file), await startOn(made.file)]).toEqual([2, 2])
    await county.drop()
  })

  test('a node, also while it books', async () => {
    const bench = openBench({ path: join(home, 'node.sqlite') })
    const receipt = () => [draft('receive', {}, { lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/pending`, 10)] })]
    bench.ledger.book({ action: 'a-1', act: 'a' }, receipt)
    const [one, two] = [join(home, 'one.ndjson'), join(home, 'two.ndjson')]
    exportInto(join(home, 'node.sqlite'), one)
    bench.ledger.book({ action: 'a-2', act: 'a' }, receipt)
    bench.ledger.close()
    const made = await importLedger(linesIn(readFileSync(one, 'utf8')), join(home, 'new'))
    expect(made.verdict).toMatchObject({ kind: 'node', owner: NODE, verdict: { entries: 2, findings: [] } })
    exportInto(made.file, two)
    expect(readFileSync(two).equals(readFileSync(one))).toBe(true)
    const again = openBench({ path: made.file })
    expect(again.ledger.book({ action: 'a-1', act: 'a' }, receipt)).toMatchObject({ fresh: false })
    again.ledger.close()
  })

  test('a hub of the first version', async () => {
    const county = await writeHub()
    county.tamper(`drop table tree; drop table tree_span; drop table tree_tile; drop table tree_head; drop table digest; drop table hub_have;
      pragma user_version = 1`)
    const [one, two] = [join(home, 'one.ndjson'), join(home, 'two.ndjson')]
    expect(verifyFile(county.file)).toMatchObject({ projections: 'older-version', verdict: { findings: [] } })
    exportInto(county.file, one)
    const made = await importLedger(linesIn(readFileSync(one, 'utf8')), join(home, 'new'))
    expect(made.verdict).toMatchObject({ projections: 'compared', verdict: { entries: 8, findings: [] } })
    exportInto(made.file, two)
    expect(readFileSync(two).equals(readFileSync(one))).toBe(true)
    await county.drop()
  })
})

describe('what is not a whole ledger makes none', () => {
  let whole: readonly string[] = []
  beforeAll(async () => {
    const county = await writeHub()
    const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-portable-'))
    exportInto(county.file, join(folder, 'f.ndjson'))
    whole = readFileSync(join(folder, 'f.ndjson'), 'utf8').trimEnd().split('\n')
    rmSync(folder, { recursive: true })
    await county.drop()
  })

  test.for([
    { story: 'cut off', bend: (lines: string[]) => lines.slice(0, -1), says: 'cut off' },
    { story: 'one line gone', bend: (lines: string[]) => lines.toSpliced(5, 1), says: 'SHA-256' },
    {
      story: 'one letter changed',
      bend: (lines: string[]) => lines.map((one) => one.replace('"units\\":10', '"units\\":11')),
      says: 'SHA-256',
    },
    { story: 'something behind the end', bend: (lines: string[]) => [...lines, '{}'], says: 'follows the last line' },
    { story: 'another file', bend: () => ['{"name":"x"}'], says: 'no exported ledger' },
    { story: 'no JSON', bend: () => ['hello'], says: 'no JSON' },
    {
      story: 'of later software',
      bend: (lines: string[]) => lines.map((one) => one.replace('"format":1', '"format":2')),
      says: 'later software',
    },
    {
      story: 'a strange table',
      bend: (lines: string[]) => lines.map((one) => one.replace('"table":"log"', '"table":"sqlite_schema"')),
      says: 'nobody knows',
    },
    {
      story: 'a strange column',
      bend: (lines: string[]) => lines.map((one) => one.replace('"received_at"', '"x) --"')),
      says: 'nobody knows',
    },
    {
      story: 'a row that does not fit',
      bend: (lines: string[]) => lines.map((one) => one.replace('["ord",', '["ord","",')),
      says: 'does not fit',
    },
  ])('$story', async ({ bend, says }) => {
    await expect(importLedger(linesIn(bend([...whole]).join('\n')), join(home, 'new'))).rejects.toThrow(says)
    expect(readdirSync(join(home, 'new'))).toEqual([])
  })

  test('a ledger that is not right is not put in place; one that stands is not touched; the rest of a killed import is cleared away', async () => {
    const county = await writeHub()
    county.tamper(`update log set body = replace(body, '"units":10', '"units":11')`)
    const [file, target] = [join(home, 'f.ndjson'), join(home, 'new')]
    mkdirSync(join(target, '.import-999999999'), { recursive: true })
    exportInto(county.file, file)
    const refused = await runVerb(['import', file, '--home', target])
    expect([refused.code, refused.out, readdirSync(target)]).toEqual([1, expect.stringContaining('[chain-broken]'), []])
    county.tamper(`update log set body = replace(body, '"units":11', '"units":10')`)
    await runVerb(['export', county.file, '--out', file])
    expect(await runVerb(['import', file, '--home', target, '--json'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"right":true'),
    })
    expect((await runVerb(['import', file, '--home', target])).code).toBe(2)
    expect(readdirSync(target)).toEqual(['hub.sqlite'])
    await county.drop()
  })
})

describe('the verbs', () => {
  test('without --out the lines go to standard output, and only they', async () => {
    const county = await writeHub()
    exportInto(county.file, join(home, 'f.ndjson'))
    const { code, out } = await runVerb(['export', county.file, '--json'])
    expect([code, out]).toEqual([0, readFileSync(join(home, 'f.ndjson'), 'utf8')])
    await county.drop()
  })

  test('wrong words are exit 2 with the usage, what is no ledger with the reason', async () => {
    for (const args of [['export'], ['export', 'x', '--hurry'], ['import', 'x'], ['import', '--home', home]])
      expect(await runVerb(args)).toMatchObject({ code: 2, out: expect.stringContaining(`lotkeeper ${args[0]}`) })
    writeFileSync(join(home, 'x.sqlite'), 'x'.repeat(500))
    expect((await runVerb(['export', join(home, 'x.sqlite'), '--out', join(home, 'f')])).code).toBe(2)
    expect((await runVerb(['import', join(home, 'nothing'), '--home', join(home, 'new')])).code).toBe(2)
    expect(readdirSync(home).toSorted()).toEqual(['new', 'x.sqlite'])
  })

  test('a long work tells how far it is, a short one nothing', async () => {
    const told: string[] = []
    const progress = openProgress({ zh: '已读', en: 'read' }, 1_000, (text) => told.push(text))
    for (let at = 0; at < 512; at += 1) progress.step()
    expect(told).toEqual([])
    const late = openProgress({ zh: '已读', en: 'read' }, 1_000, (text) => told.push(text), 0)
    for (let at = 0; at < 512; at += 1) late.step()
    expect(told).toEqual(['  已读 / read：256 / 1000\n', '  已读 / read：512 / 1000\n'])
  })
})
