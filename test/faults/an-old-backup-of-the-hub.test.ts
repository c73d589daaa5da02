import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import type { Box } from '@lotkeeper/deploy/county/county.ts'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { expect } from 'vitest'
import { announce, book, inDays, newBox, standingAtHub, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { testWriter } from '../writer.ts'
import { enrolStranger, type Stranger } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] })

const [early, late] = [newBox('gauze-10x10', 'B1', inDays(600)), newBox('gauze-10x10', 'B2', inDays(600))]
const receive = async (town: Township, { epc, item, lotNumber, expiry }: Box) => {
  const box = { item, lotNumber, expiry, room: 'main', quantity: 1, pack: '盒', tags: [epc] }
  expect(await book(await town.client(), 'receive', box)).toMatchObject({ fresh: true })
}
/** Enrolled after the backup was made, with three entries the hub took. */
const enrolled: { stranger?: Stranger } = {}
const written = ({ signer }: Stranger) => {
  const writer = testWriter('baisha>*', '00000000000000ab', signer)
  const line = { lot: 'gauze-10x10/B9', from: 'baisha/~supplier', to: 'baisha/main/pending', units: 5, entered: null, tags: [] }
  for (let times = 0; times < 2; times += 1) writer.add({ kind: 'receive', lines: [line] })
  return writer.batch(1, 3)
}

test('a backup is made, and the county goes on: entries, directives, a new node', async ({ county }) => {
  const town = county.township('qinglong')
  await announce(county, 'qinglong', [early], 'ASN-1')
  await receive(town, early)
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 100 })
  const home = join(county.home, 'hub')
  await county.hub().stop()
  cpSync(join(home, 'hub.sqlite'), join(home, 'backup.sqlite'))
  await county.startHub()

  await (await county.hubClient()).get('createItem', {
    ...{ action: newAction(), item: 'new-item', name: { zh: '新品种', en: 'New item' }, model: '-', unit: { zh: '个', en: 'each' } },
    ...{ packs: [{ gtin: null, pack: '个', units: 1 }], nearDays: [30, 0] },
  })
  await announce(county, 'qinglong', [late], 'ASN-2')
  await receive(town, late)
  await book(await town.client(), 'accept', { lot: 'gauze-10x10/B1', room: 'main', units: 100 })
  await untilStands(county, 'qinglong', { 'main/available gauze-10x10/B1': 100, 'main/pending gauze-10x10/B2': 100 })
  enrolled.stranger = await enrolStranger(county, 'baisha')
  const present = await enrolled.stranger.comeOnLine()
  await present.send(written(enrolled.stranger))
  await present.leave()
  await untilHeld(county)
})

test("the backup is put back: nodes send again what it lacks, the hub's own words among it, and nobody has to be enrolled anew", async ({
  county,
}) => {
  const home = join(county.home, 'hub')
  const directives = entriesOf(county, 'hub', 'hub>qinglong').map(({ id, hash }) => `${id} ${hash}`)
  await county.hub().kill()
  for (const end of ['-wal', '-shm']) rmSync(join(home, `hub.sqlite${end}`), { force: true })
  cpSync(join(home, 'backup.sqlite'), join(home, 'hub.sqlite'))
  await county.startHub()
  const hub = await county.hubClient()
  await untilHeld(county, 60_000)
  await untilStands(county, 'qinglong', { 'main/available gauze-10x10/B1': 100, 'main/pending gauze-10x10/B2': 100 })
  const back = await until(
    'the directives of the hub to be back',
    () => entriesOf(county, 'hub', 'hub>qinglong'),
    ({ length }) => length >= directives.length,
  )
  expect(back.map(({ id, hash }) => `${id} ${hash}`)).toEqual(expect.arrayContaining(directives))
  const [found] = (await hub.get('items', { search: 'new-item' })).rows
  expect(found).toMatchObject({ item: 'new-item' })

  const stranger = enrolled.stranger
  if (!stranger) throw new Error('the node enrolled since is missing')
  const present = await stranger.comeOnLine()
  await present.send(written(stranger))
  await until(
    'the node enrolled since to be booked',
    () => standingAtHub(hub, 'baisha'),
    (seen) => seen['main/pending gauze-10x10/B9'] === 10,
  )
  await present.leave()
  await announce(county, 'qinglong', [newBox('glove-m', 'ST1', inDays(600))], 'ASN-3')
})

test('nothing is lost or doubled, and the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
})
