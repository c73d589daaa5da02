import { HAVE_MS } from '@lotkeeper/protocol/ledger/sender.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import type { HubTip, Outcome, Parcel } from '../ledger/contract.ts'
import { openClones } from './clones.ts'
import { ASK_AGAIN_MS, HEARTBEAT_MS, openHaves } from './haves.ts'
import { FULL_RETRY_MS, GROUP_PARCELS_MAX, openIntake, QUEUE_BYTES_MAX } from './intake.ts'

/** A clock that stands until it is moved; what is due by then runs in order. */
const openTimeline = () => {
  let now = 0
  let due: { readonly at: number; readonly run: () => void }[] = []
  const after = (ms: number, run: () => void) => {
    const one = { at: now + ms, run }
    due.push(one)
    return () => {
      due = due.filter((other) => other !== one)
    }
  }
  const pass = async (ms: number) => {
    for (const end = now + ms; ; ) {
      await settled()
      const next = due.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
      now = next?.at ?? end
      if (!next) return
      due = due.filter((one) => one !== next)
      next.run()
    }
  }
  return { clock: { now: () => now, monotonic: () => now }, timers: { after }, pass }
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const parcel = (bytes = 10): Parcel => ({ node: 'qinglong', payload: new Uint8Array(bytes), receivedAtMs: 0 })
const outcome: Outcome = { node: 'qinglong', judgement: 'taken', stream: 'qinglong>*', epoch: 'a', from: 1, upto: 1, taken: 1 }

/** A ledger that commits when it is told to. */
const openSlowLedger = () => {
  const groups: number[] = []
  let answer: PromiseWithResolvers<void> = Promise.withResolvers()
  let full = false
  return {
    groups,
    fill: (isFull: boolean) => {
      full = isFull
    },
    commit: async () => {
      const now = answer
      answer = Promise.withResolvers()
      now.resolve()
      await settled()
    },
    take: async (parcels: readonly Parcel[]) => {
      groups.push(parcels.length)
      await answer.promise
      return full ? refuse('ledger.disk-full') : parcels.map(() => outcome)
    },
  }
}

test('what comes while a commit is under way goes into the next one, and is acknowledged after it', async () => {
  const { timers } = openTimeline()
  const ledger = openSlowLedger()
  const done: number[] = []
  const intake = openIntake({ timers }, ledger, { judged: () => {}, failed: fail })
  for (let at = 0; at < 5; at += 1) intake.offer(parcel(), () => done.push(at))
  expect(ledger.groups).toEqual([1])
  expect(done).toEqual([])
  await ledger.commit()
  expect(done).toEqual([0])
  expect(ledger.groups).toEqual([1, 4])
  await ledger.commit()
  expect(done).toEqual([0, 1, 2, 3, 4])
  expect(intake.counts()).toMatchObject({ commits: 2, parcels: 5, taken: 5, dropped: 0 })
})

test('a group is bounded in parcels and in bytes', async () => {
  const { timers } = openTimeline()
  const ledger = openSlowLedger()
  const intake = openIntake({ timers }, ledger, { judged: () => {}, failed: fail })
  intake.offer(parcel(), () => {})
  for (let at = 0; at < GROUP_PARCELS_MAX + 3; at += 1) intake.offer(parcel(), () => {})
  await ledger.commit()
  await ledger.commit()
  for (let at = 0; at < 4; at += 1) intake.offer(parcel(3_000_000), () => {})
  await ledger.commit()
  await ledger.commit()
  expect(ledger.groups).toEqual([1, GROUP_PARCELS_MAX, 3, 2, 2])
})

test('what no longer fits into memory is acknowledged and dropped: only a have says what is held', () => {
  const { timers } = openTimeline()
  const intake = openIntake({ timers }, openSlowLedger(), { judged: () => {}, failed: fail })
  let acknowledged = 0
  const count = () => {
    acknowledged += 1
  }
  for (let bytes = 0; bytes <= QUEUE_BYTES_MAX; bytes += 8_000_000) intake.offer(parcel(8_000_000), count)
  expect(acknowledged).toBe(1)
  expect(intake.counts().dropped).toBe(1)
})

test('on a full disk nothing is acknowledged, the same group is offered again, and work goes on when there is room', async () => {
  const { timers, pass } = openTimeline()
  const ledger = openSlowLedger()
  ledger.fill(true)
  let acknowledged = 0
  const intake = openIntake({ timers }, ledger, { judged: () => {}, failed: fail })
  intake.offer(parcel(), () => {
    acknowledged += 1
  })
  await ledger.commit()
  await pass(FULL_RETRY_MS)
  await ledger.commit()
  expect(ledger.groups).toEqual([1, 1])
  expect(acknowledged).toBe(0)
  ledger.fill(false)
  await pass(FULL_RETRY_MS)
  await ledger.commit()
  expect(acknowledged).toBe(1)
})

test('when the ledger breaks nothing is acknowledged and the hub is told', async () => {
  const { timers } = openTimeline()
  const told: unknown[] = []
  const broken = { take: () => Promise.reject(new Error('broken')) }
  let acknowledged = 0
  const intake = openIntake({ timers }, broken, { judged: () => {}, failed: (why) => told.push(why) })
  intake.offer(parcel(), () => {
    acknowledged += 1
  })
  await settled()
  expect(told).toHaveLength(1)
  expect(acknowledged).toBe(0)
})

test('a have goes out at once, then at most every 150 ms, and now and then unasked', async () => {
  const { clock, timers, pass } = openTimeline()
  const told: number[] = []
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0.5 }
  const broker = { publish: () => void told.push(clock.now()) }
  const haves = openHaves({ clock, timers, random }, { tips: async () => [], passed: async () => [] }, broker, () => 0, fail)
  haves.due('qinglong')
  await pass(10)
  expect(told).toEqual([])
  haves.listening('qinglong')
  for (let at = 0; at < 40; at += 1) {
    haves.due('qinglong')
    await pass(10)
  }
  expect(told).toEqual([10, 160, 310])
  await pass(150)
  expect(told.slice(3)).toEqual([460])
  await pass(20_000)
  expect(told.slice(4)).toEqual([10_460, 20_460])
  haves.gone('qinglong')
  await pass(60_000)
  expect(told).toHaveLength(6)
})

