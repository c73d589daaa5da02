import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf } from '../books.ts'
import { countyTest, until } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'] })
const box = newBox('infusion-set', 'SY2611', inDays(400))
const stray = newBox('infusion-set', 'SY2612', inDays(400))
const LOT = 'infusion-set/SY2611'

test('a box of the store room goes to the treatment room', async ({ county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  await announce(county, 'qinglong', [box, stray], 'ASN-2')
  const { item, lotNumber, expiry, epc } = box
  await book(client, 'receive', { item, lotNumber, expiry, room: 'main', quantity: 1, pack: '盒', tags: [epc], accept: true })
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 25 })
  await carry(town, 'out', [box])
  await untilStands(county, 'qinglong', { [`clinic/available ${LOT}`]: 25 })
})

test('and comes back', async ({ county }) => {
  await carry(county.township('qinglong'), 'in', [box])
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 25 })
  const { rows } = await (await county.hubClient()).get('movements', { lot: LOT, limit: 2 })
  expect(rows).toMatchObject([
    { kind: 'move', from: 'qinglong/clinic/available', to: 'qinglong/main/available', units: 25, evidence: { by: 'door' } },
    { kind: 'move', from: 'qinglong/main/available', to: 'qinglong/clinic/available', units: 25, evidence: { by: 'door' } },
  ])
})

test('opened, what is left in it goes out; a box that was never here is asked about', async ({ county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  await book(client, 'issue', { lot: LOT, room: 'main', quantity: 5, pack: '套', tags: [box.epc] })
  await carry(town, 'out', [box, stray])
  await untilStands(county, 'qinglong', { [`clinic/available ${LOT}`]: 20 })
  const [task] = await until(
    'the stray box to be a task',
    async () => (await client.get('tasks')).rows,
    ({ length }) => length === 1,
  )
  expect(task).toMatchObject({ outcome: 'not-here', epc: stray.epc, direction: 'out', answers: ['out', 'none'] })
  await book(client, 'settle', { task: task?.task ?? '', answer: 'none' })
  expect((await client.get('tasks')).rows).toEqual([])
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
  // A machine that stood still leaves gaps of its readers in the book.
  const acts = entriesOf(county, 'qinglong').flatMap(({ kind }) => (kind === 'gap' ? [] : [kind]))
  expect(acts.slice(0, 6)).toEqual(['epoch', 'receive', 'accept', 'move', 'move', 'issue'])
  expect(acts.slice(6).toSorted()).toEqual(['move', 'passage', 'settle'])
})
