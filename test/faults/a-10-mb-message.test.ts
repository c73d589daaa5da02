import { writeFileSync } from 'node:fs'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect } from 'vitest'
import { book, inDays, untilStands } from '../acts.ts'
import { breachesOf } from '../books.ts'
import { countyTest, type TestCounty, until } from '../county.ts'
import { memoryOf } from './hub-file.ts'
import { enrolStranger, openSocket, type Stranger } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] }).extend('stranger', { scope: 'file' }, ({ county }) => enrolStranger(county, 'baisha'))

const TEN_MB = Buffer.alloc(10_000_000, 0x20)
/** As many at once would show in the memory of a hub that buffers what it has not judged. */
const AT_ONCE = 16
const GROWN_MB_MAX = 60

/** Runs an attack; answers by how much the hub's memory ever grew under it. */
const grownUnder = async (county: TestCounty, attack: () => Promise<unknown>): Promise<number> => {
  const pid = Number(county.hub().ready['pid'])
  // Forgets the highest mark so far [proc_pid_clear_refs(5)].
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const { nowMb } = memoryOf(pid)
  await attack()
  return memoryOf(pid).mostMb - nowMb
}
const offences = (county: TestCounty): readonly string[] => county.logOf('hub').filter((text) => text.includes('frame-too-large'))

/** An MQTT CONNECT that announces 10 MB and brings them [MQTT-2.2.3]. */
const hugeConnect = async (county: TestCounty, { papers }: Stranger): Promise<void> => {
  const socket = await openSocket(county, papers)
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(Buffer.from([0x10, 0x80, 0xad, 0xe2, 0x04]))
  socket.write(TEN_MB)
  await gone
}
const hugePublish = async ({ comeOnLine }: Stranger, name: string): Promise<void> => {
  const present = await comeOnLine({ clientId: name })
  void present.say(topicOf('upLog', 'baisha'), TEN_MB).catch(() => {})
  await present.gone
}

test.for([
  ['as the first word', (county: TestCounty, stranger: Stranger, _at: number) => hugeConnect(county, stranger)],
  [
    'as a batch of a member',
    (_county: TestCounty, stranger: Stranger, at: number) => hugePublish(stranger, at === 0 ? 'baisha' : `baisha~${at}`),
  ],
] as const)('%s: the line is cut at its first bytes', async ([_, send], { county, stranger }) => {
  const grown = await grownUnder(county, () => Promise.all(Array.from({ length: AT_ONCE }, (_one, at) => send(county, stranger, at))))
  expect(grown).toBeLessThan(GROWN_MB_MAX)
  await until(
    'the hub to write what was sent',
    () => offences(county).length,
    (count) => count > 0,
  )
})

test('to the pages of hub and node: refused as too large', async ({ county }) => {
  const body = JSON.stringify({ text: 'x'.repeat(10_000_000) })
  for (const [address, path] of [
    [county.dashboard(), '/api/session'],
    [county.township('qinglong').page(), '/api/session'],
  ]) {
    const headers = { 'content-type': 'application/json' }
    const answer = await until(
      'the refusal to come before the line is cut',
      () => fetch(new URL(path ?? '', address), { method: 'POST', headers, body }),
      () => true,
    )
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ code: 'api.body-too-large' })
  }
})

test('others work on, and the books are true', async ({ county }) => {
  const client = await county.township('qinglong').client()
  expect((await client.get('state')).link.state).toBe('online')
  expect(county.logOf('qinglong').filter((text) => text.includes('the line to the hub went down'))).toEqual([])
  await book(client, 'receive', { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒' })
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 100 })
  expect(await breachesOf(county)).toEqual([])
})
