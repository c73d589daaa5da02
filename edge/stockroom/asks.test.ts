import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { AskBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { originOf, writeCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { entryId, STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { makeSigningKey, openSigner } from '../crypto.ts'
import { crypto, draft, line, NODE, openTestHub } from '../ledger/fixtures/bench.ts'
import { codeOf, openSite, SITE, type Site, tableOf } from './fixtures/site.ts'

const LOT = 'gauze/B1'
const SHELF = `${NODE}/main/available`
let actions = 0
const next = () => {
  actions += 1
  return `action-${String(actions).padStart(4, '0')}`
}
const ask = (site: Site, more: Partial<AskBody> = {}): string => {
  const body: AskBody = { what: 'count', place: SHELF, lot: LOT, lines: [], reason: '月末核对', ...more }
  const entry = site.hub.write(streamToNode(NODE), 'ask', body)
  site.hub.tell(site.ledger)
  return entryId(entry.stream, entry.epoch, entry.seq)
}
const settle = (site: Site, task: string, answer: string, more: Partial<NodeBody<'settle'>> = {}) =>
  site.stockroom.settle({ action: next(), task, answer, ...more }, 'keeper-1')
const count = (site: Site, counted: number, more: Partial<NodeBody<'count'>> = {}) =>
  site.stockroom.count({ action: next(), place: SHELF, lot: LOT, counted, ...more }, null)
const reverse = (site: Site, entry: string) => site.stockroom.reverse({ action: next(), entry, reason: 'wrong' }, null)
const open = ({ ledger }: Site) => {
  expect(ledger.rebuild()).toEqual([])
  return ledger.read.openTasks().map(({ task }) => task)
}
const first = (answer: ReturnType<typeof count>): string => {
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer.entries[0] ?? ''
}

test('the county asks to count, and the count answers it', () => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const task = ask(site)
  expect(site.ledger.read.openTasks()[0]).toMatchObject({
    task,
    asks: { what: 'count', place: SHELF, lot: LOT, reason: '月末核对', by: 'hub' },
  })
  const counted = first(settle(site, task, 'counted', { units: 8, reason: '两片损坏' }))
  expect(site.ledger.read.entry(counted)).toMatchObject({ kind: 'count', refs: [task], body: { counted: 8, book: 10, reason: '两片损坏' } })
  expect([open(site), site.ledger.read.task(task)?.settledBy]).toEqual([[], counted])
  // A count taken back leaves its question standing.
  reverse(site, counted)
  expect(open(site)).toEqual([task])
  settle(site, task, 'counted', { units: 0 })
  expect([open(site), site.standing()]).toEqual([[], ''])
})

test.each([
  ['named', (task: string) => ({ task })],
  ['unnamed', () => ({})],
] as const)('a count of the shelf answers every question about it, %s', (_how, more) => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const [one, other] = [ask(site), ask(site)]
  const elsewhere = ask(site, { place: `${NODE}/ward/available` })
  const entry = first(count(site, 10, more(other)))
  expect(site.ledger.read.entry(entry)?.refs.toSorted()).toEqual([one, other].toSorted())
  expect(open(site)).toEqual([elsewhere])
})

test('the county asks for a correction: it is booked as asked, or refused clearly, or declined with a reason', () => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const lines = (units: number) => [line(LOT, SHELF, `${NODE}/~adjusted`, units)]
  const [small, large] = [ask(site, { what: 'correct', lines: lines(4) }), ask(site, { what: 'correct', lines: lines(40) })]
  const foreign = ask(site, { what: 'correct', lines: [line(LOT, 'baihe/main/available', 'baihe/~adjusted', 1)] })
  expect(codeOf(settle(site, small, 'counted', { units: 1 }))).toBe('stockroom.answer-unknown')
  const booked = first(settle(site, small, 'book', { reason: '同意' }))
  expect(site.ledger.read.entry(booked)).toMatchObject({ kind: 'correct', refs: [small], body: { ask: small, reason: '同意' } })
  expect(site.standing()).toBe(`${LOT} main/available 6`)
  expect(codeOf(settle(site, large, 'book'))).toBe('ledger.not-enough')
  expect(codeOf(settle(site, foreign, 'book'))).toBe('ledger.place-not-owned')
  expect(codeOf(settle(site, large, 'none'))).toBe('rules.reason-missing')
  expect(open(site)).toEqual([foreign, large])
  for (const task of [large, foreign]) first(settle(site, task, 'none', { reason: '账实相符' }))
  expect(open(site)).toEqual([])
  expect(codeOf(settle(site, small, 'book'))).toBe('stockroom.task-settled')
  reverse(site, booked)
  expect([open(site), site.standing()]).toEqual([[small], `${LOT} main/available 10`])
})

