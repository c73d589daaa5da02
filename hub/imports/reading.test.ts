import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../reference/stops.ts'
import { sheetOf, workbookOf } from './fixtures/opened.ts'
import { LIMITS, type Limits } from './limits.ts'
import { readInThread } from './read-thread.ts'
import { readTable } from './reading.ts'
import { workbookBytes } from './workbook-bytes.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const written = (bytes: Uint8Array | string) => {
  const file = join(folder, 'table')
  writeFileSync(file, bytes)
  return file
}
const read = (bytes: Uint8Array | string, limits: Partial<Limits> = {}) => readTable(written(bytes), { ...LIMITS, ...limits })
const refused = async (bytes: Uint8Array | string, limits: Partial<Limits> = {}) => {
  const thrown = await read(bytes, limits).catch((cause: unknown) => cause)
  return refusalOf(thrown)
}
/** 名称 and 纱布 as a Chinese office writes them. */
const GB18030 = Buffer.from('c3fbb3c60ac9b4b2bc0a', 'hex')

describe('CSV', () => {
  it.each([
    ['UTF-8', '名称\n纱布\n'],
    ['UTF-8 with its mark', '\ufeff名称\n纱布\n'],
    ['GB18030', GB18030],
  ])('is read in %s', async (_, bytes) => {
    expect(await read(bytes)).toEqual([['名称'], ['纱布']])
  })

  it.each([
    [',', '"a,b",c'],
    [';', '"a,b";c'],
    ['\t', '"a,b"\tc'],
  ])('is read with %j between the cells', async (sign, line) => {
    expect(await read(`x${sign}y\r\n${line}\r\n`)).toEqual([
      ['x', 'y'],
      ['a,b', 'c'],
    ])
  })

  it.each([
    ['another encoding', Buffer.from('名称\n纱布\n', 'utf16le'), 'imports.encoding-wrong'],
    ['Latin letters of old', Buffer.from('caf\u00e9 au lait\nx\n', 'latin1'), 'imports.encoding-wrong'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'imports.encoding-wrong'],
    ['a quote that is never closed', 'x,y\n"a,b\n', 'imports.csv-broken'],
    ['a header alone', 'x,y\n', 'imports.file-empty'],
    ['nothing', '', 'imports.file-empty'],
  ])('is refused: %s', async (_, bytes, code) => {
    expect(await refused(bytes)).toMatchObject({ code })
  })

  it('is refused when it is too large or has too many rows', async () => {
    expect(await refused('x\n1\n', { fileBytesMax: 3 })).toMatchObject({ code: 'imports.file-too-large' })
    expect(await refused('x\n1\n2\n3\n', { rowsMax: 2 })).toMatchObject({ code: 'imports.rows-too-many', facts: { limit: 2 } })
    expect(await read('x\n1\n2\n', { rowsMax: 2 })).toHaveLength(3)
  })
})

describe('a workbook', () => {
  it('is read as it was written, numbers by their digits', async () => {
    const sheet = sheetOf([
      ['名称', 'GTIN'],
      ['纱布', 6_901_234_567_892],
      ['=1+1', 46_348],
    ])
    expect(await read(workbookOf(sheet))).toEqual([
      ['名称', 'GTIN'],
      ['纱布', '6901234567892'],
      ['=1+1', '46348'],
    ])
  })

  it('that we write holds texts and no formulas', async () => {
    const rows = [
      ['=cmd|calc', '+1', '-1', '@x'],
      ['<b>', "'; drop table item; --", '名称', '1'],
    ]
    expect(await read(await workbookBytes(rows))).toEqual(rows)
  })

  it.each([
    [
      'a zip bomb',
      () => workbookOf(sheetOf([['x'], ['y']]), { 'xl/media/big.bin': Buffer.alloc(8 * 1024 ** 2) }),
      {},
      'reference.zip-bomb',
    ],
    [
      'more than a sheet may be',
      () => workbookOf(sheetOf([['x'], ['y'.repeat(2_000)]])),
      { unpackedBytesMax: 2_500 },
      'reference.zip-bomb',
    ],
    [
      'an entity bomb',
      () =>
        workbookOf(sheetOf([['x'], ['y']]), {
          'xl/sharedStrings.xml': `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst>&b;</sst>`,
        }),
      {},
      'reference.doctype',
    ],
    [
      'an entity bomb in another encoding',
      () => workbookOf(sheetOf([['x']]), { 'xl/sharedStrings.xml': Buffer.from('<!DOCTYPE x [<!ENTITY a "a">]><sst/>', 'utf16le') }),
      {},
      'reference.doctype',
    ],
    [
      'merged cells',
      () => workbookOf(`${sheetOf([['x', 'y'], ['z']])}<mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>`),
      {},
      'imports.merged-cells',
    ],
    ['too many parts', () => workbookOf(sheetOf([['x'], ['y']])), { partsMax: 3 }, 'reference.entries-too-many'],
    ['a ZIP that is none', () => Buffer.from('PK\u0003\u0004 and nothing behind'), {}, 'reference.zip-truncated'],
    [
      'a ZIP of something else',
      () => workbookOf('', { 'xl/workbook.xml': '<nothing/>', 'xl/_rels/workbook.xml.rels': '<nothing/>' }),
      {},
      'imports.workbook-broken',
    ],
  ])('is refused: %s', async (_, bytes, limits, code) => {
    expect(await refused(bytes(), limits)).toMatchObject({ code })
  })
})

describe('the thread that reads', () => {
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }

  it('answers what it read, or why it did not', async () => {
    expect(await readInThread({ file: written('x\n1\n'), limits: LIMITS }, after).rows).toEqual([['x'], ['1']])
    expect(await readInThread({ file: written('x\n'), limits: LIMITS }, after).rows).toMatchObject({ code: 'imports.file-empty' })
  })

  it('is ended from outside when it takes too long', async () => {
    const reading = readInThread({ file: written('x\n1\n'), limits: { ...LIMITS, readMsMax: 1 } }, after)
    expect(await reading.rows).toMatchObject({ code: 'imports.too-slow' })
  })
})
