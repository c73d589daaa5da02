import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { boxEpc, boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import { expect } from 'vitest'
import { book, carry, untilStands } from '../../acts.ts'
import { breachesOf, entriesOf } from '../../books.ts'
import { countyTest, until } from '../../county.ts'

const test = countyTest({ nodes: ['qinglong'] })

/** Tags of another trade, of nobody, never written, and of ours that nobody registered. */
const TAGS = {
  E2801160600002054CC2096F: 'epc.factory-default',
  AA11222233334444AAAA6666: 'epc.header-unassigned',
  ABCD: 'epc.header-unassigned',
  [boxEpc(boxGtin('gauze-10x10'), 777)]: 'stockroom.tag-unknown',
} as const

test('carried in they are tasks for the keeper, every one, and book nothing', async ({ county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  await carry(
    town,
    'in',
    Object.keys(TAGS).map((epc) => ({ epc })),
  )
  const tasks = await until(
    'every tag to be a task',
    async () => (await client.get('tasks')).rows,
    ({ length }) => length >= Object.keys(TAGS).length,
  )
  expect(tasks.map(({ epc }) => epc).toSorted()).toEqual(Object.keys(TAGS).toSorted())
  for (const task of tasks) expect(task).toMatchObject({ outcome: 'unknown-tag', direction: 'in', door: 'door-1', tag: null })
  await untilStands(county, 'qinglong', {})
  expect((await client.get('state')).tasks).toBe(tasks.length)
})

test('asked about one by one, the page says what each is', async ({ county }) => {
  const client = await county.township('qinglong').client()
  for (const [epc, code] of Object.entries(TAGS).filter(([one]) => one.length >= 16)) {
    const { refused } = await client.get('scan', { action: newAction(), text: epc })
    expect({ epc, ...refused }).toMatchObject({
      epc,
      code,
      zh: expect.stringMatching(/[\u4e00-\u9fff]/),
      en: expect.stringMatching(/[a-z]/),
    })
  }
})

test('settled by the keeper: one is received as what it is, the others are nothing of ours', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const ours = boxEpc(boxGtin('gauze-10x10'), 777)
  const { rows } = await client.get('tasks')
  expect(rows.find(({ epc }) => epc === ours)?.answers).toEqual(expect.arrayContaining(['bind', 'none']))
  for (const { task, epc } of rows) {
    const answer =
      epc === ours ? { answer: 'bind', item: 'gauze-10x10', lotNumber: 'B1', expiry: '2031-01-31', pack: '盒' } : { answer: 'none' }
    expect(await book(client, 'settle', { task, ...answer })).toMatchObject({ fresh: true })
  }
  expect((await client.get('tasks')).rows).toEqual([])
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 100 })
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  // A machine that stood still leaves gaps of its readers in the book.
  const kinds = entriesOf(county, 'hub', 'qinglong>*').flatMap(({ kind }) => (kind === 'gap' ? [] : [kind]))
  // What is bound here the county did not register: it is told what this tag is, and of the lot somebody wrote.
  expect(kinds.toSorted()).toEqual(['epoch', ...Array(4).fill('passage'), ...Array(2).fill('provisional'), ...Array(4).fill('settle')])
})
