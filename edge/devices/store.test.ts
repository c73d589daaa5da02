import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { closeDatabase, openSpare } from '../database.ts'
import { RING_SHAPE } from '../ledger/ring.ts'
import { HEALTH_SHAPE } from './store.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-spare-'))
  folders.push(folder)
  return { folder, path: join(folder, 'health.sqlite') }
}

test('a sound file is opened as it is', () => {
  const { path } = file()
  closeDatabase(openSpare(path, HEALTH_SHAPE, 1).db)
  const again = openSpare(path, HEALTH_SHAPE, 2)
  expect(again.aside).toBe(null)
  closeDatabase(again.db)
})

test.each([
  ['no database at all', (path: string) => writeFileSync(path, 'x'.repeat(8_192))],
  ['the file of something else', (path: string) => closeDatabase(openSpare(path, RING_SHAPE, 1).db)],
  [
    'a torn one, after the power went',
    (path: string) => {
      const { db } = openSpare(path, HEALTH_SHAPE, 1)
      for (let label = 0; label < 400; label += 1) db.prepare('insert into label values (?, 0, ?)').run(`E${label}`, 'x'.repeat(200))
      closeDatabase(db)
      writeFileSync(path, readFileSync(path).fill(7, 4_096, 40_000))
      writeFileSync(`${path}.pid`, '1')
    },
  ],
])('%s is set aside, and the node starts with a new one', (_name, spoil) => {
  const { folder, path } = file()
  spoil(path)
  const { db, aside } = openSpare(path, HEALTH_SHAPE, 99)
  expect(aside).toBe(`${path}.damaged-99`)
  expect(db.prepare('select count(*) from label').pluck().get()).toBe(0)
  closeDatabase(db)
  expect(readdirSync(folder)).toContain('health.sqlite.damaged-99')
})
