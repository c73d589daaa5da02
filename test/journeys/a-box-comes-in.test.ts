import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, errorsOf } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { openLiveClient } from './live.ts'

const test = countyTest({ nodes: ['qinglong'] })
const box = newBox('gauze-10x10', 'B2611', inDays(600))
const LOT = 'gauze-10x10/B2611'

test('an announced box is on its way, and not yet there', async ({ county }) => {
  await announce(county, 'qinglong', [box], 'ASN-1')
  await untilStands(county, 'qinglong', {})
  const overview = await (await county.hubClient()).get('overview')
  expect(overview.sites).toMatchObject([{ site: 'qinglong', units: 0, inTransit: 100 }])
})

test('carried in, it is pending at the node, in the county, and on the board without asking', async ({ county }) => {
  const hub = await county.hubClient()
  await using live = await openLiveClient(county)
  const before = await live.snapshot()
  expect(before.sites).toMatchObject([{ site: 'qinglong', units: 0 }])
  await carry(county.township('qinglong'), 'in', [box])
  await untilStands(county, 'qinglong', { [`main/pending ${LOT}`]: 100 })
  await until(
    'the board to show the box',
    () => live.sites().get('qinglong'),
    (site) => site?.units === 100 && site.inTransit === 0,
  )
  const movements = await until(
    'the board to show how it came',
    () => live.deltas().flatMap((delta) => delta.movements),
    ({ length }) => length > 0,
  )
  expect(movements).toMatchObject([
    {
      ...{ kind: 'receive', lot: LOT, from: 'qinglong/~transit', to: 'qinglong/main/pending', units: 100, tags: [box.epc], doc: 'ASN-1' },
      evidence: { by: 'door' },
      device: 'door-1',
    },
  ])
  const { rows } = await hub.get('movements', { site: 'qinglong' })
  expect(rows.map(({ kind }) => kind)).toEqual(['receive', 'tag'])
})

test('accepted, it may be used', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const booked = await book(client, 'accept', { lot: LOT, room: 'main', units: 100 })
  expect(booked).toMatchObject({ fresh: true, entries: [expect.any(String)] })
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 100 })
})

test('gone out another way and carried in again, it is only confirmed', async ({ county }) => {
  const town = county.township('qinglong')
  // Right behind its passage the door would take what it hears of the box outside for an echo.
  await new Promise((resolve) => setTimeout(resolve, 19_000))
  await carry(town, 'in', [box])
  await until(
    'the passage to be confirmed',
    () =>
      entriesOf(county, 'qinglong')
        .filter(({ kind }) => kind === 'passage')
        .map(({ body }) => body['outcome']),
    (outcomes) => outcomes.length > 0,
  )
  expect((await (await town.client()).get('tasks')).rows).toEqual([])
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 100 })
})

test('the books of node and hub are true and the same', async ({ county }) => {
  expect(await breachesOf(county)).toEqual([])
  expect(errorsOf(county)).toEqual([])
  // A machine that stood still leaves gaps of its readers in the book.
  const kinds = entriesOf(county, 'qinglong').flatMap(({ kind }) => (kind === 'gap' ? [] : [kind]))
  expect(kinds).toEqual(['epoch', 'receive', 'accept', 'passage'])
  for (const file of ['hub/hub.sqlite', 'qinglong/node.sqlite'])
    expect(await runVerb(['verify', '--json', `${county.home}/${file}`])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"right":true'),
    })
})
