import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenedImports, openTestImports } from './fixtures/opened.ts'
import { OUTGOING, type OutgoingKind } from './outgoing.ts'

let opened: OpenedImports
beforeEach(() => {
  opened = openTestImports()
})
afterEach(() => opened.close())

let acts = 0
const action = () => {
  acts += 1
  return `outgoing-act-${acts}`
}
const given = <Answer>(answer: Answer): Answer => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const linesOf = async (kind: OutgoingKind): Promise<readonly string[]> => {
  const { content, name } = await opened.imports().exported({ kind, form: 'csv' })
  expect(name).toBe(`${kind}.csv`)
  return Buffer.from(content).toString('utf8').replace('\ufeff', '').trim().split(/\r?\n/)
}

test('an empty county goes out as headers alone', async () => {
  for (const kind of Object.keys(OUTGOING) as OutgoingKind[])
    expect([kind, await linesOf(kind)]).toEqual([kind, [OUTGOING[kind].columns.map(({ zh, en }) => `${zh} / ${en}`).join(',')]])
})

test('sites with their rooms, doorways, cost centres and tags go out as they stand', async () => {
  const { catalog } = opened
  const zone = 'Asia/Shanghai'
  const rooms = [
    { room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' as const },
    { room: 'ward', name: { zh: '=病房', en: '' }, use: 'department' as const },
  ]
  given(
    await catalog.createSite({ action: action(), site: 'qinglong', name: { zh: '青龙镇卫生院', en: 'Qinglong' }, zone, rooms }, 'county'),
  )
  given(await catalog.createSite({ action: action(), site: 'baihe', name: { zh: '白河', en: '' }, zone, rooms: [] }, 'county'))
  const door = { id: 'gate', name: { zh: '库房门', en: '' }, site: 'qinglong', inside: 'main', outside: null }
  given(await catalog.savePortal({ action: action(), ...door }, 'county'))
  given(
    await catalog.saveCostCentre(
      { action: action(), id: 'ward-cost', name: { zh: '病房', en: 'Ward' }, site: 'qinglong', room: 'ward' },
      'county',
    ),
  )
  given(await catalog.saveCostCentre({ action: action(), id: 'old', name: { zh: '旧', en: '' }, retired: true }, 'county'))
  const item = { item: 'gauze', name: { zh: '纱布', en: '' }, model: '', unit: { zh: '片', en: '' }, nearDays: [] }
  given(await catalog.createItem({ action: action(), ...item, packs: [{ pack: '盒', units: 20, gtin: null }] }, 'county'))
  const tags = [{ epc: '30AA', item: 'gauze', lotNumber: 'B1', expiry: '2027-08-31', pack: '盒' }]
  given(await catalog.registerTags({ action: action(), site: 'qinglong', doc: 'D-1', tags }, 'county'))

  expect((await linesOf('places')).slice(1)).toEqual([
    'baihe,白河,,Asia/Shanghai,,,,',
    'qinglong,青龙镇卫生院,Qinglong,Asia/Shanghai,main,库房,Store,库房',
    // A cell a spreadsheet would reckon is kept a text.
    "qinglong,青龙镇卫生院,Qinglong,Asia/Shanghai,ward,'=病房,,科室",
  ])
  expect((await linesOf('portals')).slice(1)).toEqual(['gate,库房门,,qinglong,main,,,'])
  expect((await linesOf('cost-centres')).slice(1)).toEqual(['old,旧,,,,,是', 'ward-cost,病房,Ward,qinglong,ward,,'])
  const [tag = ''] = (await linesOf('tags')).slice(1)
  expect(tag).toMatch(/^30AA,gauze,B1,2027-08-31,盒,20,qinglong,[-0-9T:.]+Z,D-1,在用,$/)
})
