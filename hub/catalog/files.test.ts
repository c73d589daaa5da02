import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openFiles } from './files.ts'

let home = ''
let folder = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hub-files-'))
  folder = join(home, 'files')
})
afterEach(() => rmSync(home, { recursive: true }))

const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const PDF = Buffer.from('%PDF-1.7\n...')

it.each([
  ['a PDF', PDF, 'application/pdf'],
  ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]), 'image/jpeg'],
  ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), 'image/png'],
])('keeps %s under its hash, once', (_what, bytes, type) => {
  const files = openFiles(folder)
  expect(existsSync(folder)).toBe(false)
  const kept = files.save(bytes)
  if (isRefusal(kept)) throw new Error(kept.code)
  expect(kept).toMatchObject({ type, bytes: bytes.length })
  expect(files.save(bytes)).toEqual(kept)
  expect(readdirSync(folder)).toEqual([kept.file])
  expect([files.has(kept.file), files.read(kept.file)]).toEqual([true, { view: kept, bytes }])
})

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a page', Buffer.from('<script>alert(1)</script>')],
  ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46])],
  ['a PDF that begins later', Buffer.from(' %PDF-1.7')],
  ['half a PNG', Buffer.from([0x89, 0x50, 0x4e])],
])('does not take %s', (_what, bytes) => {
  expect(codeOf(openFiles(folder).save(bytes))).toBe('catalog.file-type-unknown')
  expect(existsSync(folder)).toBe(false)
})

it('knows no names but hashes: nothing outside its folder is read', () => {
  const files = openFiles(folder)
  writeFileSync(join(home, 'secret'), PDF)
  for (const name of ['../secret', '', '.', 'a'.repeat(64), `${'A'.repeat(64)}/../../secret`])
    expect([files.has(name), codeOf(files.read(name))]).toEqual([false, 'api.not-found'])
})

it('says when a file was changed on the disk, and takes the true one again', () => {
  const files = openFiles(folder)
  const kept = files.save(PDF)
  if (isRefusal(kept)) throw new Error(kept.code)
  writeFileSync(join(folder, kept.file), Buffer.concat([PDF, Buffer.from('!')]))
  expect(codeOf(files.read(kept.file))).toBe('catalog.file-damaged')
  expect(files.save(PDF)).toEqual(kept)
  expect(codeOf(files.read(kept.file))).toBe('made')
})

it('clears away what a start before left half written', () => {
  const files = openFiles(folder)
  files.save(PDF)
  writeFileSync(join(folder, 'x.part'), 'half')
  openFiles(folder).save(Buffer.from('%PDF-2'))
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})
