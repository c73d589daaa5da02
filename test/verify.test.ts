import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { copyDatabase } from '@lotkeeper/deploy/verbs/verify-copy.ts'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { exitOf, showVerdict, verdictLine } from '@lotkeeper/deploy/verbs/verify-show.ts'
import { openDatabase as openNodeFile } from '@lotkeeper/edge/database.ts'
import { line, NODE } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { openDatabase as openHubFile } from '@lotkeeper/hub/database.ts'
import { SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { addLater, FORM, LOT, receiveTen, verdictOf, writeClosedHub, writeClosedNode, writeHub, writeNode } from './ledgers.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-verify-test-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('a ledger as its house wrote it is right', () => {
  test('a hub: every signature proved, its own among them', async () => {
    const told = verdictOf((await writeClosedHub(home)).file)
    expect(told).toMatchObject({ kind: 'hub', owner: 'hub', countyKey: true, projections: 'compared' })
    expect(told.verdict).toMatchObject({ seals: 4, unproved: 0, unsealed: 0, lots: 1, findings: [] })
    expect(told.verdict.tree).toEqual({ trees: 1, leaves: 8, checkpoints: 2, beyond: 0 })
    expect([exitOf(told), showVerdict(told)]).toEqual([0, expect.stringContaining('全部正确 / all is right')])
  })

  test('a node: own entries and those of the hub', () => {
    const told = verdictOf(writeClosedNode(home))
    expect(told).toMatchObject({ kind: 'node', owner: NODE, countyKey: true })
    expect(told.verdict).toMatchObject({ epochs: 2, entries: 4, seals: 2, unproved: 0, unsealed: 0, lots: 1, findings: [] })
  })

  test('without keys beside it nothing is proved and nothing is wrong', () => {
    const file = writeClosedNode(home)
    rmSync(join(home, 'keys'), { recursive: true })
    const told = verdictOf(file)
    expect(told.verdict).toMatchObject({ seals: 2, unproved: 2, findings: [] })
    expect(showVerdict(told)).toContain('no keys/ beside the file')
    expect(showVerdict(told)).not.toContain('all is right')
  })

  test('a hub that starts on an empty file again takes its own history back: checkpoints of trees it lost are said to be beyond it', async () => {
    const { file, ledger } = await writeHub(home)
    await ledger.keepCheckpoint()
    const told = ledger.batch({ stream: 'hub>all', epoch: 'ee00000000000001', from: 1, upto: 2 })
    const batch = writeBatch((await told) ?? expect.fail('no batch'), { source: '/test', time: '2026-11-22T01:02:04.000Z' })
    await ledger.close()
    rmSync(file)
    const again = await writeHub(home, 'ee00000000000002')
    await again.ledger.take([{ node: NODE, payload: Buffer.from(batch), receivedAtMs: 9 }])
    await again.ledger.keepCheckpoint()
    await again.ledger.close()
    const verdict = verdictOf(file)
    expect(verdict.verdict).toMatchObject({ tree: { trees: 1, beyond: 1 }, findings: [] })
    expect(showVerdict(verdict)).toMatch(/1 beyond this file(?!.*all is right)/s)
  })

  test('what was held and parked counts nowhere', async () => {
    const { file, ledger, give, next } = await writeHub(home)
    addLater(next)
    next.add({ kind: 'issue', lines: [line(LOT, `${NODE}/main/available`, `${NODE}/~consumed`, 1)] })
    await give(next, 3, 4)
    await ledger.close()
    expect(verdictOf(file).verdict.findings).toEqual([])
  })
})

