import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { BIRTH, HAVE, HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect, test } from 'vitest'
import { makeSigningKey } from '../crypto.ts'
import { announce, type Bench, crypto, draft, line, NODE, openBench, openRandom } from '../ledger/fixtures/bench.ts'
import { openTimeline, type Timeline } from '../ledger/fixtures/timeline.ts'
import { type FarEnd, type Fate, openDice, openFarEnd } from './fixtures/far-end.ts'
import { openKeyring } from './keys.ts'
import type { UplinkNews } from './news.ts'
import type { RefusedStretch } from './tips.ts'
import { openUplink, type Uplink } from './uplink.ts'

const LOT = 'gauze/B1'
const OWN = streamOfNode(NODE)

interface Rig {
  readonly bench: Bench
  readonly timeline: Timeline
  readonly far: FarEnd
  readonly uplink: Uplink
  readonly news: UplinkNews[]
  readonly refused: (readonly RefusedStretch[])[]
  readonly downs: string[]
  readonly told: { times: number }
  /** State of the one reader that hangs on the node. */
  readonly reader: { state: string }
  readonly book: (count: number) => void
}

const openRig = (fate?: Fate, bench?: Bench, timeline: Timeline = openTimeline()): Rig => {
  const mine = bench ?? openBench({ clock: timeline.clock })
  const far = openFarEnd(timeline, mine.signer, fate)
  return { ...connectTo(far, mine, timeline), far }
}

