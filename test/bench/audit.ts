import { join } from 'node:path'
import { verifyAudit } from '@lotkeeper/deploy/verbs/verify-audit.ts'
import { type Audit, openAudit } from '@lotkeeper/hub/audit/audit.ts'
import { type AuditNote, textHash } from '@lotkeeper/hub/audit/chain.ts'
import { headBeside } from '@lotkeeper/hub/audit/head.ts'
import { type Bench, median } from './figures.ts'
import { openFolder } from './machine.ts'

/** The record of who did what: acts put on it as they come, a million of them re-checked, and one looked for. Re-checking in processor time. */
export const audit: Bench = {
  name: 'audit',
  what: { zh: '审计：写入、核验、查询', en: 'the audit: written, re-checked, searched' },
  run: async (scope, say) => {
    const file = join(openFolder(scope), 'audit.sqlite')
    const opened = openAudit({ file, headFile: headBeside(file), now: Date.now, note: (error) => say(String(error)) })
    scope.defer(() => opened.close())
    const alone = await timed(() => oneByOne(opened, ALONE))
    const together = await timed(() => grow(opened, ROWS - ALONE))
    say(`${ROWS} rows in ${Math.round(together / 1_000)} s`)
    const searches = await searched(opened)
    const checks: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = process.cpuUsage()
      const told = verifyAudit(file, { quick: true })
      checks.push(spentSince(before))
      if ('unreadable' in told || told.verdict.findings.length > 0 || told.verdict.rows <= ROWS) throw new Error('the audit is not right')
      say(`${round + 1}/${ROUNDS}: ${Math.round(checks.at(-1) ?? 0)} ms, ${Math.round(told.took.chain)} ms by the clock`)
    }
    const before = process.cpuUsage()
    bare(ROWS)
    const limit = spentSince(before)
    return [
      {
        what: { zh: '核验 1,000,000 条审计记录', en: '1,000,000 audit rows re-checked: chain, details, end' },
        ours: median('ms', checks),
        goal: { is: '<', value: 10_000 },
        beside: [{ name: { zh: '只做 SHA-256 和 JSON', en: 'SHA-256 and JSON.parse alone' }, measured: median('ms', [limit]) }],
      },
      {
        what: { zh: '写入审计（成批）', en: 'acts put on record, many in one commit' },
        ours: median('/s', [((ROWS - ALONE) / together) * 1_000]),
      },
      {
        what: { zh: '写入审计（逐条落盘）', en: 'acts put on record one after another, each on disk' },
        ours: median('ms', [alone / ALONE]),
      },
      { what: { zh: '在百万条中查一页', en: 'a page found among a million rows' }, ours: median('ms', searches) },
    ]
  },
}

const ROUNDS = 2
const ROWS = 1_000_000
const ALONE = 200
/** Acts that wait for the same commit. */
const TOGETHER = 2_000

const act = (n: number): AuditNote => ({
  ...{ who: `u-${n % 60}`, kind: 'person', act: ACTS[n % ACTS.length] ?? 'saveParty', right: 'catalogue.write', sites: [`site-${n % 30}`] },
  ...{ subject: `party-${n % 5_000}`, outcome: n % 17 === 0 ? 'access.right-missing' : 'ok', action: `action-${n}` },
  detail: {
    ...{ address: '10.1.2.3', agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' },
    ...{
      before: { name: { zh: '华东医用材料', en: 'Huadong' }, roles: ['supplier'] },
      after: { name: { zh: '华东', en: 'East' }, roles: ['carrier'] },
    },
  },
})
const ACTS = ['saveParty', 'createItem', 'sign-in', 'exportTable', 'party']

const oneByOne = async (opened: Audit, rows: number): Promise<void> => {
  for (let n = 0; n < rows; n += 1) await opened.note(act(n))
}

const grow = async (opened: Audit, rows: number): Promise<void> => {
  for (let n = 0; n < rows; n += TOGETHER)
    await Promise.all(Array.from({ length: Math.min(TOGETHER, rows - n) }, (_, at) => opened.note(act(n + at))))
}

const searched = async (opened: Audit): Promise<readonly number[]> => {
  const viewer = { sites: 'all' as const, shown: (detail: object) => detail }
  const took: number[] = []
  for (const query of [{}, { who: 'u-7' }, { subject: 'party-4711' }, { site: 'site-7', outcome: 'refused' }, { search: '10.1.2.3' }])
    took.push(await timed(async () => opened.search(query, viewer, { before: null, limit: 50 })))
  return took
}

const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await run()
  return performance.now() - from
}

/** Milliseconds of one core's work: others may use the machine too. */
const spentSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** The limit: every text hashed once and parsed, and nothing read from a disk or compared. */
const bare = (rows: number): void => {
  const text = JSON.stringify({
    ...act(1),
    detail: 'a'.repeat(64),
    prev: 'b'.repeat(64),
    at: '2026-11-22T00:00:00.000Z',
    epoch: '0'.repeat(16),
    seq: 1,
    v: 1,
  })
  const json = JSON.stringify(act(1).detail)
  let sum = 0
  for (let n = 0; n < rows; n += 1)
    sum += textHash(text).length + textHash(json).length + (JSON.parse(text) as { readonly seq: number }).seq
  if (sum === 0) throw new Error('nothing was hashed')
}
