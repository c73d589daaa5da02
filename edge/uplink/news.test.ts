import { STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { DIGEST, DIGEST_ASK, type DigestBody } from '@lotkeeper/protocol/wire/digest.ts'
import { HAVE } from '@lotkeeper/protocol/wire/have.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect, test } from 'vitest'
import { crypto, draft, line, NODE, openBench, openRandom } from '../ledger/fixtures/bench.ts'
import { openTimeline } from '../ledger/fixtures/timeline.ts'
import type { OpenLink } from '../parts.ts'
import { openFarEnd } from './fixtures/far-end.ts'
import { openKeyring } from './keys.ts'
import type { UplinkNews } from './news.ts'
import { openUplink } from './uplink.ts'

const OWN = streamOfNode(NODE)

const openRig = () => {
  const timeline = openTimeline()
  const bench = openBench({ clock: timeline.clock })
  const far = openFarEnd(timeline, bench.signer)
  const news: UplinkNews[] = []
  const sent: { topic: string; payload: string }[] = []
  const openLink: OpenLink = (on, will) => {
    const link = far.openLink(on, will)
    return {
      ...link,
      publish: (topic, payload) => {
        sent.push({ topic, payload })
        return link.publish(topic, payload)
      },
    }
  }
  const { clock, timers } = timeline
  const keyring = openKeyring(crypto, { countyKey: far.county.publicKey, certificates: far.certificates }, bench.ledger.exchange)
  openUplink(
    { clock, timers, random: openRandom(), openLink, boot: { id: 'boot-1', upMs: clock.monotonic }, signer: bench.signer },
    bench.ledger,
    { node: NODE, software: 'test', keyring, devices: () => [] },
    { changed: () => {}, refused: () => {}, news: (told) => void news.push(told), down: () => {} },
  )
  const book = (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const { epoch, seq } = bench.ledger.head()
      const lines = [line(`gauze/L${seq}`, `${NODE}/~transit`, `${NODE}/main/pending`, 1)]
      bench.ledger.book({ action: `a-${epoch}-${seq}`, act: 'a' }, () => [draft('receive', {}, { lines })])
    }
  }
  const digests = (): readonly DigestBody[] =>
    sent.flatMap(({ topic, payload }) => (topic === topicOf('upDigest', NODE) ? (DIGEST.read(payload)?.body ?? []) : []))
  const ask = (buckets: readonly number[]) => {
    const time = new Date(clock.now()).toISOString()
    far.say(topicOf('downDigest', NODE), DIGEST_ASK.write({ id: 'd', source: 'lotkeeper/hub', time }, { buckets: [...buckets] }))
  }
  const lastHave = () => HAVE.read(sent.findLast(({ topic }) => topic === topicOf('upHave', NODE))?.payload ?? '')?.body
  return { timeline, bench, far, news, book, digests, ask, lastHave }
}

test('the digest is told when nothing waits: after each connection, and when ten minutes have passed and the book moved on', async () => {
  const { timeline, bench, far, book, digests } = openRig()
  book(3)
  far.connect()
  await timeline.run(2_000)
  expect(digests()).toMatchObject([{ stream: OWN, ...bench.ledger.exchange.digest(), rows: [] }])
  book(1)
  await timeline.run(300_000)
  expect(digests()).toHaveLength(1)
  await timeline.run(320_000)
  expect(digests().map(({ seq }) => seq)).toEqual([4, 5])
  await timeline.run(1_300_000)
  expect(digests()).toHaveLength(2)
  far.cut()
  far.connect()
  await timeline.run(2_000)
  expect(digests().map(({ seq }) => seq)).toEqual([4, 5, 5])
})

test('asked for buckets the node tells their rows, in messages of 1,000, and a person hears that the books differ', async () => {
  const { timeline, far, book, digests, ask, news } = openRig()
  book(1_100)
  far.connect()
  await timeline.run(10_000)
  far.say(topicOf('downDigest', NODE), 'noise')
  const before = digests().length
  ask([3])
  ask(Array.from({ length: 64 }, (_, at) => at))
  const told = digests().slice(before)
  expect(told.map(({ rows }) => rows.length).slice(1)).toEqual([1_000, 100])
  expect(told[0]?.rows.length).toBeGreaterThan(3)
  expect(new Set(told.slice(1).flatMap(({ rows }) => rows.map(({ lot }) => lot))).size).toBe(1_100)
  expect(news).toMatchObject([
    { is: 'digest-differs', seq: 1_101, buckets: [3] },
    { is: 'digest-differs', seq: 1_101 },
  ])
})

