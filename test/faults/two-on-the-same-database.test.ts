import { join } from 'node:path'
import { runVerb } from '@lotkeeper/deploy/county/house.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf, untilHeld } from '../books.ts'
import { countyTest, type TestCounty } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'] })

const receive = async (county: TestCounty) => {
  const client = await county.township('qinglong').client()
  const box = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒' }
  expect(await book(client, 'receive', box)).toMatchObject({ fresh: true })
}
const houses = {
  hub: { verb: 'hub', file: 'hub.sqlite', running: (county: TestCounty) => county.hub(), start: (county: TestCounty) => county.startHub() },
  qinglong: {
    verb: 'edge',
    file: 'node.sqlite',
    running: (county: TestCounty) => county.township('qinglong').process(),
    start: (county: TestCounty) => county.township('qinglong').start(),
  },
} as const

test.for(['hub', 'qinglong'] as const)(
  '%s: the second is refused and told who is there, as often as it tries',
  async (house, { county }) => {
    const { verb, file, running } = houses[house]
    const owner = running(county)
    const home = join(county.home, house)
    for (let times = 0; times < 2; times += 1) {
      const second = await runVerb([verb, '--home', home])
      expect(second).toMatchObject({ code: 1, out: '' })
      for (const word of [join(home, file), `pid ${owner?.ready['pid']}`, 'database.in-use']) expect(second.err).toContain(word)
    }
    expect(running(county)).toBe(owner)
    await receive(county)
    await untilHeld(county)
  },
)

test.for(['hub', 'qinglong'] as const)('%s: killed with -9 it leaves nothing that keeps the next one out', async (house, { county }) => {
  const { running, start } = houses[house]
  await receive(county)
  await running(county)?.kill()
  await start(county)
  await receive(county)
  await untilHeld(county, 60_000)
})

test('nothing is lost, and the books of node and hub are true and the same', async ({ county }) => {
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 600 })
  expect(await breachesOf(county)).toEqual([])
})