test('answers that do not fit are refused', () => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const task = ask(site)
  const elsewhere = ask(site, { place: `${NODE}/ward/available` })
  expect(codeOf(settle(site, task, 'in'))).toBe('stockroom.answer-unknown')
  expect(codeOf(settle(site, task, 'counted'))).toBe('stockroom.units-missing')
  expect(codeOf(count(site, 10, { task: elsewhere }))).toBe('stockroom.answer-unknown')
  first(count(site, 10))
  expect(codeOf(count(site, 10, { task }))).toBe('stockroom.task-settled')
})

test('what the county asks of others is no task here', () => {
  const site = openSite()
  site.hub.write(STREAM_TO_ALL, 'ask', { what: 'count', place: SHELF, lot: LOT, lines: [], reason: 'x' })
  site.hub.tell(site.ledger)
  expect(open(site)).toEqual([])
})

test('a passage that is reversed waits for its answer again', () => {
  const site = openSite()
  site.announce('3034257BF468D480000003E8', LOT, 100)
  const [task = ''] = site.cross('3034257BF468D480000003E8', 'uncertain')
  const settled = first(settle(site, task, 'in'))
  expect(open(site)).toEqual([])
  reverse(site, settled)
  expect(open(site)).toEqual([task])
})

/** Own history that came back had to be covered in two rooms, as the exchange books it. */
const covered = (site: Site): string => {
  const lines = ['gauze/B1', 'gauze/B2'].map((lot) => line(lot, `${NODE}/~unexplained`, SHELF, 5))
  const booking = site.ledger.book({ action: 'pulled:0011:0', act: 'cover' }, () => [
    draft('move', { reason: 'history pulled back' }, { lines }),
  ])
  return isRefusal(booking) ? '' : (booking.entries[0]?.id ?? '')
}

test('history that came back and did not cover what had left asks to count, room by room', () => {
  const site = openSite()
  const task = covered(site)
  const asks = () => site.ledger.read.task(task)?.asks
  expect([open(site), asks()]).toMatchObject([[task], { what: 'count', lot: 'gauze/B1', place: SHELF, by: 'node' }])
  const one = first(settle(site, task, 'counted', { units: 4 }))
  expect([open(site), asks()]).toMatchObject([[task], { lot: 'gauze/B2' }])
  settle(site, task, 'counted', { units: 5 })
  expect([open(site), site.standing()]).toEqual([
    [],
    tableOf(`${LOT} main/available 4 \n gauze/B2 main/available 5 \n ${LOT} ~unexplained -5 \n gauze/B2 ~unexplained -5`),
  ])
  reverse(site, one)
  expect([open(site), asks()]).toMatchObject([[task], { lot: 'gauze/B1' }])
})

const ROOM_OF_BAIHE = 'baihe/main/available'
const pass = (site: Site, from: string, to: string) => {
  site.hub.write(STREAM_TO_ALL, 'ownership', { from, tip: null, to, reason: '设备已毁' })
  site.hub.tell(site.ledger)
}

test('the places of a site that is gone are counted, moved and scrapped at by the one they passed to', () => {
  const site = openSite()
  site.hub.write(STREAM_TO_ALL, 'site', { ...SITE, site: 'baihe' })
  site.put(`${LOT} main/available 1`)
  expect(codeOf(count(site, 5, { place: ROOM_OF_BAIHE }))).toBe('ledger.place-not-owned')
  pass(site, 'baihe', NODE)
  expect(codeOf(count(site, 5, { place: 'baihe/attic/available' }))).toBe('stockroom.room-unknown')
  first(count(site, 5, { place: ROOM_OF_BAIHE }))
  const [lot, from] = [LOT, ROOM_OF_BAIHE]
  first(site.stockroom.scrap({ action: next(), lot, place: from, units: 2, reason: 'wet' }, null))
  first(site.stockroom.move({ action: next(), lot, from, to: SHELF, units: 3 }, null))
  const over = site.stockroom.move({ action: next(), lot, from, to: SHELF, units: 1 }, null)
  expect([codeOf(over), site.ledger.read.units(LOT, SHELF), site.ledger.read.units(LOT, 'baihe/~scrapped')]).toEqual([
    'ledger.not-enough',
    4,
    2,
  ])
  expect(site.ledger.rebuild()).toEqual([])
})

