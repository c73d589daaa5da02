import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf } from '../books.ts'
import { countyTest, until } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'] })
const EXPIRED = 'mask-surgical/KZ2409'
const SHORT = 'bandage-6x500/BD2611'
const TODAY = 'iv-catheter-22g/LZ2611'

test('an expired lot is not issued, and why is said in both languages', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const arrival = { room: 'main', pack: '盒', quantity: 1, accept: true }
  const override = { rule: 'rules.lot-expired', reason: '培训用品，不用于病人' }
  const masks = { ...arrival, item: 'mask-surgical', lotNumber: 'KZ2409', expiry: inDays(-1) }
  expect(await book(client, 'receive', masks)).toMatchObject({ status: 409, problem: { code: 'rules.lot-expired' } })
  await book(client, 'receive', { ...masks, override })
  await book(client, 'receive', { ...arrival, item: 'iv-catheter-22g', lotNumber: 'LZ2611', expiry: inDays(0) })
  const refused = await book(client, 'issue', { lot: EXPIRED, room: 'main', quantity: 1, pack: '个' })
  expect(refused).toMatchObject({
    status: 409,
    problem: {
      code: 'rules.lot-expired',
      title: expect.stringContaining(`批号 ${EXPIRED} 已于 ${inDays(-1)} 过期`),
      titleEn: expect.stringContaining('expired'),
      facts: { lot: EXPIRED, expiry: inDays(-1), today: inDays(0) },
    },
  })
  await untilStands(county, 'qinglong', { [`main/available ${EXPIRED}`]: 50, [`main/available ${TODAY}`]: 20 })
})

test('with a reason it is issued, and the county can read who set the rule aside and why', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const issue = { lot: EXPIRED, room: 'main', quantity: 2, pack: '个' }
  const blank = await book(client, 'issue', { ...issue, override: { rule: 'rules.lot-expired', reason: ' ' } })
  expect(blank).toMatchObject({ status: 409, problem: { code: 'rules.reason-missing' } })
  const other = await book(client, 'issue', { ...issue, override: { rule: 'rules.more-than-book', reason: '培训' } })
  expect(other).toMatchObject({ status: 409, problem: { code: 'rules.lot-expired' } })
  const booked = await book(client, 'issue', { ...issue, override: { rule: 'rules.lot-expired', reason: '培训用品' } })
  expect(booked).toMatchObject({ fresh: true })
  await untilStands(county, 'qinglong', { [`main/available ${EXPIRED}`]: 48, [`main/available ${TODAY}`]: 20 })
  const [row] = (await (await county.hubClient()).get('movements', { lot: EXPIRED, limit: 1 })).rows
  expect(row).toMatchObject({ kind: 'issue', actor: 'qinglong-1', override: { rule: 'rules.lot-expired', reason: '培训用品' } })
  await until(
    'the node to ring for what is left of the expired lot',
    async () => (await client.get('alarms')).rows.filter(({ kind }) => kind === 'expired'),
    ([alarm]) => alarm?.lot === EXPIRED && alarm.units === 48,
  )
})

test('on its last day a lot is good', async ({ county }) => {
  const client = await county.township('qinglong').client()
  expect(await book(client, 'issue', { lot: TODAY, room: 'main', quantity: 20, pack: '支' })).toMatchObject({ fresh: true })
  await untilStands(county, 'qinglong', { [`main/available ${EXPIRED}`]: 48 })
})

test('more than the book has is asked back; confirmed, the difference has a name and the county a discrepancy', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const hub = await county.hubClient()
  const bandages = { item: 'bandage-6x500', lotNumber: 'BD2611', expiry: inDays(300), room: 'main', quantity: 1, pack: '盒', accept: true }
  await book(client, 'receive', bandages)
  const issue = { lot: SHORT, room: 'main', quantity: 15, pack: '卷' }
  expect(await book(client, 'issue', issue)).toMatchObject({
    status: 409,
    problem: { code: 'rules.more-than-book', facts: { asked: 15, book: 12 } },
  })
  expect((await hub.get('discrepancies', { site: 'qinglong' })).rows).toEqual([])
  const booked = await book(client, 'issue', { ...issue, moreThanBook: true })
  expect(booked).toMatchObject({ fresh: true, unexplained: 3, entries: [expect.any(String)] })
  await untilStands(county, 'qinglong', { [`main/available ${EXPIRED}`]: 48 })
  const [row] = await until(
    'the county to open a discrepancy',
    async () => (await hub.get('discrepancies', { site: 'qinglong' })).rows,
    ({ length }) => length > 0,
  )
  expect(row).toMatchObject({ site: 'qinglong', closedAt: null, title: { zh: expect.stringContaining('3') } })
  expect('entries' in booked && row?.entry?.startsWith(booked.entries[0] ?? '-')).toBe(true)
  const lot = await hub.get('lot', { lot: SHORT })
  expect(lot.whereIs.map(({ place, units }) => `${place} ${units}`).toSorted()).toEqual([
    'qinglong/~consumed 15',
    'qinglong/~supplier -12',
    'qinglong/~unexplained -3',
  ])
})

test.for([[0], [-2], [1.5], ['3'], [null], [1e21]])('a quantity of %s is refused and books nothing', async ([quantity], { county }) => {
  const client = await county.township('qinglong').client()
  const before = (await client.get('state')).head
  for (const route of ['issue', 'receive'] as const) {
    const label = { lot: EXPIRED, item: 'bandage-6x500', lotNumber: 'BD2611', expiry: inDays(300) }
    const { lot, ...receipt } = label
    const body = { ...(route === 'issue' ? { lot } : receipt), room: 'main', pack: '卷', quantity }
    const refused = await book(client, route, body as never)
    expect(refused).toMatchObject({ refused: true, status: 400, problem: { code: 'ledger.quantity-not-whole' } })
    expect('problem' in refused && refused.problem.title).toMatch(/整数/)
  }
  expect((await client.get('state')).head).toEqual(before)
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
  expect(entriesOf(county, 'qinglong').filter(({ body }) => 'override' in body)).toHaveLength(3)
})
