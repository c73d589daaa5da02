import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openKeyFolder } from '../join/keys.ts'
import { openClock } from '../ledger/fixtures/bench.ts'
import { openKeptTries, openLocks } from './locks.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
const open = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-tries-'))
  folders.push(folder)
  const notes: string[] = []
  const clock = openClock()
  return {
    folder,
    clock,
    notes,
    start: () =>
      openLocks(
        clock,
        openKeptTries(openKeyFolder(folder), (why) => void notes.push(why)),
      ),
  }
}
const ANN = { remote: 'phone', keeper: 'ann' }
const secondsOf = (locks: ReturnType<typeof openLocks>) => locks.refusal(ANN)?.facts['seconds'] ?? null

test('wrong tries and locks outlive a restart', () => {
  const { folder, clock, start } = open()
  const first = start()
  for (let tries = 0; tries < 7; tries += 1) first.failed(ANN)
  clock.pass(20_000)
  const second = start()
  expect([secondsOf(first), secondsOf(second)]).toEqual([40, 40])
  clock.pass(40_000)
  second.failed(ANN)
  expect(secondsOf(start())).toBe(120)
  expect(statSync(join(folder, 'tries.json')).mode & 0o777).toBe(0o600)
})

test('a clock set back shuts nobody out for longer than a lock lasts', () => {
  const { clock, start } = open()
  const first = start()
  for (let tries = 0; tries < 5; tries += 1) first.failed(ANN)
  clock.set(clock.now() - 365 * 86_400_000)
  expect(secondsOf(start())).toBe(900)
})

test('of the wrong tries of all, one is forgiven every quarter of an hour', () => {
  const { clock, start } = open()
  const locks = start()
  const fail = (count: number, from = 0) => {
    for (let tries = from; tries < from + count; tries += 1) locks.failed({ remote: `phone-${tries}`, keeper: null })
  }
  fail(24)
  clock.pass(2 * 900_000)
  fail(2, 24)
  expect(locks.refusal({ remote: 'other', keeper: null })).toBeNull()
  fail(1, 26)
  expect(locks.refusal({ remote: 'other', keeper: null })).toMatchObject({ code: 'access.sign-in-locked' })
})

test('a file nobody can read holds no tries, and one that cannot be written is told', () => {
  const { folder, notes, start } = open()
  writeFileSync(join(folder, 'tries.json'), '[["from x", -1')
  const locks = start()
  expect(secondsOf(locks)).toBeNull()
  rmSync(folder, { recursive: true })
  for (let tries = 0; tries < 5; tries += 1) locks.failed(ANN)
  expect([secondsOf(locks), notes.length]).toEqual([15, 5])
})
