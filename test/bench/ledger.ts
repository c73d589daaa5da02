import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger, Parcel } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { openTree } from '@lotkeeper/hub/ledger/sqlite/tree.ts'
import { BATCH_ENTRIES_MAX } from '@lotkeeper/protocol/wire/batch.ts'
import { type LedgerCounty, type OpenHubLedger, openCounty, taken } from '../contracts/hub-county.ts'
import { type Bench, type Figure, median } from './figures.ts'
import { insertBare } from './limit.ts'
import { openFolder } from './machine.ts'
import { type Spent, spentOn } from './spent.ts'
import { type Load, makeLoad } from './workload.ts'

/**
 * The hub's ledger alone, without broker and thread, on a file whose every commit is flushed: taking new entries in commits of several sizes, and
 * being offered all of them again.
 */
export const ledger: Bench = {
  name: 'ledger',
  what: { zh: '县中心账本单独', en: 'the ledger of the hub alone' },
  run: async (scope, say) => {
    const runs: readonly Run[] = PER_COMMIT.map((entries) => ({ entries, fresh: [], again: [], bare: [], tree: [] }))
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const run of runs) {
        const county = openCounty(here)
        scope.defer(county.drop)
        const loads = NODES.map((node) => makeLoad(node, county.signerOf(node), EPOCH, null, BATCHES))
        const { fresh, again } = await offer(county, loads, run.entries)
        run.fresh.push(fresh)
        run.again.push(again)
        run.bare.push(insertBare(openFolder(scope), loads, run.entries))
        run.tree.push(growTree(openFolder(scope), loads, run.entries))
        await county.drop()
        say(`${round + 1}/${ROUNDS}: ${run.entries}: ${Math.round(fresh.perSecond)} /s, ${fresh.cpuUs.toFixed(1)} µs`)
      }
    }
    return [...runs.flatMap(figuresOf), duplicates(runs)]
  },
}

interface Run {
  readonly entries: number
  readonly fresh: Spent[]
  readonly again: Spent[]
  readonly bare: Spent[]
  readonly tree: Spent[]
}

const figuresOf = ({ entries, fresh, bare, tree }: Run): readonly Figure[] => {
  const limit = { zh: '裸插入', en: 'bare inserts' }
  return [
    {
      what: { zh: `账本收新记录，${entries} 条一提交`, en: `the ledger takes new entries, ${entries} a commit` },
      ours: median('/s', perSecond(fresh)),
      ...(entries === GOAL_ENTRIES ? { goal: { is: '≥', value: 20_000 } } : {}),
      beside: [{ name: limit, measured: median('/s', perSecond(bare)) }],
    },
    {
      what: { zh: `每条的处理器时间，${entries} 条一提交`, en: `processor time per entry, ${entries} a commit` },
      ours: median('µs', cpuUs(fresh)),
      beside: [
        { name: limit, measured: median('µs', cpuUs(bare)) },
        { name: { zh: '只长默克尔树', en: 'its tree alone' }, measured: median('µs', cpuUs(tree)) },
      ],
    },
  ]
}

const duplicates = (runs: readonly Run[]): Figure => ({
  what: { zh: '账本认出重复', en: 'the ledger sees duplicates' },
  ours: median(
    '/s',
    runs.flatMap(({ again }) => perSecond(again)),
  ),
  goal: { is: '≥', value: 200_000 },
})

const perSecond = (spent: readonly Spent[]): readonly number[] => spent.map((one) => one.perSecond)
const cpuUs = (spent: readonly Spent[]): readonly number[] => spent.map((one) => one.cpuUs)

const ROUNDS = 3
const NODES = ['baisha', 'heishi', 'hongqi', 'liushu', 'lvshui', 'qinglong', 'shuanghe', 'xiaohe']
const BATCHES = 40
const EPOCH = '00000000000000aa'
/** One batch, one batch of every node, and as many as wait for a hub that is behind. */
const PER_COMMIT = [64, 512, 4_096]
const GOAL_ENTRIES = 512

const FORM = { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }

const here: OpenHubLedger = async ({ file, mbMax, countyKey, signingKey, epoch }) => {
  const crypto = openCrypto()
  const opened = openDatabase(file, FORM, mbMax)
  const facts = { zone: 'Asia/Shanghai', software: 'bench', transitDueMs: 3 * 86_400_000 }
  const clock = { now: Date.now, upMs: () => performance.now() }
  return openLedgerHere(opened, { crypto, signer: signerOf(crypto, signingKey), countyKey, epoch, ...clock, ...facts })
}

const offer = async (county: LedgerCounty, loads: readonly Load[], entriesPerCommit: number) => {
  const opened = await county.open()
  for (const node of NODES) await opened.keepCertificate(node, county.certificateOf(node))
  const groups = groupsOf(parcelsOf(loads), entriesPerCommit)
  const entries = loads.reduce((sum, load) => sum + load.entries, 0)
  const fresh = await offerAll(opened, groups, entries, 'taken')
  const again = await offerAll(opened, groups, entries, 'duplicate')
  await county.close()
  const [held] = county.look('select (select count(*) from log) + (select count(*) from movement) as n') as readonly {
    readonly n: number
  }[]
  // The entry that opens an epoch moves nothing.
  if (held?.n !== 2 * entries - NODES.length) throw new Error(`${held?.n} rows of ${entries} entries`)
  return { fresh, again }
}

/** Full batches, so many to a commit. */
const groupsOf = <Batch>(batches: readonly Batch[], entriesPerCommit: number): readonly (readonly Batch[])[] => {
  const size = entriesPerCommit / BATCH_ENTRIES_MAX
  return Array.from({ length: Math.ceil(batches.length / size) }, (_, at) => batches.slice(at * size, (at + 1) * size))
}

/** One batch of every node after another, as the hub's intake gathers them. */
const parcelsOf = (loads: readonly Load[]): readonly Parcel[] =>
  Array.from({ length: BATCHES }, (_, at) =>
    loads.map(({ node, payloads }) => ({ node, payload: Buffer.from(payloads[at] ?? ''), receivedAtMs: Date.now() })),
  ).flat()

const offerAll = async (
  opened: HubLedger,
  groups: readonly (readonly Parcel[])[],
  entries: number,
  judgement: 'taken' | 'duplicate',
): Promise<Spent> => {
  const spent = spentOn(entries)
  for (const group of groups) {
    const outcomes = await taken(opened, ...group)
    const other = outcomes.find((outcome) => outcome.judgement !== judgement)
    if (other) throw new Error(`${other.node}: ${other.judgement}`)
  }
  return spent()
}

/** What the tree over these entries costs by itself, in commits of its own. */
const growTree = (folder: string, loads: readonly Load[], entriesPerCommit: number): Spent => {
  const { db, close } = openDatabase(`${folder}/tree.sqlite`, FORM)
  const signer = () => {
    throw new Error('nothing is signed')
  }
  const tree = openTree(db, openCrypto(), { epoch: EPOCH, countyKey: '0'.repeat(16), signer, now: Date.now })
  const batches = Array.from({ length: BATCHES }, (_, at) =>
    loads.map(({ tip, rows }) => ({ tip, rows: rows.slice(at * BATCH_ENTRIES_MAX, (at + 1) * BATCH_ENTRIES_MAX) })),
  ).flat()
  const spent = spentOn(batches.length * BATCH_ENTRIES_MAX)
  for (const group of groupsOf(batches, entriesPerCommit)) {
    db.exec('begin immediate')
    for (const { tip, rows } of group) tree.take(tip, rows, 0)
    tree.flush()
    db.exec('commit')
  }
  const told = spent()
  close()
  return told
}
