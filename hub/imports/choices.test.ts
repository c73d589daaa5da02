import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { made, type OpenedImports, openTestImports } from './fixtures/opened.ts'

let opened: OpenedImports
beforeEach(() => {
  opened = openTestImports()
})
afterEach(() => opened.close())

const action = 'test-action'
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const linesOf = (count: number, name: (at: number) => string) => Array.from({ length: count }, (_, at) => `${name(at)}\n`).join('')

/** Names that are like none of the others. */
const nameAt = (at: number): string => String.fromCodePoint(...Array.from({ length: 6 }, (_, letter) => 0x4e00 + at * 7 + letter))
/** Items that are there, and as many rows that are only like one of them. */
const alike = async (count: number): Promise<number> => {
  const known = `编号,名称,基本单位\n${linesOf(count, (at) => `mask-${at},${nameAt(at)},只`)}`
  await opened.commit((await opened.upload('items', known)).import)
  return (await opened.upload('items', `名称,基本单位\n${linesOf(count, (at) => `${nameAt(at)}新,只`)}`)).import
}
const outcomesOf = (id: number) => made(opened.imports().show({ import: id })).outcomes
const all = async (wish: { readonly import: number; readonly pick: 'best' | 'new' | 'open'; readonly scoreMin?: number }) => {
  let sum = 0
  for (let after: number | null = 1; after !== null; ) {
    const { chosen, next }: { chosen: number; next: number | null } = made(await opened.imports().chooseMany({ action, after, ...wish }))
    sum += chosen
    after = next
  }
  return sum
}

describe('many choices at once', () => {
  it('take what each row is most like, each record once, and can be taken back', async () => {
    const id = await alike(230)
    expect(outcomesOf(id)).toMatchObject({ choice: 230 })
    expect(await all({ import: id, pick: 'best', scoreMin: 1 })).toBe(0)
    expect(await all({ import: id, pick: 'best', scoreMin: 0.7 })).toBe(230)
    expect(outcomesOf(id)).toMatchObject({ choice: 0, changed: 230, error: 0 })
    expect(await all({ import: id, pick: 'open' })).toBe(230)
    expect(outcomesOf(id)).toMatchObject({ choice: 230, changed: 0 })
    expect(await all({ import: id, pick: 'new' })).toBe(230)
    expect(outcomesOf(id)).toMatchObject({ choice: 0, new: 230 })
    expect(await opened.commit(id)).toMatchObject({ state: 'done', written: 230 })
    expect(codeOf(await opened.imports().chooseMany({ action, import: id, pick: 'open' }))).toBe('imports.not-now')
  })

  it('see each other: a record is one row alone, and a row may be chosen again and again', async () => {
    await opened.commit((await opened.upload('items', '编号,名称,基本单位\nmask,医用外科口罩,只\n')).import)
    const { import: id } = await opened.upload('items', '名称,基本单位\n医用外科口罩甲,只\n医用外科口罩乙,只\n')
    const choose = async (row: number, record: string | null) =>
      made(await opened.imports().choose({ action, import: id, row, id: record })).outcome
    expect(await all({ import: id, pick: 'best' })).toBe(2)
    expect(opened.rows(id)).toMatchObject([{ outcome: 'changed' }, { outcome: 'error', why: { code: 'imports.row-twice' } }])
    for (const round of [1, 2]) expect([round, await choose(2, null), await choose(2, 'mask')]).toEqual([round, 'new', 'changed'])
    expect([await choose(2, null), await choose(3, 'mask')]).toEqual(['new', 'changed'])
  })

  it('wait while the import is at work', async () => {
    const id = await alike(3)
    const first = opened.imports().chooseMany({ action, import: id, pick: 'new' })
    expect(codeOf(await opened.imports().chooseMany({ action, import: id, pick: 'new' }))).toBe('imports.busy')
    made(await first)
    await opened.commit(id)
  })
})

describe('rows', () => {
  it('are turned over in both directions, from any line', async () => {
    const { import: id } = await opened.upload('items', `名称,基本单位\n${linesOf(250, (at) => `品种${at}号,${at % 5 === 0 ? '' : '只'}`)}`)
    const page = (query: object) => {
      const { rows, next } = made(opened.imports().rows({ import: id, limit: 100, ...query }))
      return [rows[0]?.row, rows.at(-1)?.row, next]
    }
    expect(page({})).toEqual([2, 101, '101'])
    expect(page({ cursor: '201' })).toEqual([202, 251, null])
    expect(page({ before: 202 })).toEqual([102, 201, '201'])
    expect(page({ before: 1_000_000 })).toEqual([152, 251, null])
    expect(page({ before: 2 })).toEqual([undefined, undefined, null])
    expect(page({ before: 12, outcome: 'error' })).toEqual([2, 7, '7'])
  })
})
