import { readBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf, entriesOf } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { testWriter } from '../writer.ts'
import { openDiscrepancies, setAside } from './hub-file.ts'
import { enrolStranger, holderOfKeys, type Present } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] }).extend('stranger', { scope: 'file' }, ({ county }) => enrolStranger(county, 'baisha'))

const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒' }
const LINE = { lot: 'gauze-10x10/B1', from: 'qinglong/~supplier', to: 'qinglong/main/pending', units: 900, entered: null, tags: [] }
const untilSetAside = (county: TestCounty, code: string, came: number) =>
  until(
    `${came} messages to be set aside with ${code}`,
    () => setAside(county, 'baisha'),
    (rows) => rows.some((row) => row.code === code && row.came >= came),
  )

test('true entries of another node, sent again by a third: not taken from that hand', async ({ county, stranger }) => {
  const ear = await holderOfKeys(county, 'qinglong').comeOnLine({ clientId: 'qinglong~ear' })
  const batches: string[] = []
  ear.client.on('message', (topic, payload) => topic === topicOf('upLog', 'qinglong') && batches.push(payload.toString()))
  await ear.client.subscribeAsync(topicOf('upLog', 'qinglong'), { qos: 1 })
  await book(await county.township('qinglong').client(), 'receive', BOX)
  const [heard = ''] = await until(
    'a batch of qinglong on the line',
    () => batches,
    ({ length }) => length > 0,
  )
  await ear.leave()
  expect(readBatch(heard)).toMatchObject({ stream: 'qinglong>*' })

  const present = await stranger.comeOnLine()
  await present.say(topicOf('upLog', 'baisha'), heard)
  await untilSetAside(county, 'wire.writer-foreign', 1)
  expect(await openDiscrepancies(county)).toContain('stream-foreign baisha')
  await present.leave()
})

test('entries made up for another node, or for the hub, and sealed with an own key', async ({ county, stranger }) => {
  const present: Present = await stranger.comeOnLine()
  const madeUp = (stream: string, kind: 'receive' | 'item', more: object) => {
    const writer = testWriter(stream, '00000000000000bb', stranger.signer)
    writer.add({ kind, ...more })
    return present.send(writer.batch(1, 2))
  }
  const item = {
    item: 'poison',
    version: 1,
    name: { zh: '假', en: 'false' },
    model: '',
    unit: { zh: '个', en: 'each' },
    packs: [],
    nearDays: [],
  }
  await madeUp('qinglong>*', 'receive', { lines: [LINE] })
  await madeUp('hub>qinglong', 'item', { body: item })
  await untilSetAside(county, 'wire.writer-foreign', 3)
  // A node may give back what the hub once said; that the hub said it must be proved by the hub's own seal.
  await madeUp('hub>all', 'item', { body: item })
  await madeUp('hub>baisha', 'item', { body: item })
  await untilSetAside(county, 'wire.key-unknown', 2)
  expect(present.told('qinglong>*')).toEqual([])
  await present.leave()
})

test('nothing of it is anywhere, the node it was about works on, and the books are true', async ({ county }) => {
  const client = await county.township('qinglong').client()
  await book(client, 'receive', BOX)
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 200 })
  for (const items of [
    await client.get('items', { search: 'poison' }),
    await (await county.hubClient()).get('items', { search: 'poison' }),
  ])
    expect(items.rows).toEqual([])
  // A machine that stood still leaves gaps of its readers in the book.
  const kinds = entriesOf(county, 'hub', 'qinglong>*').flatMap(({ kind }) => (kind === 'gap' ? [] : [kind]))
  expect(kinds).toEqual(['epoch', 'receive', 'provisional', 'receive'])
  const left = ['wire.key-unknown', 'wire.key-unknown', ...Array(3).fill('wire.writer-foreign')].map((code) => `hub: quarantine: ${code}`)
  expect((await breachesOf(county)).toSorted()).toEqual(left)
})