test('what passed on is no longer ours, and comes back with all that its keeper had', () => {
  const site = openSite()
  site.put(`${LOT} main/available 1`)
  const guarded = () => site.db.prepare('select room from position where place = ?').pluck().get(SHELF)
  expect(guarded()).toBe(1)
  pass(site, NODE, 'baihe')
  expect(guarded()).toBe(0)
  expect(codeOf(count(site, 5))).toBe('ledger.place-not-owned')
  pass(site, 'baihe', 'qingshan')
  expect(['baihe', NODE, 'qingshan'].map(site.ledger.read.owns)).toEqual([false, false, false])
  pass(site, 'qingshan', NODE)
  expect(['baihe', NODE, 'qingshan'].map(site.ledger.read.owns)).toEqual([true, true, true])
  expect(guarded()).toBe(1)
  first(count(site, 5))
  // Whose places pass to one that is gone go on with it.
  pass(site, 'baihe', 'gone')
  pass(site, 'shanhe', 'baihe')
  pass(site, 'gone', NODE)
  expect(site.ledger.read.owns('shanhe')).toBe(true)
  expect(site.ledger.rebuild()).toEqual([])
})

test('a checkpoint of the hub is witnessed, what is none is not', () => {
  const site = openSite()
  const head = { origin: originOf('C'.repeat(16), '0011223344556677'), size: 42, root: new Uint8Array(32) }
  const text = writeCheckpoint(crypto, head, openSigner(crypto, makeSigningKey()))
  site.hub.write(STREAM_TO_ALL, 'checkpoint', { text })
  site.hub.write(STREAM_TO_ALL, 'checkpoint', { text: 'somebody/else\n42\n' })
  site.hub.tell(site.ledger)
  expect(site.db.prepare('select epoch, size from checkpoint').all()).toEqual([{ epoch: '0011223344556677', size: 42 }])
  expect(site.ledger.rebuild()).toEqual([])
})

test('an entry is dated anew by what its boot learnt of the time, near enough is right', () => {
  const site = openSite()
  site.put(`${LOT} main/available 1`)
  const [row] = site.ledger.read.movements({ limit: 1 })
  if (!row) throw new Error('nothing moved')
  expect(site.ledger.read.dated(row.entry)).toBe(null)
  const nowMs = site.clock.now()
  const instant = (ms: number) => new Date(ms).toISOString()
  const tell = (trueMs: number, upMs: number) =>
    site.ledger.book({ action: `clock:${upMs}`, act: 'clock' }, () => [
      draft('clock', { boot: 'boot-1', upMs, clockAt: instant(nowMs), trueAt: instant(trueMs), source: 'hub' }),
    ])
  tell(nowMs + 3_600_000 + 500, row.entry.upMs + 500)
  expect(site.ledger.read.dated(row.entry)).toBe(nowMs + 3_600_000)
  expect(site.ledger.read.dated({ ...row.entry, occurredAt: instant(nowMs + 3_600_000 - 300_000) })).toBe(null)
  expect(site.ledger.read.dated({ ...row.entry, boot: 'boot-2' })).toBe(null)
  // The word nearest to the entry counts.
  tell(nowMs + 7_200_000 + 90_000, row.entry.upMs + 90_000)
  expect(site.ledger.read.dated(row.entry)).toBe(nowMs + 3_600_000)
  expect(site.ledger.rebuild()).toEqual([])
})

test.each([
  ['a correction', 'correct', 'correct', (ask: string) => ({ ask }), [line(LOT, SHELF, `${NODE}/~adjusted`, 4)]],
  [
    'a count',
    'count',
    'count',
    () => ({ place: SHELF, lot: LOT, counted: 10, book: 10, at: entryId(streamOfNode(NODE), '0'.repeat(16), 1) }),
    [],
  ],
  ['a refusal', 'count', 'settle', (task: string) => ({ task, answer: 'none', reason: 'no' }), []],
] as const)('a new card is given %s back before the question it answers', (_what, what, kind, body, lines) => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const asked: AskBody = { what, place: SHELF, lot: LOT, lines: what === 'correct' ? [...lines] : [], reason: '月末核对' }
  const entry = site.hub.write(streamToNode(NODE), 'ask', asked)
  const task = entryId(entry.stream, entry.epoch, entry.seq)
  const booking = site.ledger.book({ action: next(), act: 'before' }, () => [draft(kind, body(task), { lines: [...lines], refs: [task] })])
  if (isRefusal(booking)) throw new Error(booking.en)
  site.hub.tell(site.ledger)
  expect([open(site), site.ledger.read.task(task)?.settledBy]).toEqual([[], booking.entries[0]?.id])
})

