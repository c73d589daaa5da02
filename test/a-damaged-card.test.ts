import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeDatabase } from '@lotkeeper/edge/database.ts'
import { openLedgerFile } from '@lotkeeper/edge/ledger/salvage.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { afterEach, expect, test } from 'vitest'
import { testParts } from './parts.ts'
import { actOnce, prepare } from './season/business.ts'
import { invariantsOf } from './season/invariants.ts'
import { openWorld } from './season/world.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const open = (path: string) => openLedgerFile(path, { synchronous: 'FULL', walPages: 0 }, testParts, Date.parse('2026-11-22T00:00:00.000Z'))

/** A leaf of the log that holds this text is overwritten; the process had died, so its mark lies there. */
const spoil = (path: string, text: string): void => {
  closeDatabase(open(path).db)
  const bytes = readFileSync(path)
  for (let page = 4_096; page < bytes.length; page += 4_096) {
    const leaf = bytes.subarray(page, page + 4_096)
    // [SQLite file format 1.6]: 0x0a is a leaf of a table without row numbers.
    if (leaf[0] === 0x0a && leaf.includes(text)) {
      leaf.fill(0xee)
      break
    }
  }
  writeFileSync(path, bytes)
  writeFileSync(`${path}.pid`, '1\n')
}

test('a card loses the middle of its past: the node starts with the rest, gives the county what only it has, and gets the middle back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-card-'))
  folders.push(folder)
  const world = openWorld(folder, 7, 1)
  const [node] = world.nodes
  if (!node) throw new Error('a county has a node')
  const own = streamOfNode(node.node)
  const heldOf = () =>
    node
      .ledger()
      .exchange.tips([own])
      .map(({ held }) => held)
  const work = async (acts: number) => {
    for (let act = 0; act < acts; act += 1) {
      await actOnce(world, world.counts['acted'] ?? 0)
      world.note('acted')
      await world.time.runFor(200)
    }
  }
  await world.hub.start()
  await world.enrol(node, [])
  node.start()
  await prepare(world)
  await world.time.runFor(3_000)
  for (let life = 0; life < 3; life += 1) {
    await work(30)
    if (life === 2) break
    node.kill()
    node.start()
    await world.time.runFor(3_000)
  }
  world.network.partition(node.machine, true)
  await work(12)
  const before = heldOf()
  node.ledger().close()
  node.kill()
  const path = join(folder, `${node.machine}.sqlite`)
  spoil(path, `"seq":20,"stream":"${own}"`)
  const { db, salvaged } = open(path)
  closeDatabase(db)
  const [span] = salvaged?.lost ?? []
  expect(salvaged?.lost).toHaveLength(1)
  node.start()
  expect(heldOf().slice(0, 3)).not.toEqual(before)
  // The county hears that the node lacks what it once told: that is so.
  world.records.allow('lost-tail', node.node)
  world.network.partition(node.machine, false)
  await world.time.runFor(60_000)
  expect(heldOf().slice(0, 3)).toEqual(before)
  expect(span && before.includes(span.upto)).toBe(true)
  expect(await invariantsOf(world)).toEqual([])
  await world.hub.kill()
  node.kill()
})
