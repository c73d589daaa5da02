import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect } from 'vitest'
import { announce, book, inDays, newBox, untilStands } from '../acts.ts'
import { breachesOf } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { openDiscrepancies } from './hub-file.ts'
import { enrolStranger, type Present } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] })

/** What a node may not say, in the forger's best hand. */
const FORGERIES: readonly [string, (present: Present) => Promise<unknown>][] = [
  ['entries of another node', ({ say }) => say(topicOf('upLog', 'qinglong'), 'no matter what')],
  ['the farewell of another node', ({ say }) => say(topicOf('death', 'qinglong'), '{}')],
  ['what the hub says to another node', ({ say }) => say(topicOf('downHave', 'qinglong'), '{}')],
  ['what the hub says to itself', ({ say }) => say(topicOf('downLog', 'baisha'), '{}')],
  ['the state of the hub, to stay', ({ client }) => client.publishAsync(HUB_STATE_TOPIC, '{}', { qos: 1, retain: true })],
  ['topics of the broker', ({ say }) => say('$SYS/broker/clients', '{}')],
]

test('whoever says what is not his to say is cut off, and named', async ({ county }) => {
  const forger = await enrolStranger(county, 'baisha')
  for (const [what, say] of FORGERIES) {
    const present = await forger.comeOnLine()
    // The line ends under the publish: that it does is what is looked at.
    void say(present).catch(() => {})
    await until(
      `the hub to cut off who says ${what}`,
      () => present.client.connected,
      (connected) => !connected,
      { everyMs: 20 },
    )
  }
  const will = { topic: topicOf('death', 'qinglong'), payload: Buffer.from('{}'), qos: 1 as const, retain: false }
  await expect(forger.comeOnLine({ will })).rejects.toThrow()
  await expect(forger.comeOnLine({ clientId: 'qinglong' })).rejects.toThrow()
  await until(
    'the forgeries to be on the board',
    () => openDiscrepancies(county),
    (open) => open.includes('topic-forged baisha'),
  )
  const log = () => county.logOf('hub').flatMap((text) => (text.includes('"offence"') ? [String(JSON.parse(text).offence)] : []))
  await until('the hub to write what was done', log, (seen) => ['topic-forged', 'name-foreign'].every((one) => seen.includes(one)))
})

test('whoever listens to others hears nothing', async ({ county }) => {
  const forger = await enrolStranger(county, 'liushu')
  const present = await forger.comeOnLine()
  const heard = new Map<string, string>()
  present.client.on('message', (topic, payload) => heard.set(topic, payload.toString()))
  for (const filter of ['#', '+/#', '$SYS/#', 'lotkeeper/v1/nodes/+/up/log', topicOf('downLog', 'qinglong'), '$share/x/lotkeeper/#'])
    await present.client.subscribeAsync(filter, { qos: 1 }).catch(() => {})
  await present.client.subscribeAsync(HUB_STATE_TOPIC, { qos: 1 })
  await until(
    'the state of the hub, which everybody may hear',
    () => [...heard.keys()],
    (topics) => topics.includes(HUB_STATE_TOPIC),
  )
  await announce(county, 'qinglong', [newBox('gauze-10x10', 'B1', inDays(600))])
  expect([...heard.keys()]).toEqual([HUB_STATE_TOPIC])
  expect(HUB_STATE.read(heard.get(HUB_STATE_TOPIC) ?? '')?.body.epoch).toBe(county.hub().ready['epoch'])
  await present.leave()
})

test('nobody else was disturbed, and the books are true', async ({ county }) => {
  const client = await county.township('qinglong').client()
  const { link } = await client.get('state')
  expect(link.state).toBe('online')
  expect(county.logOf('qinglong').filter((text) => text.includes('the line to the hub went down'))).toEqual([])
  await book(client, 'receive', { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 2, pack: '盒' })
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 200 })
  expect(await breachesOf(county)).toEqual([])
  expect(await openDiscrepancies(county)).toEqual(['topic-forged baisha', 'topic-forged liushu'])
})