const connectTo = (far: FarEnd, bench: Bench, timeline: Timeline): Rig => {
  const { ledger } = bench
  const news: UplinkNews[] = []
  const refused: (readonly RefusedStretch[])[] = []
  const downs: string[] = []
  const told = { times: 0 }
  const reader = { state: 'probing' }
  const keyring = openKeyring(crypto, { countyKey: far.county.publicKey, certificates: far.certificates }, ledger.exchange)
  const parts = {
    clock: timeline.clock,
    timers: timeline.timers,
    random: openRandom(),
    openLink: far.openLink,
    boot: { id: 'boot-1', upMs: timeline.clock.monotonic },
    signer: bench.signer,
  }
  const uplink = openUplink(
    parts,
    ledger,
    {
      node: NODE,
      software: 'test',
      keyring,
      devices: () => [{ device: 'door-1', kind: 'reader', state: reader.state, since: '2026-11-21T04:00:00.000Z' }],
    },
    {
      changed: () => {
        told.times += 1
      },
      refused: (stretches) => void refused.push(stretches),
      news: (one) => void news.push(one),
      down: (why) => void downs.push(why),
    },
  )
  const book = (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const action = `a-${ledger.head().epoch}-${ledger.head().seq}`
      ledger.book({ action, act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/pending`, 1)] })])
    }
  }
  return { bench, timeline, far, uplink, news, refused, downs, told, reader, book }
}

test('what is booked goes up at once, and is booked when the hub says so', async () => {
  const { timeline, far, uplink, book, told } = openRig()
  book(3)
  expect(uplink.state()).toMatchObject({ state: 'offline', waiting: 4, booked: 0, lastHaveAtMs: null })
  far.connect()
  await timeline.run(1_000)
  expect(uplink.state()).toMatchObject({ state: 'online', waiting: 0, booked: 4 })
  expect(far.heard).toMatchObject({ births: 1, batches: ['1-4'] })
  book(1)
  await timeline.run(2)
  expect(far.held()).toBe(5)
  expect(uplink.state()).toMatchObject({ waiting: 1, booked: 4 })
  await timeline.run(400)
  expect(uplink.state()).toMatchObject({ waiting: 0, booked: 5 })
  expect(told.times).toBeGreaterThan(1)
})

test('directives come down and are told as held', async () => {
  const { timeline, far, bench } = openRig()
  announce(far.hub, { epc: '3034AA', lot: LOT, units: 10 })
  for (let at = 0; at < 150; at += 1) far.hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key: `${at}`, reason: 'r' })
  far.connect()
  await timeline.run(3_000)
  expect(bench.ledger.read.tag('3034AA')?.units).toBe(10)
  expect(bench.ledger.exchange.tips([STREAM_TO_ALL])[0]?.held).toBe(151)
  expect(bench.ledger.rebuild()).toEqual([])
})

test('a line that loses, doubles, delays and reorders delivers everything once, for every seed', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const dice = openDice(seed)
    const fate: Fate = () => {
      const draw = dice()
      if (draw < 0.25) return []
      return draw < 0.45 ? [dice() * 2_000, dice() * 900] : [dice() * 300]
    }
    const { timeline, far, bench, book, uplink } = openRig(fate)
    announce(far.hub, { epc: '3034AA', lot: LOT, units: 10 })
    far.connect()
    for (let round = 0; round < 30; round += 1) {
      book(Math.floor(dice() * 8))
      await timeline.run(dice() * 400)
      if (round % 9 === 8) {
        far.cut()
        await timeline.run(dice() * 3_000)
        far.connect()
      }
    }
    await timeline.run(120_000)
    expect([seed, far.held(), uplink.state().waiting]).toEqual([seed, bench.ledger.head().seq, 0])
    expect(bench.ledger.read.tag('3034AA')?.registration.lot).toBe(LOT)
  }
})

test('without PUBACK at most four batches leave within 1.2 s, then they go again', async () => {
  const sent: string[] = []
  const timeline = openTimeline()
  const bench = openBench({ clock: timeline.clock })
  const far = openFarEnd(timeline, bench.signer)
  const openLink: FarEnd['openLink'] = (on, will) => {
    const link = far.openLink(on, will)
    return {
      ...link,
      publish: (topic, payload) => {
        if (topic !== topicOf('upLog', NODE)) return link.publish(topic, payload)
        sent.push(`${Math.floor(timeline.clock.monotonic() / 1_200)}`)
        return new Promise(() => {})
      },
    }
  }
  const { book } = connectTo({ ...far, openLink }, bench, timeline)
  book(600)
  const startedAt = timeline.clock.monotonic()
  far.connect()
  await timeline.run(1_100)
  expect(sent).toHaveLength(4)
  await timeline.run(1_200 - (timeline.clock.monotonic() - startedAt) + 400)
  expect(sent).toHaveLength(8)
})

test('a hub restored from nothing gets everything again, even what it had acknowledged', async () => {
  const { timeline, far, book, uplink } = openRig()
  book(100)
  far.connect()
  await timeline.run(2_000)
  expect(far.held()).toBe(101)
  far.forget()
  await timeline.run(20_000)
  expect(far.held()).toBe(101)
  expect(uplink.state().waiting).toBe(0)
})

test('words to the hub are paced, and come without being asked', async () => {
  const { timeline, far, bench } = openRig()
  announce(far.hub, { epc: '3034AA', lot: LOT, units: 10 })
  far.connect()
  await timeline.run(500)
  for (let at = 0; at < 40; at += 1) {
    announce(far.hub, { epc: `3034BB${String(at).padStart(2, '0')}`, lot: LOT, units: 10 })
    far.hub.tell(bench.ledger)
    far.say(topicOf('downLog', NODE), 'no batch')
    await timeline.run(10)
  }
  await timeline.run(60_000)
  const gaps = far.heard.haves.slice(1).map((at, index) => at - (far.heard.haves[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(150)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(12_000)
})

test('what the hub refuses is told, not sent again and not called booked', async () => {
  const { timeline, far, book, refused, uplink } = openRig()
  book(3)
  far.connect()
  await timeline.run(1_000)
  far.refuse([{ from: 5, hash: '0'.repeat(64), code: 'wire.entry-malformed' }])
  await timeline.run(12_000)
  book(1)
  const before = far.heard.batches.length
  await timeline.run(12_000)
  expect(far.heard.batches).toHaveLength(before)
  expect(refused.at(-1)).toMatchObject([{ from: 5, code: 'wire.entry-malformed' }])
  expect(uplink.state()).toMatchObject({ waiting: 1, booked: 4 })
})

test('a node that lost its tail says so once, and a second machine is named', async () => {
  const { timeline, far, news, bench } = openRig()
  far.connect()
  await timeline.run(500)
  const { epoch } = bench.ledger.head()
  const tip = { stream: OWN, headHash: '0'.repeat(64), refused: [] }
  const word = HAVE.write(
    { id: 'h', source: 'lotkeeper/hub', time: new Date(timeline.clock.now()).toISOString() },
    {
      tips: [
        { ...tip, epoch: 'abcdefabcdefabcd', held: 7, applied: 7 },
        { ...tip, epoch, held: 9, applied: 9 },
      ],
      at: new Date(timeline.clock.now()).toISOString(),
      waiting: 0,
    },
  )
  for (let times = 0; times < 3; times += 1) far.say(topicOf('downHave', NODE), word)
  expect(news).toEqual([
    { is: 'lost-tail', epoch: 'abcdefabcdefabcd', from: 1, upto: 7 },
    { is: 'clone', epoch, from: 2 },
  ])
})

test('a card set back that starts on a full disk is born under an epoch of its own, and its lost tail is no second machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-uplink-'))
  const [timeline, key] = [openTimeline(), makeSigningKey()]
  const bench = openBench({ clock: timeline.clock, key })
  const { far, book } = openRig(undefined, bench, timeline)
  bench.db.pragma(`max_page_count = ${Number(bench.db.pragma('page_count', { simple: true }))}`)
  while (bench.ledger.disk() === 'ok') book(1)
  const [old, head] = [bench.db.serialize(), bench.ledger.head()]
  bench.db.pragma('max_page_count = 100000')
  book(3)
  far.connect()
  await timeline.run(1_000)
  const { epoch } = bench.ledger
  const [from, upto] = [head.seq + 1, head.seq + 3]
  const tail = bench.ledger.exchange.batch({ stream: OWN, epoch, from, upto })
  if (!tail) throw new Error('nothing was lost')
  far.cut()
  bench.ledger.close()
  const path = join(folder, 'node.sqlite')
  writeFileSync(path, old)
  const again = openBench({ path, clock: timeline.clock, key, pagesMax: 1 })
  const births: (string | undefined)[] = []
  const openLink: FarEnd['openLink'] = (on, will) => {
    const link = far.openLink(on, will)
    const publish: typeof link.publish = (topic, payload) => {
      if (topic === topicOf('birth', NODE)) births.push(BIRTH.read(payload)?.body.epoch)
      return link.publish(topic, payload)
    }
    return { ...link, publish }
  }
  const { news } = connectTo({ ...far, openLink }, again, timeline)
  far.connect()
  await timeline.run(1_000)
  expect([again.ledger.disk(), again.ledger.head()]).toEqual(['full', head])
  expect([births, births.includes(epoch)]).toEqual([[again.ledger.epoch], false])
  // Still without a word of its own in the log it has room for what is given back.
  again.db.pragma('max_page_count = 100000')
  far.say(topicOf('downLog', NODE), writeBatch(tail, { source: 'lotkeeper/hub', time: new Date(timeline.clock.now()).toISOString() }))
  expect(news).toEqual([{ is: 'lost-tail', epoch, from, upto }])
  expect(again.ledger.exchange.tips([OWN]).map((tip) => `${tip.epoch} ${tip.held}`)).toEqual([
    `${epoch} ${upto}`,
    `${again.ledger.epoch} 1`,
  ])
  again.ledger.close()
  rmSync(folder, { recursive: true })
})

test('of two hubs the higher incarnation is obeyed, and a state the county did not sign is nothing', async () => {
  const { timeline, far, news, bench } = openRig()
  far.connect()
  await timeline.run(500)
  const at = new Date(timeline.clock.now()).toISOString()
  const certificate = JSON.parse(far.certificates[1]?.certificate ?? '')
  const state = (incarnation: number, signer = far.county) => {
    const signed = signCertificate(crypto, signer, { ...certificate, incarnation, serial: incarnation })
    return HUB_STATE.write({ id: 's', source: 'lotkeeper/hub', time: at }, { epoch: '0'.repeat(16), incarnation, at, ...signed })
  }
  far.say(HUB_STATE_TOPIC, state(9, bench.signer))
  far.say(HUB_STATE_TOPIC, state(3))
  // The next line leads to the other hub.
  far.cut()
  far.connect()
  await timeline.run(500)
  expect(news).toEqual([{ is: 'two-hubs', incarnation: 1, obeyed: 3 }])
})

test('noise on the line is passed over, and a forged directive is refused by name', async () => {
  const { timeline, far, news, bench } = openRig()
  far.connect()
  await timeline.run(500)
  for (const topic of [topicOf('downLog', NODE), topicOf('downHave', NODE), HUB_STATE_TOPIC, 'elsewhere']) far.say(topic, '{"noise":')
  const forger = openFarEnd(timeline, bench.signer)
  announce(forger.hub, { epc: '3034AA', lot: LOT, units: 10 })
  forger.connect()
  const keyring = openKeyring(crypto, { countyKey: far.county.publicKey, certificates: forger.certificates }, bench.ledger.exchange)
  const batch = forger.hub.batch(`hub>${NODE}`)
  expect(keyring.keyFor(batch.stream, batch.key)).toBe('unknown')
  expect(bench.ledger.exchange.take(batch, keyring.keyFor(batch.stream, batch.key))).toMatchObject({ code: 'wire.key-unknown' })
  expect(news).toEqual([])
  expect(bench.ledger.read.tag('3034AA')).toBeNull()
})

test('a broken line is told, waits for the hub to speak again, and a close says farewell', async () => {
  const { timeline, far, book, downs, uplink, bench } = openRig()
  far.connect()
  await timeline.run(500)
  far.cut()
  book(2)
  expect(downs).toEqual(['cut'])
  expect(uplink.state()).toMatchObject({ state: 'offline', waiting: 2, booked: 1 })
  far.connect()
  await timeline.run(500)
  expect(far.held()).toBe(3)
  const closing = uplink.close()
  await timeline.run(2_000)
  await closing
  expect(far.heard.deaths).toEqual(['closed'])
  book(1)
  await timeline.run(20_000)
  expect(far.held()).toBe(3)
  expect(bench.ledger.exchange.noted().heldByHub).toEqual({ epoch: bench.ledger.head().epoch, seq: 3 })
})

test('the hub is told when a device comes to another state, and not when it stays', async () => {
  const { timeline, far, uplink, reader } = openRig()
  far.connect()
  await timeline.run(1_000)
  uplink.devicesChanged()
  await timeline.run(5_000)
  expect(far.heard.births).toBe(1)
  reader.state = 'reading'
  uplink.devicesChanged()
  await timeline.run(5_000)
  expect(far.heard.births).toBe(2)
})
