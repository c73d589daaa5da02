import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { ENTRY_BYTES_MAX } from '@lotkeeper/protocol/ledger/entry.ts'
import { type OpeningBody, type OpeningLine, partsOf } from '@lotkeeper/protocol/ledger/opening.ts'
import { entryId, lotKey, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { describe, expect, it } from 'vitest'
import { makeSigningKey } from '../crypto.ts'
import { NODE, openTestHub, type TestHub } from '../ledger/fixtures/bench.ts'
import { codeOf, openSite, type Site, tableOf } from './fixtures/site.ts'

const SHELF = `${NODE}/main/available`
/** One node's, on whatever card. */
const KEY = makeSigningKey()
let acts = 0
const next = () => {
  acts += 1
  return `take-over-${String(acts).padStart(4, '0')}`
}
const lineOf = (lot: string, units: number, more: Partial<OpeningLine> = {}): OpeningLine => ({
  ...{ lot: lotKey('gauze', lot), printed: lot, expiry: '2027-08-31', place: SHELF, units, entered: null, supplier: null },
  ...more,
})
const TWO = [
  [lineOf('B1', 100), lineOf('B1', 20, { place: `${NODE}/ward/available` })],
  [lineOf('b2', 30, { expiry: null, place: `${NODE}/main/held` })],
]
const told = (lines: readonly OpeningLine[], parts: number): OpeningBody => ({
  ...{ is: 'told', doc: 'OLD-2026-11', counted: '2026-11-20', parts },
  lines: [...lines],
})
/** Tells an act in parts; answers the entry of each. */
const tell = (site: Site, { parts = TWO, act = next(), hub = site.hub } = {}) => {
  const entries = parts.map((lines, part) => writePart(hub, { act, part, body: told(lines, parts.length) }))
  hub.tell(site.ledger)
  return { act, task: entries[0] ?? '', entries }
}
const writePart = (hub: TestHub, { act, part, body }: { act: string; part: number; body: OpeningBody }): string => {
  const { stream, epoch, seq } = hub.write(streamToNode(NODE), 'opening', body, [], null, act, null, part)
  return entryId(stream, epoch, seq)
}
const withdraw = (site: Site, act: string) => {
  site.hub.write(streamToNode(NODE), 'opening', { is: 'withdrawn', act, reason: '导错了' })
  site.hub.tell(site.ledger)
}
const settle = (site: Site, task: string, more: Partial<NodeBody<'settle'>> = {}) =>
  site.stockroom.settle({ action: next(), task, answer: 'take', ...more }, 'keeper-1')
const entriesOf = (answer: ReturnType<typeof settle>): readonly string[] => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer.entries
}
const reverse = (site: Site, entry: string) => site.stockroom.reverse({ action: next(), entry, reason: '多了' }, null)
const open = ({ ledger }: Site) => {
  expect(ledger.rebuild()).toEqual([])
  return ledger.read.openTasks().map(({ task }) => task)
}
const ALL = tableOf('gauze/B1 main/available 100 \n gauze/B1 ward/available 20 \n gauze/B2 main/held 30')

