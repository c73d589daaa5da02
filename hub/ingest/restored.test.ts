import type { EpochTip, Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import { describe, expect, test } from 'vitest'
import type { DiscrepancyDraft } from '../ledger/discrepancies.ts'
import { openRestored, TAKE_BACK_MS } from './restored.ts'

/** Drawn: `a5` is entry 5 of epoch a of `hub>all`; `b2<a` goes on from a. */
const tips = (text: string): readonly (Tip & EpochTip)[] =>
  text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [, epoch = '', count = '', from] = /^(.)(\d+)(?:<(.))?$/.exec(one) ?? []
      const held = Number(count)
      const parent = from === undefined ? null : { epoch: from, seq: 1, hash: '' }
      return { stream: 'hub>all', epoch, held, headHash: '', applied: held, refused: [], parent }
    })

/** A hub that holds what it is told to hold, and remembers what it did. */
const openHub = (holds: string) => {
  const did: string[] = []
  let held = holds
  let own = 1
  const due: (() => void)[] = []
  const restored = openRestored(
    {
      clock: { now: () => 0, monotonic: () => 0 },
      timers: {
        after: (ms, run) => {
          expect(ms).toBe(TAKE_BACK_MS)
          due.push(run)
          return () => due.splice(due.indexOf(run), 1)
        },
      },
    },
    {
      tips: async () => tips(held),
      openDiscrepancy: async ({ kind, site, facts }: DiscrepancyDraft) => did.push(`${kind} ${site} ${Object.values(facts).join('<')}`) > 0,
    },
    {
      incarnations: async () => ({ own, highest: 7 }),
      raise: async () => {
        own += 1
        return own
      },
    },
    (why) => {
      throw why
    },
  )
  return {
    did,
    restored,
    hold: (text: string) => {
      held = text
    },
    late: async () => {
      for (const run of due.splice(0)) run()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('a hub finds out from what nodes hold of its own streams', () => {
  test.each([
    // what the hub holds, what each have of node n names, what it did
    ['a9 b2', ['a9', 'a9 b2'], []],
    ['a9 b2', ['', 'a5', 'a9'], []],
    ['a9', ['a9', 'a9 x1'], ['two-hubs n 1<7']],
    ['a9', ['a9', 'x1', 'x1'], ['two-hubs n 1<7']],
  ] as const)('holding %j, told %j: %j', async (holds, told, did) => {
    const hub = openHub(holds)
    for (const text of told) await hub.restored.told('n', tips(text))
    await hub.late()
    expect(hub.did).toEqual(did)
  })

  test('that it was restored: it takes the next number once it has back what it was told of, once only', async () => {
    const hub = openHub('a9')
    await hub.restored.told('n', tips('b4'))
    await hub.restored.told('m', tips('b6'))
    expect(hub.did).toEqual([])
    hub.hold('a9 b4')
    await hub.restored.told('n', tips('b4'))
    expect(hub.did).toEqual([])
    hub.hold('a9 b6')
    await hub.restored.told('n', tips('b4'))
    expect(hub.did).toEqual(['hub-restored n 2'])
    await hub.restored.told('o', tips('c1'))
    await hub.late()
    expect(hub.did).toEqual(['hub-restored n 2'])
  })

  test('that it was restored, and waits no longer than its time for what never comes', async () => {
    const hub = openHub('a9')
    await hub.restored.told('n', tips('b4'))
    await hub.late()
    expect(hub.did).toEqual(['hub-restored n 2'])
  })

  test('that another hub is alive: a node got more of what is not ours, unless its own process began anew', async () => {
    const hub = openHub('a9')
    await hub.restored.told('n', tips('b4'))
    await hub.restored.told('n', tips('b5'))
    expect(hub.did).toEqual(['two-hubs n 1<7'])
    hub.restored.born('n', true)
    await hub.restored.told('n', tips('b6'))
    expect(hub.did).toEqual(['two-hubs n 1<7'])
  })

  test('that another hub is alive: a node brings what it did not have when it spoke last, each stretch named once', async () => {
    const hub = openHub('a9')
    const came = (text: string, taken = 1, stream = 'hub>all') =>
      hub.restored.came({ node: 'n', stream, epoch: text.slice(0, 1), upto: Number(text.slice(1)), taken })
    await came('b1')
    await hub.restored.told('n', tips('a9 b4'))
    // What it had it gives back, to a hub that was restored; a repeat and its own entries tell nothing.
    await came('b4')
    await came('b5', 0)
    await came('c5', 1, 'n>*')
    expect(hub.did).toEqual([])
    hub.hold('a9 b5')
    await came('b5')
    await came('b5')
    expect(hub.did).toEqual(['two-hubs n 1<7'])
    hub.restored.listening('n')
    await came('b6')
    hub.restored.born('n', true)
    await came('b7')
    expect(hub.did).toEqual(['two-hubs n 1<7'])
  })

  test('nothing from what comes with the epochs a node named: they go on from it', async () => {
    const hub = openHub('a9')
    const came = (epoch: string, upto: number) => hub.restored.came({ node: 'n', stream: 'hub>all', epoch, upto, taken: 1 })
    await hub.restored.told('n', tips('c2'))
    // It is not known yet what c goes on from.
    hub.hold('a9 b4')
    await came('b', 4)
    hub.hold('a9 b4 c2<b')
    await came('b', 4)
    expect(hub.did).toEqual([])
    hub.hold('a9 b4 c2<b x1')
    await came('x', 1)
    expect(hub.did).toEqual(['two-hubs n 1<7'])
  })

  test('nothing from a word of a line whose speaker is not born yet: it may be another machine of that name', async () => {
    const hub = openHub('a9')
    await hub.restored.told('n', tips('b4'))
    hub.restored.listening('n')
    await hub.restored.told('n', tips('b5'))
    expect(hub.did).toEqual([])
    hub.restored.born('n', false)
    await hub.restored.told('n', tips('b5'))
    expect(hub.did).toEqual(['two-hubs n 1<7'])
  })

  test('nothing after its end', async () => {
    const hub = openHub('a9')
    await hub.restored.told('n', tips('b4'))
    hub.restored.close()
    await hub.late()
    expect(hub.did).toEqual([])
  })
})
