import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { book, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { FAIR, type LyingLine, openLyingLine, type Weather } from './lying-line.ts'

const test = countyTest({ nodes: ['qinglong'] }).extend('line', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const { hostname: host, port } = new URL(county.broker())
  const line = await openLyingLine({ host, port: Number(port) }, SEED)
  onCleanup(line.close)
  const town = county.township('qinglong')
  const file = join(town.home, 'edge.json')
  await town.stop()
  const settings = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...settings, broker: `mqtts://127.0.0.1:${line.port}` }))
  await town.start()
  await untilHeld(county)
  return line
})

const SEED = 20_261_122
const LOT = 'syringe-5ml/ZS1'
const answered: string[] = []
const told = (line: LyingLine): number => Object.values(line.done()).reduce((sum, count) => sum + count, 0)

const STORMS: readonly (readonly [name: string, weather: Weather])[] = [
  ['cuts in the middle of frames and refuses', { ...FAIR, cut: 0.12, refuse: 0.2 }],
  ['delays, doubles and swallows', { ...FAIR, delayMs: 30, double: 0.5, swallow: 0.08 }],
]
/** As long as the node's pauses between two connections are short. */
const STORM_MS = 5_000
/** What a storm does at least, and people in it: it lasts for that on a slow machine. */
const DEEDS_MIN = 3
const BOOKED_MIN = 51

test.for(STORMS)('it %s: people work on, and after it everything has arrived', async ([name, weather], { county, line }) => {
  const town = county.township('qinglong')
  const before = told(line)
  line.weather(weather)
  await town.stop()
  await town.start()
  const client = await town.client()
  const box = { item: 'syringe-5ml', lotNumber: 'ZS1', expiry: inDays(500), room: 'main', quantity: 10, pack: '盒', accept: true }
  expect(await book(client, 'receive', box)).toMatchObject({ fresh: true })
  const boxes = [newBox('glove-m', 'ST1', inDays(900))]
  await county.announce('qinglong', boxes, name)
  const since = answered.length
  const isOver = () => told(line) - before >= DEEDS_MIN && answered.length - since >= BOOKED_MIN
  for (const endMs = performance.now() + STORM_MS; performance.now() < endMs || !isOver(); ) {
    const booked = await book(client, 'issue', { lot: LOT, room: 'main', quantity: 1, pack: '支' })
    if (!('entries' in booked)) throw new Error(booked.problem.code)
    answered.push(...booked.entries)
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  line.weather(FAIR)
  await untilHeld(county, 60_000)
  for (const { epc } of boxes)
    await until(
      'the announced box to be known',
      () => entriesOf(county, 'qinglong', 'hub>qinglong'),
      (told) => told.some(({ body }) => body['epc'] === epc),
    )
})

test('everything arrived once, in order, and the books of node and hub are true and the same', async ({ county }) => {
  const held = entriesOf(county, 'hub', 'qinglong>*').filter(({ kind }) => kind === 'issue')
  expect(held.map(({ id }) => id)).toEqual(answered)
  expect(answered.length).toBeGreaterThanOrEqual(BOOKED_MIN * STORMS.length)
  await untilStands(county, 'qinglong', { [`main/available ${LOT}`]: 1_000 - answered.length })
  expect(await breachesOf(county)).toEqual([])
})
