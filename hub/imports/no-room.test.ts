import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database.ts'
import { made, type OpenedImports, openTestImports } from './fixtures/opened.ts'
import { IMPORTS_FORM } from './form.ts'

let opened: OpenedImports
afterEach(() => opened.close())

const many = (count: number) => `编号,名称,基本单位\n${Array.from({ length: count }, (_, at) => `item-${at},品种${at}号,个\n`).join('')}`
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')

describe('a disk that fills during an import', () => {
  it('ends the reading with its reason and leaves nothing behind; with room again the same file comes in', async () => {
    opened = openTestImports({}, { mbMax: 1 })
    const first = await opened.upload('items', many(5_000))
    expect(first).toMatchObject({ state: 'failed', why: { code: 'ledger.disk-full' }, written: 0 })
    expect(opened.rows(first.import)).toEqual([])
    const small = await opened.upload('items', many(3))
    expect(small).toMatchObject({ state: 'ready', rows: 3 })
    await opened.restart(64)
    expect(await opened.upload('items', many(5_000))).toMatchObject({ state: 'ready', rows: 5_000 })
  })

  it('stops the batch where it is, says so, and goes on from there', async () => {
    opened = openTestImports({}, { countyMbMax: 2 })
    const { import: id } = await opened.upload('items', many(3_000))
    const stopped = await opened.commit(id)
    expect(stopped).toMatchObject({ state: 'ready', why: { code: 'ledger.disk-full' } })
    expect(stopped.written).toBeGreaterThan(0)
    expect(stopped.written).toBeLessThan(3_000)
    // The hub goes on: what was written is there, and it is asked again with the same answer.
    expect(made(await opened.county.ledger.ask.items({ limit: 1 })).rows).toHaveLength(1)
    expect(await opened.commit(id)).toMatchObject({ state: 'ready', why: { code: 'ledger.disk-full' } })
  })

  it('refuses an upload that the disk has no room for', async () => {
    opened = openTestImports()
    const cut = async function* () {
      yield Buffer.from('编号,')
      throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
    }
    expect(codeOf(await opened.imports().receive(cut(), { kind: 'items' }, 'county'))).toBe('ledger.disk-full')
  })
})

describe('an upload', () => {
  it('that is hung up in the middle leaves nothing, and the next one is taken', async () => {
    opened = openTestImports()
    const cut = async function* () {
      yield Buffer.from('编号,')
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    }
    expect(codeOf(await opened.imports().receive(cut(), { kind: 'items' }, 'county'))).toBe('imports.upload-cut')
    expect(await opened.upload('items', many(2))).toMatchObject({ state: 'ready', import: 1 })
  })
})

it('what was kept by the version before is read on', async () => {
  opened = openTestImports()
  const { import: id } = await opened.upload('items', many(2))
  await opened.commit(id)
  const file = join(opened.folder, 'imports.sqlite')
  await opened.imports().close()
  const before = openDatabase(file, IMPORTS_FORM)
  before.db.exec('drop index row_written; drop index row_undone; pragma user_version = 1')
  before.close()
  await opened.restart()
  expect(await opened.undo(id)).toMatchObject({ state: 'undone' })
})
