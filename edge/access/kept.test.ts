import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openKeyFolder } from '../join/keys.ts'
import { COUNTY_KEEPERS } from './fixtures/county.ts'
import { type Kept, openKeptRoster } from './kept.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const open = () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-kept-'))
  folders.push(folder)
  return { folder, kept: openKeptRoster(openKeyFolder(folder)) }
}
const KEPT: Kept = {
  told: { version: 7, digest: 'A'.repeat(64), keepers: [{ keeper: 'u-wang', role: 'keeper' }] },
  roster: { version: 7, at: '2026-11-23T02:00:00.000Z', keepers: [COUNTY_KEEPERS.WANG] },
  since: { 'u-wang': 5 },
  checkedAt: null,
}
const NOTHING = { told: null, roster: null, since: {}, checkedAt: null }

test('it is kept whole, and nobody else reads it', () => {
  const { folder, kept } = open()
  expect(kept.read()).toEqual(NOTHING)
  expect(kept.write(KEPT)).toBeNull()
  expect(kept.read()).toEqual(KEPT)
  expect(statSync(join(folder, 'roster.json')).mode & 0o777).toBe(0o600)
})

test.for([
  ['cut', (text: string) => text.slice(0, 40)],
  ['of another shape', (text: string) => text.replace('"told"', '"tell"')],
  ['with a verifier no machine may be asked to check', (text: string) => text.replace('scrypt$16384', 'scrypt$999999')],
] as const)('a file that is %s holds nothing', ([, spoil]) => {
  const { folder, kept } = open()
  kept.write(KEPT)
  writeFileSync(join(folder, 'roster.json'), spoil(readFileSync(join(folder, 'roster.json'), 'utf8')))
  expect(kept.read()).toEqual(NOTHING)
})

test('what cannot be written is told', () => {
  const { folder, kept } = open()
  rmSync(folder, { recursive: true })
  expect(kept.write(KEPT)).toContain('ENOENT')
  folders.pop()
})
