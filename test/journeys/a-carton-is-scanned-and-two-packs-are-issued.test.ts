import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import type { Booked } from '@lotkeeper/protocol/api/node.ts'
import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf } from '../books.ts'
import { countyTest, until } from '../county.ts'

const test = countyTest({ nodes: ['baisha'] })
const expiry = inDays(500)
const SYRINGES = 'syringe-5ml/ZS2611A'
const GLOVES = 'glove-m/ST2611'
const MASKS = 'mask-surgical/KZ2611'
const scanned = newBox('glove-m', 'ST2611', expiry)
const carried = newBox('mask-surgical', 'KZ2611', expiry)

test('the scanner reads a carton: what it is, how much, how long it keeps', async ({ county }) => {
  const town = county.township('baisha')
  const client = await town.client()
  // What is scanned before the node has opened its port is lost.
  await until(
    'the scanner to be connected',
    async () => (await client.get('devices')).rows.find(({ kind }) => kind === 'scanner')?.state,
    (state) => state === 'connected',
  )
  town.scan(boxGtin('syringe-5ml'), 'ZS2611A', expiry)
  const [view] = await until(
    'the scan to be shown',
    async () => (await client.get('scans')).rows,
    ({ length }) => length === 1,
  )
  expect(view).toMatchObject({
    scanner: 'table-scanner',
    refused: null,
    item: { item: 'syringe-5ml', name: { zh: '一次性使用无菌注射器' } },
    ...{ pack: '盒', packUnits: 50, lot: SYRINGES, lotNumber: 'ZS2611A', expiry, expected: 0, stock: [] },
  })
})

test('received by that scan and accepted; two packs are issued', async ({ county }) => {
  const client = await county.township('baisha').client()
  const [view] = (await client.get('scans')).rows
  const label = { item: view?.item?.item ?? '', lotNumber: view?.lotNumber ?? '', expiry: view?.expiry ?? null, scan: view?.scan ?? '' }
  await book(client, 'receive', { ...label, room: 'main', quantity: 3, pack: '盒', accept: true })
  await untilStands(county, 'baisha', { [`main/available ${SYRINGES}`]: 150 })
  await book(client, 'issue', { lot: SYRINGES, room: 'main', quantity: 2, pack: '盒' })
  await untilStands(county, 'baisha', { [`main/available ${SYRINGES}`]: 50 })
  const [row] = (await (await county.hubClient()).get('movements', { lot: SYRINGES, limit: 1 })).rows
  expect(row).toMatchObject({ kind: 'issue', to: 'baisha/~consumed', units: 100, actor: 'baisha-1' })
})

test('the same POST again and again books once; the same action for another act is refused', async ({ county }) => {
  const client = await county.township('baisha').client()
  const issue = { action: newAction(), lot: SYRINGES, room: 'main', quantity: 10, pack: '支' }
  const answers = (await Promise.all(Array.from({ length: 8 }, () => book(client, 'issue', issue)))) as readonly Booked[]
  expect(answers.filter(({ fresh }) => fresh)).toHaveLength(1)
  expect(new Set(answers.map(({ entries, head }) => JSON.stringify([entries, head])))).toHaveProperty('size', 1)
  expect(await book(client, 'issue', { ...issue, quantity: 11 })).toMatchObject({ status: 409, problem: { code: 'api.action-reused' } })
  await untilStands(county, 'baisha', { [`main/available ${SYRINGES}`]: 40 })
})

test('a check digit that is wrong and a code that is none are shown, and book nothing', async ({ county }) => {
  const town = county.township('baisha')
  const client = await town.client()
  const gtin = boxGtin('glove-m')
  town.scan(gtin.slice(0, -1) + ((Number(gtin.at(-1)) + 1) % 10), 'ST2611', expiry)
  town.doorway.scanner.noise(Buffer.from('\u0000\u0007\r\n~~~\r'))
  const refused = await until(
    'both wrong codes to be shown',
    async () => (await client.get('scans')).rows.flatMap(({ refused: why }) => why?.code ?? []),
    ({ length }) => length === 2,
  )
  expect(refused.toSorted()).toEqual(['codes.check-digit-wrong', 'codes.symbology-missing'])
  await untilStands(county, 'baisha', { [`main/available ${SYRINGES}`]: 40 })
})

test('scanned before or after it comes through the door, a box is one movement', async ({ county }) => {
  const town = county.township('baisha')
  const client = await town.client()
  await announce(county, 'baisha', [scanned, carried], 'ASN-3')
  const received = { expiry, room: 'main', quantity: 1, pack: '盒', doc: 'ASN-3' }
  await book(client, 'receive', { ...received, item: 'glove-m', lotNumber: 'ST2611' })
  await carry(town, 'in', [scanned, carried])
  const standing = { [`main/available ${SYRINGES}`]: 40, [`main/pending ${GLOVES}`]: 100, [`main/pending ${MASKS}`]: 50 }
  await untilStands(county, 'baisha', standing)
  const confirmed = await book(client, 'receive', { ...received, item: 'mask-surgical', lotNumber: 'KZ2611' })
  expect(confirmed).toMatchObject({ fresh: true, confirms: expect.any(String) })
  const passages = await until(
    'the door to have seen the scanned box',
    () => entriesOf(county, 'baisha').filter(({ kind }) => kind === 'passage'),
    ({ length }) => length > 0,
  )
  expect(passages.map(({ body, refs }) => [body['outcome'], refs.length])).toEqual([['confirmed', 1]])
  expect((await client.get('tasks')).rows).toEqual([])
  await untilStands(county, 'baisha', standing)
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
})
