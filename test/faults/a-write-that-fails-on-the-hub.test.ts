import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { newAction, wasRefused } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf, untilHeld } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'] })
const LOT = 'gauze-10x10/B1'
const counts = { booked: 0 }

/** The kernel itself refuses every byte beyond (EFBIG): the file on the disk, not the settings, is what fails. */
const limitFiles = (pid: number, bytes: number | 'unlimited'): void =>
  void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])

const bookMany = async (county: TestCounty, times: number): Promise<void> => {
  const node = await county.township('qinglong').client()
  const receipt = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', doc: 'd'.repeat(96) }
  for (let time = 0; time < times; time += 1) expect(await book(node, 'receive', receipt)).toMatchObject({ fresh: true })
  counts.booked += times
}

/** An item with as much to say as one may have. */
const newItem = () => {
  const packs = Array.from({ length: 32 }, (_, at) => ({ gtin: null, pack: `${at}`.padEnd(64, '盒'), units: at + 1 }))
  const name = { zh: '名'.repeat(120), en: 'n'.repeat(120) }
  const action = newAction()
  return { action, item: action, name, model: 'm'.repeat(120), unit: { zh: '个', en: 'each' }, packs, nearDays: [30, 0] }
}

test('writes of the hub fail in the kernel: refused with a code, reads go on, nothing half-written, and it goes on by itself', async ({
  county,
}) => {
  await bookMany(county, 3)
  await untilHeld(county)
  const hub = await county.hubClient()
  const { pid } = county.hub()
  const wal = join(county.home, 'hub', 'hub.sqlite-wal')
  limitFiles(pid, 65_536)
  const item = newItem()
  expect(statSync(wal).size).toBeGreaterThan(65_536)
  const refused = await until(
    'a write to be refused',
    () => hub.ask('createItem', item),
    (answer) => wasRefused(answer),
  )
  // Whichever fails first: the books, or the record of who did it.
  expect(refused).toMatchObject({ status: 507, problem: { code: expect.stringMatching(/^(ledger\.disk-full|audit\.unwritable)$/) } })
  await bookMany(county, 5)
  expect((await hub.get('health')).state).toBe('disk-full')
  expect((await hub.get('movements', { limit: 5 })).rows.length).toBeGreaterThan(0)
  expect((await hub.get('items', { search: item.item, limit: 500 })).rows.filter((row) => row.item === item.item)).toEqual([])
  limitFiles(pid, 'unlimited')
  await untilHeld(county, 60_000)
  expect(county.hub().pid).toBe(pid)
  // The record of who did it asks for room once a second.
  const made = await until(
    'the same write to be taken',
    () => hub.ask('createItem', item),
    (answer) => !wasRefused(answer),
  )
  expect(made).toMatchObject({ item: item.item })
  await untilStands(county, 'qinglong', { [`main/pending ${LOT}`]: counts.booked * 100 })
  expect(await breachesOf(county)).toEqual([])
})
