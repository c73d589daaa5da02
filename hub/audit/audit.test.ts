import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { describe, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { type ChainBody, textHash } from './chain.ts'
import { act, type WrittenAudit, writtenAudit } from './fixtures/written.ts'
import { headBeside } from './head.ts'
import type { AuditViewer } from './search.ts'

const EVERYTHING: AuditViewer = { sites: 'all', shown: (detail) => detail }
const ALL = { before: null, limit: 100 }
const bodyAt = (db: Database, seq: number): ChainBody =>
  JSON.parse(String(db.prepare('select body from chain where seq = ?').pluck().get(seq))) as ChainBody
/** Rewrites a row and every hash after it, as somebody would who knows how the chain is made. */
const rewriteFrom = (db: Database, seq: number, change: object) => {
  let prev = bodyAt(db, seq).prev
  const last = Number(db.prepare('select max(seq) from chain').pluck().get())
  for (let at = seq; at <= last; at += 1) {
    const body = canonicalText({ ...bodyAt(db, at), ...(at === seq ? change : {}), prev })
    prev = textHash(body)
    db.prepare('update chain set body = ?, hash = ? where seq = ?').run(body, prev, at)
  }
}
/** Nine acts after the row that begins the chain. */
const filled = async (): Promise<WrittenAudit> => {
  const written = writtenAudit()
  const audit = written.open()
  await Promise.all(Array.from({ length: 9 }, (_, n) => audit.note(act({ action: `action-${n + 1}`, subject: `party-${n + 1}` }))))
  await audit.close()
  return written
}
/** The file with what SQLite keeps beside it. */
const dropped = (file: string, ends: readonly string[] = ['', '-wal', '-shm']) => {
  for (const end of ends) rmSync(`${file}${end}`, { force: true })
}
const codesOf = ({ findings }: ReturnType<WrittenAudit['verdict']>) => findings.map(({ code, seq }) => `${code} ${seq}`)

describe('a chain as it was written is right', () => {
  test('over restarts, and its head is told apart from it, for its owner only', async () => {
    using written = await filled()
    const audit = written.open()
    expect(audit.head().seq).toBe(10)
    await Promise.all([audit.note(act()), audit.note(act({ outcome: 'access.right-missing', detail: null }))])
    expect(await audit.verify()).toMatchObject({ rows: 12, epochs: 1, details: 10, findings: [] })
    expect(await audit.verify(5)).toMatchObject({ rows: 8, findings: [] })
    await audit.close()
    expect(written.verdict()).toMatchObject({ rows: 12, epochs: 1, details: 10, erased: 0, headKnown: true, findings: [] })
    expect(statSync(headBeside(written.file)).mode & 0o077).toBe(0)
  })
})

describe('whatever is changed is found, and where', () => {
  test.each<[string, string | ((db: Database) => void), string]>([
    ['a changed row', `update chain set body = replace(body, 'party-3', 'party-x') where seq = 4`, 'row-altered 4'],
    ['a changed hash', `update chain set hash = '${'0'.repeat(64)}' where seq = 4`, 'row-altered 4'],
    ['a row hidden from whoever looks for it', `update chain set who = 'u-other000' where seq = 4`, 'row-altered 4'],
    ['a row made unreadable', `update chain set body = 'no json' where seq = 4`, 'row-altered 4'],
    ['a row changed with its hash', (db) => rewriteOne(db, 4), 'chain-broken 5'],
    ['a removed row', 'delete from chain where seq = 5; delete from detail where seq = 5', 'row-missing 6'],
    ['the first rows removed', 'delete from chain where seq < 3; delete from detail where seq < 3', 'row-missing 3'],
    [
      'a removed row, the rest moved up',
      'delete from chain where seq = 5; update chain set seq = seq - 1 where seq > 5',
      'row-misplaced 5',
    ],
    [
      'two rows swapped',
      'update chain set seq = -1 where seq = 5; update chain set seq = 5 where seq = 6; update chain set seq = 6 where seq = -1',
      'row-misplaced 5',
    ],
    ['a cut tail', 'delete from chain where seq > 7; delete from detail where seq > 7', 'tail-lost 7'],
    ['the last row cut', 'delete from chain where seq = 10; delete from detail where seq = 10', 'tail-lost 9'],
    ['everything gone', 'delete from chain; delete from detail', 'tail-lost 0'],
    ['a rewritten detail', `update detail set json = replace(json, 'old', 'odd') where seq = 6`, 'detail-altered 6'],
    [
      'details exchanged',
      'update detail set seq = -1 where seq = 6; update detail set seq = 6 where seq = 7; update detail set seq = 7 where seq = -1',
      'detail-altered 6',
    ],
    ['a detail gone without a word', 'delete from detail where seq = 6', 'detail-missing 6'],
    ['a detail put beside', `insert into detail values (99, 'aa', '{}')`, 'detail-stray 99'],
    ['a row and every hash after it rewritten', (db) => rewriteFrom(db, 4, { outcome: 'access.site-foreign' }), 'head-differs 10'],
    ['a row added at the end that was never told', (db) => addForged(db), 'chain-broken 11'],
  ])('%s', async (_, change, first) => {
    using written = await filled()
    if (typeof change === 'string') written.change(change)
    else written.within(change)
    expect(codesOf(written.verdict())[0]).toBe(first)
  })

  const rewriteOne = (db: Database, seq: number) => {
    const body = canonicalText({ ...bodyAt(db, seq), outcome: 'access.site-foreign' })
    db.prepare('update chain set body = ?, hash = ? where seq = ?').run(body, textHash(body), seq)
  }
  const addForged = (db: Database) => {
    const said = { ...bodyAt(db, 10), seq: 11, detail: null }
    const body = canonicalText(said)
    db.prepare('insert into chain values (11, ?, ?, ?, ?, ?, ?)').run(body, textHash(body), said.at, said.who, said.act, said.subject)
  }
})

describe('a chain that lost rows goes on and never pretends', () => {
  test.each([
    ['its tail was cut', (w: WrittenAudit) => w.change('delete from chain where seq > 7; delete from detail where seq > 7')],
    ['its file is gone', (w: WrittenAudit) => dropped(w.file)],
  ])('%s', async (_, lose) => {
    using written = await filled()
    lose(written)
    const audit = written.open()
    await audit.note(act())
    await audit.close()
    const verdict = written.verdict()
    expect(verdict.findings).toMatchObject([{ code: 'tail-lost', detail: expect.stringContaining(':10:') }])
    const again = written.open()
    expect(again.search({ act: 'audit-restored' }, EVERYTHING, ALL).rows).toHaveLength(1)
    await again.close()
  })

  test('an old backup put back: another epoch, and what was lost is named for ever', async () => {
    using written = await filled()
    const backup = join(written.home, 'backup')
    copyFileSync(written.file, backup)
    const more = written.open()
    await Promise.all(Array.from({ length: 5 }, () => more.note(act())))
    const lost = more.head()
    await more.close()
    dropped(written.file, ['-wal', '-shm'])
    copyFileSync(backup, written.file)
    const audit = written.open()
    await Promise.all(Array.from({ length: 20 }, () => audit.note(act())))
    await audit.close()
    expect(written.verdict()).toMatchObject({ rows: 31, epochs: 2, findings: [{ code: 'tail-lost', seq: 11 }] })
    const [marker] = written.open().search({ act: 'audit-restored' }, EVERYTHING, ALL).rows
    expect(marker?.body.subject).toBe(`${lost.epoch}:15:${lost.hash}`)
    expect(marker?.body.epoch).not.toBe(lost.epoch)
  })

  test('what told the head is gone, or tells nothing', async () => {
    using written = await filled()
    writeFileSync(headBeside(written.file), 'nothing')
    await written.open().close()
    expect(written.verdict()).toMatchObject({ epochs: 2, findings: [{ code: 'head-lost', seq: 11 }] })
  })
})

describe('what is erased', () => {
  test('is gone from the file, on record as erased, and the chain stays whole', async () => {
    using written = await filled()
    const audit = written.open()
    await audit.note(act({ who: 'u-eve00001', detail: { name: 'Eve Adams' } }))
    await audit.note(act({ subject: 'u-eve00001', detail: { name: 'Eve again' } }))
    await audit.note(act({ detail: { after: { members: ['u-eve00001'], name: 'Eve once more' } } }))
    expect(await audit.forget('u-eve00001')).toBe(3)
    expect(audit.search({ search: 'Eve a' }, EVERYTHING, ALL).rows).toEqual([])
    expect(audit.entry(11, EVERYTHING)).toMatchObject({ body: { who: 'u-eve00001' }, detail: null })
    await audit.close()
    expect(written.verdict()).toMatchObject({ rows: 14, erased: 3, findings: [] })
    const left = ['', '-wal'].map((end) => `${written.file}${end}`).filter((file) => existsSync(file))
    expect(left.filter((file) => readFileSync(file).includes('Eve '))).toEqual([])
  })

  test('and comes back from a backup is found, and erased again at the next start', async () => {
    using written = await filled()
    const kept: unknown[] = []
    written.within((db) => kept.push(...(db.prepare('select seq, salt, json from detail where seq = 3').raw().get() as unknown[])))
    const audit = written.open()
    expect(await audit.forget('party-2')).toBe(1)
    await audit.close()
    written.within((db) => void db.prepare('insert into detail values (?, ?, ?)').run(...kept))
    expect(codesOf(written.verdict())).toEqual(['detail-returned 3'])
    await written.open().close()
    expect(written.verdict()).toMatchObject({ erased: 1, findings: [] })
  })
})

describe('a disk that is full', () => {
  test('stops acts before they are done, keeps what was under way, and says how much went by', async () => {
    using written = writtenAudit(() => (clock += 2_000))
    let clock = Date.parse('2026-11-22T00:00:00.000Z')
    const audit = written.open(1)
    const large = { text: 'x'.repeat(20_000) }
    let done = 0
    while (audit.mayAct() === null && done < 500) {
      expect(await audit.note(act({ detail: large }))).toBeNull()
      done += 1
    }
    expect(done).toBeGreaterThan(20)
    expect(audit.mayAct()).toMatchObject({ code: 'audit.unwritable' })
    audit.missed()
    expect(written.noted.length).toBeGreaterThan(0)
    await audit.close()
    const again = written.open(8)
    expect(again.mayAct()).toBeNull()
    expect(await again.note(act())).toBeNull()
    expect(await again.export({ act: 'saveParty' }, EVERYTHING, 1_000)).toHaveLength(done + 1)
    await again.close()
    expect(written.verdict()).toMatchObject({ details: done + 1, findings: [] })
  })
})

describe('looking', () => {
  test.each([
    [{ who: 'u-bob00001' }, 2],
    [{ act: 'saveItem' }, 1],
    [{ subject: 'gauze' }, 1],
    [{ outcome: 'refused' }, 2],
    [{ outcome: 'access.site-foreign' }, 1],
    [{ site: 'qinglong' }, 2],
    [{ since: '2026-11-22T00:00:02.000Z' }, 2],
    [{ until: '2026-11-22T00:00:02.000Z' }, 2],
    [{ search: 'SECOND floor' }, 1],
    [{ who: 'u-bob00001', outcome: 'refused', search: '10.9' }, 1],
    [{ who: `' or 1=1 --` }, 0],
    [{ search: '%' }, 0],
  ])('%j finds %i', async (query, count) => {
    using written = writtenAudit(() => (clock += 1_000))
    let clock = Date.parse('2026-11-21T23:59:59.000Z')
    const audit = written.open()
    await audit.note(act({ who: 'u-bob00001', sites: ['qinglong'], detail: { reason: 'the Second Floor' } }))
    await audit.note(
      act({ who: 'u-bob00001', outcome: 'access.site-foreign', sites: ['qinglong', 'xinghe'], detail: { address: '10.9.8.7' } }),
    )
    await audit.note(act({ act: 'saveItem', subject: 'gauze', outcome: 'ledger.disk-full' }))
    expect(audit.search(query, EVERYTHING, ALL).rows).toHaveLength(count)
    await audit.close()
  })

  test('turns pages without losing or doubling a row, and shows a site no rows of another', async () => {
    using written = await filled()
    const audit = written.open()
    await audit.note(act({ sites: ['qinglong'] }))
    await audit.note(act({ sites: ['qinglong', 'xinghe'] }))
    const seqs: number[] = []
    for (let before: number | null = null; ; ) {
      const page = audit.search({}, EVERYTHING, { before, limit: 5 })
      seqs.push(...page.rows.map(({ body }) => body.seq))
      before = page.next
      if (before === null) break
    }
    expect(seqs).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    const scoped: AuditViewer = { ...EVERYTHING, sites: ['qinglong'] }
    expect(audit.search({}, scoped, ALL).rows.map(({ body }) => body.seq)).toEqual([11])
    expect([audit.entry(12, scoped), audit.entry(3, scoped)]).toEqual([null, null])
    expect(await audit.export({}, EVERYTHING, 11)).toBeNull()
    expect(await audit.export({}, scoped, 11)).toHaveLength(1)
    await audit.close()
  })
})
