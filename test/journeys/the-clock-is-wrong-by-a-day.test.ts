import type { HubClient } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'

const DAY_MS = 86_400_000
const nodeEnv: Record<string, string> = {}
const test = countyTest({ nodes: ['qinglong', 'baisha'], nodeEnv })
const SITES = [
  { node: 'qinglong', shiftMs: DAY_MS, box: newBox('glove-m', 'ST2611', inDays(900)) },
  { node: 'baisha', shiftMs: -DAY_MS, box: newBox('glove-m', 'ST2611', inDays(900)) },
]
const LOT = 'iv-catheter-22g/LZ2611'
const EXPIRED = 'mask-surgical/KZ2610'

/** Starts a node again on a machine whose clock is off by so much. */
const restart = async (county: TestCounty, node: string, shiftMs: number): Promise<void> => {
  const town = county.township(node)
  await town.stop()
  nodeEnv['NODE_OPTIONS'] = shiftMs === 0 ? '' : `--import ${new URL('shifted-clock.ts', import.meta.url)}?ms=${shiftMs}`
  await town.start()
}

const nodeAtHub = async (hub: HubClient, node: string) => {
  const { rows } = await hub.get('nodes')
  return rows.find((row) => row.node === node)
}
const clockRows = async (hub: HubClient) => {
  const { rows } = await hub.get('discrepancies', {})
  return rows.filter(({ kind }) => kind === 'clock-wrong').map(({ site, closedAt }) => `${site} ${closedAt === null ? 'open' : 'closed'}`)
}

test('the county sees how far each clock is off, and the node that is behind knows it', async ({ county }) => {
  for (const { node, box } of SITES) {
    const client = await county.township(node).client()
    const packs = { room: 'main', quantity: 2, pack: '盒', accept: true }
    await book(client, 'receive', { ...packs, item: 'iv-catheter-22g', lotNumber: 'LZ2611', expiry: inDays(30) })
    const override = { rule: 'rules.lot-expired', reason: '待退货' }
    await book(client, 'receive', { ...packs, item: 'mask-surgical', lotNumber: 'KZ2610', expiry: inDays(-1), override })
    await announce(county, node, [box])
  }
  for (const { node, shiftMs } of SITES) await restart(county, node, shiftMs)
  const hub = await county.hubClient()
  for (const { node, shiftMs } of SITES)
    await until(
      `the hub to see the clock of ${node} off by ${shiftMs} ms`,
      () => nodeAtHub(hub, node),
      (row) => Math.abs((row?.clockSkewMs ?? 0) - shiftMs) < 60_000,
    )
  expect((await clockRows(hub)).toSorted()).toEqual(['baisha open', 'qinglong open'])
  const behind = await county.township('baisha').client()
  await until(
    'the node behind to ring',
    async () => (await behind.get('alarms')).rows.filter(({ kind }) => kind === 'clock').map(({ alarm }) => alarm),
    ([alarm]) => alarm?.startsWith('clock:behind:') === true,
  )
  expect(await behind.get('state')).toMatchObject({ today: inDays(0), clockTrusted: false })
})

test('what expired yesterday stays expired, whatever the clock says', async ({ county }) => {
  for (const { node } of SITES) {
    const client = await county.township(node).client()
    const refused = await book(client, 'issue', { lot: EXPIRED, room: 'main', quantity: 1, pack: '个' })
    expect(refused).toMatchObject({ status: 409, problem: { code: 'rules.lot-expired' } })
    if (node === 'baisha') expect(refused).toMatchObject({ problem: { facts: { today: inDays(0), clock: 'behind' } } })
  }
})

test('boxes are carried and packs issued as ever; set right again, what was booked first stays first', async ({ county }) => {
  await Promise.all(SITES.map(({ node, box }) => carry(county.township(node), 'in', [box])))
  const issue = { lot: LOT, room: 'main', quantity: 1, pack: '支' }
  for (const { node } of SITES) await book(await county.township(node).client(), 'issue', { ...issue, quantity: 3 })
  for (const { node } of SITES)
    await untilStands(county, node, {
      ...{ [`main/available ${LOT}`]: 37, [`main/available ${EXPIRED}`]: 100, 'main/pending glove-m/ST2611': 100 },
    })
  for (const { node } of SITES) await restart(county, node, 0)
  for (const { node } of SITES) await book(await county.township(node).client(), 'issue', { ...issue, quantity: 7 })
  for (const { node } of SITES) {
    await untilStands(county, node, {
      ...{ [`main/available ${LOT}`]: 30, [`main/available ${EXPIRED}`]: 100, 'main/pending glove-m/ST2611': 100 },
    })
    const { rows } = await (await county.hubClient()).get('movements', { site: node, lot: LOT })
    expect(rows.map(({ kind, units }) => `${kind} ${units}`)).toEqual(['issue 7', 'issue 3', 'accept 40', 'receive 40'])
  }
  const hub = await county.hubClient()
  await until(
    'the county to see both clocks right',
    () => clockRows(hub),
    (rows) => rows.length === 2 && rows.every((row) => row.endsWith('closed')),
  )
  for (const { node } of SITES) {
    const client = await county.township(node).client()
    await until(
      `${node} to trust its clock again`,
      () => client.get('state'),
      ({ clockTrusted, today }) => clockTrusted && today === inDays(0),
    )
  }
})

test('the books of nodes and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
  const claimed = entriesOf(county, 'qinglong').map(({ occurredAt }) => Date.parse(occurredAt))
  expect(Math.max(...claimed) - Math.min(...claimed)).toBeGreaterThan(DAY_MS - 60_000)
})
