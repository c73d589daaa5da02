import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedHub, serveHub } from './fixtures/served.ts'

let hub: ServedHub
beforeAll(async () => {
  hub = await serveHub()
})
afterAll(() => hub.close())

const CSV = 'text/csv'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ask = async (name: HubRoute, query: string, body?: unknown) => {
  const { method, path, answer, gives }: Route = HUB_ROUTES[name]
  const told = await hub.ask(method, `${path}${query}`, body === undefined ? {} : { body })
  if (told.status === 200 && !gives) expect(Compile(answer).Errors(told.body)).toEqual([])
  return told
}
const upload = async (kind: string, table: string) => {
  const told = await hub.ask('POST', `/api/table-imports?kind=${kind}&name=table.csv`, {
    body: Buffer.from(table),
    headers: { 'content-type': CSV },
  })
  return Number(told.body['import'])
}
/** Asks until the import stands in that state: it is at work beside the hub. */
const until = async (id: number, state: string) => {
  for (;;) {
    const { body } = await ask('tableImport', `?import=${id}`)
    if (body['state'] === state) return body
    expect(['reading', 'committing', 'undoing']).toContain(body['state'])
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a table over HTTP', () => {
  it('is read, looked at, chosen from, committed and undone', async () => {
    const first = await upload('items', '编号,名称,基本单位\nmask,医用外科口罩,只\n')
    await until(first, 'ready')
    await ask('commitTableImport', '', { action: 'commit-action-1', import: first })
    await until(first, 'done')
    const id = await upload('items', '名称,基本单位,无菌\n医用外科口罩罩,只,\n纱布,包,也许\n')
    expect(await until(id, 'ready')).toMatchObject({ outcomes: { choice: 1, error: 1 } })
    const { body } = await ask('tableRows', `?import=${id}&outcome=choice`)
    expect(body['rows']).toMatchObject([{ row: 2, candidates: [{ id: 'mask' }] }])
    const chosen = await ask('chooseTableRow', '', { action: 'choose-action-1', import: id, row: 2, id: 'mask' })
    expect(chosen.body).toMatchObject({ outcome: 'changed', changes: [{ column: 'name-zh' }] })
    const many = { import: id, scoreMin: 0.1 }
    expect((await ask('chooseTableRows', '', { ...many, action: 'choose-action-2', pick: 'open' })).body).toEqual({ chosen: 1, next: null })
    expect(await ask('commitTableImport', '', { action: 'commit-action-2', import: id })).toMatchObject({
      ...{ status: 409, body: { code: 'imports.choices-open', facts: { rows: 1 } } },
    })
    expect((await ask('chooseTableRows', '', { ...many, action: 'choose-action-3', pick: 'best' })).body).toEqual({ chosen: 1, next: null })
    await ask('commitTableImport', '', { action: 'commit-action-3', import: id })
    expect(await until(id, 'done')).toMatchObject({ written: 1 })
    await ask('undoTableImport', '', { action: 'undo-action-01', import: id })
    expect(await until(id, 'undone')).toMatchObject({ written: 0 })
    expect((await ask('tableImports', '')).body['rows']).toHaveLength(2)
  })

  it('goes out as a file, in either form', async () => {
    for (const [name, query] of [
      ['tableErrors', '?import=2&'],
      ['tableTemplate', '?kind=items&'],
      ['exportTable', '?kind=items&'],
      ['exportTable', '?kind=cost-centres&'],
    ] as const)
      for (const [form, type, mark] of [
        ['csv', CSV, '\ufeff'],
        ['xlsx', XLSX, 'PK'],
      ] as const) {
        const told = await ask(name, `${query}form=${form}`)
        expect([told.status, told.headers.get('content-type')?.split(';')[0]]).toEqual([200, type])
        expect(told.headers.get('content-disposition')).toMatch(new RegExp(`^attachment; filename="[a-z0-9-]+\\.${form}"$`))
        expect(Buffer.from(told.bytes).toString('utf8').startsWith(mark)).toBe(true)
      }
  })

  it('says what is wrong with it', async () => {
    const id = await upload('parties', 'x,y\n1,2\n')
    expect(await until(id, 'failed')).toMatchObject({ why: { code: 'imports.columns-missing' } })
    const cancelled = await ask('cancelTableImport', '', { action: 'cancel-action-1', import: id })
    expect([cancelled.status, cancelled.body['code']]).toEqual([409, 'imports.not-now'])
    const unknown = await ask('tableRows', '?import=99')
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'imports.unknown'])
    expect((await ask('tableTemplate', '?kind=stock&form=csv')).status).toBe(400)
  })
})