describe('the stock of an old system', () => {
  it('is taken over in one act, lot by lot, each with its expiry, and once', () => {
    const site = openSite()
    const { act, task, entries } = tell(site)
    expect(open(site)).toEqual([task])
    expect(site.ledger.read.openTasks()[0]?.opening).toMatchObject({ act, doc: 'OLD-2026-11', parts: [{ part: 0 }, { part: 1 }] })
    const action = next()
    const taken = entriesOf(settle(site, task, { action }))
    expect(taken.map((id) => site.ledger.read.entry(id))).toMatchObject(
      entries.map((opening, part) => ({
        kind: 'take-over',
        doc: 'OLD-2026-11',
        refs: [opening],
        body: { is: 'taken', act, part, opening },
      })),
    )
    expect([open(site), site.standing()]).toEqual([[], ALL])
    expect(site.ledger.read.lot('gauze/B1')).toMatchObject({ expiry: '2027-08-31' })
    expect(site.ledger.read.lot('gauze/B2')).toMatchObject({ expiry: null, printed: 'b2' })
    expect(site.ledger.read.units('gauze/B1', `${NODE}/~supplier`)).toBe(-120)
    expect(settle(site, task, { action })).toMatchObject({ fresh: false, entries: taken })
    expect(codeOf(settle(site, task))).toBe('stockroom.task-settled')
  })

  it('waits until all of its parts are here, and knows an act that another epoch of the hub tells again', () => {
    const site = openSite()
    const act = next()
    const first = writePart(site.hub, { act, part: 0, body: told(TWO[0] ?? [], 2) })
    site.hub.tell(site.ledger)
    expect(open(site)).toEqual([])
    const restored = openTestHub()
    writePart(restored, { act, part: 0, body: told(TWO[0] ?? [], 2) })
    writePart(restored, { act, part: 1, body: told(TWO[1] ?? [], 2) })
    const batch = restored.batch(streamToNode(NODE))
    expect(site.ledger.exchange.take(batch, restored.publicKey).is).toBe('taken')
    expect(open(site)).toEqual([first])
    entriesOf(settle(site, first))
    writePart(site.hub, { act, part: 1, body: told(TWO[1] ?? [], 2) })
    site.hub.tell(site.ledger)
    expect([open(site), site.standing()]).toEqual([[], ALL])
  })

  it('is taken back by the ordinary reversal, part by part, and then waits again', () => {
    const site = openSite()
    const { task } = tell(site)
    const [one = '', other = ''] = entriesOf(settle(site, task))
    reverse(site, other)
    expect([open(site), site.ledger.read.task(task)?.opening?.parts.map(({ part }) => part)]).toEqual([[task], [1]])
    entriesOf(settle(site, task))
    expect([open(site), site.standing()]).toEqual([[], ALL])
    reverse(site, one)
    expect(open(site)).toEqual([task])
  })

  it('is refused with a reason, for good', () => {
    const site = openSite()
    const { act, task } = tell(site)
    expect(codeOf(settle(site, task, { answer: 'none' }))).toBe('rules.reason-missing')
    expect(codeOf(settle(site, task, { answer: 'book' }))).toBe('stockroom.answer-unknown')
    const [refused = ''] = entriesOf(settle(site, task, { answer: 'none', reason: '不是我站的' }))
    expect(site.ledger.read.entry(refused)).toMatchObject({ lines: [], body: { is: 'refused', act, reason: '不是我站的' } })
    expect([open(site), site.standing()]).toEqual([[], ''])
    expect(codeOf(settle(site, task))).toBe('stockroom.task-settled')
  })

  it('is not doubled silently: what stands here of a lot is said, and set aside by a person', () => {
    const site = openSite()
    site.put('gauze/B1 ward/available 7')
    const { task } = tell(site)
    expect(settle(site, task)).toMatchObject({ code: 'stockroom.opening-standing', facts: { lots: 1, lot: 'gauze/B1', units: 7 } })
    entriesOf(settle(site, task, { sure: true }))
    expect(site.ledger.read.units('gauze/B1', `${NODE}/ward/available`)).toBe(27)
  })

  it('goes into rooms of this site only', () => {
    const site = openSite()
    const elsewhere = tell(site, { parts: [[lineOf('B1', 1, { place: 'baihe/main/available' })]] })
    expect(codeOf(settle(site, elsewhere.task))).toBe('ledger.place-not-owned')
    const attic = tell(site, { parts: [[lineOf('B1', 1, { place: `${NODE}/attic/available` })]] })
    expect(codeOf(settle(site, attic.task))).toBe('stockroom.room-unknown')
    expect(site.standing()).toBe('')
  })
})