test('an answer that came before its question and was taken back before it leaves it open', () => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const lines = [line(LOT, SHELF, `${NODE}/~adjusted`, 4)]
  const entry = site.hub.write(streamToNode(NODE), 'ask', { what: 'correct', place: SHELF, lot: LOT, lines, reason: '月末核对' })
  const task = entryId(entry.stream, entry.epoch, entry.seq)
  const booking = site.ledger.book({ action: next(), act: 'before' }, () => [draft('correct', { ask: task }, { lines, refs: [task] })])
  reverse(site, isRefusal(booking) ? '' : (booking.entries[0]?.id ?? ''))
  site.hub.tell(site.ledger)
  expect(open(site)).toEqual([task])
})

/** The county asks one thing, and, restored from a backup, asks it again: the same action in another epoch. Answers both, and how each is told. */
const askedTwice = (site: Site, asked: Partial<AskBody> = {}, again: Partial<AskBody> = {}) => {
  const body: AskBody = { what: 'correct', place: SHELF, lot: LOT, lines: LESS, reason: '月末核对', ...asked }
  return [body, { ...body, ...again }].map((words) => {
    const hub = openTestHub()
    const entry = hub.write(streamToNode(NODE), 'ask', words, [], null, 'ask-1')
    const tell = () => void site.ledger.exchange.take(hub.batch(streamToNode(NODE)), hub.publicKey)
    return { task: entryId(entry.stream, entry.epoch, entry.seq), tell }
  })
}
const LESS = [line(LOT, SHELF, `${NODE}/~adjusted`, 4)]

test.each<[what: string, order: string, words: Partial<AskBody>, answer: string, more: Partial<NodeBody<'settle'>>]>([
  ['both, then the first is booked', '1 2 a1', {}, 'book', {}],
  ['both, then the second is booked', '1 2 a2', {}, 'book', {}],
  ['one, which is booked, and then the other', '1 a1 2', {}, 'book', {}],
  ['both, then one is counted', '1 2 a1', { what: 'count', lines: [] }, 'counted', { units: 6 }],
  ['one, which is counted, and then the other', '1 a1 2', { what: 'count', lines: [] }, 'counted', { units: 6 }],
  ['one, which is declined, and then the other', '1 a1 2', {}, 'none', { reason: '账实相符' }],
])('what a restored hub asks again is one question: %s', (_what, order, words, answer, more) => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const asked = askedTwice(site, words)
  const tasks = asked.map(({ task }) => task)
  let answered = ''
  for (const word of order.split(' ')) {
    const one = asked[Number(word.at(-1)) - 1]
    if (!one) throw new Error(word)
    if (word.startsWith('a')) answered = first(settle(site, one.task, answer, more))
    else one.tell()
    expect(open(site)).toEqual(answered === '' ? [tasks[0]] : [])
  }
  expect(tasks.map((task) => site.ledger.read.task(task)?.settledBy)).toEqual([answered, answered])
  for (const task of tasks) expect(codeOf(settle(site, task, answer, more))).toBe('stockroom.task-settled')
  expect(site.standing()).toBe(`${LOT} main/available ${answer === 'none' ? 10 : 6}`)
  if (answer === 'none') return
  // Taken back, the question stands again, once.
  reverse(site, answered)
  expect([open(site), site.standing()]).toEqual([[tasks[0]], `${LOT} main/available 10`])
})

test('a new card is given back its answer to one of two that are one question, and then both', () => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const [one, other] = askedTwice(site)
  const task = other?.task ?? ''
  site.ledger.book({ action: next(), act: 'before' }, () => [draft('correct', { ask: task }, { lines: LESS, refs: [task] })])
  one?.tell()
  other?.tell()
  expect(open(site)).toEqual([])
})

test('other words under the same action are another question', () => {
  const site = openSite()
  site.put(`${LOT} main/available 10`)
  const asked = askedTwice(site, {}, { reason: '盘点后更正' })
  for (const { tell } of asked) tell()
  expect(open(site).toSorted()).toEqual(asked.map(({ task }) => task).toSorted())
  first(settle(site, asked[0]?.task ?? '', 'book'))
  expect(open(site)).toEqual([asked[1]?.task])
})
