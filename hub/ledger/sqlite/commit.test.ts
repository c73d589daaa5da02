import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../database.ts'
import { openCommits } from './commit.ts'

test('a ledger that finds no room for its reserve at the start takes nothing, says so at once, and goes on when there is room', () => {
  const opened = openDatabase(':memory:', { applicationId: 77, version: 1, schema: 'create table fact (text text not null) strict' })
  const told: string[] = []
  let room = false
  const nothing = () => {}
  const commits = openCommits(
    { ...opened, reserved: false, keepReserve: () => room },
    {
      flush: nothing,
      done: nothing,
      forget: nothing,
      full: (at) => told.push(`full ${at}`),
      room: (at) => told.push(`room ${at}`),
      now: () => 7,
    },
  )
  const write = () => commits.durable(() => opened.db.prepare('insert into fact values (?)').run('kept').changes)
  expect(told).toEqual(['full 7'])
  expect(commits.storage()).toEqual({ state: 'full', sinceMs: 7 })
  expect(write()).toMatchObject({ refused: true, code: 'ledger.disk-full' })
  room = true
  expect(write()).toBe(1)
  expect(told).toEqual(['full 7', 'room 7'])
  expect(commits.storage()).toEqual({ state: 'ok', sinceMs: null })
  opened.close()
})

test('an alarm that found no room is written as soon as there is some, and closed after it', () => {
  const opened = openDatabase(':memory:', { applicationId: 77, version: 1, schema: 'create table fact (text text not null) strict' })
  const told: string[] = []
  let room = false
  const full = (at: number) => {
    if (!room) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    told.push(`full ${at}`)
  }
  const on = { flush: () => {}, done: () => {}, forget: () => {}, full, room: (at: number) => told.push(`room ${at}`), now: () => 7 }
  const commits = openCommits({ ...opened, reserved: false, keepReserve: () => room }, on)
  expect(commits.durable(() => 1)).toMatchObject({ code: 'ledger.disk-full' })
  room = true
  expect(commits.durable(() => 1)).toBe(1)
  expect(told).toEqual(['full 7', 'room 7'])
  opened.close()
})

test('a file as long as it may be stays full while nothing is written: the sweep of every minute closes no alarm', () => {
  const home = mkdtempSync(join(tmpdir(), 'commit-'))
  const form = { applicationId: 77, version: 1, schema: 'create table fact (text text not null) strict' }
  const opened = openDatabase(join(home, 'hub.sqlite'), form, 1)
  const told: string[] = []
  const on = { flush: () => {}, done: () => {}, forget: () => {}, now: () => 7 }
  const commits = openCommits(opened, { ...on, full: (at) => told.push(`full ${at}`), room: (at) => told.push(`room ${at}`) })
  const write = () => commits.durable(() => opened.db.prepare('insert into fact values (?)').run('x'.repeat(20_000)).changes)
  while (write() === 1);
  expect(told).toEqual(['full 7'])
  expect(commits.durable(() => 0)).toMatchObject({ code: 'ledger.disk-full' })
  expect([told, commits.storage().state]).toEqual([['full 7'], 'full'])
  opened.close()
  rmSync(home, { recursive: true })
})