describe('the county withdraws it', () => {
  it('and nobody takes it over any more, whichever word came first', () => {
    const site = openSite()
    const { act, task } = tell(site)
    withdraw(site, act)
    expect([open(site), codeOf(settle(site, task))]).toEqual([[], 'stockroom.task-settled'])
    withdraw(site, 'later-act')
    tell(site, { act: 'later-act' })
    expect(open(site)).toEqual([])
  })

  it('too late: what was taken over stands, and once reversed it is gone', () => {
    const site = openSite()
    const { act, task } = tell(site)
    const taken = entriesOf(settle(site, task))
    withdraw(site, act)
    expect(site.standing()).toBe(ALL)
    for (const entry of taken) reverse(site, entry)
    expect([open(site), site.standing()]).toEqual([[], ''])
  })
})

describe('a card that was changed', () => {
  it('is given its answer before the question: it was taken over', () => {
    const site = openSite({ key: KEY })
    const { task } = tell(site)
    entriesOf(settle(site, task))
    const fresh = openSite({ untold: true, key: KEY })
    site.hub.tell(fresh.ledger)
    expect(open(fresh)).toEqual([task])
    give(site, fresh)
    expect([open(fresh), fresh.standing()]).toEqual([[], ALL])
    const other = openSite({ untold: true, key: KEY })
    give(site, other)
    site.hub.tell(other.ledger)
    expect([open(other), other.standing()]).toEqual([[], ALL])
  })

  it('and took it over again before its past was back: the second is reversed', () => {
    const site = openSite({ key: KEY })
    const { task } = tell(site)
    entriesOf(settle(site, task))
    const fresh = openSite({ untold: true, key: KEY })
    site.hub.tell(fresh.ledger)
    const again = entriesOf(settle(fresh, task))
    give(site, fresh)
    expect([open(fresh), fresh.standing()]).toEqual([[], ALL])
    expect(again.map((entry) => fresh.ledger.read.reversedBy(entry, 0) !== null)).toEqual([true, true])
  })

  it('and used up what it took over twice: the rest stays as it is', () => {
    const site = openSite({ key: KEY })
    const { task } = tell(site, { parts: [[lineOf('B1', 100)]] })
    const lot = 'gauze/B1'
    entriesOf(settle(site, task))
    const out = { lot, room: 'main', quantity: 90, pack: '' }
    entriesOf(site.stockroom.issue({ action: next(), ...out }, null))
    const fresh = openSite({ untold: true, key: KEY })
    site.hub.tell(fresh.ledger)
    const [again = ''] = entriesOf(settle(fresh, task))
    entriesOf(fresh.stockroom.issue({ action: next(), ...out }, null))
    give(site, fresh)
    expect([fresh.ledger.read.reversedBy(again, 0), fresh.ledger.read.units(lot, SHELF)]).toEqual([null, 20])
  })
})

/** The hub gives one card what another had written. */
const give = (from: Site, to: Site) => {
  const { epoch, seq } = from.ledger.head()
  const batch = from.ledger.exchange.batch({ stream: `${NODE}>*`, epoch, from: 1, upto: seq })
  if (!batch) throw new Error('nothing to give')
  expect(to.ledger.exchange.take(batch, from.signer.publicKey).is).toBe('taken')
}

it('is cut into parts that fit, told and taken over', () => {
  const wide = '批'.repeat(40)
  const lines = Array.from({ length: 300 }, (_, at) =>
    lineOf(`${wide}${at}`.slice(-40), 9_999_999, {
      entered: { quantity: 9_999_999, pack: '箱'.repeat(64), factorVersion: 99 },
      printed: '印'.repeat(64),
      supplier: 'S'.repeat(64),
    }),
  )
  const parts = partsOf(lines)
  expect(parts.flat()).toEqual(lines)
  const site = openSite()
  const { task, entries } = tell(site, { parts: parts.map((part) => [...part]) })
  const taken = entriesOf(settle(site, task, { reason: '因'.repeat(500) }))
  for (const id of [...entries, ...taken])
    expect(Buffer.byteLength(canonicalText(site.ledger.read.entry(id)))).toBeLessThanOrEqual(ENTRY_BYTES_MAX)
  expect(partsOf(Array.from({ length: 65 }, (_, at) => lineOf(`${at}`, 1))).every((part) => part.length <= 64)).toBe(true)
})
