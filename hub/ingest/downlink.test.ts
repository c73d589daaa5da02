import type { EpochTip, Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import { readTopic } from '@lotkeeper/protocol/wire/topics.ts'
import { expect, test } from 'vitest'
import type { DiscrepancyDraft } from '../ledger/discrepancies.ts'
import { openDownlink } from './downlink.ts'

const OWN = 'qinglong>*'
/** Drawn: `a5` is held up to 5 in epoch a; `a3(8)` only up to 3, while everything up to 8 took effect; `b2<a5` goes on from entry 5 of a. */
const tips = (text: string): readonly (Tip & EpochTip)[] =>
  [...text.matchAll(/([a-z])(\d+)(?:\((\d+)\))?(?:<([a-z])(\d+))?/g)].map(([, epoch = '', held = '', applied = held, parent, at]) => ({
    ...{ stream: OWN, epoch, held: Number(held), headHash: '', applied: Number(applied ?? held), refused: [] },
    parent: parent === undefined ? null : { epoch: parent, seq: Number(at), hash: '' },
  }))

/** A hub that holds so much of one node's stream, whose ledger answers when it is let. */
const openHub = (held: string) => {
  const did: string[] = []
  let now = 0
  let holds = held
  let room = true
  let gate: Promise<void> = Promise.resolve()
  const downlink = openDownlink(
    { clock: { now: () => now, monotonic: () => now }, timers: { after: () => () => {} } },
    {
      tips: async (streams) => {
        await gate
        return streams.includes(OWN) ? tips(holds) : []
      },
      batch: async ({ stream, epoch, from, upto }) => {
        const sealed = { headHash: 'A'.repeat(64), key: 'B'.repeat(16), signature: new Uint8Array(64) }
        return { stream, epoch, from, upto, ...sealed, entries: Array.from({ length: upto - from + 1 }, () => `${epoch}${from}-${upto}`) }
      },
      passed: async () => [],
      openDiscrepancy: async ({ kind, facts }: DiscrepancyDraft) =>
        room && did.push(`${kind} ${facts['epoch']}${facts['from']}-${facts['upto']}`) > 0,
    },
    { publish: (topic, payload) => readTopic(topic)?.name === 'downLog' && did.push(`sends ${/[a-z]\d+-\d+/.exec(payload)?.[0]}`) },
    (why) => {
      throw why
    },
  )
  downlink.listening('qinglong')
  const came = (epoch: string, upto: number) =>
    downlink.came({ node: 'qinglong', judgement: 'taken', stream: OWN, epoch, from: upto, upto, taken: 1 })
  return {
    did,
    came,
    told: async (text: string) => {
      downlink.told('qinglong', tips(text))
      await settled()
    },
    pass: (ms: number) => {
      now += ms
    },
    disk: (hasRoom: boolean) => {
      room = hasRoom
    },
    /** The node speaks, and while the ledger looks, entries of its come in. */
    overtaken: async (text: string, epoch: string, upto: number) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      downlink.told('qinglong', tips(text))
      holds = `${epoch}${upto}`
      came(epoch, upto)
      resolve()
      await settled()
    },
  }
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

test.each([
  ['all is there', 'a8', 'a8', []],
  ['the end is gone', 'a8', 'a3', ['lost-tail a4-8', 'sends a4-8']],
  ['one text in the middle is damaged: it is given back, and nothing was lost', 'a8', 'a3(8)', ['sends a4-8']],
  ['a text is damaged on a card that lost its end too', 'a8', 'a3(6)', ['lost-tail a7-8', 'sends a4-8']],
  ['an epoch is gone, of another a text is damaged', 'a4 b8', 'b3(8)', ['lost-tail a1-4', 'sends a1-4', 'sends b4-8']],
  ['of an epoch nobody knows what it goes on from', 'a4', 'b2', []],
  ['of an epoch that is refused whole nobody knows either', 'a4 b0', 'b2', []],
  ['what an epoch goes on from has not come yet, and so nobody knows further back', 'a4 c2<b3', 'c2', []],
  ['it is all there, and goes on one from another', 'a4 b3<a4 c2<b3', 'c2', []],
  ['it goes on from what is all there, and lost an end of its own', 'a4 b3<a2', 'b3', ['lost-tail a3-4', 'sends a3-4']],
] as const)('%s', async (_story, held, told, did) => {
  const hub = openHub(held)
  await hub.told(told)
  expect(hub.did).toEqual(did)
})

test('a lost tail that cannot be named on a full disk is not given back in silence: it waits for room', async () => {
  const hub = openHub('a8')
  hub.disk(false)
  await hub.told('a3')
  expect(hub.did).toEqual([])
  hub.disk(true)
  await hub.told('a3')
  expect(hub.did).toEqual(['lost-tail a4-8', 'sends a4-8'])
})

test('what came is newer than a word that was overtaken; ten seconds later the word rules, also when it names less', async () => {
  const hub = openHub('a8')
  await hub.told('a8')
  hub.came('a', 8)
  await hub.told('a5')
  expect(hub.did).toEqual([])
  hub.pass(10_000)
  await hub.told('a5(8)')
  expect(hub.did).toEqual(['sends a6-8'])
})

test('a batch that ends in the middle of an older epoch does not say that the rest of it is lost', async () => {
  const hub = openHub('a8 b1<a8')
  // Its texts are asked for once more, and each that is a hole ends a batch (P-011, P-017).
  hub.came('a', 4)
  await hub.told('b1')
  hub.came('a', 6)
  await settled()
  expect(hub.did).toEqual([])
  await hub.told('a7 b1')
  expect(hub.did).toEqual(['lost-tail a8-8', 'sends a8-8'])
})

test('entries that come while the ledger looks are not missed at the node that sent them', async () => {
  const hub = openHub('a2')
  await hub.overtaken('a2', 'a', 5)
  expect(hub.did).toEqual([])
})
