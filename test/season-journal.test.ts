import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openJournal } from './season/journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-journal-'))
afterAll(() => rmSync(folder, { recursive: true }))
const report = (seed: number) => ({ seed, broken: [], counts: { receive: seed } })

test('a run that was broken off goes on, its torn line runs again, and other settings are another run', () => {
  const file = join(folder, 'run.ndjson')
  const first = openJournal(file, { from: 1, count: 3 })
  expect(first?.done).toEqual([])
  for (const seed of [2, 1]) first?.add(report(seed))
  appendFileSync(file, '{"seed":3,"bro')
  expect(openJournal(file, { from: 1, count: 3 })?.done).toEqual([report(2), report(1)])
  openJournal(file, { from: 1, count: 3 })?.add(report(3))
  expect(openJournal(file, { from: 1, count: 3 })?.done.map(({ seed }) => seed)).toEqual([2, 1, 3])
  expect(openJournal(file, { from: 1, count: 4 })).toBeNull()
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(4)
  expect(openJournal(undefined, { from: 1 })?.done).toEqual([])
})
