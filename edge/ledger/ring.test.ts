import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { openClock } from './fixtures/bench.ts'
import { FLUSH_MS, openRing, RING_SHAPE } from './ring.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-ring-'))
  folders.push(folder)
  return join(folder, 'ring.sqlite')
}

const LIMITS = { bytesMax: 512 * 1024 * 1024, daysMax: 30 }
/** Sightings that do not shrink when packed. */
const sightings = (seed: number, count = 20) =>
  Array.from({ length: count }, (_, at) => ({ at, rssiDbm: -((seed * 7_919 + at * 104_729) % 1_000_003) / 7 }))

const openTestRing = (limits = LIMITS, path = file()) => {
  const db = openDatabase(path, RING_SHAPE, { synchronous: 'NORMAL', walPages: 16 })
  const clock = openClock()
  const due: { at: number; run: () => void }[] = []
  const timers = {
    after: (ms: number, run: () => void) => {
      const one = { at: clock.monotonic() + ms, run }
      due.push(one)
      return () => void due.splice(due.indexOf(one), 1)
    },
  }
  const pass = (ms: number) => {
    clock.pass(ms)
    for (const one of due.splice(0, due.length)) one.at <= clock.monotonic() ? one.run() : due.push(one)
  }
  return { ring: openRing(db, { clock, timers }, limits), db, pass, due, path }
}

test('sightings are read back by their key, before and after they are written and over a restart', () => {
  const { ring, pass, path, due } = openTestRing()
  ring.keep('gate-1', sightings(1))
  expect(ring.read('gate-1')).toEqual(sightings(1))
  expect(ring.read('gate-2')).toBeNull()
  pass(FLUSH_MS)
  expect(ring.read('gate-1')).toEqual(sightings(1))
  ring.keep('gate-3', sightings(3))
  ring.close()
  const again = openTestRing(LIMITS, path).ring
  expect(again.read('gate-1')).toEqual(sightings(1))
  expect(again.read('gate-3')).toEqual(sightings(3))
  expect(again.state().bytes).toBeGreaterThan(0)
  again.close()
  expect(due).toEqual([])
})

test('the oldest go first when the bytes are used up, and the file stays within reach of the limit', () => {
  const bytesMax = 40_000
  const { ring, pass, db } = openTestRing({ bytesMax, daysMax: 30 })
  for (let at = 0; at < 400; at += 1) {
    ring.keep(`p-${at}`, sightings(at))
    if (at % 10 === 9) pass(FLUSH_MS)
  }
  expect(ring.state().bytes).toBeLessThanOrEqual(bytesMax)
  expect(ring.state().bytes).toBeGreaterThan(bytesMax / 2)
  expect([ring.read('p-0'), ring.read('p-399')]).toEqual([null, sightings(399)])
  const bytes = Number(db.pragma('page_count', { simple: true })) * 4_096
  expect(bytes).toBeLessThan(bytesMax * 4)
  ring.close()
})

test('what is older than the days kept goes', () => {
  const { ring, pass } = openTestRing({ ...LIMITS, daysMax: 2 })
  ring.keep('old', sightings(1))
  pass(FLUSH_MS)
  pass(2 * 86_400_000)
  ring.keep('new', sightings(2))
  pass(FLUSH_MS)
  expect([ring.read('old'), ring.read('new')]).toEqual([null, sightings(2)])
  ring.close()
})

test('a full disk costs raw reads, nothing else', () => {
  const { ring, pass, db } = openTestRing()
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`)
  ring.keep('lost', sightings(1, 5_000))
  pass(FLUSH_MS)
  expect(ring.read('lost')).toBeNull()
  expect(ring.state()).toMatchObject({ bytes: 0, dropped: 1 })
  ring.close()
})

test('one block above the limit is dropped', () => {
  const { ring } = openTestRing({ bytesMax: 100, daysMax: 1 })
  ring.keep('huge', sightings(1, 5_000))
  expect(ring.state()).toMatchObject({ bytes: 0, dropped: 1 })
  ring.close()
})

test('what was written is found by how its key begins', () => {
  const { ring, pass } = openTestRing()
  for (const key of ['stays:gate:2', 'gate-1', 'stays:gate:1', 'stays:hall:1']) ring.keep(key, sightings(1, 2))
  expect(ring.keys('stays:', 9)).toEqual([])
  pass(FLUSH_MS)
  expect(ring.keys('stays:gate:', 9)).toEqual(['stays:gate:1', 'stays:gate:2'])
  expect(ring.keys('stays:', 1)).toEqual(['stays:gate:1'])
  ring.close()
})
