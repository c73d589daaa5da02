import { join } from 'node:path'
import type { EdgeLedger } from '@lotkeeper/edge/ledger/contract.ts'
import { openEdgeLedger } from '@lotkeeper/edge/ledger/ledger.ts'
import { openLedgerFile, type Salvaged } from '@lotkeeper/edge/ledger/salvage.ts'
import { upgradeLedger } from '@lotkeeper/edge/ledger/upgrade.ts'
import { type Database, openDatabase as openHubDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { testParts, testSigner } from '../parts.ts'
import { PowerCut } from './meter.ts'

/** Where a stream stood when somebody was answered: what the answer carried away. */
export interface Head {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly hash: string
}
/** A row of a log. */
export interface LogRow extends Head {
  readonly body: string
}

/** A ledger of either kind, opened by the production code on a file, as a crash looks at it. */
export interface House {
  /** In the order they were committed, as far as the file knows it. */
  readonly log: () => readonly LogRow[]
  /** Whether what an answer carried away still stands; `false` is how a lost tail is told. */
  readonly holds: (head: Head) => Promise<boolean>
  /** Projections that a refold gives otherwise. */
  readonly audit: () => Promise<readonly string[]>
  /** What people would read in the books: equal for two ledgers that were told the same, whatever epochs it took. */
  readonly books: () => string
  /** A damaged file was set aside at this opening, and what could be read of it was carried into a new one; it is told who opened it. */
  readonly salvaged: Salvaged | null
  readonly close: () => Promise<void>
}
export interface NodeHouse extends House {
  readonly ledger: EdgeLedger
  readonly db: Database
}
export interface HubHouse extends House {
  readonly ledger: HubLedger
  readonly db: Database
}

export const NODE = 'qinglong'
export const START_MS = Date.parse('2026-11-22T01:00:00.000Z')
export const NODE_SIGNER = testSigner(testParts.sha256(testParts.utf8('crash node')))
export const HUB_SIGNER = testSigner(testParts.sha256(testParts.utf8('crash hub')))
export const COUNTY_SIGNER = testSigner(testParts.sha256(testParts.utf8('crash county')))
export const nodeFile = (folder: string): string => join(folder, 'node.sqlite')
export const hubFile = (folder: string): string => join(folder, 'hub.sqlite')

/** Every life of a machine draws its own numbers, and the same ones in every run. */
export const epochOf = (life: number): string => hexOf(testParts.sha256(testParts.utf8(`life ${life}`)).subarray(0, 8)).toLowerCase()

const clockOf = (life: number) => {
  let ticks = 0
  const tick = () => {
    ticks += 1
    return ticks
  }
  return { now: () => START_MS + life * 3_600_000 + tick() * 1_000, monotonic: () => tick() * 1_000 }
}

/** Opens a node's file; the pages of its WAL are few, so that checkpoints happen. */
export const openNodeHouse = (folder: string, life: number, signer: Signer = NODE_SIGNER): NodeHouse => {
  const clock = clockOf(life)
  let drawn = 0
  const random = {
    bytes: (count: number) => {
      drawn += 1
      const text = drawn === 1 ? `life ${life}` : `life ${life} ${drawn}`
      return testParts.sha256(testParts.utf8(text)).subarray(0, count)
    },
    fraction: () => 0.5,
  }
  const options = { synchronous: 'FULL', walPages: WAL_PAGES, upgrade: upgradeLedger(testParts) } as const
  const { db, salvaged } = openLedgerFile(nodeFile(folder), options, testParts, clock.now())
  const parts = { crypto: testParts, clock, random, signer, boot: { id: `boot-${life}`, upMs: clock.monotonic } }
  const ledger = ledgerOn(db, parts)
  return {
    ledger,
    db,
    salvaged,
    log: () => rowsOf(db, 'select stream, epoch, seq, hex(hash) as hash, body from log order by at'),
    holds: async ({ stream, epoch, seq, hash }) =>
      stream === `${NODE}>*` ? ledger.holds({ epoch, seq, hash }) : rowHeld(db, { stream, epoch, seq, hash }),
    audit: async () => ledger.rebuild(),
    books: () => JSON.stringify([positionsOf(db), ownActs(db, `${NODE}>*`), ledger.read.openTasks().length]),
    close: async () => ledger.close(),
  }
}
const WAL_PAGES = 16

/** A process that cannot go on ends, and with it what it held open; its mark beside the file stays. */
const ledgerOn = (db: Database, parts: Parameters<typeof openEdgeLedger>[1]): EdgeLedger => {
  try {
    return openEdgeLedger(db, parts, { node: NODE, zone: 'Asia/Shanghai', software: 'crash' })
  } catch (error) {
    if (!(error instanceof PowerCut)) db.close()
    throw error
  }
}

export const openHubHouse = (
  folder: string,
  life: number,
  signer: typeof HUB_SIGNER = HUB_SIGNER,
  secondCopy: string | null = null,
): HubHouse => {
  const clock = clockOf(life)
  const opened = openHubDatabase(hubFile(folder), LEDGER_FORM)
  const { db } = opened
  const ledger = openLedgerHere(opened, {
    ...{ crypto: testParts, signer, countyKey: COUNTY_SIGNER.publicKey, epoch: epochOf(life), now: clock.now, upMs: clock.monotonic },
    ...{ zone: 'Asia/Shanghai', software: 'crash', transitDueMs: 86_400_000, secondCopy },
  })
  return {
    ledger,
    db,
    salvaged: null,
    log: () =>
      rowsOf(
        db,
        `select log.stream, log.epoch, seq, hex(hash) as hash, body from log join epoch using (stream, epoch)
         order by coalesce(log.ord, 9e15), epoch.ord, seq`,
      ),
    holds: async (head) => rowHeld(db, head),
    audit: () => ledger.audit(),
    books: () => JSON.stringify([positionsOf(db), ownActs(db, 'hub>all'), ownActs(db, `hub>${NODE}`), ownActs(db, `${NODE}>*`)]),
    close: () => ledger.close(),
  }
}

const rowsOf = (db: Database, sql: string): readonly LogRow[] => db.prepare<[], LogRow>(sql).all()

const rowHeld = (db: Database, { stream, epoch, seq, hash }: Head): boolean =>
  db
    .prepare<[string, string, number], string>('select hex(hash) from log where stream = ? and epoch = ? and seq = ?')
    .pluck()
    .get(stream, epoch, seq) === hash

const positionsOf = (db: Database) => db.prepare('select lot, place, units from position where units <> 0 order by lot, place').all()

/** What a writer did, without where and when: epochs begin at every start, and a start says what it must. A text nobody can read stands as it is. */
const ownActs = (db: Database, stream: string): readonly string[] =>
  db
    .prepare<[string], string>('select body from log where stream = ?')
    .pluck()
    .all(stream)
    .flatMap((body) => {
      const entry = read(body)
      if (entry === null) return [body]
      const { kind, action, part, lines } = entry
      return OF_A_START.includes(kind) ? [] : [JSON.stringify([action.replaceAll(EPOCH, ''), part, kind, lines])]
    })
    .sort()

const read = (body: string): Pick<Entry, 'kind' | 'action' | 'part' | 'lines'> | null => {
  try {
    const entry = JSON.parse(body)
    // One changed letter may be one of a name.
    return typeof entry.action === 'string' && typeof entry.kind === 'string' ? entry : null
  } catch {
    return null
  }
}
/** An act may be named after the epoch it was made in. */
const EPOCH = /[0-9a-f]{16}/g
const OF_A_START = ['epoch', 'clock', 'checkpoint', 'certificate']