describe('what is no ledger is said to be none', () => {
  test.for([
    { story: 'nothing there', make: () => {}, says: 'ENOENT' },
    { story: 'a folder', make: (file: string) => mkdirSync(file), says: 'EISDIR' },
    { story: 'a text', make: (file: string) => writeFileSync(file, 'x'.repeat(5_000)), says: 'not an SQLite database' },
    {
      story: 'a database of somebody else',
      make: (file: string) =>
        openNodeFile(file, { application: 7, version: 1, schema: 'create table t (a)' }, { synchronous: 'NORMAL', walPages: 0 }).close(),
      says: 'not the ledger of a hub or a node',
    },
    {
      story: 'a ledger of later software',
      make: (file: string) => openHubFile(file, { ...FORM, version: SCHEMA_VERSION + 1 }).close(),
      says: 'database.schema-newer',
    },
    {
      story: 'a torn file',
      make: (file: string) => {
        openHubFile(file, FORM).close()
        truncateSync(file, 12_288)
      },
      says: 'malformed',
    },
  ])('$story', ({ make, says }) => {
    const file = join(home, 'x.sqlite')
    make(file)
    const told = verifyFile(file)
    expect([exitOf(told), showVerdict(told)]).toEqual([2, expect.stringContaining(says)])
    expect(JSON.parse(verdictLine(told))).toMatchObject({ file, right: false })
  })
})

describe('while its owner runs', () => {
  const linesOf = (out: string) =>
    out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))

  test('the file of a node is read through a copy, again and again while the node books, and nothing in it changes', async () => {
    const { file, bench } = writeNode(home)
    const before = [readFileSync(file), readFileSync(`${file}-wal`)]
    const once = await runVerb(['verify', file, '--json'])
    expect([once.code, linesOf(once.out)[0]]).toMatchObject([0, { right: true, owner: NODE, entries: 4 }])
    expect([readFileSync(file), readFileSync(`${file}-wal`)].map((bytes, at) => bytes.equals(before[at] ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
    ])

    bench.db.pragma('wal_autocheckpoint = 20')
    let booking = true
    let booked = 0
    const looked = runVerb(['verify'], { input: `${JSON.stringify({ file })}\n`.repeat(12) }).finally(() => {
      booking = false
    })
    while (booking) {
      receiveTen(bench, `b-${booked}`)
      booked += 1
      await new Promise((done) => setTimeout(done, 1))
    }
    const told = linesOf((await looked).out)
    bench.ledger.close()
    // The owner checkpoints every few commits: a copy may fail for its haste, but never shows a ledger that is not whole.
    for (const one of told) expect(one.right || one.unreadable?.en.includes('writes faster'), JSON.stringify(one)).toBe(true)
    expect(told.some((one) => one.right && one.entries > 4)).toBe(true)
  })

  test.for([
    { story: 'once: the copy is made again', restarts: 1, copied: true },
    { story: 'each time: there is no copy', restarts: Number.POSITIVE_INFINITY, copied: false },
  ])('the owner begins its WAL anew in the middle, $story', ({ restarts, copied }) => {
    const { file, bench } = writeNode(home)
    let restarted = 0
    using copy = copyDatabase(file, (from, to) => {
      copyFileSync(from, to)
      if (from !== file || restarted >= restarts) return
      restarted += 1
      bench.db.pragma('wal_checkpoint(restart)')
      receiveTen(bench, `c-${restarted}`)
    })
    expect(copy !== null).toBe(copied)
    if (copy) expect(verdictOf(copy.path).verdict).toMatchObject({ entries: 5, findings: [] })
    bench.ledger.close()
  })

  test('the file of a hub is read beside the hub', async () => {
    const { file, ledger } = await writeHub(home)
    await ledger.keepCheckpoint()
    const { code, out } = await runVerb(['verify', file])
    await ledger.close()
    expect([code, out]).toEqual([0, expect.stringContaining('全部正确')])
    expect(out).not.toContain('not yet signed')
  })

  test('lines that name no file, and a wrong word, are exit 2', async () => {
    const lines = await runVerb(['verify'], { input: 'nonsense\n{"file":7}\n' })
    expect([lines.code, linesOf(lines.out).map((one) => one.right)]).toEqual([2, [false, false]])
    expect(await runVerb(['verify', '--hurry', 'x'])).toMatchObject({ code: 2, out: expect.stringContaining('--json') })
  })
})
