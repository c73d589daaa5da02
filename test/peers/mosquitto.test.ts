import { join } from 'node:path'
import type { County } from '@lotkeeper/deploy/county/county.ts'
import { BATCH } from '@lotkeeper/protocol/wire/batch.ts'
import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect } from 'vitest'
import { announce, carry, inDays, newBox } from '../acts.ts'
import { countyTest, until } from '../county.ts'
import { openProgram, runProgram } from './program.ts'

const test = countyTest({ nodes: ['qinglong', 'baisha'] })
const box = newBox('gauze-10x10', 'B2612', inDays(600))

/** How a person with the credential of a node comes to the broker: the very files of its `keys` folder. */
const lineOf = (county: County, node: string, clientId: string): readonly string[] => {
  const { hostname, port } = new URL(county.broker())
  const file = (name: string) => join(county.home, node, 'keys', name)
  return [
    ...['-h', hostname, '-p', port, '-V', 'mqttv311', '-q', '1', '-i', clientId],
    ...['--cafile', file('authority.crt'), '--cert', file('tls.crt'), '--key', file('tls.key')],
  ]
}
/** Long enough for the slowest broker to refuse it; who is refused does not wait. */
const WITHIN = ['-W', '60']
const everythingOf = (node: string): readonly string[] => ['-t', `lotkeeper/v1/nodes/${node}/#`]

test('mosquitto_sub with the credential of a node sees what the node says and is told, as the document of the topics has it', async ({
  county,
}) => {
  await using look = openProgram('mosquitto_sub', [
    ...lineOf(county, 'qinglong', 'qinglong~look'),
    ...everythingOf('qinglong'),
    ...['-t', HUB_STATE_TOPIC, '-F', '%t %p'],
  ])
  const heard = () =>
    look
      .out()
      .split('\n')
      // Of the last line the rest may still be on its way.
      .slice(0, -1)
      .map((line) => ({ topic: line.slice(0, line.indexOf(' ')), payload: line.slice(line.indexOf(' ') + 1) }))
  const heardOn = (topic: string) => heard().filter((one) => one.topic === topic)
  await until(
    'the retained state of the hub',
    () => heardOn(HUB_STATE_TOPIC).map(({ payload }) => HUB_STATE.read(payload)),
    ([state]) => state !== null && state !== undefined,
  )
  await announce(county, 'qinglong', [box])
  await carry(county.township('qinglong'), 'in', [box])
  for (const name of ['upLog', 'downLog'] as const)
    await until(
      `a batch on ${name}`,
      () => heardOn(topicOf(name, 'qinglong')).flatMap(({ payload }) => BATCH.read(payload)?.body.entries ?? []),
      (entries) => entries.some((entry) => entry.includes(box.epc)),
    )
  await until(
    'both to say what they hold',
    () => [heardOn(topicOf('upHave', 'qinglong')).length, heardOn(topicOf('downHave', 'qinglong')).length],
    (counts) => counts.every((count) => count > 0),
  )
  expect(new Set(heard().map(({ topic }) => topic.split('/')[3]))).toEqual(new Set(['qinglong', 'state']))
})

test.for([
  { story: 'everything of another node', node: 'qinglong', as: 'qinglong~look', topic: 'lotkeeper/v1/nodes/baisha/#' },
  { story: 'what another node is told', node: 'qinglong', as: 'qinglong~look', topic: topicOf('downLog', 'baisha') },
  { story: 'all there is', node: 'qinglong', as: 'qinglong~look', topic: '#' },
  { story: 'every node', node: 'qinglong', as: 'qinglong~look', topic: 'lotkeeper/v1/nodes/+/up/log' },
  { story: 'the broker itself', node: 'qinglong', as: 'qinglong~look', topic: '$SYS/#' },
])('and is refused $story', async ({ node, as, topic }, { county }) => {
  const asked = await runProgram('mosquitto_sub', [...lineOf(county, node, as), '-t', topic, ...WITHIN])
  expect(asked.err).toContain('All subscription requests were denied')
  expect(asked.out).toBe('')
})

test('under the name of another node it does not get in', async ({ county }) => {
  const asked = await runProgram('mosquitto_sub', [...lineOf(county, 'qinglong', 'baisha~look'), ...everythingOf('baisha'), ...WITHIN])
  expect(asked.code).not.toBe(0)
  expect(asked.out).toBe('')
})

test('without a credential it does not get in', async ({ county }) => {
  const { hostname, port } = new URL(county.broker())
  const authority = join(county.home, 'qinglong', 'keys', 'authority.crt')
  const asked = await runProgram('mosquitto_sub', [
    ...['-h', hostname, '-p', port, '-i', 'qinglong~look', '--cafile', authority, ...WITHIN],
    ...everythingOf('qinglong'),
  ])
  expect(asked.code).not.toBe(0)
  expect(asked.out).toBe('')
})

test.for([
  { story: 'another node', as: 'qinglong~look', topic: topicOf('upLog', 'baisha') },
  { story: 'the hub', as: 'qinglong~look', topic: topicOf('downLog', 'qinglong') },
  { story: 'the retained state of the hub', as: 'qinglong~look', topic: HUB_STATE_TOPIC },
  { story: 'its own node, for it only looks', as: 'qinglong~look', topic: topicOf('upLog', 'qinglong') },
])('mosquitto_pub is refused to speak for $story', async ({ as, topic }, { county }) => {
  const asked = await runProgram('mosquitto_pub', [...lineOf(county, 'qinglong', as), '-t', topic, '-m', '{}', '-r'])
  expect(asked.code).not.toBe(0)
  const rows = await until(
    'the hub to name it',
    () => discrepanciesOf(county),
    (seen) => seen.some(({ kind, site }) => kind === 'topic-forged' && site === 'qinglong'),
  )
  expect(rows.filter(({ site }) => site === 'baisha')).toEqual([])
})

test('speaking for its own node when that is off line, it is heard, and what it says is set aside as what it is', async ({ county }) => {
  await county.township('qinglong').stop()
  const said = await runProgram('mosquitto_pub', [
    ...lineOf(county, 'qinglong', 'qinglong'),
    '-t',
    topicOf('upLog', 'qinglong'),
    '-m',
    '{}',
  ])
  expect(said).toMatchObject({ code: 0 })
  await until(
    'the hub to set it aside',
    async () => (await discrepanciesOf(county)).map(({ kind }) => kind),
    (kinds) => kinds.includes('message-unreadable'),
  )
})

const discrepanciesOf = async (county: County) => (await (await county.hubClient()).get('discrepancies', { limit: 50 })).rows
