import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepPrivate } from './private.ts'

let home = ''
let mask = 0
beforeEach(() => {
  mask = process.umask()
  home = mkdtempSync(join(tmpdir(), 'private-'))
})
afterEach(() => {
  process.umask(mask)
  rmSync(home, { recursive: true })
})
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('what a backup left open is closed, once, and nothing outside by way of a link', () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'))
  chmodSync(outside, 0o755)
  mkdirSync(join(home, 'keys', 'next'), { recursive: true })
  for (const name of ['hub.sqlite', 'keys/county.key', 'keys/next/tls.key']) writeFileSync(join(home, name), 'secret')
  for (const name of ['', 'keys', 'keys/next', 'hub.sqlite', 'keys/county.key', 'keys/next/tls.key']) chmodSync(join(home, name), 0o777)
  symlinkSync(outside, join(home, 'link'))
  expect(keepPrivate(home)).toMatchObject({ mended: { length: 6 }, open: [] })
  expect(['', 'keys', 'keys/next'].map((name) => modeOf(join(home, name)))).toEqual(['700', '700', '700'])
  expect(['hub.sqlite', 'keys/county.key', 'keys/next/tls.key'].map((name) => modeOf(join(home, name)))).toEqual(['600', '600', '600'])
  expect(modeOf(outside)).toBe('755')
  expect(keepPrivate(home)).toEqual({ mended: [], open: [] })
  rmSync(outside, { recursive: true })
})

test('a process that was started with no mask at all makes its files private all the same', () => {
  process.umask(0)
  expect(keepPrivate(join(home, 'not-there-yet'))).toEqual({ mended: [], open: [] })
  writeFileSync(join(home, 'new'), '')
  mkdirSync(join(home, 'folder'))
  expect([modeOf(join(home, 'new')), modeOf(join(home, 'folder'))]).toEqual(['600', '700'])
})
