import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeDatabase, openDatabase as openNodeDatabase, readDatabase } from '@lotkeeper/edge/database.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openDatabase as openHubDatabase } from '@lotkeeper/hub/database.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import type { Scenario } from './exhaustive.ts'
import { HUB_SIGNER, type HubHouse, hubFile, NODE_SIGNER, type NodeHouse, nodeFile, openHubHouse, openNodeHouse } from './houses.ts'
import { announceAct, bring, prepareHub } from './hub-scenarios.ts'
import { AVAILABLE, bookAct, CONSUMED, lineOf, PENDING, TRANSIT } from './node-scenarios.ts'

/** A node that starts on what an older program or a dying card left. */
export const OLD_NODE_SCENARIOS: readonly Scenario<NodeHouse>[] = [
  {
    name: 'a node raises a file of the first version',
    kind: 'node',
    prepare: async (folder) => {
      await writeNode(folder, 2)
      lowerNode(nodeFile(folder))
    },
    open: async (folder, life, meter) => openNodeHouse(folder, life, meter.signer(NODE_SIGNER)),
    acts: [bookAct('use', 'issue', lineOf(AVAILABLE, CONSUMED, 5))],
  },
  {
    name: 'a node salvages a damaged file',
    kind: 'node',
    prepare: async (folder) => {
      await writeNode(folder, 8)
      spoilLog(nodeFile(folder))
    },
    open: async (folder, life, meter) => {
      const house = openNodeHouse(folder, life, meter.signer(NODE_SIGNER))
      if (readdirSync(folder).every((name) => !/\.damaged-[0-9TZ]+$/.test(name))) throw new Error('the damaged file was not kept')
      return house
    },
    acts: [bookAct('goes-on', 'receive', lineOf(TRANSIT, PENDING, 5))],
  },
]

/** The same of a hub; the last one starts anew with nothing of its own disk but an old backup. */
export const OLD_HUB_SCENARIOS: readonly Scenario<HubHouse>[] = [
  {
    name: 'a hub raises a file of the first version',
    kind: 'hub',
    prepare: async (folder) => {
      await prepareHub(folder)
      const house = openHubHouse(folder, 0.5)
      await bring([1, 4])(house)
      await house.close()
      lowerHub(hubFile(folder))
    },
    open: async (folder, life, meter) => openHubHouse(folder, life, meter.signer(HUB_SIGNER)),
    acts: [bring([5, 6])],
  },
  {
    name: 'a hub whose disk is lost has all it ever told on its second copy',
    kind: 'hub',
    copied: true,
    prepare: async (folder) => {
      mkdirSync(join(folder, COPY))
      await prepareHub(folder)
      copyFileSync(hubFile(folder), join(folder, BACKUP))
    },
    open: async (folder, life, meter) => {
      const backup = join(folder, BACKUP)
      if (life > 1 && existsSync(backup)) {
        for (const tail of ['-wal', '-shm']) rmSync(`${hubFile(folder)}${tail}`, { force: true })
        copyFileSync(backup, hubFile(folder))
      }
      return openHubHouse(folder, life, meter.signer(HUB_SIGNER), join(folder, COPY))
    },
    acts: [announceAct('delivery-1', 2), announceAct('delivery-2', 1)],
  },
]

const COPY = 'copy'
const BACKUP = 'backup.sqlite'

const writeNode = async (folder: string, rounds: number): Promise<void> => {
  const house = openNodeHouse(folder, 0)
  for (let round = 0; round < rounds; round += 1) {
    await bookAct(`in-${round}`, 'receive', lineOf(TRANSIT, PENDING, 20))(house)
    await bookAct(`accept-${round}`, 'accept', lineOf(PENDING, AVAILABLE, 20))(house)
  }
  await house.close()
}

/** The first version's own tables, with the same log in them. */
const lowerNode = (file: string): void => {
  const schema = readFileSync(new URL(import.meta.resolve('@lotkeeper/edge/ledger/fixtures/schema-1.sql')), 'utf8')
  const now = readDatabase(file, LEDGER_SHAPE)
  const then = openNodeDatabase(`${file}.1`, { ...LEDGER_SHAPE, version: 1, schema }, { synchronous: 'NORMAL', walPages: 0 })
  for (const table of ['ledger', 'epoch', 'log', 'batch_signature', 'action', 'certificate', 'revoked'])
    for (const row of now.prepare<[], Record<string, unknown>>(`select * from ${table}`).all()) {
      const names = Object.keys(row)
      then.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`).run(...Object.values(row))
    }
  now.close()
  closeDatabase(then)
  copyFileSync(`${file}.1`, file)
  for (const tail of ['', '-wal', '-shm']) rmSync(`${file}.1${tail}`, { force: true })
}

const lowerHub = (file: string): void => {
  const { db, close } = openHubDatabase(file, LEDGER_FORM)
  for (const table of ['tree_tile', 'tree_head', 'tree', 'tree_span', 'digest', 'hub_have']) db.exec(`drop table ${table}`)
  db.pragma('user_version = 1')
  close()
}

/** A leaf in the middle of the log is noise, and whoever had the file last did not close it [SQLite file format 1.6: 0x0a]. */
const spoilLog = (file: string): void => {
  const bytes = readFileSync(file)
  const pages = Array.from({ length: bytes.length / PAGE }, (_, page) => bytes.subarray(page * PAGE, (page + 1) * PAGE))
  const leaves = pages.filter((page) => page[0] === 0x0a && page.includes('"stream":"qinglong>*"'))
  leaves[leaves.length >> 1]?.fill(0xee)
  writeFileSync(file, bytes)
  writeFileSync(`${file}.pid`, '1\n')
}
const PAGE = 4_096
