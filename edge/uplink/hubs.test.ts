import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { type Certificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { expect, test } from 'vitest'
import { announce, crypto, draft, line, NODE, openBench, openRandom } from '../ledger/fixtures/bench.ts'
import { openTimeline } from '../ledger/fixtures/timeline.ts'
import { openFarEnd } from './fixtures/far-end.ts'
import { openHubs } from './hubs.ts'
import { openKeyring } from './keys.ts'
import type { UplinkNews } from './news.ts'
import { openUplink } from './uplink.ts'

/** A node with lines to two hubs of one county: the first one, and a standby. While a line is new, certificates are a topic not agreed upon. */
const openRig = (agreed: () => boolean = () => true) => {
  const timeline = openTimeline()
  const bench = openBench({ clock: timeline.clock })
  const [first, standby] = [openFarEnd(timeline, bench.signer), openFarEnd(timeline, bench.signer)]
  const news: UplinkNews[] = []
  const keyring = openKeyring(crypto, { countyKey: first.county.publicKey, certificates: first.certificates }, bench.ledger.exchange)
  const hubs = openHubs(keyring, (incarnation, obeyed) => news.push({ is: 'two-hubs', incarnation, obeyed }))
  const { clock, timers } = timeline
  const boot = { id: 'boot-1', upMs: clock.monotonic }
  const lineOf =
    ({ openLink }: typeof first): typeof openLink =>
    (...asked) => {
      const link = openLink(...asked)
      const strange = (topic: string) => topic === topicOf('upCertificate', NODE) && !agreed()
      return { ...link, publish: (topic, text) => (strange(topic) ? Promise.reject(new Error('unknown')) : link.publish(topic, text)) }
    }
  const [one, other] = [first, standby]
    .map(lineOf)
    .map((openLink) =>
      openUplink(
        { clock, timers, random: openRandom(), openLink, boot, signer: bench.signer },
        bench.ledger,
        { node: NODE, software: 'test', keyring, hubs, devices: () => [] },
        { changed: () => {}, refused: () => {}, news: (told) => void news.push(told), down: () => {} },
      ),
    )
  const certified = (incarnation: number, publicKey: Uint8Array) => {
    const said: Certificate = JSON.parse(first.certificates[1]?.certificate ?? '')
    return signCertificate(crypto, first.county, { ...said, signingKey: base64urlOf(publicKey), incarnation, serial: incarnation })
  }
  const show = (end: typeof first, incarnation: number) => {
    const at = new Date(clock.now()).toISOString()
    const body = { epoch: '0'.repeat(16), incarnation, at, ...certified(incarnation, end.hub.publicKey) }
    end.say(HUB_STATE_TOPIC, HUB_STATE.write({ id: 's', source: 'lotkeeper/hub', time: at }, body))
  }
  const book = (action: string) =>
    bench.ledger.book({ action, act: 'a' }, () => [
      draft('receive', {}, { lines: [line('gauze/B1', `${NODE}/~transit`, `${NODE}/main/pending`, 1)] }),
    ])
  const state = () => [one, other].map((uplink) => `${uplink?.state().obeyed ? 'obeyed' : 'heard'} ${uplink?.state().booked}`)
  const shownTo = (end: typeof first) => end.heard.shown.map((text) => (JSON.parse(text) as Certificate).incarnation)
  return { timeline, bench, first, standby, news, show, book, state, shownTo }
}

test('own entries go to both hubs; directives and receipts come from the higher incarnation, whichever showed itself first', async () => {
  const { timeline, bench, first, standby, news, show, book, state } = openRig()
  announce(first.hub, { epc: '3034AA', lot: 'gauze/B1', units: 10 })
  announce(standby.hub, { epc: '3034BB', lot: 'gauze/B1', units: 10 })
  first.connect()
  await timeline.run(1_000)
  show(first, 1)
  expect(state()).toEqual(['obeyed 1', 'heard 0'])
  expect([news, bench.ledger.read.tag('3034AA')?.units]).toEqual([[], 10])
  standby.connect()
  show(standby, 2)
  book('a')
  await timeline.run(3_000)
  expect(news).toEqual([{ is: 'two-hubs', incarnation: 1, obeyed: 2 }])
  expect(state()[1]).toBe('obeyed 2')
  expect([first.held(), standby.held()]).toEqual([2, 2])
  expect(bench.ledger.read.tag('3034BB')?.units).toBe(10)
  announce(first.hub, { epc: '3034CC', lot: 'gauze/B1', units: 10 })
  await timeline.run(30_000)
  expect(bench.ledger.read.tag('3034CC')).toBeNull()
  // The higher one goes away: a lower one is still not to be obeyed, and is news again when it shows itself.
  standby.cut()
  show(first, 1)
  expect(state()[0]).toBe('heard 2')
  expect(news).toHaveLength(2)
})

test('the lower hub is shown the certificate of the one that is obeyed, once a line and minute: it may never have heard of it', async () => {
  const { timeline, first, standby, show, shownTo } = openRig()
  first.connect()
  await timeline.run(1_000)
  show(first, 1)
  standby.connect()
  show(standby, 4)
  await timeline.run(12_000)
  expect([shownTo(first), shownTo(standby)]).toEqual([[4], []])
  // What it had no room to keep it hears again, also of a hub that is there no more.
  standby.cut()
  await timeline.run(40_000)
  expect(shownTo(first)).toEqual([4])
  await timeline.run(20_000)
  expect(shownTo(first)).toEqual([4, 4])
  first.cut()
  first.connect()
  await timeline.run(2_000)
  expect(shownTo(first)).toEqual([4, 4, 4])
  // It rose above: nothing is left to be shown.
  show(first, 5)
  await timeline.run(70_000)
  expect(shownTo(first)).toEqual([4, 4, 4])
})

test('what was shown before the topic was agreed upon is shown again with the next word', async () => {
  let agreed = false
  const { timeline, first, standby, show, shownTo } = openRig(() => agreed)
  standby.connect()
  show(standby, 4)
  first.connect()
  await timeline.run(1_000)
  show(first, 1)
  await timeline.run(1_000)
  agreed = true
  await timeline.run(15_000)
  expect(shownTo(first)).toEqual([4])
})

test('a word of the lower hub neither moves the clock nor what is known to be held', async () => {
  const { timeline, bench, first, standby, show } = openRig()
  standby.connect()
  show(standby, 5)
  await timeline.run(2_000)
  const before = bench.ledger.exchange.noted()
  standby.cut()
  first.connect()
  show(first, 1)
  await timeline.run(5_000)
  expect(first.heard.haves.length).toBeGreaterThan(0)
  expect(bench.ledger.exchange.noted()).toEqual(before)
  expect(bench.ledger.exchange.tips([STREAM_TO_ALL])).toEqual([])
})

test('a hub that rose is obeyed, though what it showed before comes last', async () => {
  const { timeline, first, news, show, state } = openRig()
  first.connect()
  await timeline.run(1_000)
  for (const incarnation of [2, 1]) show(first, incarnation)
  await timeline.run(1_000)
  expect([state()[0], news]).toEqual(['obeyed 1', []])
  // A new line may lead to another hub: it is what it shows.
  first.cut()
  first.connect()
  await timeline.run(1_000)
  expect([state()[0], news]).toEqual(['heard 1', [{ is: 'two-hubs', incarnation: 1, obeyed: 2 }]])
})