test('a damaged entry is news once, and is told as not held until the hub has sent it again', async () => {
  const { timeline, bench, far, book, news, lastHave, digests } = openRig()
  book(5)
  far.connect()
  await timeline.run(2_000)
  const whole = bench.ledger.exchange.batch({ stream: OWN, epoch: bench.ledger.head().epoch, from: 1, upto: 6 })
  bench.db.prepare(`update log set body = replace(body, 'gauze/L3', 'gauze/L8') where seq = 4`).run()
  bench.ledger.exchange.inspect(100)
  const before = digests().length
  far.cut()
  far.connect()
  await timeline.run(12_000)
  expect(news).toMatchObject([{ is: 'hole', stream: OWN, seq: 4 }])
  expect(digests()).toHaveLength(before)
  expect(lastHave()?.tips.find(({ stream }) => stream === OWN)).toMatchObject({ held: 3, applied: 6 })
  if (whole) far.say(topicOf('downLog', NODE), writeBatch(whole, { source: 'lotkeeper/hub', time: '2026-11-21T04:00:00.000Z' }))
  await timeline.run(12_000)
  expect(lastHave()?.tips.find(({ stream }) => stream === OWN)).toMatchObject({ held: 6 })
  expect([bench.ledger.exchange.holes(), news.length, digests().length]).toEqual([[], 1, before + 1])
})

test('a hub that has nothing better than the hole is told all as held, and a hub on a new line is asked anew', async () => {
  const { timeline, bench, far, book, news, lastHave } = openRig()
  book(5)
  far.connect()
  await timeline.run(2_000)
  const { epoch } = bench.ledger.head()
  const whole = bench.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: 6 })
  bench.db.prepare(`update log set body = replace(body, 'gauze/L3', 'gauze/L8') where seq = 4`).run()
  const holed = bench.ledger.exchange.batch({ stream: OWN, epoch, from: 4, upto: 6 })
  const says = async (batch: typeof whole) => {
    if (batch) far.say(topicOf('downLog', NODE), writeBatch(batch, { source: 'lotkeeper/hub', time: '2026-11-21T04:00:00.000Z' }))
    await timeline.run(12_000)
    return lastHave()?.tips.find(({ stream }) => stream === OWN)?.held
  }
  const anew = async () => {
    far.cut()
    far.connect()
    await timeline.run(12_000)
    return lastHave()?.tips.find(({ stream }) => stream === OWN)?.held
  }
  expect([await anew(), await says(holed), await says(null)]).toEqual([3, 6, 6])
  expect([await anew(), await says(whole), bench.ledger.exchange.holes(), news.length]).toEqual([3, 6, [], 1])
})

test('a node hears that its own key was revoked', async () => {
  const { timeline, bench, far, news } = openRig()
  far.connect()
  await timeline.run(1_000)
  far.hub.write(STREAM_TO_ALL, 'revoke', { node: NODE, key: bench.signer.key, reason: 'lost' })
  await timeline.run(15_000)
  expect(news).toEqual([{ is: 'key-revoked', key: bench.signer.key }])
})

test('what was refused under a key that was given up comes again, and is not sent again while the present key is the revoked one', async () => {
  const { timeline, bench, far, book } = openRig()
  book(3)
  far.connect()
  await timeline.run(1_000)
  const refusal = { from: 5, hash: '0'.repeat(64), code: 'wire.key-revoked' }
  far.refuse([refusal])
  await timeline.run(12_000)
  book(2)
  await timeline.run(12_000)
  expect(far.held()).toBe(6)
  far.hub.write(STREAM_TO_ALL, 'revoke', { node: NODE, key: bench.signer.key, reason: 'lost' })
  await timeline.run(15_000)
  far.refuse([{ ...refusal, from: 7 }])
  await timeline.run(12_000)
  book(2)
  await timeline.run(12_000)
  expect(far.held()).toBe(6)
})