test('a text held as a hole is asked of the node that wrote it, once a line and again when an hour has passed', async () => {
  const { clock, timers, pass } = openTimeline()
  const told: string[] = []
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0.5 }
  const tipsTold = (payload: string) =>
    JSON.parse(payload).data.tips.map(
      ({ epoch, held, applied }: { epoch: string; held: number; applied: number }) => `${epoch[0]} ${held}/${applied}`,
    )
  const broker = { publish: (_: string, payload: string) => void told.push(tipsTold(payload).join(', ')) }
  const [past, now, other] = ['a', 'b', 'c'].map((letter) => letter.repeat(16)) as [string, string, string]
  const tip = { stream: 'qinglong>*', headHash: '0'.repeat(64), refused: [] } as const
  const holes = [3, 7].map((seq) => ({ seq, before: 'F'.repeat(64) }))
  let held: readonly HubTip[] = [
    { ...tip, epoch: past, parent: null, held: 9, applied: 9, holes },
    { ...tip, epoch: now, parent: { epoch: past, seq: 9, hash: '' }, held: 2, applied: 2 },
    // What another wrote is not this one's to mend.
    { ...tip, stream: 'baihe>*', epoch: other, parent: null, held: 5, applied: 5, holes },
  ]
  const ledger = { tips: async () => held, passed: async () => ['baihe'] }
  const haves = openHaves({ clock, timers, random }, ledger, broker, () => 0, fail)
  const next = async (ms = HAVE_MS) => {
    told.length = 0
    haves.due('qinglong')
    await pass(ms)
    return told.at(-1)
  }
  const came = (from: number, upto: number) => haves.came({ ...outcome, judgement: 'duplicate', epoch: past, from, upto, taken: 0 })
  haves.listening('qinglong')
  expect(await next()).toBe('a 2/9, b 2/2, c 5/5')
  came(5, 9)
  expect(await next()).toBe('a 2/9, b 2/2, c 5/5')
  came(3, 6)
  expect(await next()).toBe('a 6/9, b 2/2, c 5/5')
  came(7, 9)
  expect(await next()).toBe('b 2/2, c 5/5')
  expect(await next(ASK_AGAIN_MS + HEARTBEAT_MS)).toBe('a 2/9, b 2/2, c 5/5')
  haves.listening('qinglong')
  came(1, 9)
  expect(await next()).toBe('a 2/9, b 2/2, c 5/5')
  held = held.map(({ holes: _, ...whole }) => whole)
  came(1, 9)
  expect(await next()).toBe('b 2/2, c 5/5')
})

test('a restart shows a new epoch every time; coming back to an epoch that was left is a second machine', () => {
  const clones = openClones()
  const seen = (epochs: string) => [...epochs].map((epoch) => clones.born('qinglong', epoch))
  expect(seen('aabbc')).toEqual([false, false, false, false, false])
  expect(seen('b')).toEqual([true])
  expect(clones.born('baihe', 'a')).toBe(false)
})

const fail = (why: unknown) => {
  throw why
}
